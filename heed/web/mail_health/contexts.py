"""What the pages of mail health show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import NavContext
from heed.web.mailboxes.contexts import MailboxRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedMailbox:
    """A mailbox of an inbox, and what its last comparison with the desk found."""

    row: MailboxRow
    compared_at: datetime | None = None  # None: not yet
    there: int = 0
    here: int = 0
    differences: int = 0
    href: str = ""  # its differences, one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxLine:
    """How mail of one inbox is."""

    id: int
    address: str
    last_in_at: datetime | None = None
    last_out_at: datetime | None = None
    backlog_in: int = 0
    backlog_out: int = 0
    oldest_out_at: datetime | None = None
    not_leaving_since_at: datetime | None = None
    mailboxes: Sequence[CheckedMailbox] = ()
    hooks: Sequence[str] = ()  # providers that post its mail here: heed.kernel.mail_words.HookProvider
    hooks_href: str = ""  # where they are set; empty: the reader may not
    trip_href: str = ""  # its round trip; empty: the reader may not


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageLine:
    """Something that does not work. kind: OutageKind; reason: MailboxTrouble, or mails, events, mail, sending, log."""

    kind: str
    since_at: datetime
    reason: str = ""
    words: str = ""
    address: str = ""
    is_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthContext:
    """mail_health/_health.html."""

    looked_at: datetime | None
    outages: Sequence[OutageLine] = ()
    inboxes: Sequence[InboxLine] = ()
    parked_mails: int = 0
    parked_events: int = 0
    next_href: str = ""

    @property
    def is_failing(self) -> bool:
        """Whether a mailbox that is shown can't be read, be it not yet for so long that it is an outage."""
        return any(one.row.state == "failing" for inbox in self.inboxes for one in inbox.mailboxes)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthPage:
    """mail_health/page.html; its fragment is mail_health/_health.html."""

    nav: NavContext
    health: HealthContext


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceLine:
    """One mail in which a mailbox and the desk differ. reason: heed.kernel.mail_words.Mismatch."""

    id: int
    reason: str
    folder: str
    uid: str
    message_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferencesContext:
    """mail_health/_differences.html."""

    mailbox: CheckedMailbox
    rows: Sequence[DifferenceLine] = ()
    next_href: str = ""
    look_href: str = ""  # POST: compare now; empty: the reader may not


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferencesPage:
    """mail_health/differences.html; its fragment is mail_health/_differences.html."""

    nav: NavContext
    found: DifferencesContext
