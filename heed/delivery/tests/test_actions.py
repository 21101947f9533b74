"""The verbs of delivery, each by itself: what stands afterwards, and what is refused."""

from datetime import timedelta

import pytest

from heed.conversations.actions.answering import reply, send_automatic
from heed.conversations.actions.sending import mark_bounced
from heed.conversations.models import Conversation, Message
from heed.delivery.actions import Attempt, Refusal, catch, claim, give_back, park, settle
from heed.delivery.models import CaughtMail, Delivery
from heed.eventlog.due import ClaimLost
from heed.eventlog.kinds import MessageFailed, MessageSent
from heed.eventlog.unit import change, lock, unit
from heed.kernel import clock
from heed.kernel.words import Automatic, DeliveryState, ParkReason, Status
from heed.people.policy import SYSTEM
from heed.testing.world import World

DALIA = ("dalia@example.org",)
RAW = b"Subject: hello\r\n\r\n"


@pytest.fixture
def claimed(world: World) -> Delivery:
    """An answer to Dalia, claimed by a worker."""
    reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    world.read_log()
    [delivery] = claim(limit=5, by=SYSTEM)
    return delivery


def state(delivery: Delivery) -> str:
    return Message.objects.get(pk=delivery.pk).state


def run_out(delivery: Delivery) -> Delivery:
    """The claim runs out, and another worker takes over."""
    with unit():
        change(lock(delivery), claimed_until=clock.now() - timedelta(seconds=1))
    [taken_over] = claim(limit=5, by=SYSTEM)
    return taken_over


def test_what_is_claimed_belongs_to_one_worker_until_the_claim_runs_out(claimed: Delivery) -> None:
    assert claim(limit=5, by=SYSTEM) == []
    again = run_out(claimed)
    assert (again.pk, again.attempts) == (claimed.pk, 2)


def test_at_most_so_many_are_claimed_the_longest_due_first(world: World) -> None:
    messages = [reply(world.conversation(), answer=world.answer(), by=world.amara.actor) for _ in range(3)]
    world.read_log()
    assert [delivery.pk for delivery in claim(limit=2, by=SYSTEM)] == [messages[0].pk, messages[1].pk]
    assert [delivery.pk for delivery in claim(limit=2, by=SYSTEM)] == [messages[2].pk]


def test_a_caught_mail_is_kept_and_its_message_sent(world: World, claimed: Delivery) -> None:
    row = catch(claimed, raw=RAW, sender="help@linden.example", recipients=DALIA, by=SYSTEM)
    assert bytes(CaughtMail.objects.get(pk=row.pk).raw) == RAW
    assert state(claimed) == DeliveryState.SENT
    assert MessageSent.name in world.kinds(claimed.message.conversation)


def test_a_mail_is_caught_by_one_worker_only(claimed: Delivery) -> None:
    taken_over = run_out(claimed)
    with pytest.raises(ClaimLost):
        catch(claimed, raw=RAW, sender="help@linden.example", recipients=DALIA, by=SYSTEM)
    assert not CaughtMail.objects.exists()
    catch(taken_over, raw=RAW, sender="help@linden.example", recipients=DALIA, by=SYSTEM)
    assert CaughtMail.objects.count() == 1


def test_what_was_caught_is_not_caught_again(claimed: Delivery) -> None:
    catch(claimed, raw=RAW, sender="help@linden.example", recipients=DALIA, by=SYSTEM)
    with pytest.raises(ClaimLost):
        catch(claimed, raw=RAW, sender="help@linden.example", recipients=DALIA, by=SYSTEM)
    assert CaughtMail.objects.count() == 1


def test_a_caught_mail_is_due_no_more(claimed: Delivery) -> None:
    catch(claimed, raw=RAW, sender="help@linden.example", recipients=DALIA, by=SYSTEM)
    assert Delivery.objects.get().due_at is None
    assert claim(limit=5, by=SYSTEM) == []


