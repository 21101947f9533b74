"""What we owe: a due time when a customer writes, nothing when we have answered; and the acknowledgement at once."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from heed.brands.models import Acknowledgement, Brand
from heed.brands.queries import acknowledgements_of, brands_by_id, calendar_of
from heed.conversations.actions.state import set_next_due
from heed.conversations.models import Conversation, Message
from heed.eventlog.kinds import (
    ConversationStatusChanged,
    ConversationUnquarantined,
    MessageQueued,
    MessageReceived,
)
from heed.eventlog.reader import Event
from heed.eventlog.unit import current, lock_many
from heed.kernel.words import Automatic, ConversationId, JoinedBy, MessageId, Origin, Status
from heed.people.policy import SYSTEM
from heed.people.standing_queries import closed_to_automatic
from heed.promises.acknowledge import Memory, acknowledge, was_acknowledged
from heed.promises.models import AutomaticMail
from heed.promises.wording import reply_by

HEARS = (MessageReceived, MessageQueued, ConversationStatusChanged, ConversationUnquarantined)


@dataclass(slots=True)
class _Batch:
    """What a batch of events needs to know, read once for all of them."""

    brands: Mapping[int, Brand]
    words: Sequence[Acknowledgement]
    memory: Memory
    closed: frozenset[tuple[int, str]]  # (brand, address) that get no automatic mail


class _Prepared(threading.local):
    batch: _Batch | None = None


_prepared = _Prepared()


def prepare(events: Sequence[Event]) -> None:
    """Lock the rows of a whole batch and read brands, inboxes, and what limits automatic mail: eight queries."""
    live = [event for event in events if event.origin is Origin.LIVE]
    conversations = lock_many(
        Conversation, sorted({e.conversation_id for e in live if e.conversation_id is not None})
    )
    messages = lock_many(Message, sorted({key for e in live if (key := _answerable(e)) is not None}))
    current().expect(len(messages), Message, AutomaticMail)
    prefetch_related_objects(
        list(conversations.values()), "inbox"
    )  # each acknowledgement asks for its address
    brands = brands_by_id(row.brand_id for row in conversations.values())
    memory = Memory.read(messages.values(), now=events[-1].at)
    closed = closed_to_automatic((row.brand_id, row.from_address) for row in messages.values())
    _prepared.batch = _Batch(brands, acknowledgements_of(brands), memory, closed)


def _answerable(event: Event) -> MessageId | None:
    match event.data:
        case MessageReceived(message=message) | ConversationUnquarantined(message=message):
            return message
    return None


def on_event(event: Event) -> None:
    """Imported history is owed nothing. A person's message is owed an answer; our answer, or rest, ends that."""
    if event.origin is not Origin.LIVE or event.conversation_id is None:
        return
    match event.data:
        case MessageReceived(automatic=Automatic.NO, customer=customer) if customer is not None:
            _on_message(event, event.conversation_id, event.data)
        case ConversationUnquarantined(message=message) if message is not None:
            _on_release(event, event.conversation_id, event.data, message)
        case MessageQueued(automatic=Automatic.NO):
            set_next_due(_conversation(event.conversation_id), due_at=None, by=SYSTEM)
        case ConversationStatusChanged(current=current) if current is not Status.OPEN:
            row = _conversation(event.conversation_id)
            if row.status != Status.OPEN:  # what was opened again since is owed as whoever opened it said
                set_next_due(row, due_at=None, by=SYSTEM)


def _conversation(pk: ConversationId) -> Conversation:
    """The conversation as it stands now; of one that was merged since, the one it lives on in."""
    found = lock_many(Conversation, [pk])[pk]
    while found.merged_into_id is not None:
        found = lock_many(Conversation, [found.merged_into_id])[found.merged_into_id]
    return found


def _on_message(event: Event, conversation_id: ConversationId, data: MessageReceived) -> None:
    conversation = _conversation(conversation_id)
    if conversation.quarantined_at is not None:
        return  # owed when somebody says that it is no spam
    due = _owe(conversation, since=event.at)
    if data.may_acknowledge and data.joined_by is JoinedBy.NEW and due is not None:
        _acknowledge(conversation, data.message, due=due, now=event.at)


def _on_release(
    event: Event, conversation_id: ConversationId, data: ConversationUnquarantined, message_id: MessageId
) -> None:
    """As on arrival: due since the mail came. What the acknowledgement tells lies ahead of the one who reads it."""
    conversation = _conversation(conversation_id)
    came = lock_many(Message, [message_id]).get(message_id)
    if conversation.quarantined_at is not None or came is None:
        return
    due = _owe(conversation, since=came.received_at)
    if due is not None and due <= event.at:
        due = first_reply_due(_batch().brands[conversation.brand_id], event.at)
    if data.may_acknowledge and due is not None and not was_acknowledged(came):
        _acknowledge(conversation, message_id, due=due, now=event.at)


def _batch() -> _Batch:
    assert _prepared.batch is not None  # the reader prepares before it hands on
    return _prepared.batch


def _owe(conversation: Conversation, *, since: datetime) -> datetime | None:
    """Let the first reply be due, counted from there, unless something is owed already; when that is."""
    if conversation.next_due_at is not None:
        return conversation.next_due_at
    due = first_reply_due(_batch().brands[conversation.brand_id], since)
    if conversation.status == Status.OPEN:
        set_next_due(conversation, due_at=due, by=SYSTEM)
    return due


def _acknowledge(conversation: Conversation, message_id: MessageId, *, due: datetime, now: datetime) -> None:
    batch = _batch()
    brand = batch.brands[conversation.brand_id]
    message = lock_many(Message, [message_id])[message_id]
    if not brand.acknowledges or _place(message) in batch.closed or not batch.memory.allows(message):
        return
    acknowledge(conversation, message=message, brand=brand, words=batch.words, due=due, now=now, by=SYSTEM)
    batch.memory.note(message, at=now)


def _place(message: Message) -> tuple[int, str]:
    return message.brand_id, message.from_address


def first_reply_due(brand: Brand, since: datetime) -> datetime | None:
    """When a person answers at the latest, counted in the brand's opening hours; None for a brand that never opens."""
    return reply_by(calendar_of(brand), since, first_reply_seconds=brand.first_reply_seconds)
