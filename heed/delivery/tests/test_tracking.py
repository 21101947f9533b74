"""What a provider reports of a mail that left: deferred, delivered; late and doubled reports change nothing."""

import pytest

from heed.conversations.actions.answering import reply
from heed.conversations.actions.sending import (
    mark_arrived,
    mark_bounced,
    mark_failed,
    mark_put_off,
    mark_sent,
)
from heed.conversations.models import Message
from heed.delivery.actions import claim, mark_deferred, mark_delivered
from heed.delivery.models import Delivery
from heed.delivery.queries import by_message_id, by_provider_id
from heed.eventlog.kinds import MessageDeferred, MessageDelivered, MessageSent
from heed.eventlog.unit import change, lock, unit
from heed.kernel.words import Automatic, DeliveryState, ParkReason
from heed.people.policy import SYSTEM
from heed.testing.world import World

DALIA, BOSS = "dalia@example.org", "boss@example.net"


@pytest.fixture
def sent(world: World) -> Delivery:
    """An answer to Dalia and her boss that the provider has."""
    answer = world.answer(cc=(("", BOSS),))
    message = reply(world.conversation(), answer=answer, by=world.amara.actor)
    world.read_log()
    [delivery] = claim(limit=5, by=SYSTEM)
    with unit():
        change(lock(delivery), provider_id="p-1", due_at=None, claimed_until=None)
    mark_sent(message, message_id=delivery.message.message_id, attempts=1, by=SYSTEM)
    return Delivery.objects.get()


def state(delivery: Delivery) -> str:
    return Message.objects.get(pk=delivery.pk).state


def test_a_message_is_delivered_when_all_its_recipients_have_it(world: World, sent: Delivery) -> None:
    mark_delivered(sent, recipient=DALIA, by=SYSTEM)
    assert state(sent) == DeliveryState.SENT
    mark_delivered(sent, recipient="Boss@Example.net", by=SYSTEM)
    assert state(sent) == DeliveryState.DELIVERED
    assert world.kinds(sent.message.conversation)[-1] == MessageDelivered.name


def test_a_report_that_comes_twice_is_recorded_once(world: World, sent: Delivery) -> None:
    for _ in range(2):
        for recipient in (DALIA, BOSS):
            mark_delivered(sent, recipient=recipient, by=SYSTEM)
            mark_deferred(sent, recipient=recipient, words="421 later", by=SYSTEM)
    assert world.kinds(sent.message.conversation).count(MessageDelivered.name) == 1
    assert MessageDeferred.name not in world.kinds(sent.message.conversation)


def test_a_report_about_somebody_else_is_about_nothing(world: World, sent: Delivery) -> None:
    mark_delivered(sent, recipient="ines@example.net", by=SYSTEM)
    mark_deferred(sent, recipient="ines@example.net", words="421", by=SYSTEM)
    assert (state(sent), Delivery.objects.get().delivered) == (DeliveryState.SENT, [])


def test_a_deferred_message_says_so_and_arrives_in_the_end(world: World, sent: Delivery) -> None:
    mark_deferred(sent, recipient=DALIA, words="452 mailbox full", by=SYSTEM)
    mark_deferred(sent, recipient=DALIA, words="452 still full", by=SYSTEM)
    row = Message.objects.get(pk=sent.pk)
    assert (row.state, row.trouble) == (DeliveryState.DEFERRED, "452 still full")
    assert world.kinds(row.conversation).count(MessageDeferred.name) == 1
    for recipient in (DALIA, BOSS):
        mark_delivered(sent, recipient=recipient, by=SYSTEM)
    row.refresh_from_db()
    assert (row.state, row.trouble) == (DeliveryState.DELIVERED, "")


def test_a_bounce_is_not_covered_up_by_a_late_report(world: World, sent: Delivery) -> None:
    message = Message.objects.get(pk=sent.pk)
    report = world.writes(message.conversation, text="user unknown", automatic=Automatic.BOUNCE)
    mark_bounced(message, report=report, words="5.1.1", by=SYSTEM)
    mark_arrived(message, by=SYSTEM)
    mark_put_off(message, words="421", by=SYSTEM)
    for recipient in (DALIA, BOSS):
        mark_delivered(sent, recipient=recipient, by=SYSTEM)
    assert state(sent) == DeliveryState.BOUNCED


def test_what_has_not_left_is_not_deferred(world: World) -> None:
    message = reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    mark_put_off(message, words="421", by=SYSTEM)
    assert Message.objects.get(pk=message.pk).state == DeliveryState.QUEUED


def test_a_report_that_is_faster_than_our_own_is_believed(world: World) -> None:
    message = reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    mark_arrived(message, by=SYSTEM)
    mark_sent(message, message_id="x@y", attempts=1, by=SYSTEM)
    message.refresh_from_db()
    assert message.state == DeliveryState.DELIVERED
    assert MessageSent.name not in world.kinds(message.conversation)


def test_a_message_that_arrived_arrives_no_more_and_is_not_put_off(world: World) -> None:
    message = world.answered(world.conversation())
    mark_put_off(message, words="421", by=SYSTEM)
    mark_arrived(message, by=SYSTEM)
    mark_arrived(message, by=SYSTEM)
    mark_put_off(message, words="421", by=SYSTEM)
    assert world.kinds(message.conversation)[-2:] == [MessageDeferred.name, MessageDelivered.name]


def test_a_report_finds_its_message_by_either_name(sent: Delivery) -> None:
    assert by_provider_id("p-1") == sent
    assert by_message_id(f"<{Message.objects.get(pk=sent.pk).message_id}>") == sent
    assert by_provider_id("") is None
    assert by_provider_id("p-2") is None
    assert by_message_id("nobody@example.org") is None


def test_nothing_that_came_in_arrives_or_is_put_off(world: World) -> None:
    message = world.conversation().messages.get()
    mark_arrived(message, by=SYSTEM)
    mark_put_off(message, words="421", by=SYSTEM)
    assert Message.objects.get(pk=message.pk).state == DeliveryState.NONE


def test_who_has_it_is_not_asked_for_patience(world: World, sent: Delivery) -> None:
    mark_delivered(sent, recipient=DALIA, by=SYSTEM)
    mark_deferred(sent, recipient=DALIA, words="421", by=SYSTEM)
    assert state(sent) == DeliveryState.SENT
    mark_deferred(sent, recipient=BOSS, words="421", by=SYSTEM)
    assert state(sent) == DeliveryState.DEFERRED


def test_what_failed_stays_failed_whatever_a_late_report_says(world: World) -> None:
    message = reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    mark_failed(message, reason=ParkReason.REFUSED, smtp_code=550, words="no", by=SYSTEM)
    mark_arrived(message, by=SYSTEM)
    mark_put_off(message, words="421", by=SYSTEM)
    assert Message.objects.get(pk=message.pk).state == DeliveryState.FAILED
