"""What the pages of side conversations show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.conversations.doubts import Doubted
from heed.ui.contexts import FieldError, NavContext, Option, Person
from heed.web.conversation.composer_contexts import KeptFile
from heed.web.conversation.contexts import Entry
from heed.web.conversation.sides import SideLineContext
from heed.web.forwarding.contexts import OwnFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotable:
    """A message of the conversation that may be quoted, with its files."""

    id: int
    author: Person
    at: datetime
    words: str
    is_chosen: bool
    files: Sequence[OwnFile] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFormContext:
    """sides/_form.html.

    POST to action with kind (mail, team), team, may_read, to, cc, subject, text, html, quote, keep, files, kept,
    sender, sure, key, seen; buttons send, remove (file:id), confirm.
    """

    action: str
    key: str  # idempotency key
    sheet: str  # by which a browser keeps what was begun
    begins: bool = False  # else it goes on in its thread
    files_href: str = "/writing/files/"  # POST: keeps files while one writes
    replies_href: str = ""  # saved replies; empty: none are offered
    kind: str = "mail"  # mail, team
    teams: Sequence[Option] = ()  # that may be asked
    may_read: bool = False
    to: str = ""
    cc: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    quotable: Sequence[Quotable] = ()
    files: Sequence[KeptFile] = ()  # uploaded before
    senders: Sequence[Option] = ()
    seen: int | None = None  # the newest message that the writer saw
    is_stopped: bool = False  # somebody wrote meanwhile; it stands above
    doubts: Sequence[Doubted] = ()
    sure: str = ""
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginContext:
    """The page that begins one."""

    number: int  # of the conversation
    back_href: str
    conversation_subject: str
    form: SideFormContext


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginPage:
    """sides/begin.html."""

    nav: NavContext
    begin: BeginContext
    form: SideFormContext


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFragment:
    """sides/_form.html alone, for HTMX."""

    form: SideFormContext


@dataclass(frozen=True, slots=True, kw_only=True)
class SideContext:
    """sides/_side.html: one side conversation with what was said in it, the newest last."""

    number: int
    line: SideLineContext
    conversation: int
    conversation_href: str = ""  # empty: the reader may see this thread alone
    conversation_subject: str = ""
    begun_by: Person | None = None
    entries: Sequence[Entry] = ()
    older_href: str = ""
    newest_href: str = ""
    done_href: str = ""  # POST state: done, open; empty: the reader may not
    is_beside: bool = False  # it stands beside its conversation, not on a page of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class SidePage:
    """sides/page.html."""

    nav: NavContext
    side: SideContext
    form: SideFormContext | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFragment:
    """sides/_side.html alone, for live changes: never the form."""

    side: SideContext


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideFragment:
    """sides/_beside.html: one beside its conversation, or the form that begins one."""

    close_href: str
    alone_href: str  # the same on a page of its own
    side: SideContext | None = None
    form: SideFormContext | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPage:
    """sides/list.html: what other teams ask the reader's. at: open, done."""

    nav: NavContext
    lines: Sequence[SideLineContext]
    at: str
    older_href: str = ""
