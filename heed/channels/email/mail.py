"""What reading a mail gives: plain frozen data."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from heed.channels.email.authentication.signs import NO_SIGNS, Signs
from heed.channels.email.complaints import NO_COMPLAINT, Complaint
from heed.channels.email.mailboxes import Address


class Automatic(StrEnum):
    """Who wrote a mail: a person (``NO``), or which kind of machine. Stored, so never renamed."""

    NO = "no"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    DELIVERY = "delivery"
    READ_RECEIPT = "read_receipt"
    COMPLAINT = "complaint"
    CALENDAR = "calendar"
    LIST = "list"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment or inline image. ``filename`` has no path and no control characters, and is never empty.

    ``is_named`` is False where the mail gave no name and ``filename`` was made up.
    """

    filename: str
    content_type: str
    content_id: str | None
    is_inline: bool
    content: bytes
    is_named: bool = True


@dataclass(frozen=True, slots=True)
class Bounce:
    """One recipient that a delivery report names.

    ``status`` is an RFC 3463 code or '' when the report has none; ``reason`` is a word of ``bounce_reasons``;
    ``hard`` says that trying again tomorrow won't help. ``action`` is the report's word: failed, delayed (the
    server goes on trying: nothing is lost yet), delivered, relayed, expanded.
    """

    status: str
    reason: str
    hard: bool
    recipient: str
    original_message_id: str | None
    action: str = "failed"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a calendar file says of one event. Times are UTC; a day alone is its midnight, with ``is_all_day``.

    ``method`` is RFC 5546's word in lower case: request, reply, cancel and so on. ``zone`` is the zone that the times
    were said in, '' where none was. Of a series, this is the first event; ``repeats`` says that there is one.
    """

    method: str
    summary: str
    starts_at: datetime | None
    ends_at: datetime | None
    is_all_day: bool
    zone: str
    organizer: str
    place: str
    repeats: bool
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The mail that another one passes on, as far as the program that forwarded it says.

    ``note`` is what the forwarder wrote above it. ``text`` is all of the original's words, ``visible``, ``quoted``
    and ``signature`` its parts; ``html`` is the original's alone, '' where it can't be told apart. ``date`` and
    ``message_id`` are None where nothing says them. ``attachments`` are the original's, and the forwarder's own.
    """

    sender: Address
    subject: str
    date: datetime | None
    message_id: str | None
    note: str
    text: str
    visible: str
    quoted: str
    signature: str
    html: str
    attachments: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """One mail as Heed sees it. No string holds NUL or lone surrogates; line ends are ``\\n``.

    Ids come without angle brackets. ``references`` are all, oldest first. ``text`` is the whole plain body
    (made from the HTML when there is no text part); ``visible`` (written now), ``signature`` and ``quoted``
    (history) hold all of its lines between them. ``html`` is as sent: never show it unsanitised.
    ``same_key`` is equal for the same mail however often and whichever way it came, see ``sameness``.
    ``defects`` are codes such as ``no-message-id``. ``forwarded`` is the mail that this one passes on; whoever
    reads it decides whether that matters, for customers forward, too.
    """

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    subject: str
    base_subject: str
    date: datetime | None
    text: str
    html: str
    visible: str
    quoted: str
    signature: str
    attachments: tuple[Part, ...]
    automatic: Automatic
    may_acknowledge: bool
    bounces: tuple[Bounce, ...]
    language_hint: str | None
    defects: tuple[str, ...]
    same_key: str
    forwarded: Forwarded | None = None
    invitation: Invitation | None = None
    signs: Signs = NO_SIGNS
    complaint: Complaint = NO_COMPLAINT
    round_trip: str = (
        ""  # the token of a mail that says it is a desk's to itself; whose, only its desk can tell
    )
