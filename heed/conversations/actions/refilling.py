"""The verb that makes search documents for messages that have none, a little at a time."""

from collections.abc import Iterator, Sequence
from typing import Final

from heed.conversations.actions.file_texts import texts_of
from heed.conversations.documents import document_of, key_of, names_on
from heed.conversations.models import Message, SearchDocument, SearchRefill
from heed.eventlog import due
from heed.eventlog.unit import add, change, verb
from heed.kernel import clock
from heed.kernel.errors import require
from heed.kernel.words import ActorKind, DeliveryState
from heed.people.policy import Actor

MESSAGES_AT_ONCE: Final = 100


@verb
def refill(row: SearchRefill, *, by: Actor) -> int:
    """Afterwards search finds the next messages by what they say; how many were looked at.

    Those with a document keep it. Due no more once all that were there when it began are looked at. An answer that
    waits gets its document when it is said. Records nothing. Raises ClaimLost. Refused for people.
    """
    require(by.kind is ActorKind.SYSTEM)
    held = due.hold(row)
    if held.last is None:
        newest = Message.objects.order_by("-pk").values_list("pk", flat=True).first()
        change(held, last=newest or 0)
    rest = Message.objects.filter(pk__gt=held.looked_at, pk__lte=held.last or 0).order_by("pk")
    some = list(rest[:MESSAGES_AT_ONCE])
    for message in _without_document(some):
        add(document_of(message, names=names_on(message), files=texts_of(message)))
    if some:
        change(held, looked_at=some[-1].pk)
    is_done = len(some) < MESSAGES_AT_ONCE
    change(held, due_at=None if is_done else clock.now(), claimed_until=None, attempts=0)
    return len(some)


def _without_document(some: Sequence[Message]) -> Iterator[Message]:
    said = [message for message in some if message.state != DeliveryState.HELD]
    keys = {key_of(message): message for message in said}
    known = set(SearchDocument.objects.filter(pk__in=list(keys)).values_list("pk", flat=True))
    return (message for key, message in keys.items() if key not in known)
