"""Mail of former times, brought in from files: kept once, however often it is brought."""

from collections.abc import Sequence

from heed.intake.models import Receipt
from heed.intake.receipts import accepted_now, keep
from heed.kernel.blobs import sha256_of
from heed.kernel.words import Origin, ReceiptState
from heed.people.policy import SYSTEM


def keep_history(mails: Sequence[bytes], *, inbox: str) -> int:
    """Keep, durably, those of these mails that were not brought to this inbox before; how many those were."""
    hashes = [sha256_of(raw) for raw in mails]
    rows = Receipt.objects.filter(sha256__in=hashes, origin=Origin.IMPORT).values_list("sha256", "recipients")
    here = {sha256 for sha256, recipients in rows if inbox in recipients}
    new = {sha256: raw for sha256, raw in zip(hashes, mails, strict=True) if sha256 not in here}
    if new:
        accepted = [accepted_now(raw, mail_from="", recipients=[inbox]) for raw in new.values()]
        keep(accepted, origin=Origin.IMPORT, by=SYSTEM)
    return len(new)


def history_waiting() -> int:
    """How many of them are still to be read."""
    return Receipt.objects.filter(origin=Origin.IMPORT, state=ReceiptState.WAITING).count()
