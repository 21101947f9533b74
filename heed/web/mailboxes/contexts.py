"""What the pages of mailboxes show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import FieldError, NavContext, Option
from heed.web.round_trips.contexts import RoundTripContext


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxRow:
    """One mailbox, and how it is.

    state: works, failing, paused, new (nobody has looked yet), authorize (its provider has to be asked).
    reason: heed.kernel.mail_words.MailboxTrouble.
    """

    id: int
    href: str
    inbox: str
    host: str
    user_name: str
    state: str
    reason: str = ""
    words: str = ""  # the server's
    since_at: datetime | None = None
    looked_at: datetime | None = None
    mail_at: datetime | None = None
    backlog: int = 0
    checked_by: str = ""  # who checks senders there; empty: nobody's word counts


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxesContext:
    """mailboxes/_list.html."""

    rows: Sequence[MailboxRow]
    add_href: str = ""  # empty: the reader may not
    next_href: str = ""  # empty: these are all


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxesPage:
    """mailboxes/list.html; its fragment is mailboxes/_list.html."""

    nav: NavContext
    mailboxes: MailboxesContext


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLine:
    """What a test came to. code: ProbeAnswer or TrialCode; login: heed.channels.email.providers.Login."""

    code: str
    host: str
    port: int
    words: str = ""
    user_name: str = ""
    login: str = ""
    help_url: str = ""

    @property
    def is_fine(self) -> bool:
        """It works."""
        return self.code == "fine"

    @property
    def is_wrong(self) -> bool:
        """Somebody has to do something about it; not so where it can't be known yet, or none is wished."""
        return self.code not in ("fine", "no_server", "no_leave")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialContext:
    """mailboxes/_trial.html: the result of the test buttons. None: not tried."""

    receiving: TrialLine | None = None
    sending: TrialLine | None = None
    folders: Sequence[str] = ()  # that are there
    sent_folder: str = ""
    checked_by: str = ""  # who seems to check senders there
    checked_seen: int = 0  # so many of the newest mails say so; 0: the table of providers knows
    checked_of: int = 0
    fills_checked_by: bool = False  # the field is empty and the page is there already: it is filled in


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it was filled in, but for passwords, which never come back."""

    address: str = ""
    inbox: str = ""
    protocol: str = "imap"
    host: str = ""
    port: str = ""
    security: str = "tls"
    user_name: str = ""
    provider: str = ""  # google or microsoft: it lets us in, in place of a password
    folders: str = "INBOX"
    work_from_on: str = ""
    wants_history: bool = True
    after_fetch: str = "leave"
    move_to: str = ""
    sent_folder: str = ""
    wants_sent_filed: bool = False
    checked_by: str = ""
    sends: str = "server"  # server, or keep: as it is
    send_host: str = ""
    send_port: str = ""
    send_security: str = "tls"
    send_user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormContext:
    """mailboxes/_form.html. POST to action; Test posts the same to try_href."""

    action: str
    try_href: str
    typed: Typed
    inboxes: Sequence[Option] = ()  # empty: it has its inbox
    is_new: bool = True
    source: str = ""  # how its servers were found: table, srv, mx, autoconfig, guess; empty: not
    provider_name: str = ""
    login: str = ""  # what the provider asks: heed.channels.email.providers.Login
    help_url: str = ""
    providers: Sequence[str] = ()  # whose OAuth this desk can use
    trial: TrialContext | None = None
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddContext:
    """mailboxes/_add.html: at first an address, then the form filled in as far as possible."""

    find_href: str
    address: str = ""
    form: FormContext | None = None
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPage:
    """mailboxes/add.html; its fragment is mailboxes/_add.html."""

    nav: NavContext
    add: AddContext


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxContext:
    """mailboxes/_one.html: how a mailbox is, what one can do, and its form."""

    row: MailboxRow
    form: FormContext | None = None  # None: the reader may look only
    look_href: str = ""  # POST, each; empty: not now, or not by this reader
    pause_href: str = ""
    resume_href: str = ""
    remove_href: str = ""
    authorize_href: str = ""
    provider_href: str = ""  # where the provider asks the person; a link, since no form may lead elsewhere
    health_href: str = ""
    trip: RoundTripContext | None = None  # None: the reader may look only
    is_saved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxPage:
    """mailboxes/one.html; its fragment is mailboxes/_one.html."""

    nav: NavContext
    mailbox: MailboxContext


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialFragment:
    """mailboxes/_trial.html alone, for HTMX."""

    trial: TrialContext | None
