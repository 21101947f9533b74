"""What the page for paper shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFile:
    """A file, by name: paper holds no more of it."""

    name: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperMessage:
    """A message in words."""

    direction: str  # heed.kernel.words.Direction
    author: Person
    at: datetime
    text: str
    signature: str = ""
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    files: Sequence[PaperFile] = ()
    is_automatic: bool = False
    aside: str = (
        ""  # the subject of the side conversation in which it was said; empty: with the customer, or a note
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPage:
    """taking_away/paper.html."""

    number: int
    back_href: str
    subject: str
    customer: str
    brand: str
    status: str  # heed.kernel.words.Status
    printed_at: datetime
    messages: Sequence[PaperMessage]  # oldest first
    lang: str = ""
    has_notes: bool = False
    with_href: str = ""  # the same with notes, or without them
    pdf_href: str = ""
    data_href: str = ""
    mails_href: str = ""  # empty: only those who run the desk take raw mails
    left_out: bool = False  # there are earlier ones
