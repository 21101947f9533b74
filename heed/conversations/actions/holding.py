"""Verbs about an answer that waits for its time: let go, taken back, put off, stopped when the customer writes first.

While it waits, nothing has been said: no clock stops, nobody joins, and the conversation stands where it stood.
"""

from datetime import datetime, timedelta

from heed.conversations.actions.answering import Answer, announce
from heed.conversations.actions.beforehand import has_replied
from heed.conversations.actions.sides import announce_aside
from heed.conversations.actions.state import change_status, hold_conversation, start_silence
from heed.conversations.models import (
    Attachment,
    Conversation,
    Draft,
    HeldAnswer,
    Message,
    SideConversation,
    SpentKey,
)
from heed.conversations.richtext import form_of, formed, joined
from heed.conversations.scope import scope_of
from heed.eventlog import due
from heed.eventlog.kinds import AsideHeld, MessageHeld, MessageRecalled, MessageReceived, MessageStopped
from heed.eventlog.reader import happened_since
from heed.eventlog.unit import add, change, lock, lock_many, record, remove, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, NotFound, Unusable
from heed.kernel.words import (
    ActorKind,
    Automatic,
    DeliveryState,
    Direction,
    HeldFor,
    MessageId,
    SideId,
    Status,
    StopReason,
)
from heed.people.models import Agent
from heed.people.policy import SYSTEM, Actor, agent_of, may_change
from heed.people.queries import actors_for

LONGEST_WAIT = timedelta(days=366)
KEYS_KEPT = timedelta(days=30)  # so long a retried request of an answer that was taken back is known


class AlreadyLeft(NotAllowedNow):
    """It has left by now: it can't be taken back or put off."""

    code = "already_left"


def _both(message: Message, by: Actor) -> tuple[Message, HeldAnswer]:
    """A held answer and its row, both held after their conversation. Raises AlreadyLeft, NotFound, Refused."""
    hold_conversation(Conversation(pk=message.conversation_id), by)
    mine = lock_many(Message, [message.pk]).get(message.pk)
    if mine is None:
        raise NotFound
    row = lock_many(HeldAnswer, [message.pk]).get(message.pk)
    if row is None:
        raise AlreadyLeft
    return mine, row


@verb
def take_back(message: Message, *, by: Actor, begun: str | None = None, begun_html: str = "") -> None:
    """Afterwards a held answer was never sent: its text, recipients and files stand in the agent's composer again.

    What the agent had begun meanwhile, `begun` with its form or else their draft, stays below it. Records
    message.recalled. Raises as send_now.
    """
    mine, row = _both(message, by)
    agent = agent_of(by)
    files = list(Attachment.objects.filter(message=mine).order_by("pk"))
    for file in files:
        change(file, message=None, uploaded_by=lock(Agent(pk=agent)), uploaded_at=clock.now())
    since = None if begun is None else formed(begun, begun_html)
    _keep_as_draft(mine, row, [file.pk for file in files], since, by)
    if mine.sent_once and mine.agent_id is not None:
        now = clock.now()
        SpentKey.objects.filter(agent_id=mine.agent_id, at__lt=now - KEYS_KEPT).delete()
        add(SpentKey(agent_id=mine.agent_id, key=mine.sent_once, at=now))
    record(MessageRecalled(message=MessageId(mine.pk)), on=mine.conversation_id)
    remove(row)
    remove(mine)
    if mine.side_id is not None and not Message.objects.filter(side_id=mine.side_id).exists():
        remove(lock(SideConversation(pk=mine.side_id)))  # nothing was said in it


@verb
def send_now(message: Message, *, by: Actor) -> Message:
    """Afterwards a held answer is queued, before its time or after it was stopped. Records message.queued.

    Raises AlreadyLeft, NotFound, Refused.
    """
    mine, row = _both(message, by)
    return _let_go(mine, row)


@verb
def put_off(message: Message, *, until: datetime, by: Actor) -> Message:
    """Afterwards a held answer leaves at `until` (UTC, in the future), also one that was stopped.

    Records message.held, or aside.held.
    Nothing when it waits until then already. Raises AlreadyLeft, NotFound, Refused, and Unusable for another time.
    """
    check_time(until)
    mine, row = _both(message, by)
    if row.due_at == until and row.held_for == HeldFor.LATER:
        return mine
    change(
        row,
        due_at=until,
        claimed_until=None,
        attempts=0,
        held_for=HeldFor.LATER,
        held_at=clock.now(),
        stopped="",
    )
    if mine.side_id is None:
        record(MessageHeld(MessageId(mine.pk), until=until, held_for=HeldFor.LATER), on=mine.conversation_id)
    else:
        waits = AsideHeld(MessageId(mine.pk), SideId(mine.side_id), until=until, held_for=HeldFor.LATER)
        record(waits, on=mine.conversation_id)
    return mine


