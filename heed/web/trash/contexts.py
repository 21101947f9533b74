"""What the trash shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import NavContext, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """A conversation in the trash."""

    number: int
    href: str
    subject: str  # empty: the template says "No subject"
    customer: Person
    at: datetime  # when it was deleted
    brand: str
    subject_lang: str = ""
    by: Person | None = None  # who deleted it; None: the desk
    until: datetime | None = None  # how long it is kept; None: nobody can say yet


@dataclass(frozen=True, slots=True, kw_only=True)
class TrashContext:
    """trash/_trash.html. The form posts to href: number (several), do (restore, purge)."""

    href: str
    days: int  # how long what is deleted is kept
    rows: Sequence[Deleted] = ()
    next_href: str = ""
    may_change: bool = False
    may_purge: bool = False
    done: str = ""  # restored, purged
    done_count: int = 0
    left: str = ""  # why some were left as they are: still_leaving, missing

    @property
    def may_choose(self) -> bool:
        """Something can be done with what lies here."""
        return self.may_change or self.may_purge


@dataclass(frozen=True, slots=True, kw_only=True)
class TrashPage:
    """trash/page.html; its fragment is trash/_trash.html."""

    nav: NavContext
    trash: TrashContext


@dataclass(frozen=True, slots=True, kw_only=True)
class TrashFragment:
    """trash/_trash.html alone, for HTMX."""

    trash: TrashContext
