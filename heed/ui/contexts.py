"""What the shared templates show: one frozen class a template, filled by a view.

Codes and values; the words stand in the templates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Tone = Literal["", "due", "over", "failed"]
"""How a line is coloured: due (less than an hour left), over (overdue), failed; everything else is grey."""

COUNTED_TO = 999
"""Counts in menus are exact up to here, then shown as "999+"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody as a page names them."""

    name: str  # never empty: the address where there is no name
    address: str = ""
    lang: str = ""  # BCP 47, where it is known
    is_me: bool = False  # the reader: "you"


WHY_ICONS = {
    "reply_overdue": "alert",
    "first_reply_overdue": "alert",
    "not_sent": "alert",
    "reply_due": "clock",
    "first_reply_due": "clock",
    "back_from_snooze": "moon",
    "snoozed_until": "moon",
    "asks_you": "at",
    "draft": "pen",
    "waiting_since": "waiting",
    "solved": "solved",
    "closed": "closed",
    "open": "open",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The third line of a row in a list: a cause and a time, worded by heed.ui.reasons.

    code is a key of WHY_ICONS; tone is due with less than an hour left, over when overdue, failed when
    not sent.
    """

    code: str
    tone: Tone = ""
    at: datetime | None = None  # due, since, until, solved or closed at
    back_at: datetime | None = None  # waiting: when it comes back by itself
    by: Person | None = None  # who solved, asked or assigned
    # not_sent: address_refused, mailbox_full, server_refused, gave_up, bounced; closed: silence,
    # customer
    reason: str = ""
    mails: int = 0  # how many mails wait for this answer; named from the third on
    assigned_by: Person | None = None
    is_roused: bool = False  # the customer wrote while it was snoozed
    absence: str = ""  # heed.kernel.words.Absence: why it went back to the team
    left_by: Person | None = None  # whose it was until then

    @property
    def icon(self) -> str:
        """The icon's name in the sprite."""
        return WHY_ICONS[self.code]

    @property
    def css(self) -> str:
        """The class of the line's colour."""
        return {"": "", "due": "time-due", "over": "time-over", "failed": "failed"}[self.tone]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a select field.

    label is text for people; known codes are worded by the template instead.
    """

    value: str
    label: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """Why a field can't be used: the field's name and a code that heed/_error.html words."""

    field: str
    code: str
    value: str = ""  # what the words name, an address for example
    limit: str = ""  # what would fit


@dataclass(frozen=True, slots=True, kw_only=True)
class NavLink:
    """One entry of the navigation. Either a known code (worded by the template) or a name."""

    href: str
    code: str = ""  # my_turn, unassigned, waiting, solved, all_open, search, customers, settings, catcher
    name: str = ""  # a team or brand
    count: int | None = None  # None: not counted
    is_current: bool = False
    counted_to: int = COUNTED_TO

    @property
    def count_text(self) -> str:
        """The count as shown: exact to 999, then 999+; empty for none and zero."""
        if not self.count:
            return ""
        return f"{self.counted_to}+" if self.is_more else str(self.count)

    @property
    def is_more(self) -> bool:
        """Whether there are more than one counts here."""
        return (self.count or 0) > self.counted_to

    @property
    def icon(self) -> str:
        """The icon's name in the sprite."""
        return NAV_ICONS.get(self.code, "people")


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionLink:
    """One section of the settings; heed.ui.codes.SECTIONS words its code."""

    code: str
    href: str
    is_current: bool = False
    history_href: str = ""  # who changed something here, for those who may know


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmLine:
    """What every page of a lead or admin says while something that mail depends on does not work.

    kind: heed.connecting.outages.OutageKind; address: of the inbox; more: so many other things do not work either.
    """

    kind: str
    address: str = ""
    more: int = 0
    href: str = "/settings/mail-health/"


NAV_ICONS = {
    "my_turn": "inbox",
    "mentions": "at",
    "unassigned": "open",
    "waiting": "waiting",
    "solved": "solved",
    "all_open": "mail",
    "made": "tag",
    "search": "search",
    "customers": "people",
    "settings": "settings",
    "catcher": "mail",
    "sides": "people",
    "trash": "trash",
    "notifications": "bell",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The reader, at the foot of the navigation."""

    id: int  # parts the drafts of two agents on one device
    name: str
    role: str  # heed.kernel.words.Role
    team: str = ""  # the first team's name, or nothing
    availability: str = "available"  # heed.kernel.words.Availability


@dataclass(frozen=True, slots=True, kw_only=True)
class NavContext:
    """heed/_nav.html: the navigation, or the menu drawer when is_open."""

    me: Me
    views: Sequence[NavLink]
    desk: Sequence[NavLink]  # search, customers, settings: only what exists and the reader may open
    made: Sequence[NavLink] = ()  # views that people made
    made_counts_href: str = "/views/counts/"  # answers heed/_nav_made.html as a fragment, with counts
    new_view_href: str = ""
    teams: Sequence[NavLink] = ()
    brands: Sequence[NavLink] = ()
    alarm: AlarmLine | None = None
    sections: Sequence[SectionLink] = ()  # of the settings, on their pages
    menu_href: str = ""  # the address of this page with the menu open
    close_href: str = ""  # and with it closed
    last_event: int = 0  # the newest event when this page was made: the stream goes on from here
    stream_href: str = "/live/"  # empty: no stream
    counts_href: str = "/menu/"  # answers heed/_nav_links.html as a fragment, for live counts
    logout_href: str = "/accounts/logout/"
    you_href: str = "/settings/you/"
    is_open: bool = False

    @property
    def section(self) -> str:
        """The code of the settings section that this page belongs to; empty: none."""
        return next((section.code for section in self.sections if section.is_current), "")

    @property
    def history_href(self) -> str:
        """Where stands who changed something in that section; empty: nowhere."""
        return next((section.history_href for section in self.sections if section.is_current), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorContext:
    """heed/refused.html: a form or link that could not be obeyed, on a page of its own.

    code: not_found, refused, not_allowed_now, already_merged, unusable, error.
    """

    code: str
    back_href: str
    field: str = ""
    at: datetime | None = None
