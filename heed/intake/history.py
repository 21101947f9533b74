"""Mail of former times, brought in from files: kept once, however often it is brought."""

from collections.abc import Sequence
from pathlib import Path

from heed.channels.email.listener_types import Accepted
from heed.conversations.actions.receiving import note_raw_blobs
from heed.eventlog.kinds import MailParked
from heed.eventlog.unit import add, record, verb
from heed.intake.models import Receipt
from heed.intake.receipts import accepted_now, keep, keep_own
from heed.kernel import blobs, clock
from heed.kernel.words import Origin, ParkReason, ReceiptId, ReceiptState
from heed.people.policy import SYSTEM, Actor


def keep_history(mails: Sequence[bytes], *, inbox: str) -> int:
    """Keep, durably, those of these mails that this inbox never got; how many those were. A worker reads them."""
    new = _new(mails, inbox)
    if new:
        keep(new, origin=Origin.IMPORT, by=SYSTEM)
    return len(new)


def keep_own_history(mails: Sequence[bytes], *, inbox: str) -> int:
    """The same for mails that this desk, or the one before it, sent: they stay ours."""
    new = _new(mails, inbox)
    if new:
        keep_own(new, origin=Origin.IMPORT, by=SYSTEM)
    return len(new)


def _new(mails: Sequence[bytes], inbox: str) -> list[Accepted]:
    hashes = [blobs.sha256_of(raw) for raw in mails]
    here = _here(hashes, inbox)
    new = {sha256: raw for sha256, raw in zip(hashes, mails, strict=True) if sha256 not in here}
    return [accepted_now(raw, mail_from="", recipients=[inbox]) for raw in new.values()]


def park_large_history(path: Path, *, inbox: str) -> int:
    """Keep a mail that is too large to be read without ever holding all of it, and park it; 0 when it is here already.

    Raises OSError.
    """
    sha256, size = blobs.put_file(path)
    if _here([sha256], inbox):
        return 0
    keep_parked(sha256, size=size, recipients=[inbox], mail_from="", origin=Origin.IMPORT, by=SYSTEM)
    return 1


def park_large(path: Path, *, to: str, sender: str) -> None:
    """Keep a mail from a pipe that is too large to be read, without ever holding all of it, and park it.

    Raises OSError.
    """
    sha256, size = blobs.put_file(path)
    keep_parked(sha256, size=size, recipients=[to], mail_from=sender, origin=Origin.LIVE, by=SYSTEM)


@verb
def keep_parked(
    sha256: str, *, size: int, recipients: Sequence[str], mail_from: str, origin: Origin, by: Actor
) -> Receipt:
    """Afterwards a mail whose bytes are in blob storage already is parked as too large. Records mail.parked."""
    receipt = add(
        Receipt(
            received_at=clock.now(),
            mail_from=mail_from,
            recipients=list(recipients),
            sha256=sha256,
            size=size,
            origin=origin,
            state=ReceiptState.PARKED,
            reason=ParkReason.TOO_LARGE,
            detail=f"{size} bytes",
            is_moved=True,
        )
    )
    note_raw_blobs([(sha256, size)], by=by)
    record(MailParked(receipt=ReceiptId(receipt.pk), reason=ParkReason.TOO_LARGE))
    return receipt


def history_waiting() -> int:
    """How many of them are still to be read."""
    due = Receipt.objects.filter(due_at__isnull=False)  # by its index, however much was read before
    return due.filter(origin=Origin.IMPORT, state=ReceiptState.WAITING).count()


def _here(hashes: Sequence[str], inbox: str) -> set[str]:
    rows = Receipt.objects.filter(sha256__in=hashes).values_list("sha256", "recipients")
    return {sha256 for sha256, recipients in rows if inbox in recipients}
