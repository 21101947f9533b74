"""What the page that restricts a conversation shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from heed.ui.contexts import FieldError, NavContext


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedChoice:
    """Somebody, or a team, to whom it may be shown."""

    id: int
    name: str
    is_named: bool = False
    is_me: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictingContext:
    """restricting/page.html. href: the conversation's address."""

    href: str
    number: int
    subject: str
    people: Sequence[NamedChoice]
    teams: Sequence[NamedChoice]
    is_restricted: bool = False
    assignee: str = ""
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictingPage:
    """restricting/page.html."""

    nav: NavContext
    here: RestrictingContext
