"""What the settings of mails that the desk sends by itself show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import FieldError, NavContext, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsLink:
    """Words in one language. state: own, built_in, or other (for closed hours: those of open hours serve)."""

    language: str
    href: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """One of the mails. hours: heed.kernel.words.WordsFor."""

    hours: str
    words: Sequence[WordsLink]
    more: Sequence[Option] = ()  # languages without words, each with its address


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandMails:
    """The mails of one brand. is_on: the brand sends them."""

    name: str
    href: str
    is_on: bool
    mails: Sequence[MailLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailsPage:
    """system_mails/list.html."""

    nav: NavContext
    brands: Sequence[BrandMails]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleMail:
    """system_mails/_preview.html: the mail as a customer gets it. unknown: variables that stand for nothing.

    trouble: off (the brand sends none), never_open (no honest time can be named); empty otherwise.
    """

    sender: str
    address: str
    language: str
    text: str = ""
    is_own: bool = False
    unknown: Sequence[str] = ()
    lacks: Sequence[str] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLine:
    """Somebody changed words of the brand. who: empty for the command line."""

    at: datetime
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage:
    """system_mails/one.html: the words of one mail in one language."""

    nav: NavContext
    href: str
    preview_href: str
    back_href: str
    brand: str
    hours: str
    code: str  # of the language of its words; base templates call the reader's own "language"
    typed: str
    otherwise: str  # the words that serve while there are none of its own
    is_own: bool
    may_change: bool
    sample: SampleMail
    errors: Sequence[FieldError] = ()
    changes: Sequence[ChangedLine] = ()
    is_saved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFragment:
    """system_mails/_preview.html alone, for HTMX."""

    sample: SampleMail
