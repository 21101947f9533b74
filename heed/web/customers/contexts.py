"""What the page of one customer shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import NavContext, Person
from heed.web.conversation.contexts import EarlierContext


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRow:
    """One address of the customer. split_href: this page with what splitting it off would do; empty: not offered."""

    address: str
    split_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """A merge or a split. kind: heed.kernel.words.MoveKind; other: the other customer."""

    kind: str
    other: Person
    is_from_other: bool  # the other one's things came here
    addresses: int
    conversations: int
    at: datetime
    by: Person | None = None
    undone_at: datetime | None = None
    undo_href: str = ""  # POST; empty: not offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a merge or split would do, before it is done. code: merge, split, unknown, same."""

    code: str
    action: str = ""  # POST
    field: str = ""  # its one field and value
    value: str = ""
    other: Person | None = None
    addresses: Sequence[str] = ()
    conversations: int = 0
    typed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerContext:
    """customers/page.html."""

    href: str
    person: Person
    since: datetime
    addresses: Sequence[AddressRow]
    conversations: Sequence[EarlierContext]
    next_href: str = ""
    moves: Sequence[MoveRow] = ()
    may_change: bool = False
    preview: Preview | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPage:
    """customers/page.html."""

    nav: NavContext
    customer: CustomerContext
