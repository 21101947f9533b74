"""Verbs that say what became of a mail of ours: sent, failed, given back, tried again."""

from heed.conversations.actions.receiving import note_raw_blobs
from heed.conversations.actions.state import (
    assign,
    change_status,
    hold_conversation,
    is_listed,
    set_next_due,
)
from heed.conversations.models import Conversation, Message, RawMail, SideConversation
from heed.conversations.scope import scope_of
from heed.eventlog.kinds import (
    AsideQueued,
    AsideSent,
    MessageBounced,
    MessageDeferred,
    MessageDelivered,
    MessageFailed,
    MessageQueued,
    MessageSent,
)
from heed.eventlog.unit import add, change, lock, record, verb
from heed.kernel import clock
from heed.kernel.words import Automatic, DeliveryState, MessageId, ParkReason, SideId, Status
from heed.people.policy import Actor, may_take
from heed.people.queries import actor_for


@verb
def mark_sent(message: Message, *, message_id: str, attempts: int, by: Actor) -> Message:
    """Afterwards the message counts as sent: the next server said 250. Records message.sent or aside.sent, once.

    Nothing more for one that a provider's report has called delivered already.
    """
    held = lock(message)
    if held.state in (DeliveryState.SENT, DeliveryState.DELIVERED):
        return held
    change(held, state=DeliveryState.SENT, state_at=clock.now(), trouble="", message_id=message_id)
    number = MessageId(held.pk)
    if held.side_id is not None:
        sent = AsideSent(message=number, side=SideId(held.side_id), attempts=attempts)
        record(sent, on=held.conversation_id)
    else:
        automatic = Automatic(held.automatic)
        record(MessageSent(message=number, automatic=automatic, attempts=attempts), on=held.conversation_id)
    return held


def keep_sent(message: Message, *, sha256: str, size: int, by: Actor) -> None:
    """Inside a verb: a blob of `size` bytes is what left of this message."""
    if not RawMail.objects.filter(message=message, sha256=sha256).exists():
        add(RawMail(message=message, sha256=sha256))
    note_raw_blobs([(sha256, size)], by=by)


@verb
def mark_arrived(message: Message, *, by: Actor) -> Message:
    """Afterwards the message counts as delivered: the servers of all its recipients have it. Records message.delivered.

    Nothing for one that did not leave, or that failed or bounced: a report may be late, and a bounce knows more.
    """
    held = lock(message)
    if held.state not in (DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.DEFERRED):
        return held
    change(held, state=DeliveryState.DELIVERED, state_at=clock.now(), trouble="")
    record(MessageDelivered(message=MessageId(held.pk)), on=held.conversation_id)
    return held


@verb
def mark_put_off(message: Message, *, words: str, by: Actor) -> Message:
    """Afterwards the message counts as deferred, with the words of the server that did not take it yet.

    Records message.deferred, once until it arrives. Nothing for one that has not left, arrived, failed or bounced.
    """
    held = lock(message)
    if held.state == DeliveryState.DEFERRED:
        return change(held, trouble=words[:200])
    if held.state != DeliveryState.SENT:
        return held
    change(held, state=DeliveryState.DEFERRED, state_at=clock.now(), trouble=words[:200])
    record(MessageDeferred(message=MessageId(held.pk)), on=held.conversation_id)
    return held


@verb
def mark_failed(message: Message, *, reason: ParkReason, smtp_code: int, words: str, by: Actor) -> Message:
    """Afterwards the message counts as failed, with the server's words, and may be tried again.

    An agent's answer opens the conversation, for the writer if nobody is responsible, and is due now; a failed
    acknowledgement changes nothing else. Records message.failed.
    """
    lock(Conversation(pk=message.conversation_id))  # before the message, as in every verb
    held = lock(message)
    if held.state == DeliveryState.FAILED:
        return held
    trouble = f"{smtp_code} {words}".strip()[:200] if smtp_code else words[:200]
    change(held, state=DeliveryState.FAILED, state_at=clock.now(), trouble=trouble)
    automatic = Automatic(held.automatic)
    record(
        MessageFailed(message=MessageId(held.pk), automatic=automatic, reason=reason, smtp_code=smtp_code),
        on=held.conversation_id,
    )
    if held.side_id is not None:
        _tell_aside(held, trouble=str(reason), by=by)
    elif automatic is Automatic.NO:
        _reopen_for_writer(held, trouble=str(reason), by=by)
    return held


@verb
def mark_bounced(message: Message, *, report: Message | None, words: str, by: Actor) -> Message:
    """Afterwards the message counts as given back by a server further on; an agent's answer is due again, now.

    Report: the message that said so; None when a provider's webhook did. Records message.bounced. A bounced
    acknowledgement changes nothing else.
    """
    lock(Conversation(pk=message.conversation_id))  # before the message, as in every verb
    held = lock(message)
    if held.state == DeliveryState.BOUNCED:
        return held
    change(held, state=DeliveryState.BOUNCED, state_at=clock.now(), trouble=words[:200])
    automatic = Automatic(held.automatic)
    record(
        MessageBounced(
            message=MessageId(held.pk),
            automatic=automatic,
            report=None if report is None else MessageId(report.pk),
        ),
        on=held.conversation_id,
    )
    if held.side_id is not None:
        _tell_aside(held, trouble="bounced", by=by)
    elif automatic is Automatic.NO:
        _reopen_for_writer(held, trouble="bounced", by=by)
    return held


def _tell_aside(message: Message, *, trouble: str, by: Actor) -> None:
    """The side conversation says so, and the conversation stands where somebody sees it; nothing is owed sooner."""
    conversation = lock(message.conversation)
    change(lock(SideConversation(pk=message.side_id)), trouble=trouble, done_at=None)
    if is_listed(conversation) and conversation.status in (Status.WAITING, Status.SNOOZED):
        change_status(conversation, to=Status.OPEN, by=by)


def _reopen_for_writer(message: Message, *, trouble: str, by: Actor) -> None:
    conversation = lock(message.conversation)
    change(conversation, trouble=trouble)
    if not is_listed(conversation):
        return
    if conversation.status not in (Status.OPEN, Status.CLOSED):
        change_status(conversation, to=Status.OPEN, by=by)
    writer = message.agent if conversation.assignee_id is None else None
    # The writer may have left meanwhile; then it stays in the team's list of what is nobody's.
    if writer is not None and may_take(by, scope_of(conversation), taker=actor_for(writer)):
        assign(conversation, to=writer, by=by)
    if conversation.status == Status.OPEN:
        set_next_due(conversation, due_at=clock.now(), by=by)


@verb
def try_again(message: Message, *, by: Actor) -> Message:
    """Afterwards a failed or bounced answer is queued once more. Records message.queued, or aside.queued.

    Nothing happens to others.
    """
    conversation = hold_conversation(message.conversation, by)
    held = lock(message)
    if held.state not in (DeliveryState.FAILED, DeliveryState.BOUNCED):
        return held
    change(held, state=DeliveryState.QUEUED, state_at=clock.now(), trouble="")
    if held.side_id is None:
        change(conversation, trouble="")
    number = MessageId(held.pk)
    if held.side_id is not None:
        forwarded = None if held.forwards_id is None else MessageId(held.forwards_id)
        change(lock(SideConversation(pk=held.side_id)), trouble="")
        queued = AsideQueued(message=number, side=SideId(held.side_id), forwarded=forwarded)
        record(queued, on=conversation.pk)
    else:
        again = MessageQueued(message=number, automatic=Automatic(held.automatic), first_reply=False)
        record(again, on=conversation.pk)
    return held
