"""What the form of a view shows, and what is said of a change of many conversations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.lists.codes import BulkKind
from heed.ui.contexts import FieldError, NavContext, Option
from heed.ui.list_words import FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionContext:
    """lists/_condition.html: one condition of a view. field: heed.conversations.filters.Field.

    kind: choices (boxes), names (a text, with suggestions), when (lengths of time), text; or, of a custom field, own
    (a text, with suggestions) or picks (boxes; yes and no are codes).
    """

    number: int
    field: str
    kind: str
    is_not: bool = False
    text: str = ""
    options: Sequence[Option] = ()
    error: FieldError | None = None
    is_new: bool = False  # takes the focus
    own: str = ""  # the name of a custom field
    signs: Sequence[Option] = ()  # how its value may compare

    @property
    def name(self) -> str:
        """What it is about, in the reader's words."""
        return self.own or str(FIELDS[self.field])

    @property
    def error_id(self) -> str:
        """The id of the words that say what is wrong."""
        return f"condition-{self.number}-error"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorContext:
    """lists/_editor.html: a view in words, as a form. Also what it would be as a text of the filter language."""

    action: str
    preview_href: str = "/views/preview/"
    is_new: bool = True
    name: str = ""
    words: str = ""
    conditions: Sequence[ConditionContext] = ()
    fields: Sequence[str] = ()  # that one more condition may be about
    own_fields: Sequence[str] = ()  # custom ones, by name
    orders: Sequence[Option] = ()
    facts: Sequence[Option] = ()
    teams: Sequence[Option] = ()  # to share with; empty: the reader may not
    typed: str = ""
    cancel_href: str = ""
    delete_href: str = ""
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewContext:
    """lists/_preview.html: how many conversations a view would have, and the first of them."""

    count: int = 0
    is_more: bool = False
    rows: Sequence["PreviewRow"] = ()
    next_hint: bool = False  # there are more than are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """One conversation of a preview."""

    number: int
    name: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewFragment:
    """lists/_preview.html alone."""

    preview: PreviewContext


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedView:
    """inbox/_list.html: a view was deleted and can be brought back."""

    name: str
    restore_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChoices:
    """lists/_bulk_choices.html: what can be done to the conversations that are picked."""

    action: str
    key: str  # a retried request begins nothing anew
    me: int
    kinds: Collection[str] = tuple(BulkKind)  # what the reader may do
    may_take: bool = True
    agents: Sequence[Option] = ()
    teams: Sequence[Option] = ()
    tags: Sequence[str] = ()
    topics: Sequence[Option] = ()
    fields: Sequence[Option] = ()
    priorities: Sequence[str] = ()
    snoozes: Sequence["SnoozeOption"] = ()

    @property
    def has_more(self) -> bool:
        """Something stands under More."""
        more = {BulkKind.PRIORITY, BulkKind.MERGE, BulkKind.SPAM, BulkKind.TRASH}
        return not more.isdisjoint(self.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeOption:
    """An offered end of a snooze. code: as in conversation/_head.html."""

    code: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicesFragment:
    """lists/_bulk_choices.html alone."""

    bulk: BulkChoices


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftRow:
    """A conversation that a bulk change left or could not put back. reason: an error's code, or changed_since."""

    number: int
    href: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkSaid:
    """lists/_bulk_said.html: how far a bulk change is, what became of it, and the way back.

    state: going, done, undoing, undone, or refused (nothing was begun: field and reason say why).
    """

    state: str
    number: int = 0
    kind: str = ""  # heed.lists.codes.BulkKind
    value: str = ""  # a name, or a code that the template words
    until: datetime | None = None
    total: int = 0
    finished: int = 0  # of going and undoing
    done: int = 0
    same: int = 0
    left: int = 0
    undone: int = 0
    kept: int = 0
    rows: Sequence[LeftRow] = ()
    can_undo: bool = False
    field: str = ""
    reason: str = ""
    limit: int = 0
    page_href: str = ""
    step_href: str = ""
    undo_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPage:
    """lists/bulk.html: a bulk change as a page."""

    nav: NavContext
    said: BulkSaid
    back_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidFragment:
    """lists/_bulk_said.html alone."""

    said: BulkSaid
