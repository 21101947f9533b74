"""From a receipt's bytes to a letter: what the mail says, before the desk is asked what it knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from heed.channels.email import mail as channel
from heed.channels.email.mail import ParsedMail, Part
from heed.channels.email.mailboxes import Address
from heed.channels.email.parse import parse
from heed.conversations.incoming import Line, StoredFile
from heed.conversations.threads import thread_key
from heed.intake.arrival import told
from heed.intake.judging import original_sender
from heed.intake.known import Desk
from heed.intake.limits import LIMITS
from heed.intake.models import Receipt
from heed.intake.threading import Letter
from heed.kernel import blobs
from heed.kernel.html import clean_mail
from heed.kernel.words import Automatic, Origin, RecipientRole
from heed.language.detect import detect

AUTOMATIC = {
    channel.Automatic.NO: Automatic.NO,
    channel.Automatic.CALENDAR: Automatic.NO,  # a person invites
    channel.Automatic.AUTO_REPLY: Automatic.AUTO_REPLY,
    channel.Automatic.READ_RECEIPT: Automatic.AUTO_REPLY,
    channel.Automatic.BOUNCE: Automatic.BOUNCE,
    channel.Automatic.DELIVERY: Automatic.REPORT,
    channel.Automatic.COMPLAINT: Automatic.REPORT,
    channel.Automatic.LIST: Automatic.BULK,
    channel.Automatic.BULK: Automatic.BULK,
}
BELIEVED_LATENESS = timedelta(days=7)  # a date further back, or ahead, is the sender's clock, not ours
LATE = timedelta(days=1)  # mail first seen so long after its date gets no acknowledgement
ADDRESS_CHARACTERS = 254  # RFC 5321, errata 1690
REFERENCES = 50  # Message-IDs of one mail that are remembered; the nearest ones


@dataclass(frozen=True, slots=True)
class Original:
    """Of a mail that an agent's address passes on: what will be kept of the one that it passes on."""

    html: str
    language: str
    files: tuple[StoredFile, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A receipt whose mail was read: the letter, and what will be kept of it."""

    receipt: Receipt
    letter: Letter
    html: str
    language: str
    files: tuple[StoredFile, ...]
    may_acknowledge: bool
    original: Original | None = None


def open_letter(receipt: Receipt, raw: bytes) -> Opened:
    """Read one mail; its files are named here, and kept by `forwarding.store_files`. Raises Unreadable."""
    mail = parse(raw, LIMITS)
    letter = letter_of(mail, receipt)
    late = mail.date is not None and receipt.received_at - mail.date > LATE
    return Opened(
        receipt,
        letter,
        html=clean_mail(mail.html) if mail.html else "",
        language=detect(mail.visible) or "",
        files=stored(mail.attachments),
        may_acknowledge=mail.may_acknowledge
        and bool(receipt.mail_from)
        and not late
        and not letter.is_history,
    )


def letter_of(mail: ParsedMail, receipt: Receipt) -> Letter:
    """What of a mail decides where it belongs."""
    referred = dict.fromkeys(thread_key(ref) for ref in (*mail.references, *reversed(mail.in_reply_to)))
    own = thread_key(mail.message_id) if mail.message_id else ""
    referred.pop(own, None)
    return Letter(
        mail=mail,
        at=_written_at(mail, receipt),
        sender=_who(mail.sender) if mail.sender else "",
        automatic=AUTOMATIC[mail.automatic],
        recipients=_recipients(mail, receipt),
        own_key=own,
        referred_keys=tuple(referred)[-REFERENCES:],
        is_history=receipt.origin == Origin.IMPORT,
        checks=told(mail, receipt),
        writer=mail.sender,
        is_own=receipt.is_own,
    )


def _written_at(mail: ParsedMail, receipt: Receipt) -> datetime:
    if mail.date is None or mail.date > receipt.received_at:
        return receipt.received_at
    if receipt.origin != Origin.IMPORT and receipt.received_at - mail.date > BELIEVED_LATENESS:
        return receipt.received_at
    return mail.date


def _recipients(mail: ParsedMail, receipt: Receipt) -> tuple[str, ...]:
    lines = (address.address for line in (mail.to, mail.cc, mail.bcc) for address in line)
    return tuple(dict.fromkeys((*receipt.recipients, *mail.delivered_to, *lines)))


def stored(parts: Iterable[Part]) -> tuple[StoredFile, ...]:
    """Attachments as they will be kept."""
    return tuple(
        StoredFile(
            sha256=blobs.sha256_of(part.content),
            size=len(part.content),
            filename=part.filename[:255],
            content_type=part.content_type[:120],
            content_id=(part.content_id or "")[:255],
            is_inline=part.is_inline,
        )
        for part in parts
    )


def line_of(addresses: tuple[Address, ...]) -> Line:
    """An address line as it is kept."""
    return tuple((address.name, address.address) for address in addresses)


def people_of(letter: Letter, desk: Desk, agents: dict[str, int]) -> tuple[tuple[str, str, str], ...]:
    """Who takes part by this mail: (normalised address, name, role), without our own inboxes and agents."""
    mail = letter.mail
    lines = (
        (RecipientRole.FROM, (letter.writer,) if letter.writer else ()),
        (RecipientRole.TO, mail.to),
        (RecipientRole.CC, mail.cc),
    )
    people: dict[str, tuple[str, str, str]] = {}
    for role, addresses in lines:
        for address in addresses:
            key = _who(address)
            if key and key not in people and key not in agents and desk.inbox_of(key) is None:
                people[key] = (key, address.name, role)
    return tuple(people.values())


def own_addresses(letter: Letter) -> tuple[str, ...]:
    """All addresses that decide whom a mail is from or to, normalised."""
    mail = letter.mail
    original = original_sender(letter)
    passed_on = (mail.forwarded.sender,) if mail.forwarded else ()
    named = (*mail.to, *mail.cc, *mail.reply_to, *((original,) if original else ()), *passed_on)
    return tuple({letter.sender, *map(_who, named)} - {""})


def _who(address: Address) -> str:
    """The address by which a person is known: normalised, and as long as the longest that can be mailed to."""
    return address.key[:ADDRESS_CHARACTERS]
