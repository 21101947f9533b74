"""A report about a mail of ours finds it, tells the agent, and marks the address; it never does more than it proves."""

from datetime import timedelta

import pytest
import time_machine

from heed.conversations.actions.answering import reply
from heed.conversations.models import Conversation, Message
from heed.eventlog.kinds import AddressSuppressed, ConversationStatusChanged, MessageBounced
from heed.intake.tests.letters import HELP, letter, received
from heed.intake.tests.test_bounces import report, sent
from heed.kernel import clock
from heed.kernel.words import Automatic, DeliveryState, Direction, JoinedBy, Status, SuppressReason
from heed.people.policy import SYSTEM
from heed.people.standing_queries import closed_to_automatic, standings, suppressed_among
from heed.testing.world import World

DALIA = "dalia@example.org"


def of_dalia(message: Message, *, message_id: str | None = None, **more: str) -> bytes:
    return report(to=HELP, message_id=message_id or message.message_id, **more)


def full(message_id: str) -> bytes:
    return (
        report(to=HELP, message_id=message_id)
        .replace(b"Status: 5.1.1", b"Status: 4.2.2")
        .replace(b"550 5.1.1 no such user", b"452 4.2.2 mailbox is full")
    )


def nameless(recipient: str = DALIA) -> bytes:
    """A report of a server that returns nothing of our mail."""
    return letter(
        "bounce@mx",
        sender="Mail Delivery System <mailer-daemon@mx.example.org>",
        subject="Undelivered Mail Returned to Sender",
        text=f"<{recipient}>: 550 5.1.1 no such user here. It could not be delivered.",
    )


