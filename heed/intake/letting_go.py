"""Accepted mails whose messages were removed for good: neither their bytes nor their envelopes are kept."""

from collections.abc import Iterable, Sequence

from heed.conversations.actions.uploads import drop_uses
from heed.conversations.models import RawMail
from heed.eventlog.unit import change, lock_many, verb
from heed.intake.models import Receipt, ReceiptPart
from heed.kernel.errors import require
from heed.kernel.words import ActorKind, ReceiptState
from heed.people.policy import Actor


@verb
def let_go_of_mails(messages: Sequence[int], *, by: Actor) -> None:
    """Afterwards mails that became these messages alone are kept no more. That they came, and their hashes, stays.

    Nothing more happens to those that were let go of before. Records nothing: the purge was. Refused for people.
    """
    require(by.kind is ActorKind.SYSTEM)
    hashes = set(RawMail.objects.filter(message_id__in=messages).values_list("sha256", flat=True))
    others = RawMail.objects.filter(sha256__in=hashes).exclude(message_id__in=messages)
    hashes -= set(others.values_list("sha256", flat=True))
    read = Receipt.objects.filter(sha256__in=hashes, state=ReceiptState.READ)
    held = lock_many(Receipt, sorted(read.values_list("pk", flat=True)))
    forget_mails(row for row in held.values() if row.state == ReceiptState.READ)


def forget_mails(receipts: Iterable[Receipt]) -> None:
    """Inside a verb: let the bytes and envelopes of these held receipts go."""
    rows = list(receipts)
    drop_uses(row.sha256 for row in rows if row.is_moved)
    ReceiptPart.objects.filter(receipt_id__in=[row.pk for row in rows]).delete()
    for row in rows:
        change(
            row,
            state=ReceiptState.PURGED,
            due_at=None,
            claimed_until=None,
            is_moved=True,  # so that no worker looks for bytes to move
            mail_from="",
            peer="",
            helo="",
            recipients=[],
        )