@verb
def release(held: HeldAnswer, *, by: Actor) -> None:
    """Afterwards a claimed answer whose time has come is queued; or stopped, when the customer wrote meanwhile.

    A short wait to take it back is not stopped by that, and an aside by the trash alone. Records message.queued or
    message.stopped; aside.queued of an aside. Raises ClaimLost.
    """
    found = Message.objects.filter(pk=held.pk).values_list("conversation_id", flat=True).first()
    if found is None:
        raise due.ClaimLost
    conversation = lock(Conversation(pk=found))
    message = lock(Message(pk=held.pk))
    if not lock_many(HeldAnswer, [held.pk]):
        raise due.ClaimLost
    row = due.hold(held)
    reason = _stopped_by(conversation, message, row)
    if reason is None:
        _let_go(message, row)
        return
    change(row, due_at=None, claimed_until=None, stopped=reason)
    record(MessageStopped(message=MessageId(message.pk), reason=reason), on=conversation.pk)


def check_time(until: datetime) -> None:
    """Raise Unusable for a time that has passed, or that is over a year away."""
    now = clock.now()
    if until <= now:
        raise Unusable("until", "in_the_past")
    if until > now + LONGEST_WAIT:
        raise Unusable("until", "too_far")


def _stopped_by(conversation: Conversation, message: Message, row: HeldAnswer) -> StopReason | None:
    if conversation.trashed_at is not None:
        return StopReason.TRASHED
    if message.direction == Direction.ASIDE_OUT:
        return None  # it is said to others than the customer, also about what is closed
    if conversation.status == Status.CLOSED:
        return StopReason.CLOSED
    if row.held_for != HeldFor.LATER:
        return None
    wrote = happened_since(conversation.pk, row.held_at, MessageReceived)
    is_person = any(
        isinstance(event.data, MessageReceived) and event.data.automatic is Automatic.NO for event in wrote
    )
    return StopReason.CUSTOMER_WROTE if is_person else None


def _let_go(message: Message, row: HeldAnswer) -> Message:
    """Queue it, as its writer; and let the conversation stand as the writer wished."""
    conversation = lock(Conversation(pk=message.conversation_id))
    now = clock.now()
    remove(row)
    change(message, state=DeliveryState.QUEUED, state_at=now, at=now, received_at=now)
    speak(message, by=Actor(ActorKind.AGENT, message.agent_id))
    if message.direction == Direction.ASIDE_OUT:
        return message  # the customer waits as before
    known = actors_for([] if message.agent_id is None else [message.agent_id])
    writer = known.get(message.agent_id or 0, SYSTEM)
    mover = writer if may_change(writer, scope_of(conversation)) else SYSTEM
    then = Status(row.then)
    if conversation.status == Status.SOLVED and then is not Status.SOLVED:
        change_status(conversation, to=Status.OPEN, by=mover)
    change(conversation, trouble="")
    if conversation.status != then:
        change_status(conversation, to=then, by=mover)
    elif conversation.status == Status.SOLVED:
        start_silence(conversation)
    return message


@verb
def speak(message: Message, *, by: Actor) -> None:
    """Afterwards an answer that waited is said by its writer: message.queued is recorded, its recipients take part.

    Of an aside, aside.queued is recorded, and nobody takes part.
    """
    if message.direction == Direction.ASIDE_OUT:
        announce_aside(lock(Conversation(pk=message.conversation_id)), message)
        return
    answer = Answer(text=message.text, to=_line(message.to), cc=_line(message.cc), bcc=_line(message.bcc))
    conversation = lock(Conversation(pk=message.conversation_id))
    is_first = not has_replied(conversation, but=MessageId(message.pk))
    announce(conversation, message, answer, is_first=is_first)


def _line(line: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, address) for name, address in line)


def _keep_as_draft(
    message: Message, row: HeldAnswer, files: list[int], begun: tuple[str, str] | None, by: Actor
) -> None:
    agent = agent_of(by)
    goes_on = message.side_id is not None and message.answers_id is not None
    side = message.side_id if goes_on else None
    found = Draft.objects.filter(
        agent_id=agent, conversation_id=message.conversation_id, kind=message.direction, side_id=side
    ).first()
    if begun is None:
        begun = (found.text, found.html) if found else ("", "")
    text, html = joined((message.text, form_of(message.html)), (begun[0].strip(), begun[1]))
    values = {
        "text": text,
        "html": html,
        "lines": {"to": message.to, "cc": message.cc, "bcc": message.bcc},
        "files": [*files, *(found.files if found else ())],
        "sender": message.from_address,
        "saved_at": clock.now(),
    }
    if message.direction == Direction.ASIDE_OUT:
        values |= {"subject": message.subject, "about_id": message.forwards_id, "side_id": side}
    else:
        values["then"] = row.then
    if found is None:
        add(Draft(agent_id=agent, conversation_id=message.conversation_id, kind=message.direction, **values))
    else:
        change(found, **values)
