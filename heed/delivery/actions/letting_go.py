"""Deliveries of messages that are removed for good: the bytes that left are not kept."""

from collections.abc import Sequence

from heed.conversations.actions.uploads import drop_uses
from heed.delivery.models import Delivery
from heed.eventlog.unit import change, lock_many, verb
from heed.kernel.errors import require
from heed.kernel.words import ActorKind
from heed.people.policy import Actor


@verb
def let_go_of_deliveries(messages: Sequence[int], *, by: Actor) -> None:
    """Afterwards what a server took of these messages is kept no more. Nothing happens to those let go of before.

    Refused for people.
    """
    require(by.kind is ActorKind.SYSTEM)
    with_bytes = Delivery.objects.filter(message_id__in=messages).exclude(raw_sha256="")
    held = lock_many(Delivery, sorted(with_bytes.values_list("pk", flat=True)))
    rows = [row for row in held.values() if row.raw_sha256]
    drop_uses(row.raw_sha256 for row in rows)
    for row in rows:
        change(row, raw_sha256="")