def test_a_parked_answer_opens_its_conversation_for_its_writer(world: World, claimed: Delivery) -> None:
    park(claimed, reason=ParkReason.FAILED, words="no recipient", by=SYSTEM)
    conversation = claimed.message.conversation
    assert state(claimed) == DeliveryState.FAILED
    assert MessageFailed.name in world.kinds(conversation)
    row = Conversation.objects.get(pk=conversation.pk)
    assert (row.status, row.assignee_id) == (Status.OPEN, world.amara.row.pk)
    assert row.next_due_at is not None


def test_a_parked_acknowledgement_changes_nothing_else(world: World) -> None:
    conversation = world.conversation(status=Status.WAITING)
    answered = conversation.messages.get()
    to = ((answered.from_name, answered.from_address),)
    send_automatic(
        conversation, answers=answered, text="We have it.", to=to, answer_by=clock.now(), by=SYSTEM
    )
    world.read_log()
    [delivery] = claim(limit=5, by=SYSTEM)
    park(delivery, reason=ParkReason.FAILED, words="no recipient", by=SYSTEM)
    assert state(delivery) == DeliveryState.FAILED
    assert world.reload(conversation).status == Status.WAITING


def test_what_was_given_up_is_not_parked_by_a_worker_who_lost_it(claimed: Delivery) -> None:
    taken_over = run_out(claimed)
    with pytest.raises(ClaimLost):
        park(claimed, reason=ParkReason.FAILED, words="no recipient", by=SYSTEM)
    assert state(claimed) == DeliveryState.QUEUED
    park(taken_over, reason=ParkReason.FAILED, words="no recipient", by=SYSTEM)


def test_parking_twice_is_refused_and_records_once(world: World, claimed: Delivery) -> None:
    park(claimed, reason=ParkReason.FAILED, words="no recipient", by=SYSTEM)
    with pytest.raises(ClaimLost):
        park(claimed, reason=ParkReason.FAILED, words="no recipient", by=SYSTEM)
    assert world.kinds(claimed.message.conversation).count(MessageFailed.name) == 1


def test_what_is_finished_can_not_be_given_back(claimed: Delivery) -> None:
    park(claimed, reason=ParkReason.FAILED, words="no recipient", by=SYSTEM)
    give_back([claimed], due_at=clock.now(), by=SYSTEM)
    assert Delivery.objects.get().due_at is None


def test_what_another_worker_took_over_can_not_be_given_back(claimed: Delivery) -> None:
    taken_over = run_out(claimed)
    give_back([claimed], due_at=clock.now(), by=SYSTEM)
    assert claim(limit=5, by=SYSTEM) == []
    give_back([taken_over], due_at=clock.now(), by=SYSTEM)
    assert len(claim(limit=5, by=SYSTEM)) == 1


def test_what_is_given_back_for_later_waits_until_then(claimed: Delivery) -> None:
    give_back([claimed], due_at=clock.now() + timedelta(minutes=5), by=SYSTEM)
    assert claim(limit=5, by=SYSTEM) == []
    assert Delivery.objects.get().failures == 0


def test_an_attempt_that_reached_nobody_is_one_failure(claimed: Delivery) -> None:
    settle(claimed, attempt=Attempt(later={DALIA[0]: Refusal(None, "timed out")}), by=SYSTEM)
    row = Delivery.objects.get()
    assert (row.failures, row.claimed_until, row.accepted) == (1, None, [])
    assert row.due_at is not None
    assert row.due_at > clock.now()
    assert state(claimed) == DeliveryState.QUEUED


def test_a_bounce_is_not_covered_up_by_a_late_failure(world: World, claimed: Delivery) -> None:
    message = Message.objects.get(pk=claimed.pk)
    report = world.writes(message.conversation, text="user unknown", automatic=Automatic.BOUNCE)
    mark_bounced(message, report=report, words="5.1.1", by=SYSTEM)
    settle(claimed, attempt=Attempt(refused={DALIA[0]: Refusal(550, "no")}), by=SYSTEM)
    assert state(claimed) == DeliveryState.BOUNCED
