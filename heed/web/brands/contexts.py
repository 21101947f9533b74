"""What the settings pages of brands show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import FieldError, NavContext, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """A weekday with its spans, as read_hours reads them."""

    weekday: int  # 0: Monday
    spans: str  # empty: closed

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"hours-{self.weekday}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysLine:
    """Weekdays in a row with the same spans."""

    first: int  # 0: Monday
    last: int
    spans: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandRow:
    """A brand in the list."""

    name: str
    href: str
    language: str
    time_zone: str
    days: Sequence[DaysLine] = ()  # those with hours
    acknowledges: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandsPage:
    """brands/list.html."""

    nav: NavContext
    brands: Sequence[BrandRow] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPreview:
    """The acknowledgement as a customer gets it who writes in this language now.

    lacks: placeholders without which it does not say what it should, reference or when.
    """

    language: str
    text: str
    is_own: bool
    lacks: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewContext:
    """brands/_preview.html. trouble: off, never_open, errors (what was typed can't be read yet); empty: mails."""

    sender: str = ""
    address: str = ""
    mails: Sequence[MailPreview] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsField:
    """The brand's own words in one language; empty: the built-in ones, or those of the brand's language."""

    language: str
    text: str = ""
    is_built_in: bool = False  # whether there are built-in words in this language

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"words-{self.language}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A part of the brand was changed. part: heed.kernel.words.BrandPart; who: empty for the command line."""

    part: str
    at: datetime
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandForm:
    """brands/_form.html: everything as it stands, or as it was typed."""

    href: str
    preview_href: str
    may_change: bool
    name: str
    languages: Sequence[Option]
    time_zones: Sequence[Option]
    days: Sequence[DayLine]
    holidays: str
    first_reply: str
    unit: str  # minutes, hours
    acknowledges: bool
    words: Sequence[WordsField]
    more_languages: Sequence[Option]
    signature: str
    close_after_days: str
    preview: PreviewContext
    errors: Sequence[FieldError] = ()
    is_saved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandPage:
    """brands/one.html; its fragment is brands/_form.html."""

    nav: NavContext
    form: BrandForm
    changes: Sequence[ChangeLine] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandFragment:
    """brands/_form.html alone, for HTMX."""

    form: BrandForm


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewFragment:
    """brands/_preview.html alone, for HTMX."""

    preview: PreviewContext
