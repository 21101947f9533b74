"""What the list of notifications shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import FieldError, NavContext, Person

ICONS = {
    "mention": "at",
    "assignment": "person",
    "reply": "mail",
    "due_soon": "clock",
    "kept": "alert",
    "asked": "people",
    "team_due": "clock",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One notification. kind: heed.kernel.notice_words.NotificationKind, worded by the template."""

    id: int
    kind: str
    href: str
    at: datetime
    number: int  # of the conversation; 0: its reader may know only a side conversation of it
    subject: str  # empty: the template says "No subject"
    customer: Person
    who: Person | None = None  # the colleague who did it, or whoever wrote; None: the desk
    words: str = ""  # the beginning of what was written
    is_unread: bool = False
    due_at: datetime | None = None  # of due_soon and team_due, while it is still due then
    subject_lang: str = ""

    @property
    def icon(self) -> str:
        """The icon's name in the sprite."""
        return ICONS.get(self.kind, "bell")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationsContext:
    """notifications/_list.html. Its forms post to href: number (one), or up_to (all up to that one)."""

    href: str
    rows: Sequence[Told] = ()
    next_href: str = ""
    unread: int = 0  # in all, counted up to 100
    counted_to: int = 99
    up_to: int = 0
    days: int = 0  # how long notifications are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationsPage:
    """notifications/page.html; its fragment is notifications/_list.html."""

    nav: NavContext
    told: NotificationsContext


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationsFragment:
    """notifications/_list.html alone, for HTMX."""

    told: NotificationsContext


@dataclass(frozen=True, slots=True, kw_only=True)
class KindChoice:
    """How the reader is told of one sort of thing."""

    kind: str  # heed.kernel.notice_words.NotificationKind
    is_on_page: bool
    is_pushed: bool
    is_mailed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the week; 0 is Monday."""

    number: int
    is_quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLine:
    """A device on which the reader is told."""

    id: int
    browser: str  # empty: not known
    system: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePage:
    """notifications/choice.html. Posts to href: by kind its channels; quiet_from, quiet_to, quiet_day,
    has_push_text.
    """

    nav: NavContext
    href: str
    kinds: Sequence[KindChoice]
    days: Sequence[Day]
    quiet_from: str  # HH:MM
    quiet_to: str
    has_push_text: bool
    time_zone: str
    minutes: int  # until what was not read leaves by mail
    push_key: str = ""  # by which push services know this desk
    devices: Sequence[DeviceLine] = ()
    sends_mail: bool = True  # False: all that leaves goes to the catcher, and nothing of this
    is_saved: bool = False
    errors: Sequence[FieldError] = ()
