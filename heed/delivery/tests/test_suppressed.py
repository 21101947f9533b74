"""Nothing is sent to an address that gave mail back for good; others get theirs, and the agent is told."""

from typing import Any

from heed.conversations.actions.answering import reply
from heed.conversations.actions.sending import try_again
from heed.conversations.models import Message
from heed.delivery.actions import Attempt, Refusal, claim, settle
from heed.delivery.models import CaughtMail
from heed.kernel.words import DeliveryState, Status, SuppressReason
from heed.people.actions.standings import lift, suppress
from heed.people.policy import SYSTEM
from heed.people.standing_queries import standings, suppressed_among
from heed.testing.world import World

DALIA, INES = "dalia@example.org", "ines@example.net"


def gone(address: str = DALIA) -> None:
    suppress(address, reason=SuppressReason.NO_MAILBOX, report=None, on=None, by=SYSTEM)


def answered(world: World, **more: Any) -> Message:
    """An answer that was on its way when a server said that the address is none."""
    message = reply(world.conversation(), answer=world.answer(**more), by=world.amara.actor)
    gone()
    world.settle()
    message.refresh_from_db()
    return message


def test_what_goes_to_nobody_else_fails_and_opens_the_conversation_for_its_writer(world: World) -> None:
    message = answered(world)
    assert (message.state, message.trouble) == (DeliveryState.FAILED, "suppressed: no_mailbox")
    now = world.reload(message.conversation)
    assert (now.status, now.assignee) == (Status.OPEN, world.amara.row)
    assert not CaughtMail.objects.exists()
    text = world.amara.get(f"/inbox/all-open/{now.pk}/").content.decode()
    assert "nothing is sent to" in text


def test_others_get_theirs(world: World) -> None:
    answered(world, cc=(("Ines", INES),))
    assert CaughtMail.objects.get().recipients == [INES]


def test_once_lifted_it_leaves_when_it_is_tried_again(world: World) -> None:
    message = answered(world)
    try_again(message, by=world.amara.actor)
    world.settle()
    assert not CaughtMail.objects.exists()
    lift(standings(SYSTEM, [DALIA])[DALIA], why="They mended it", on=None, by=world.amara.actor)
    message.refresh_from_db()
    try_again(message, by=world.amara.actor)
    world.settle()
    assert CaughtMail.objects.get().recipients == [DALIA]


def test_a_server_that_knows_nobody_of_the_name_is_believed_at_once_and_others_are_not(world: World) -> None:
    for words, expected in (
        ("5.7.1 message rejected as spam", {}),
        ("5.1.1 no such user here", {DALIA: SuppressReason.NO_MAILBOX}),
    ):
        reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
        world.read_log()
        [delivery] = claim(limit=5, by=SYSTEM)
        settle(delivery, attempt=Attempt(refused={DALIA: Refusal(550, words)}), by=SYSTEM)
        assert suppressed_among([DALIA]) == expected
