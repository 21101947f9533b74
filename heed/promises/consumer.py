"""What we owe: a due time when a customer writes, nothing when we have answered; and the acknowledgement at once."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.brands.hours import NeverOpen, add
from heed.brands.models import Acknowledgement, Brand
from heed.brands.queries import acknowledgements_of, brands_by_id, calendar_of
from heed.conversations.actions.state import set_next_due
from heed.conversations.models import Conversation, Message
from heed.eventlog.kinds import ConversationStatusChanged, MessageQueued, MessageReceived
from heed.eventlog.reader import Event
from heed.eventlog.unit import lock_many
from heed.kernel.words import Automatic, ConversationId, JoinedBy, Origin, Status
from heed.people.policy import SYSTEM
from heed.promises.acknowledge import Memory, acknowledge

HEARS = (MessageReceived, MessageQueued, ConversationStatusChanged)


@dataclass(slots=True)
class _Batch:
    """What a batch of events needs to know, read once for all of them."""

    brands: Mapping[int, Brand]
    words: Sequence[Acknowledgement]
    memory: Memory


class _Prepared(threading.local):
    batch: _Batch | None = None


_prepared = _Prepared()


def prepare(events: Sequence[Event]) -> None:
    """Lock the rows of a whole batch and read brands and the loop limit's memory: six queries."""
    live = [event for event in events if event.origin is Origin.LIVE]
    conversations = lock_many(
        Conversation, sorted({e.conversation_id for e in live if e.conversation_id is not None})
    )
    messages = lock_many(
        Message, sorted({e.data.message for e in live if isinstance(e.data, MessageReceived)})
    )
    brands = brands_by_id(row.brand_id for row in conversations.values())
    memory = Memory.read([row.from_address for row in messages.values()], now=events[-1].at)
    _prepared.batch = _Batch(brands, acknowledgements_of(brands), memory)


def on_event(event: Event) -> None:
    """Imported history is owed nothing. A person's message is owed an answer; our answer, or rest, ends that."""
    if event.origin is not Origin.LIVE or event.conversation_id is None:
        return
    match event.data:
        case MessageReceived(automatic=Automatic.NO, customer=customer) if customer is not None:
            _on_message(event, event.conversation_id, event.data)
        case MessageQueued(automatic=Automatic.NO):
            set_next_due(_conversation(event.conversation_id), due_at=None, by=SYSTEM)
        case ConversationStatusChanged(current=current) if current is not Status.OPEN:
            set_next_due(_conversation(event.conversation_id), due_at=None, by=SYSTEM)


def _conversation(pk: ConversationId) -> Conversation:
    """The conversation as it stands now; of one that was merged since, the one it lives on in."""
    found = lock_many(Conversation, [pk])[pk]
    while found.merged_into_id is not None:
        found = lock_many(Conversation, [found.merged_into_id])[found.merged_into_id]
    return found


def _on_message(event: Event, conversation_id: ConversationId, data: MessageReceived) -> None:
    batch = _prepared.batch
    assert batch is not None
    conversation = _conversation(conversation_id)
    brand = batch.brands[conversation.brand_id]
    due = conversation.next_due_at
    if due is None:
        due = first_reply_due(brand, event.at)
        if conversation.status == Status.OPEN:
            set_next_due(conversation, due_at=due, by=SYSTEM)
    if not (
        data.may_acknowledge and data.joined_by is JoinedBy.NEW and brand.acknowledges and due is not None
    ):
        return
    message = lock_many(Message, [data.message])[data.message]
    if batch.memory.allows(message.from_address):
        acknowledge(
            conversation, message=message, brand=brand, words=batch.words, due=due, now=event.at, by=SYSTEM
        )
        batch.memory.note(message.from_address, at=event.at)


def first_reply_due(brand: Brand, since: datetime) -> datetime | None:
    """When a person answers at the latest, counted in the brand's opening hours; None for a brand that never opens."""
    try:
        return add(calendar_of(brand), since, brand.first_reply_seconds)
    except NeverOpen:
        return None
