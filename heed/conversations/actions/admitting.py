"""Verbs on mail that is kept from customers until an agent has looked: let it in, or keep it out."""

from collections.abc import Iterable

from django.db.models import Q

from heed.channels.email.mailboxes import key_of
from heed.conversations.actions.customers import change_customer
from heed.conversations.actions.state import hold_conversation
from heed.conversations.models import Conversation, Message, Participant
from heed.eventlog.kinds import ConversationParticipantsChanged, MessageAdmitted, MessageRejected
from heed.eventlog.unit import change, lock_many, record, verb
from heed.kernel import clock
from heed.kernel.words import CustomerId, Flag, Hold, MessageId
from heed.people.policy import Actor
from heed.people.queries import customers_by_address


@verb
def admit(message: Message, *, by: Actor) -> Message:
    """Afterwards a held message is answered and quoted like any other, and those who came by it take part.

    If it claims a customer and could not prove it, the agent vouches: it is that customer's, and so is its conversation
    if it was nobody's. Records message.admitted, and customer_changed. Nothing happens to a message that was never
    held, or was let in before. Raises NotFound, Refused, Merged.
    """
    conversation = hold_conversation(message.conversation, by)
    row = lock_many(Message, [message.pk])[message.pk]
    if row.hold not in (Hold.HELD, Hold.REJECTED):
        return row
    claimed = _claimed(row)
    change(row, hold=Hold.ADMITTED)
    if claimed is not None:
        change(row, customer_id=claimed)
    for person in _came_by(conversation, row):
        is_writer = person.address == key_of(row.from_address)
        change(person, is_flagged=False, left_at=None)
        if is_writer and person.customer_id is None:
            change(person, customer_id=row.customer_id)
    record(MessageAdmitted(message=MessageId(row.pk)), on=conversation.pk)
    if claimed is not None and conversation.customer_id is None:
        change_customer(conversation, to=claimed, by=by)
    return row


@verb
def reject(message: Message, *, by: Actor) -> Message:
    """Afterwards a held message, or one let in by mistake, stays out, and those who came by it get nothing.

    The team still sees it. Records message.rejected, and participants_changed. Nothing happens to a message
    that was never held, or was rejected before. Raises NotFound, Refused, Merged.
    """
    conversation = hold_conversation(message.conversation, by)
    row = lock_many(Message, [message.pk])[message.pk]
    if row.hold not in (Hold.HELD, Hold.ADMITTED):
        return row
    change(row, hold=Hold.REJECTED)
    left = 0
    for person in _came_by(conversation, row):
        left += person.left_at is None
        change(person, is_flagged=True, left_at=person.left_at or clock.now())
    record(MessageRejected(message=MessageId(row.pk)), on=conversation.pk)
    if left:
        record(ConversationParticipantsChanged(joined=0, left=left, flagged=0), on=conversation.pk)
    return row


def _claimed(message: Message) -> CustomerId | None:
    """The customer whose address an unproven message bears."""
    if message.flag != Flag.UNPROVEN:
        return None
    key = key_of(message.from_address)
    found = customers_by_address([key]).get(key)
    return None if found is None else CustomerId(found)


def _came_by(conversation: Conversation, message: Message) -> Iterable[Participant]:
    """Those who are in this conversation because of this message, and its writer while they are flagged."""
    lines = (message.to, message.cc, message.bcc)
    writer = key_of(message.from_address)
    named = {writer, *(key_of(address) for line in lines for _, address in line)}
    came = Q(joined_at=message.received_at, address__in=named) | Q(is_flagged=True, address=writer)
    return list(conversation.participants.filter(came).order_by("pk"))
