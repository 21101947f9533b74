"""What the first hour shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from heed.ui.contexts import FieldError, NavContext, Option
from heed.web.mailboxes.contexts import AddContext
from heed.web.round_trips.contexts import RoundTripContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A weekday's hours as they are typed. field: hours-0 for Monday."""

    weekday: int
    field: str
    spans: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the five. code: heed.kernel.words.FirstStep; outcome: StepOutcome; is_next: the first open one."""

    code: str
    outcome: str
    is_next: bool = False
    may_take: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstHourPage:
    """first_hour/page.html. link: of somebody invited just now, shown this once. left: steps still open."""

    nav: NavContext
    steps: Sequence[Step]
    left: int
    is_greeting: bool
    name: str
    brand_name: str
    languages: Sequence[Option]
    time_zones: Sequence[Option]
    days: Sequence[Day]
    roles: Sequence[Option]
    add: AddContext
    trip: RoundTripContext | None = None
    person_name: str = ""
    person_address: str = ""
    link: str = ""
    errors: Sequence[FieldError] = ()
