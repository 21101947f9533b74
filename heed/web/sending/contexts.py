"""What the settings pages about sending show."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from heed.ui.contexts import FieldError, NavContext, Option
from heed.web.round_trips.contexts import RoundTripContext
from heed.web.sending.servers import TypedServer


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureForm:
    """The agent's lines for one brand."""

    brand: int
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersPage:
    """sending/answers.html: how the reader's own answers leave."""

    nav: NavContext
    undo: Sequence[Option] = ()  # seconds; value "": as the desk says
    desk_undo: int = 0
    signatures: Sequence[SignatureForm] = ()
    is_saved: bool = False
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """An inbox, and how its mail leaves. way: desk, smtp, provider; where: the server's host, the provider's name."""

    href: str
    address: str
    brand: str
    way: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPage:
    """sending/sending.html: every inbox, and how its mail leaves."""

    nav: NavContext
    rows: Sequence[InboxRow] = ()
    next_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxForm:
    """sending/_inbox.html: the addresses, names and limits of an inbox. POST to href."""

    href: str
    further: Sequence[str] = ()  # addresses
    address: str = ""  # one more, as typed
    plus: Sequence[Option] = ()
    sender_name: Sequence[Option] = ()
    brand: str = ""
    a_minute: str = ""
    an_hour: str = ""
    a_day: str = ""
    megabytes: str = ""
    desk_megabytes: int = 0
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderField:
    """Something that a provider has to be told. name: as heed.kernel.outbound.PROVIDERS calls it."""

    name: str
    is_secret: bool
    is_needed: bool
    value: str = ""  # never a secret's
    is_kept: bool = False  # a secret that may be left empty


@dataclass(frozen=True, slots=True, kw_only=True)
class WayForm:
    """sending/_way.html: how mail leaves, and the ways that it might. POST to href: way, and the fields of that way.

    way and where: as of InboxRow. provider: whose fields are shown; empty: none was chosen yet.
    """

    href: str
    page_href: str
    way: str
    where: str = ""
    opened: str = ""  # the way whose fields are shown
    has_desk_server: bool = False  # HEED_SMTP_URL is set; else there is the built-in catcher
    server: TypedServer = field(default_factory=TypedServer)
    by_token: bool = False  # a mailbox's provider lets us in: nothing is to be typed here
    mailbox_href: str = ""  # where the server was set together with fetching
    providers: Sequence[Option] = ()
    provider: str = ""
    provider_name: str = ""
    reports: bool = False  # the provider can tell what became of a mail
    hooks_href: str = ""
    fields: Sequence[ProviderField] = ()
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """sending/inbox.html: how one inbox sends."""

    nav: NavContext
    address: str
    form: InboxForm
    way: WayForm
    trip: RoundTripContext
    domains: Sequence[tuple[str, str]] = ()  # each domain it writes from, and its page
    is_saved: bool = False
