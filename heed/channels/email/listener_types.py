"""What the mail listener promises to those who keep the mail, and what it may cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, Self

from heed.channels.email.pipe import LMTP_MESSAGE_BYTES


@dataclass(frozen=True, slots=True)
class Accepted:
    """One mail as it was handed to us, before anything is read in it.

    ``raw`` is exactly what was sent, dots unstuffed and line ends untouched. ``mail_from`` is empty for
    bounces. ``recipients`` are those that ``Keeper.accepts`` knew, each once, in the order given.
    ``checked_by`` names who checked its sender before, where the mail was fetched from a mailbox.
    """

    protocol: Literal["smtp", "lmtp"]
    peer: str
    helo: str
    mail_from: str
    recipients: tuple[str, ...]
    raw: bytes
    received_at: datetime
    checked_by: str = ""


class Keeper(Protocol):
    """Where accepted mail is kept. All three are called in worker threads and may block.

    ``keep`` and ``keep_many`` come from one thread of their own, so they may hold a database connection;
    ``accepts`` comes from another one. What they raise is answered with "try again later".
    """

    def accepts(self, address: str) -> bool:
        """Say whether mail to this address is ours. The answer yes is remembered for a few seconds."""

    def keep(self, accepted: Accepted) -> None:
        """Return only when the mail is durable: the sender is told "accepted" right after it."""

    def keep_many(self, batch: Sequence[Accepted]) -> None:
        """Keep all durably in one commit, or raise and keep none: each is then given to ``keep`` alone."""


@dataclass(frozen=True, slots=True)
class ListenerLimits:
    """What one listener grants. Sizes are bytes, the rest counts unless the name says seconds."""

    smtp_message_bytes: int = 50_000_000
    """A larger mail is refused with 552, when announced and when sent."""

    lmtp_message_bytes: int = LMTP_MESSAGE_BYTES
    """The same for LMTP, which only our own mail server and the pipe use: a mail that a mail server has
    accepted already should be parked with its reason rather than bounced."""

    in_flight_bytes: int = 4 * LMTP_MESSAGE_BYTES
    """All mails being received together. Beyond it a mail is answered 452, try again later."""

    command_bytes: int = 2_048
    """One command line. (Lines of a mail have no limit but the mail's own.)"""

    recipients: int = 200
    """Of one mail; more are answered 452, and the sender sends them another copy."""

    connections: int = 250
    """At once; more are answered 421."""

    commands: int = 1_000
    """Of one connection between two accepted mails."""

    faults: int = 50
    """Refused commands of one connection between two accepted mails."""

    idle_seconds: float = 300
    """Silence after which a connection is closed (RFC 5321 4.5.3.2)."""

    message_seconds: float = 1_800
    """How long one mail may take to arrive."""

    batch_messages: int = 50
    """Mails kept in one commit."""

    batch_bytes: int = 16_000_000
    """The same in bytes; one mail may be larger."""

    known_seconds: float = 5
    """How long the listener remembers that an address is ours."""

    @classmethod
    def for_mails_of(cls, message_bytes: int) -> Self:
        """The usual limits around this largest mail of the SMTP door."""
        largest = max(message_bytes, LMTP_MESSAGE_BYTES)
        return cls(smtp_message_bytes=message_bytes, lmtp_message_bytes=largest, in_flight_bytes=4 * largest)

    def __post_init__(self) -> None:
        largest = max(self.smtp_message_bytes, self.lmtp_message_bytes)
        if self.in_flight_bytes < largest:
            raise ValueError(f"in_flight_bytes must be at least {largest}, or no such mail ever arrives")
