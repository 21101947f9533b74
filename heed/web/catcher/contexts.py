"""What the built-in mail catcher shows: mail that a demo desk would have sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import NavContext


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtRow:
    """One caught mail in the list."""

    id: int
    href: str
    to: str
    subject: str
    at: datetime
    sender: str
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtMail:
    """One caught mail, as its recipient would read it."""

    id: int
    list_href: str
    sender: str
    to: Sequence[str]
    subject: str
    at: datetime
    text: str
    raw_href: str
    cc: Sequence[str] = ()
    reply_to: str = ""
    frame_href: str = ""  # its HTML part, in a frame
    headers: str = ""  # as they were sent
    attachments: Sequence[str] = ()  # names


@dataclass(frozen=True, slots=True, kw_only=True)
class CatcherContext:
    """catcher/page.html: the list and, when one is chosen, that mail."""

    href: str
    rows: Sequence[CaughtRow]
    next_href: str = ""
    mail: CaughtMail | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatcherPage:
    """catcher/page.html."""

    nav: NavContext
    catcher: CatcherContext


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtFragment:
    """catcher/_caught.html alone: the next rows, for HTMX."""

    catcher: CatcherContext
