"""What the settings pages of people and teams show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import FieldError, NavContext, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One of the desk. state: here, invited (has no password yet), off."""

    name: str
    href: str
    address: str
    role: str
    state: str
    teams: Sequence[str] = ()
    is_me: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChoice:
    """A team that one may be of."""

    id: int
    name: str
    brand: str
    is_joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteForm:
    """The form for one more agent, as it was typed."""

    name: str = ""
    address: str = ""
    roles: Sequence[Option] = ()
    teams: Sequence[TeamChoice] = ()
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """people/list.html."""

    nav: NavContext
    people: Sequence[PersonRow]
    invite: InviteForm
    next_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLine:
    """What became of somebody. change: heed.kernel.words.AgentChange; role: the new one; who: empty for the desk."""

    change: str
    at: datetime
    role: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonContext:
    """people/one.html: somebody, and what may be changed.

    notice: saved, invited, off, on, reset; link: shown once, right after it was made; open: conversations that are
    theirs; factors: second ones.
    """

    href: str
    name: str
    typed_name: str
    address: str
    state: str
    is_me: bool
    joined_at: datetime | None
    roles: Sequence[Option]
    teams: Sequence[TeamChoice]
    open: int | None = 0  # None: how many is not for this reader
    factors: int = 0
    link: str = ""
    link_days: int = 0
    notice: str = ""
    errors: Sequence[FieldError] = ()
    changes: Sequence[AgentLine] = ()
    may_decide: bool = True  # about how they log in and when they work: who has their rights and teams too


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """people/one.html."""

    nav: NavContext
    person: PersonContext


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """A team in the list."""

    name: str
    href: str
    brand: str
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsPage:
    """people/teams.html."""

    nav: NavContext
    teams: Sequence[TeamRow]
    brands: Sequence[Option] = ()
    typed_name: str = ""
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of a team. state: as in PersonRow."""

    id: int
    name: str
    href: str
    role: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamContext:
    """people/team.html: who is of a team, and whose mail it gets."""

    href: str
    name: str
    typed_name: str
    brand: str
    members: Sequence[Member] = ()
    others: Sequence[Option] = ()
    inboxes: Sequence[str] = ()
    is_saved: bool = False
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPage:
    """people/team.html."""

    nav: NavContext
    team: TeamContext


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkContext:
    """people/work.html: when somebody works, and what they know, as people type it. days: Monday first."""

    href: str
    name: str
    time_zone: str
    days: Sequence[str]
    leave: str = ""
    skills: str = ""
    languages: str = ""
    is_saved: bool = False
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPage:
    """people/work.html."""

    nav: NavContext
    work: WorkContext
