"""An answer that waits: taken back, let go at its time and once, put off, stopped when the customer writes first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heed.conversations import held
from heed.conversations.actions.answering import (
    Answer,
    AnsweredMeanwhile,
    Wait,
    reply,
    start,
)
from heed.conversations.actions.beforehand import TakenBack
from heed.conversations.actions.holding import (
    AlreadyLeft,
    check_time,
    put_off,
    release,
    send_now,
    speak,
    take_back,
)
from heed.conversations.actions.labels import save_draft
from heed.conversations.actions.state import change_status
from heed.conversations.actions.uploads import upload
from heed.conversations.documents import key_of
from heed.conversations.models import Attachment, Conversation, Draft, HeldAnswer, Message, SearchDocument
from heed.delivery.models import CaughtMail
from heed.eventlog import due
from heed.eventlog.kinds import (
    ConversationAssigned,
    MessageHeld,
    MessageQueued,
    MessageRecalled,
    MessageStopped,
)
from heed.eventlog.reader import last_event_id
from heed.eventlog.unit import change, lock, remove, unit
from heed.kernel import blobs, clock
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import Automatic, DeliveryState, EventId, HeldFor, MessageId, Status, StopReason
from heed.people.actions import choose_undo_seconds
from heed.people.policy import SYSTEM
from heed.testing.world import World

TEN = timedelta(seconds=10)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def wait(seconds: float = 10, held_for: HeldFor = HeldFor.UNDO) -> Wait:
    return Wait(clock.now() + timedelta(seconds=seconds), held_for)


def later(**more: object) -> Wait:
    return Wait(clock.now() + timedelta(hours=3), HeldFor.LATER)


def held_answer(world: World, conversation: Conversation | None = None, **more: Any) -> Message:
    values: dict[str, Any] = {"wait": wait(), **more}
    row = conversation or world.conversation(due_at=clock.now() + timedelta(hours=1))
    return reply(row, answer=world.answer(**values), by=world.amara.actor)


def passes(world: World, time: timedelta) -> None:
    """Time passes, and the desk does what falls due."""
    with clock.at(clock.now() + time):
        world.settle()


def test_nothing_is_said_while_an_answer_waits(world: World) -> None:
    conversation = world.conversation(due_at=clock.now() + timedelta(hours=1))
    message = held_answer(world, conversation, cc=(("", "boss@example.net"),))
    world.settle()
    row = world.reload(conversation)
    assert (row.status, row.assignee_id) == (Status.OPEN, world.amara.row.pk)
    assert row.next_due_at == conversation.next_due_at
    assert row.last_message_at == conversation.last_message_at
    assert [person.address for person in row.participants.all()] == ["dalia@example.org"]
    assert Message.objects.get(pk=message.pk).state == DeliveryState.HELD
    assert MessageQueued.name not in world.kinds(conversation)
    assert world.kinds(conversation)[-2:] == [MessageHeld.name, ConversationAssigned.name]
    assert held.waiting() == 1
    assert not CaughtMail.objects.exists()


def test_it_leaves_when_its_time_comes_and_only_then_counts_as_an_answer(world: World) -> None:
    began = clock.now()
    with clock.at(began):
        message = held_answer(world, cc=(("", "boss@example.net"),))
    then = began + TEN
    with clock.at(then - timedelta(milliseconds=1)):
        world.settle()
    assert not CaughtMail.objects.exists()
    with clock.at(then):
        world.settle()
    row = Message.objects.get(pk=message.pk)
    conversation = world.reload(row.conversation)
    assert (row.state, row.at) == (DeliveryState.SENT, then)
    assert (conversation.status, conversation.next_due_at) == (Status.WAITING, None)
    assert conversation.last_message_at == then
    assert conversation.participants.count() == 2
    [queued] = [event for event in world.events(conversation) if isinstance(event.data, MessageQueued)]
    assert (queued.at, queued.actor_id) == (then, world.amara.row.pk)
    assert queued.data == MessageQueued(
        message=MessageId(message.pk), automatic=Automatic.NO, first_reply=True
    )
    assert CaughtMail.objects.count() == 1
    assert held.waiting() == 0


def test_an_answer_that_is_taken_back_is_in_the_composer_again(world: World) -> None:
    file = upload(
        Attachment(blob_id=blobs.put(b"x"), filename="plan.pdf", content_type="application/pdf", size=1),
        by=world.amara.actor,
    )
    message = held_answer(
        world, text="We refund you.", cc=(("", "boss@example.net"),), files=[file.pk], then=Status.SOLVED
    )
    conversation = message.conversation
    take_back(message, by=world.amara.actor)
    passes(world, TEN * 2)
    draft = Draft.objects.get()
    assert draft.text == "We refund you."
    assert draft.lines["cc"] == [["", "boss@example.net"]]
    assert (draft.files, draft.then) == ([file.pk], Status.SOLVED)
    file.refresh_from_db()
    assert (file.message_id, file.uploaded_by_id) == (None, world.amara.row.pk)
    assert not Message.objects.filter(pk=message.pk).exists()
    assert world.reload(conversation).status == Status.OPEN
    assert world.kinds(conversation)[-1] == MessageRecalled.name
    assert not CaughtMail.objects.exists()
    reply(conversation, answer=world.answer(files=[file.pk]), by=world.amara.actor)
    world.settle()
    assert CaughtMail.objects.count() == 1


def test_what_was_begun_meanwhile_is_kept_below(world: World) -> None:
    message = held_answer(world, text="First.")
    save_draft(message.conversation, kind="out", text="Second.", by=world.amara.actor)
    take_back(message, by=world.amara.actor)
    assert Draft.objects.get().text == "First.\n\nSecond."


def test_what_stands_in_the_form_counts_more_than_its_draft(world: World) -> None:
    message = held_answer(world, text="First.")
    save_draft(message.conversation, kind="out", text="Sec", by=world.amara.actor)
    take_back(message, begun="Second, whole.", by=world.amara.actor)
    assert Draft.objects.get().text == "First.\n\nSecond, whole."


def test_what_has_left_can_not_be_taken_back_or_put_off(world: World) -> None:
    message = held_answer(world)
    passes(world, TEN)
    with pytest.raises(AlreadyLeft):
        take_back(message, by=world.amara.actor)
    with pytest.raises(AlreadyLeft):
        put_off(message, until=clock.now() + timedelta(hours=1), by=world.amara.actor)
    with pytest.raises(AlreadyLeft):
        send_now(message, by=world.amara.actor)
    assert CaughtMail.objects.count() == 1


def test_what_was_taken_back_is_taken_back_once(world: World) -> None:
    message = held_answer(world)
    take_back(message, by=world.amara.actor)
    for deed in (take_back, send_now):
        with pytest.raises(NotFound):
            deed(message, by=world.amara.actor)
    assert Draft.objects.count() == 1


def test_others_can_not_touch_it(world: World) -> None:
    message = held_answer(world)
    with pytest.raises(NotFound):
        take_back(message, by=world.gita.actor)
    with pytest.raises(Refused):
        take_back(message, by=world.farid.actor)
    with pytest.raises(NotFound):
        send_now(message, by=world.gita.actor)
    with pytest.raises(Refused):
        put_off(message, until=clock.now() + timedelta(hours=1), by=world.farid.actor)
    assert HeldAnswer.objects.count() == 1


def test_a_retried_request_sends_once_and_after_undo_never(world: World) -> None:
    conversation = world.conversation()
    first = held_answer(world, conversation, sent_once="form-1")
    assert held_answer(world, conversation, sent_once="form-1") == first
    take_back(first, by=world.amara.actor)
    with pytest.raises(TakenBack):
        held_answer(world, conversation, sent_once="form-1")
    passes(world, TEN * 2)
    assert not CaughtMail.objects.exists()
    held_answer(world, conversation, sent_once="form-2")
    passes(world, TEN * 2)
    assert CaughtMail.objects.count() == 1


def test_two_workers_let_it_go_once(world: World) -> None:
    message = held_answer(world)
    with clock.at(clock.now() + TEN):
        [claimed] = due.claim(HeldAnswer, limit=5, lease_seconds=60)
        release(claimed, by=SYSTEM)
        with pytest.raises(due.ClaimLost):
            release(claimed, by=SYSTEM)
        world.settle()
    assert world.kinds(message.conversation).count(MessageQueued.name) == 1
    assert CaughtMail.objects.count() == 1


def test_a_worker_that_dies_leaves_it_to_another(world: World) -> None:
    message = held_answer(world)
    with clock.at(clock.now() + TEN):
        due.claim(HeldAnswer, limit=5, lease_seconds=60)
        world.settle()
        assert Message.objects.get(pk=message.pk).state == DeliveryState.HELD
    passes(world, TEN + timedelta(seconds=61))
    assert Message.objects.get(pk=message.pk).state == DeliveryState.SENT


def test_taking_back_beats_a_worker_that_has_claimed_it(world: World) -> None:
    message = held_answer(world)
    with clock.at(clock.now() + TEN):
        [claimed] = due.claim(HeldAnswer, limit=5, lease_seconds=60)
        take_back(message, by=world.amara.actor)
        with pytest.raises(due.ClaimLost):
            release(claimed, by=SYSTEM)
    assert not CaughtMail.objects.exists()


def test_an_answer_for_later_is_no_work_that_waits(world: World) -> None:
    message = held_answer(world, wait=later())
    world.settle()
    assert held.waiting() == 0
    passes(world, timedelta(hours=3))
    assert Message.objects.get(pk=message.pk).state == DeliveryState.SENT


def test_a_customer_who_writes_first_stops_what_was_to_leave_later(world: World) -> None:
    message = held_answer(world, wait=later())
    world.writes(message.conversation, text="Never mind, it works.")
    passes(world, timedelta(hours=4))
    row = HeldAnswer.objects.get()
    assert (row.stopped, row.due_at) == (StopReason.CUSTOMER_WROTE, None)
    assert world.kinds(message.conversation)[-1] == MessageStopped.name
    assert not CaughtMail.objects.exists()
    send_now(message, by=world.amara.actor)
    world.settle()
    assert CaughtMail.objects.count() == 1
    assert world.reload(message.conversation).status == Status.WAITING


def test_a_customer_who_writes_within_the_seconds_of_undo_stops_nothing(world: World) -> None:
    message = held_answer(world)
    world.writes(message.conversation, text="One more thing.")
    passes(world, TEN)
    assert Message.objects.get(pk=message.pk).state == DeliveryState.SENT


def test_a_robot_that_writes_stops_nothing(world: World) -> None:
    message = held_answer(world, wait=later())
    world.writes(message.conversation, text="I am away.", automatic=Automatic.AUTO_REPLY)
    passes(world, timedelta(hours=4))
    assert Message.objects.get(pk=message.pk).state == DeliveryState.SENT


def test_what_was_stopped_may_be_given_another_time(world: World) -> None:
    message = held_answer(world, wait=later())
    world.writes(message.conversation)
    passes(world, timedelta(hours=4))
    until = clock.now() + timedelta(hours=6)
    for _ in range(2):
        put_off(message, until=until, by=world.amara.actor)
    assert world.kinds(message.conversation).count(MessageHeld.name) == 2
    passes(world, timedelta(hours=7))
    assert Message.objects.get(pk=message.pk).state == DeliveryState.SENT


def test_an_answer_does_not_leave_a_closed_conversation(world: World) -> None:
    message = held_answer(world, wait=later())
    change_status(message.conversation, to=Status.SOLVED, by=world.amara.actor)
    change_status(message.conversation, to=Status.CLOSED, by=SYSTEM)
    passes(world, timedelta(hours=4))
    assert HeldAnswer.objects.get().stopped == StopReason.CLOSED
    assert not CaughtMail.objects.exists()


def test_a_solved_conversation_stands_as_the_writer_wished(world: World) -> None:
    message = held_answer(world, wait=later())
    change_status(message.conversation, to=Status.SOLVED, by=world.amara.actor)
    passes(world, timedelta(hours=4))
    assert world.reload(message.conversation).status == Status.WAITING


def test_it_leaves_although_its_writer_left_the_desk(world: World) -> None:
    message = held_answer(world, wait=later())
    with unit():
        change(lock(world.amara.row), is_active=False)
    passes(world, timedelta(hours=4))
    row = Message.objects.get(pk=message.pk)
    assert (row.state, row.agent_id) == (DeliveryState.SENT, world.amara.row.pk)
    assert world.reload(row.conversation).status == Status.WAITING


def test_a_colleague_sees_what_waits_before_answering_too_and_once(world: World) -> None:
    conversation = world.conversation()
    seen = EventId(last_event_id())
    held_answer(world, conversation)
    with pytest.raises(AnsweredMeanwhile):
        reply(conversation, answer=world.answer(seen=seen), by=world.edda.actor)
    knows = EventId(last_event_id())
    passes(world, TEN)
    reply(conversation, answer=world.answer(seen=knows), by=world.edda.actor)


def test_what_was_taken_back_was_never_said(world: World) -> None:
    conversation = world.conversation()
    seen = EventId(last_event_id())
    take_back(held_answer(world, conversation), by=world.amara.actor)
    reply(conversation, answer=world.answer(seen=seen), by=world.edda.actor)


def test_ones_own_second_answer_is_no_surprise(world: World) -> None:
    conversation = world.conversation()
    held_answer(world, conversation)
    seen = EventId(last_event_id())
    passes(world, TEN)
    reply(conversation, answer=world.answer(seen=seen), by=world.amara.actor)


def test_the_first_message_of_a_conversation_waits_too(world: World) -> None:
    answer = Answer(
        text="We have your bike.", to=(("", "dalia@example.org"),), subject="Your bike", wait=wait()
    )
    message = start(
        world.help, answer=answer, team=world.payments, customer=world.dalia.id, by=world.amara.actor
    )
    assert world.reload(message.conversation).status == Status.OPEN
    passes(world, TEN)
    assert world.reload(message.conversation).status == Status.WAITING
    assert CaughtMail.objects.count() == 1


def test_sending_now_is_sending_once(world: World) -> None:
    message = held_answer(world, wait=later())
    send_now(message, by=world.amara.actor)
    passes(world, timedelta(hours=4))
    assert CaughtMail.objects.count() == 1
    assert world.kinds(message.conversation).count(MessageQueued.name) == 1


def test_a_time_is_in_the_future_and_not_far_away(world: World) -> None:
    message = held_answer(world, wait=later())
    for until in (clock.now() - TEN, clock.now() + timedelta(days=400)):
        with pytest.raises(Unusable):
            put_off(message, until=until, by=world.amara.actor)
    assert HeldAnswer.objects.get().due_at is not None


def test_the_seconds_are_ones_own_choice_between_none_and_a_minute(world: World) -> None:
    for seconds in (0, 60, None):
        assert choose_undo_seconds(seconds, by=world.amara.actor).undo_seconds == seconds


def test_no_other_number_of_seconds_is_taken(world: World) -> None:
    for seconds in (-1, 61):
        with pytest.raises(Unusable):
            choose_undo_seconds(seconds, by=world.amara.actor)


def test_who_writes_no_answers_has_nothing_to_take_back(world: World) -> None:
    for who in (world.farid, world.nobody):
        with pytest.raises(Refused):
            choose_undo_seconds(5, by=who.actor)


def test_choosing_the_seconds_again_changes_nothing_for_others(world: World) -> None:
    choose_undo_seconds(30, by=world.amara.actor)
    choose_undo_seconds(30, by=world.amara.actor)
    world.edda.row.refresh_from_db()
    assert world.edda.row.undo_seconds == 0


@given(st.integers(-(10**9), 10**9))
def test_a_time_is_taken_exactly_within_the_year_to_come(seconds: int) -> None:
    with clock.at(NOW):
        try:
            check_time(NOW + timedelta(seconds=seconds))
        except Unusable:
            assert not 0 < seconds <= 366 * 86_400
        else:
            assert 0 < seconds <= 366 * 86_400


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(waits=st.integers(1, 60), passed=st.integers(0, 120_000))
def test_it_leaves_neither_before_its_time_nor_long_after(world: World, waits: int, passed: int) -> None:
    """Looked at after any number of milliseconds: sent exactly when its seconds are over."""
    began = clock.now()
    with clock.at(began):
        message = held_answer(world, wait=Wait(began + timedelta(seconds=waits), HeldFor.UNDO))
    with clock.at(began + timedelta(milliseconds=passed)):
        world.read_log()
        held.step()
        left = not HeldAnswer.objects.filter(pk=message.pk).exists()
    assert left == (passed >= waits * 1000)
    if not left:
        take_back(message, by=world.amara.actor)


def test_who_speaks_is_the_writer(world: World) -> None:
    message = held_answer(world)
    send_now(message, by=world.edda.actor)
    [queued] = [e for e in world.events(message.conversation) if isinstance(e.data, MessageQueued)]
    assert queued.actor_id == world.amara.row.pk


def test_a_message_is_said_once_with_all_that_belongs_to_it(world: World) -> None:
    message = held_answer(world, cc=(("", "boss@example.net"),))
    with unit():
        speak(message, by=world.amara.actor)
        change(lock(message), state=DeliveryState.QUEUED)
        remove(HeldAnswer.objects.get())
    assert message.conversation.participants.count() == 2
    world.settle()
    assert CaughtMail.objects.count() == 1


def test_an_answer_after_another_is_no_first_reply(world: World) -> None:
    conversation = world.conversation()
    world.answered(conversation)
    message = held_answer(world, conversation)
    with unit():
        speak(message, by=world.amara.actor)
        change(lock(message), state=DeliveryState.QUEUED)
        remove(HeldAnswer.objects.get())
    last = world.events(conversation)[-1].data
    assert isinstance(last, MessageQueued)
    assert not last.first_reply


def test_two_that_wait_are_not_each_others_first_reply(world: World) -> None:
    conversation = world.conversation()
    first, second = held_answer(world, conversation), held_answer(world, conversation)
    with unit():
        speak(second, by=world.amara.actor)
        change(lock(second), state=DeliveryState.QUEUED)
        remove(HeldAnswer.objects.get(pk=second.pk))
    last = world.events(conversation)[-1].data
    assert isinstance(last, MessageQueued)
    assert last.first_reply
    send_now(first, by=world.amara.actor)
    replies = [e.data.first_reply for e in world.events(conversation) if isinstance(e.data, MessageQueued)]
    assert replies == [True, False]


def test_what_is_said_can_be_found(world: World) -> None:
    message = held_answer(world, text="The quickener is in stock.")
    found = SearchDocument.objects.filter(pk=key_of(message))
    assert not found.exists()
    with unit():
        speak(message, by=world.amara.actor)
        change(lock(message), state=DeliveryState.QUEUED)
        remove(HeldAnswer.objects.get())
    assert found.exists()
