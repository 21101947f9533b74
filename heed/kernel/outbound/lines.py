"""What lines to mailboxes have in common: where they lead, and why one failed, as a code with the server's words."""

import errno
import ssl
from dataclasses import dataclass, field

from heed.kernel.mail_words import MailboxTrouble, MailSecurity

WORDS_CHARACTERS = 300


class LineTrouble(Exception):
    """A mailbox could not be read: why, and what its server said about it."""

    def __init__(self, reason: MailboxTrouble, words: str = "") -> None:
        super().__init__(f"{reason}: {words}" if words else str(reason))
        self.reason = reason
        self.words = " ".join(words.replace("\0", "").split())[:WORDS_CHARACTERS]


@dataclass(frozen=True, slots=True)
class Where:
    """A mail server. Any host: inside or outside, an admin said so. Tests give their own trust as tls."""

    host: str
    port: int
    security: MailSecurity
    timeout_seconds: float = 30.0
    tls: ssl.SSLContext | None = field(default=None, compare=False)

    def trust(self) -> ssl.SSLContext:
        """Certificates are checked, always: whoever wants none chooses plain."""
        return self.tls or ssl.create_default_context()


def trouble_of(error: OSError) -> LineTrouble:
    """What an error of the network means."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return LineTrouble(MailboxTrouble.CERTIFICATE, error.verify_message)
    if isinstance(error, TimeoutError) or error.errno == errno.ETIMEDOUT:
        return LineTrouble(MailboxTrouble.TIMED_OUT)
    return LineTrouble(MailboxTrouble.UNREACHABLE, error.strerror or str(error))
