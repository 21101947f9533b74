"""Keeping what arrives: a receipt is committed durably before the sender hears "accepted"."""

import hashlib
import threading
import time
from collections.abc import Iterable, Sequence, Set
from datetime import datetime

from django.db.models import QuerySet

from heed.brands.queries import all_addresses
from heed.channels.email.listener_types import Accepted
from heed.channels.email.mailboxes import key_of, untagged
from heed.eventlog.due import hold
from heed.eventlog.kinds import MailDownloaded, MailParked
from heed.eventlog.unit import add, change, lock, record, verb
from heed.intake.models import Receipt, ReceiptPart
from heed.kernel import clock
from heed.kernel.errors import require
from heed.kernel.prepared import prepared
from heed.kernel.words import Origin, ParkReason, ReceiptId, ReceiptState
from heed.people.policy import SYSTEM, Actor, may_run_desk

PART_BYTES = 1_000_000
KNOWN_SECONDS = 5.0


@verb
def keep(accepted: Sequence[Accepted], *, origin: Origin, by: Actor) -> list[Receipt]:
    """Afterwards these mails are kept, exactly, in a durable commit; a worker reads them."""
    return [_keep(mail, origin, is_own=False) for mail in accepted]


@verb
def keep_own(accepted: Sequence[Accepted], *, origin: Origin, by: Actor) -> list[Receipt]:
    """The same for mails of ours that were sent past the desk: afterwards they are kept, and nobody takes them for a
    customer's.
    """
    return [_keep(mail, origin, is_own=True) for mail in accepted]


def _keep(mail: Accepted, origin: Origin, *, is_own: bool) -> Receipt:
    receipt = add(
        Receipt(
            received_at=mail.received_at,
            mail_from=mail.mail_from,
            peer=mail.peer[:45] if mail.protocol == "smtp" else "",
            helo=mail.helo[:255] if mail.protocol == "smtp" else "",
            checked_by=mail.checked_by,
            recipients=list(mail.recipients),
            sha256=hashlib.sha256(mail.raw).hexdigest(),
            size=len(mail.raw),
            origin=origin,
            is_own=is_own,
            due_at=mail.received_at,
        )
    )
    for number, start in enumerate(range(0, max(len(mail.raw), 1), PART_BYTES)):
        add(ReceiptPart(receipt=receipt, number=number, content=mail.raw[start : start + PART_BYTES]))
    return receipt


@verb
def park(receipt: Receipt, *, reason: ParkReason, detail: str, by: Actor) -> None:
    """Afterwards a claimed mail waits for a person, with the reason. Records mail.parked. Its bytes stay as they are.

    Raises ClaimLost when it is another worker's by now, or was read.
    """
    held = hold(receipt)
    change(
        held, state=ReceiptState.PARKED, reason=reason, detail=detail[:1000], due_at=None, claimed_until=None
    )
    record(MailParked(receipt=ReceiptId(held.pk), reason=reason))


@verb
def try_again(receipt: Receipt, *, by: Actor) -> None:
    """Afterwards a parked mail is due to be read again. Nothing happens to others. Raises Refused."""
    require(may_run_desk(by))
    held = lock(receipt)
    if held.state == ReceiptState.PARKED:
        change(held, state=ReceiptState.WAITING, reason="", detail="", due_at=clock.now(), attempts=0)


@verb
def note_download(receipt: Receipt, *, by: Actor) -> None:
    """Afterwards the log says that `by` took a parked mail's bytes off the desk.

    Records mail.downloaded. Raises Refused.
    """
    require(may_run_desk(by))
    record(MailDownloaded(message=None, receipt=ReceiptId(receipt.pk)))


def raw_of(receipt_ids: Iterable[int]) -> dict[int, bytes]:
    """The exact bytes of receipts that are not in blob storage yet; one query."""
    parts: dict[int, list[bytes]] = {}
    for receipt_id, content in _parts(receipts=set(receipt_ids)):
        parts.setdefault(receipt_id, []).append(bytes(content))
    return {receipt_id: b"".join(contents) for receipt_id, contents in parts.items()}


@prepared
def _parts(*, receipts: Set[int]) -> "QuerySet[ReceiptPart, tuple[int, bytes | memoryview[int]]]":
    rows = ReceiptPart.objects.filter(receipt_id__in=receipts).order_by("receipt_id", "number")
    return rows.values_list("receipt_id", "content")


class InboxKeeper:
    """What the mail listener asks: is this address ours, and keep this. Addresses are remembered for five seconds."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._lock = threading.Lock()
        self._known: frozenset[str] = frozenset()
        self._read_at = -KNOWN_SECONDS

    def accepts(self, address: str) -> bool:
        """True when the address, or the one before its +tag, is an inbox."""
        with self._lock:
            if time.monotonic() - self._read_at > KNOWN_SECONDS:
                self._known = all_addresses()
                self._read_at = time.monotonic()
        key = key_of(address)
        return key in self._known or untagged(key) in self._known

    def keep(self, accepted: Accepted) -> None:
        """Return only when the mail is committed durably."""
        keep([accepted], origin=Origin.LIVE, by=SYSTEM)

    def keep_many(self, batch: Sequence[Accepted]) -> None:
        """Keep all in one durable commit, or raise and keep none."""
        keep(batch, origin=Origin.LIVE, by=SYSTEM)


def accepted_now(
    raw: bytes, *, mail_from: str, recipients: Sequence[str], at: datetime | None = None, checked_by: str = ""
) -> Accepted:
    """A mail that came by no network: from a pipe, a file, a test; or from a mailbox whose server checks senders."""
    return Accepted(
        protocol="lmtp",
        peer="",
        helo="",
        mail_from=mail_from,
        recipients=tuple(recipients),
        raw=raw,
        received_at=at or clock.now(),
        checked_by=checked_by,
    )