def complaint(message_id: str, *, kind: str = "abuse", recipient: str = DALIA) -> bytes:
    lines = [
        "From: Feedback <fbl@provider.example>",
        f"To: {HELP}",
        "Subject: Email Feedback Report",
        "Message-ID: <fbl@provider.example>",
        "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b",
        "",
        "--b",
        "",
        "This is a feedback report.",
        "--b",
        "Content-Type: message/feedback-report",
        "",
        f"Feedback-Type: {kind}",
        "User-Agent: Provider/1.0",
        "Version: 1",
        *([f"Original-Rcpt-To: <{recipient}>"] if recipient else []),
        "--b",
        "Content-Type: message/rfc822",
        "",
        f"Message-ID: <{message_id}>",
        "Subject: Re: The chain slips",
        "",
        "We will look at it.",
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()


def test_a_hard_failure_suppresses_the_address_and_the_agent_is_told(world: World) -> None:
    message = sent(world)
    assert not suppressed_among([DALIA])
    told = received(world, of_dalia(message), mail_from="")
    assert suppressed_among([DALIA]) == {DALIA: SuppressReason.NO_MAILBOX}
    row = standings(SYSTEM, [DALIA])[DALIA]
    assert (row.report, row.suppressed_at is not None) == (told.pk, True)
    kinds = world.kinds(message.conversation)
    assert MessageBounced.name in kinds
    assert AddressSuppressed.name in kinds
    now = world.reload(message.conversation)
    assert (now.status, now.assignee, now.next_due_at is not None) == (Status.OPEN, world.amara.row, True)


def test_a_passing_failure_is_counted_and_suppresses_nothing(world: World) -> None:
    message = sent(world)
    received(world, full(message.message_id), mail_from="")
    message.refresh_from_db()
    assert message.state == DeliveryState.BOUNCED
    assert not suppressed_among([DALIA])
    assert standings(SYSTEM, [DALIA])[DALIA].soft_failures == 1


def test_a_bounce_of_an_automatic_mail_fires_nothing_changes_no_state_and_is_attached_and_told(
    world: World,
) -> None:
    received(world, letter("a@x"))
    row = Conversation.objects.get()
    ours = row.messages.get(direction=Direction.OUT)
    assert ours.automatic == Automatic.ACKNOWLEDGEMENT
    before = world.reload(row)
    told = received(world, of_dalia(ours), mail_from="")
    after = world.reload(row)
    assert (after.status, after.next_due_at, after.assignee, after.trouble) == (
        before.status,
        before.next_due_at,
        before.assignee,
        before.trouble,
    )
    assert (told.conversation, told.answers_id, told.joined_by) == (row, ours.pk, JoinedBy.REPORT)
    assert MessageBounced.name in world.kinds(row)
    assert ConversationStatusChanged.name not in world.kinds(row)
    assert row.messages.filter(direction=Direction.OUT).count() == 1


def test_a_suppressed_address_gets_no_acknowledgement(world: World) -> None:
    received(world, of_dalia(sent(world)), mail_from="")
    received(world, letter("new@x", subject="Something else"))
    assert not Message.objects.filter(automatic=Automatic.ACKNOWLEDGEMENT).exists()


def test_a_report_that_names_no_message_is_about_the_only_one_that_went_there_lately(world: World) -> None:
    message = sent(world)
    told = received(world, nameless(), mail_from="")
    assert (told.conversation, told.joined_by) == (message.conversation, JoinedBy.REPORT_GUESS)
    message.refresh_from_db()
    assert message.state == DeliveryState.BOUNCED
    assert not suppressed_among([DALIA])  # anybody could have written it
    assert standings(SYSTEM, [DALIA])[DALIA].soft_failures == 1


def test_where_several_could_be_meant_or_none_nothing_is_guessed(world: World) -> None:
    one, other = sent(world), sent(world)
    told = received(world, nameless(), mail_from="")
    assert told.conversation not in (one.conversation, other.conversation)
    assert not Message.objects.filter(state=DeliveryState.BOUNCED).exists()
    told = received(world, nameless("stranger@example.org").replace(b"bounce@mx", b"c@mx"), mail_from="")
    assert told.joined_by == JoinedBy.NEW


def test_a_report_is_about_nothing_that_left_long_ago(world: World) -> None:
    with time_machine.travel(clock.now() - timedelta(days=9)):
        message = sent(world)
    assert received(world, nameless(), mail_from="").conversation != message.conversation


def test_a_forged_report_suppresses_nobody_to_whom_the_mail_did_not_go(world: World) -> None:
    message = sent(world)
    raw = of_dalia(message).replace(b"rfc822; dalia@example.org", b"rfc822; ines@example.net")
    received(world, raw, mail_from="")
    assert not standings(SYSTEM, [DALIA, "ines@example.net"])


def test_a_report_of_delay_changes_the_delivery_alone(world: World) -> None:
    message = sent(world)
    before = world.reload(message.conversation)
    told = received(world, of_dalia(message, action="delayed"), mail_from="")
    message.refresh_from_db()
    assert message.state == DeliveryState.DEFERRED
    assert told.conversation == message.conversation
    after = world.reload(message.conversation)
    assert (after.status, after.next_due_at) == (before.status, before.next_due_at)
    assert not standings(SYSTEM, [DALIA])


def test_a_report_of_delivery_changes_the_delivery_alone(world: World) -> None:
    message = sent(world)
    told = received(world, of_dalia(message, action="delivered"), mail_from="")
    message.refresh_from_db()
    assert message.state == DeliveryState.DELIVERED
    assert told.automatic == Automatic.REPORT
    assert world.reload(message.conversation).status == Status.WAITING


def test_where_one_of_two_has_it_it_is_not_delivered(world: World) -> None:
    row = world.conversation()
    answer = world.answer(cc=(("Ines", "ines@example.net"),))
    message = reply(row, answer=answer, by=world.amara.actor)
    world.settle()
    message.refresh_from_db()
    received(world, of_dalia(message, action="delivered"), mail_from="")
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT


def test_a_complaint_stops_automatic_mail_and_tells_the_agent(world: World) -> None:
    message = sent(world)
    raw = complaint(message.message_id)
    told = received(world, raw, mail_from="fbl@provider.example")
    received(world, raw.replace(b"<fbl@", b"<again@"), mail_from="fbl@provider.example")
    assert (told.conversation, told.joined_by) == (message.conversation, JoinedBy.REPORT)
    assert closed_to_automatic([(1, DALIA)]) == {(1, DALIA)}
    assert not suppressed_among([DALIA])
    assert world.kinds(message.conversation).count(AddressSuppressed.name) == 1
    assert world.reload(message.conversation).status == Status.WAITING
    received(world, letter("new@x", subject="Something else"))
    assert not Message.objects.filter(automatic=Automatic.ACKNOWLEDGEMENT).exists()


def test_a_complaint_with_its_recipient_blacked_out_means_the_only_one(world: World) -> None:
    received(world, complaint(sent(world).message_id, recipient=""), mail_from="fbl@provider.example")
    assert closed_to_automatic([(1, DALIA)]) == {(1, DALIA)}


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "virus"])
def test_other_feedback_stops_nothing(world: World, kind: str) -> None:
    received(world, complaint(sent(world).message_id, kind=kind), mail_from="fbl@provider.example")
    assert not closed_to_automatic([(1, DALIA)])


@pytest.mark.parametrize("recipient", ["ines@example.net", DALIA])
def test_a_complaint_about_no_mail_of_ours_stops_nothing(world: World, recipient: str) -> None:
    message_id = sent(world).message_id if recipient != DALIA else "unknown@elsewhere"
    received(world, complaint(message_id, recipient=recipient), mail_from="fbl@provider.example")
    assert not closed_to_automatic([(1, DALIA), (1, "ines@example.net")])
