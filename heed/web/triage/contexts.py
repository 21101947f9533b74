"""What the pages of triage show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import FieldError, NavContext, Option, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """A conversation in the quarantine. reasons: heed.kernel.words.SpamReason, the weightiest first."""

    number: int
    href: str
    subject: str
    writer: Person
    at: datetime
    brand: str
    reasons: Sequence[str] = ()
    percent: int | None = None  # how likely by its words


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntContext:
    """How much agents of a brand have taught."""

    brand: str
    spams: int
    goods: int
    needed: int

    @property
    def is_believed(self) -> bool:
        """Whether words count as a sign of spam by now."""
        return self.spams + self.goods >= self.needed and min(self.spams, self.goods) * 5 >= self.needed


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineContext:
    """triage/_quarantine.html: what was taken for spam. The form posts to href: number (many), do."""

    href: str
    rows: Sequence[HeldBack] = ()
    learnt: Sequence[LearntContext] = ()
    next_href: str = ""
    done: str = ""  # released, confirmed, blocked: what was done just now
    done_count: int = 0
    may_judge: bool = True  # say what is spam and what is not


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinePage:
    """triage/quarantine.html; its fragment is triage/_quarantine.html."""

    nav: NavContext
    quarantine: QuarantineContext


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineFragment:
    """triage/_quarantine.html alone, for HTMX."""

    quarantine: QuarantineContext


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedContext:
    """Somebody whose mail goes to the quarantine."""

    value: str  # an address, or a domain with @ before it
    at: datetime
    by: str
    brand: str
    href: str  # POST: unblock


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedListContext:
    """triage/_blocked.html. The form posts to href: sender, brand."""

    href: str
    rows: Sequence[BlockedContext] = ()
    brands: Sequence[Option] = ()
    next_href: str = ""
    sender: str = ""
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedPage:
    """triage/blocked.html; its fragment is triage/_blocked.html."""

    nav: NavContext
    blocked: BlockedListContext


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedFragment:
    """triage/_blocked.html alone, for HTMX."""

    blocked: BlockedListContext


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredContext:
    """Mails that joined, or would join, one conversation."""

    subject: str
    mails: int
    at: datetime
    number: int | None = None
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleContext:
    """A rule for mail storms, as the list shows it. group_by: heed.kernel.words.StormKey."""

    name: str
    brand: str
    href: str
    is_on: bool
    sender: str
    subject: str
    text: str
    group_by: str
    minutes: int
    examples: Sequence[GatheredContext] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StormContext:
    """A sender that storms without a rule."""

    sender: str
    brand: str
    mails: int
    at: datetime
    new_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StormsPage:
    """triage/storms.html: the rules, and who storms without one."""

    nav: NavContext
    rules: Sequence[RuleContext] = ()
    storms: Sequence[StormContext] = ()
    new_href: str = "/settings/mail-storms/new/"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewContext:
    """What a rule would have made of the last day's mail."""

    mails: int
    conversations: int
    before: int
    groups: Sequence[GatheredContext] = ()
    is_partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionContext:
    """What a rule said from one moment on."""

    number: int
    at: datetime
    by: str
    is_on: bool
    sender: str
    subject: str
    text: str
    group_by: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleForm:
    """triage/_storm_form.html. Fields: brand, name, sender, subject, text, group_by, minutes, on, preview, save."""

    href: str
    name: str = ""
    sender: str = ""
    subject: str = ""
    text: str = ""
    group_by: str = "rule"
    minutes: str = "60"
    is_on: bool = True
    brands: Sequence[Option] = ()  # empty: the rule's brand stays
    groupings: Sequence[Option] = ()
    errors: Sequence[FieldError] = ()
    preview: PreviewContext | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StormPage:
    """triage/storm.html: one rule, new or not; its fragment is triage/_storm_form.html."""

    nav: NavContext
    form: RuleForm
    versions: Sequence[VersionContext] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StormFragment:
    """triage/_storm_form.html alone, for HTMX."""

    form: RuleForm


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPage:
    """triage/address.html: what became of our mail to an address. The form posts to href: why, conversation.

    reason: heed.kernel.words.SuppressReason, soft, or empty: nothing is wrong any more.
    """

    nav: NavContext
    address: str
    href: str
    back_href: str
    reason: str = ""
    at: datetime | None = None
    soft_failures: int = 0
    conversation: int | None = None
    report_href: str = ""  # the mail that said so
    lifted_at: datetime | None = None
    lifted_by: str = ""
    lifted_why: str = ""
    why: str = ""
    may_lift: bool = False
    unsubscribed_at: datetime | None = None  # since when it gets no automatic mail, because it asked so
    brand: str = ""  # of what
    resubscribe_href: str = ""  # POST: conversation; empty: the reader may not
    errors: Sequence[FieldError] = ()
