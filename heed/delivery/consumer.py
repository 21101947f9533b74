"""What a queued message causes: a delivery falls due. A bounced one is remembered for the next try."""

from collections.abc import Sequence

from heed.conversations.models import Message
from heed.delivery.actions import recipients_of
from heed.delivery.models import Delivery
from heed.eventlog.kinds import AsideQueued, MessageBounced, MessageQueued
from heed.eventlog.reader import Event
from heed.eventlog.unit import add, change, current, lock_many
from heed.kernel.words import MessageId, Origin

HEARS = (MessageQueued, AsideQueued, MessageBounced)


def prepare(events: Sequence[Event]) -> None:
    """Lock the deliveries of a whole batch in one query."""
    lock_many(Delivery, sorted({message for event in events if (message := _message_of(event)) is not None}))


def on_event(event: Event) -> None:
    """Let a queued message fall due, once; imported history is never sent."""
    if event.origin is not Origin.LIVE:
        return
    match event.data:
        case MessageQueued(message=message) | AsideQueued(message=message):
            _queue(message, event)
        case MessageBounced(message=message, report=report):
            _take_back(message, report)


def _message_of(event: Event) -> MessageId | None:
    match event.data:
        case MessageQueued(message=message) | AsideQueued(message=message) | MessageBounced(message=message):
            return message
    return None


def _known(message: MessageId) -> Delivery | None:
    """The delivery as `prepare` found it or this unit added it: one that is new costs no query."""
    found = current().known.get(Delivery, {}).get(message)
    assert found is None or isinstance(found, Delivery)
    return found


def _queue(message: MessageId, event: Event) -> None:
    known = _known(message)
    if known is None:
        add(Delivery(message_id=message, due_at=event.at))
        return
    # Tried again by hand: whoever has the mail gets no second one, whoever was refused is asked anew. When all of them
    # seem to have it, whoever tries again knows better.
    everyone = recipients_of(lock_many(Message, [message])[message])
    change(
        known,
        accepted=[] if set(everyone) <= set(known.accepted) else known.accepted,
        due_at=event.at,
        claimed_until=None,
        refused=[],
        reason="",
        failures=0,
        attempts=0,
    )


def _take_back(message: MessageId, report: MessageId | None) -> None:
    """Forget that those whom a bounce names have the mail: trying again then reaches them, and only them.

    Without a report a provider named the one, and who took that down has done it already.
    """
    delivery = _known(message)
    if delivery is None or not delivery.accepted or report is None:
        return
    said = lock_many(Message, [report])[report]
    text = f"{said.text} {said.quoted}".casefold()
    named = {address for address in delivery.accepted if address.casefold() in text}
    change(delivery, accepted=[a for a in delivery.accepted if named and a not in named])
