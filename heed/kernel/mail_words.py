"""The fixed words about mailboxes and providers: how they are reached, what they say, what is wrong with them."""

from enum import StrEnum
from typing import Final


class DkimSigning(StrEnum):
    """When a DKIM key signs."""

    WHEN_FOUND = "when_found"  # once its record was found in DNS
    ALWAYS = "always"  # an admin says that the record is there
    NEVER = "never"


class MailProtocol(StrEnum):
    """How a mailbox is read."""

    IMAP = "imap"
    POP3 = "pop3"


class MailSecurity(StrEnum):
    """How the line to a mailbox is protected."""

    TLS = "tls"  # from the first byte
    STARTTLS = "starttls"
    PLAIN = "plain"  # not at all


class MailProvider(StrEnum):
    """Who lets the desk into a mailbox by OAuth in place of a password."""

    GOOGLE = "google"
    MICROSOFT = "microsoft"


class AfterFetch(StrEnum):
    """What becomes of a mail on its server once the desk has it."""

    LEAVE = "leave"  # nothing: not even its flags change
    FLAG = "flag"  # marked as read
    MOVE = "move"  # into another folder
    DELETE = "delete"  # only where somebody chose so


class HookProvider(StrEnum):
    """Whose webhooks a desk understands."""

    POSTMARK = "postmark"
    MAILGUN = "mailgun"
    SENDGRID = "sendgrid"
    BREVO = "brevo"
    MAILJET = "mailjet"
    SPARKPOST = "sparkpost"


REPORTS_ONLY: Final = frozenset({HookProvider.BREVO, HookProvider.MAILJET, HookProvider.SPARKPOST})
"""Who tells what became of our mail, and hands out no raw mail of others."""


class ReportedOutcome(StrEnum):
    """What a provider's webhook says of one recipient of a mail of ours."""

    DELIVERED = "delivered"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class MailboxTrouble(StrEnum):
    """Why a mailbox can't be read."""

    NONE = ""
    UNREACHABLE = "unreachable"  # no such host, nobody listens, the line broke
    TIMED_OUT = "timed_out"
    CERTIFICATE = "certificate"  # it can't show who it is
    NO_TLS = "no_tls"  # STARTTLS was asked for, and it has none
    LOGIN_REFUSED = "login_refused"
    AUTHORIZATION_LOST = "authorization_lost"  # the provider took it back, or it ran out
    FOLDER_MISSING = "folder_missing"
    REFUSED = "refused"  # it said no to something else; its words stand beside it
    DISK_FULL = "disk_full"  # here: nothing is taken that can't be kept
    UNSEALABLE = "unsealable"  # the desk's secret changed: the password has to be entered again
    FAILED = "failed"  # our own error; the code stands beside it


class Mismatch(StrEnum):
    """Why a mail stands in a mailbox and not on the desk, or the other way round."""

    NOT_FETCHED = "not_fetched"  # there, and not here yet; the same look fetched it if it could
    REFUSED = "refused"  # there, and its server does not give it
    TOO_LARGE = "too_large"  # there, and larger than this desk takes
    BEFORE_WORK = "before_work"  # there, from before the day on which mail became work, and left there
    PARKED = "parked"  # here, but it could not be read
    WAITING = "waiting"  # here, and not read yet
    DELETED_HERE = "deleted_here"  # it was a message, which was deleted
    GONE_THERE = "gone_there"  # here; somebody else deleted or moved it there
