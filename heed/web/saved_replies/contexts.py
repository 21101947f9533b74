"""What the settings pages of saved replies show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import FieldError, NavContext, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Who finds it. kind: private, team, brand; name: of the team or brand."""

    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRow:
    """A saved reply in the list."""

    name: str
    href: str
    folder: str
    languages: Sequence[str]
    sharing: Sharing
    restore_href: str = ""  # of one that was put away, for who may bring it back


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAway:
    """The one that was just put away."""

    name: str
    restore_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepliesPage:
    """saved_replies/list.html."""

    nav: NavContext
    rows: Sequence[ReplyRow]
    typed: str
    is_archived: bool
    new_href: str
    other_href: str  # the list of those put away; from there, of the others
    next_href: str = ""
    put_away: PutAway | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField:
    """What it says in one language."""

    language: str
    text: str

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"text-{self.language}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A file that goes with it."""

    id: int
    name: str
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """How it stood from one moment on. parts: heed.kernel.words.SavedReplyPart."""

    id: int
    at: datetime
    who: str  # empty: the command line
    parts: Sequence[str]
    name: str
    texts: Sequence[TextField]
    is_newest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyForm:
    """saved_replies/_form.html. POST fields: see the template's head."""

    href: str
    preview_href: str
    brand: int
    name: str
    folder: str
    folders: Sequence[str]
    sharings: Sequence[Option]  # private, brand, team-ID; labels are the names of teams and of the brand
    texts: Sequence[TextField]
    more_languages: Sequence[Option]
    variables: Sequence[str]  # codes
    files: Sequence[FileLine] = ()
    may_change: bool = True
    is_new: bool = False
    is_saved: bool = False
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyPage:
    """saved_replies/one.html."""

    nav: NavContext
    form: ReplyForm
    brands: Sequence[Option] = ()  # of a new one, where there are several
    versions: Sequence[VersionLine] = ()
    archive_href: str = ""
    restore_href: str = ""
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceLine:
    """A part of the preview. kind: words, value (of a variable), gap."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One language of the preview."""

    language: str
    pieces: Sequence[PieceLine]
    unknown: Sequence[str] = ()  # what stands in braces and is no variable


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewContext:
    """saved_replies/_preview.html. on: the conversations to choose of; empty: there is none to show it on."""

    samples: Sequence[Sample]
    on: Sequence[Option] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """saved_replies/preview.html, and saved_replies/_preview.html alone."""

    preview: PreviewContext
    nav: NavContext | None = None
