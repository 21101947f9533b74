"""What the palette offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import NavLink, SectionLink


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationItem:
    """A conversation to open."""

    number: int
    href: str
    subject: str
    customer: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerItem:
    """A customer to open."""

    number: int
    href: str
    name: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedItem:
    """Something to do with the open conversation: a field and its value are posted.

    code: assign, assign_me, assign_nobody, status, snooze, priority, tag, untag, team, merge, side, customer.
    """

    code: str
    action: str = ""  # POST
    field: str = ""
    value: str = ""
    more: str = ""  # a second field=value
    name: str = ""  # whom or what it names
    until: datetime | None = None
    href: str = ""  # leads there instead


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteContext:
    """palette/_palette.html."""

    number: int | None  # the conversation that is open
    may_reply: bool
    may_note: bool
    deeds: Sequence[DeedItem]
    recent: Sequence[ConversationItem]
    recent_customers: Sequence[CustomerItem]
    views: Sequence[NavLink]
    pages: Sequence[NavLink]
    sections: Sequence[SectionLink]
    found_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundContext:
    """palette/_found.html: conversations and customers by what was typed."""

    conversations: Sequence[ConversationItem] = ()
    customers: Sequence[CustomerItem] = ()
    search_href: str = ""
