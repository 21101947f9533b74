"""What the list and its page show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import NavContext, Person, Why
from heed.web.lists.contexts import BulkChoices, DeletedView, EditorContext


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFactContext:
    """inbox/_fact.html: one more thing that a row tells. kind: heed.lists.codes.RowFact; text may be a code."""

    kind: str
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowContext:
    """inbox/_row.html: one conversation in a list. Hashable, since a row is drawn once for all who see the same."""

    number: int
    href: str  # /inbox/<view>/<number>/
    customer: Person
    subject: str  # empty: the template says "No subject"
    at: datetime  # of the last message
    why: Why
    brand: str  # in All open the assignee's name, or empty for nobody
    subject_lang: str = ""
    priority: str = "normal"  # heed.kernel.words.Priority
    mails: int = 0  # how many mails a rule for storms joined here
    is_unread: bool = False
    is_current: bool = False  # the one that stands beside the list
    aside: str = ""  # news of a side conversation: answered, not_sent
    is_picked: bool = False  # for a bulk change
    facts: tuple[RowFactContext, ...] = ()  # what a view tells in place of the brand

    @property
    def is_flagged(self) -> bool:
        """High and urgent carry a flag."""
        return self.priority in ("high", "urgent")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyList:
    """inbox/_empty.html: why a list is empty, what comes next, the first step."""

    code: str  # my_turn, unassigned, waiting, solved, all_open, first_day (no mail has ever arrived)
    snoozed: int = 0
    back_at: datetime | None = None  # when the first snoozed one comes back
    unassigned: int = 0
    unassigned_href: str = ""
    inbox_address: str = ""  # first_day: where to send a mail
    settings_href: str = ""  # first_day: only for who may connect a mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContext:
    """inbox/_list.html: head and rows of a view; inbox/_rows.html: the rows alone, for the next page."""

    view: str  # my_turn, unassigned, waiting, solved, all_open; view: one that people made
    href: str  # /inbox/<view>/: answers _list.html as a fragment, and _rows.html when asked with ?after=
    rows: Sequence[RowContext]
    scope: str = ""  # a team's or brand's name when the view is narrowed to it
    count: int | None = None  # None: not counted
    overdue: int = 0
    not_sent: int = 0
    next_href: str = ""  # empty: this was the last page
    new_href: str = ""  # empty: the reader may not start one
    menu_href: str = ""
    empty: EmptyList | None = None  # set when there are no rows
    name: str = ""  # of a view that people made
    team: str = ""  # with whom it is shared
    order: str = ""  # heed.lists.codes.ViewOrder
    count_is_more: bool = False  # there are more than were counted
    edit_href: str = ""  # empty: the reader may not change it, or the desk made it
    new_view_href: str = ""
    is_compact: bool = False
    bulk_href: str = ""  # empty: the reader changes nothing
    bulk: BulkChoices | None = (
        None  # what can be done to those that are picked; scripts fetch it when it is needed
    )
    editor: EditorContext | None = None  # a view is being made or changed: it stands in the rows' place
    deleted: DeletedView | None = None
    not_loaded: bool = False  # the query failed or took too long: say so, offer the same step again


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """inbox/page.html: a list with nothing open beside it; inbox/_list_again.html: list and counts."""

    nav: NavContext
    list: ListContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFragment:
    """inbox/_list.html and inbox/_rows.html alone, for HTMX."""

    list: ListContext


@dataclass(frozen=True, slots=True, kw_only=True)
class NavFragment:
    """heed/_nav_links.html alone, for HTMX, and the page /menu/ (heed/menu.html)."""

    nav: NavContext
