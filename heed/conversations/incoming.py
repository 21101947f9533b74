"""What intake hands to the verbs: a mail, read and decided upon, with nothing left to look up."""

from dataclasses import dataclass, field
from datetime import datetime

from heed.channels.email.mail import Invitation
from heed.kernel.words import (
    AgentId,
    Automatic,
    Because,
    Confidence,
    CustomerId,
    Flag,
    JoinedBy,
    MessageId,
)

Line = tuple[tuple[str, str], ...]  # (name, address) pairs of an address line


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An attachment whose bytes are in blob storage already."""

    sha256: str
    size: int  # bytes
    filename: str
    content_type: str
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail as the desk will keep it. Addresses in `participants` are normalised; keys are hashes of Message-IDs."""

    from_name: str
    from_address: str
    to: Line
    cc: Line
    subject: str
    text: str  # what was written now
    quoted: str
    html: str
    at: datetime
    received_at: datetime
    message_id: str
    own_key: str
    referred_keys: tuple[str, ...]
    same_key: str
    raw_sha256: str
    automatic: Automatic
    signature: str = ""
    language: str = ""
    customer: CustomerId | None = None
    participants: tuple[tuple[str, str, str], ...] = ()  # (normalised address, name, role)
    answers: MessageId | None = None
    joined_by: JoinedBy = JoinedBy.NEW
    flag: Flag = Flag.NONE
    may_acknowledge: bool = False
    agent: AgentId | None = None
    forwarded_by: AgentId | None = None  # who passed on what a customer wrote
    forwarder_words: str = ""  # what they wrote above it: for the team alone
    files: tuple[StoredFile, ...] = field(default=())
    invitation: Invitation | None = None
    confidence: Confidence = Confidence.NONE
    because: Because = Because.NONE
    path: str = ""  # a domain that vouches, though not the sender's own
    reply_to: Line = ()  # where answers are asked for, if not at the sender's address
    storm_rule: int | None = None  # the version of the rule by which it joined
    free_keys: frozenset[str] = (
        frozenset()
    )  # of its keys those that no conversation has: they are not looked up again
