"""What the page of one customer shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.conversations.passages import Piece
from heed.ui.contexts import FieldError, NavContext, Option, Person
from heed.web.conversation.contexts import EarlierContext
from heed.web.conversation.remembered import TriedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRow:
    """One address of the customer. split_href: this page with what splitting it off would do; empty: not offered."""

    address: str
    confidence: str = ""  # heed.kernel.words.Confidence of the newest mail from it; empty: none came
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
class NoteRow:
    """A note about the customer. POST href: its words; erase_href. Both empty: the reader may not."""

    id: int
    author: Person
    brand: str  # empty where the reader knows the customer in one brand alone
    text: str
    written_at: datetime
    changed_at: datetime | None = None
    href: str = ""
    erase_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileForm:
    """customers/_profile.html: what is known of the customer, and the form that says it anew."""

    href: str  # POST; empty: the reader may not
    name: str
    company: str
    language: str
    time_zone: str
    addressed_as: str
    preferred_channel: str
    wants_no_automatic_mail: bool
    languages: Sequence[Option] = ()
    time_zones: Sequence[Option] = ()
    channels: Sequence[Option] = ()
    company_href: str = ""  # everybody of it
    is_saved: bool = False
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteForm:
    """customers/_notes.html: a new note. href: POST; brands: offered where there are several."""

    href: str
    text: str = ""
    brands: Sequence[Option] = ()
    editing: int | None = None  # the note whose new words could not be used
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerContext:
    """customers/page.html."""

    href: str
    person: Person
    since: datetime
    addresses: Sequence[AddressRow]
    conversations: Sequence[EarlierContext]
    profile: ProfileForm
    notes: Sequence[NoteRow] = ()
    note_form: NoteForm | None = None  # None: the reader may not
    tried: Sequence[TriedRow] = ()
    next_href: str = ""
    moves: Sequence[MoveRow] = ()
    may_change: bool = False
    preview: Preview | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPage:
    """customers/page.html."""

    nav: NavContext
    customer: CustomerContext


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """A row of customers/_rows.html."""

    number: int
    href: str
    name: Sequence[Piece]  # what was looked for is marked
    address: Sequence[Piece] = ()
    company: Sequence[Piece] = ()
    lang: str = ""
    at: datetime  # of the newest message
    subject: str = ""  # of the newest conversation
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContext:
    """customers/_list.html; customers/_rows.html: the rows alone, for the next page."""

    href: str
    text: str = ""
    rows: Sequence[CustomerRow] = ()
    next_href: str = ""
    back_to: datetime | None = None  # looked back so far


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """customers/list.html."""

    nav: NavContext
    list: ListContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFragment:
    """customers/_list.html and customers/_rows.html alone, for HTMX."""

    list: ListContext
