"""What the search page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.conversations.passages import Piece
from heed.ui.contexts import NavContext, Person
from heed.web.customers.contexts import CustomerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRow:
    """A row of search/_rows.html: a conversation, and where what was looked for stands in it."""

    number: int
    href: str  # of the message that fits, where there is one
    customer: Person
    subject: Sequence[Piece]  # empty: the template says "No subject"
    at: datetime  # of the message that fits, else of the newest one
    status: str  # heed.kernel.words.Status
    passage: Sequence[Piece] = ()
    sender: Sequence[Piece] = ()  # whom that message is from or goes to, where something of it is marked
    subject_lang: str = ""
    file: str = ""  # the name of the file in which the passage stands; empty: in the message itself
    is_by_number: bool = False  # what was typed is its number


@dataclass(frozen=True, slots=True, kw_only=True)
class HintLine:
    """How something typed was read. kind: heed.conversations.filters.HintKind."""

    kind: str
    field: str = ""
    value: str = ""
    choices: Sequence[str] = ()  # unknown_value: what the field takes, where there is a list


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutLine:
    """Nothing was found: the same search without one of its terms."""

    term: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundContext:
    """search/_found.html: what was found; search/_rows.html: the rows alone, for the next page.

    code: start (nothing was typed), found, none, or further (nothing on this page, and there is more to look through).
    """

    code: str
    href: str = "/search/"
    text: str = ""
    order: str = "newest"  # newest, best
    newest_href: str = ""
    best_href: str = ""
    view_query: str = ""  # what was typed, as the form of a view takes it
    rows: Sequence[FoundRow] = ()
    hints: Sequence[HintLine] = ()
    without: Sequence[WithoutLine] = ()
    next_href: str = ""
    back_to: datetime | None = None  # looked back so far
    ranked_only: bool = False  # only the newest matches were compared
    is_like: bool = False  # nothing is written as it was typed: these have names like it
    has_short_word: bool = False  # too short to stand for the beginning of longer ones


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """search/page.html."""

    nav: NavContext
    found: FoundContext


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersFragment:
    """search/_customers.html: customers who are called so, beside the conversations that were found."""

    text: str
    customers: Sequence[CustomerRow] = ()
    more_href: str = ""  # the list of all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFragment:
    """search/_found.html and search/_rows.html alone, for HTMX."""

    found: FoundContext
