"""What the page about log-in shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import FieldError, NavContext, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """Somebody who has no second factor yet. due_at: when they see nothing without; None: nobody demands it."""

    name: str
    href: str
    role: str
    due_at: datetime | None = None
    is_overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPage:
    """access/page.html. POST fields: role (several), grace_days."""

    nav: NavContext
    roles: Sequence[Option]
    grace_days: str
    most_days: int
    agents: int
    without: Sequence[Without]
    have_one: int = 0  # said where all of those without are shown
    has_more: bool = False
    is_saved: bool = False
    errors: Sequence[FieldError] = ()
