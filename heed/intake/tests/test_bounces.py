"""A mail of ours that comes back is found by its signed address or its Message-ID, and only if it is ours."""

import pytest

from heed.channels.email.address import sign
from heed.conversations.actions.answering import reply
from heed.conversations.models import Message
from heed.intake.tests.letters import HELP, received
from heed.kernel.config import config
from heed.kernel.words import Automatic, DeliveryState, JoinedBy, Status
from heed.people.actions.standings import lift
from heed.people.models import AddressStanding
from heed.testing.world import World


def report(*, to: str, message_id: str, action: str = "failed") -> bytes:
    """A report of a server further on, about a mail of this Message-ID."""
    return "\r\n".join(
        [
            "From: Mail Delivery System <mailer-daemon@mx.example.org>",
            f"To: {to}",
            "Subject: Undelivered Mail Returned to Sender",
            "Message-ID: <report@mx.example.org>",
            "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
            "",
            "--b",
            "",
            "It could not be delivered.",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example.org",
            "",
            "Final-Recipient: rfc822; dalia@example.org",
            f"Action: {action}",
            "Status: 5.1.1",
            "Diagnostic-Code: smtp; 550 5.1.1 no such user",
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
    ).encode()


def sent(world: World) -> Message:
    conversation = world.conversation()
    message = reply(conversation, answer=world.answer(), by=world.amara.actor)
    world.settle()
    message.refresh_from_db()
    return message


@pytest.mark.parametrize("way", ["signed address", "message id"])
def test_a_bounce_is_found_by_its_address_or_by_the_mail_that_it_gives_back(world: World, way: str) -> None:
    message = sent(world)
    signed = sign(
        HELP, conversation=message.conversation_id, message=message.pk, secret=config.secret_bytes()
    )
    to, named = (signed, "rewritten@mx") if way == "signed address" else (HELP, message.message_id)
    told = received(world, report(to=to, message_id=named), to=[to], mail_from="")
    message.refresh_from_db()
    assert message.state == DeliveryState.BOUNCED
    assert (told.conversation_id, told.joined_by) == (message.conversation_id, JoinedBy.REPORT)
    assert world.reload(message.conversation).status == Status.OPEN


@pytest.mark.parametrize("named", ["it", "a@stranger"])
def test_a_report_about_nothing_of_ours_or_of_mere_delay_gives_nothing_back(world: World, named: str) -> None:
    message = sent(world)
    raw = (
        report(to=HELP, message_id=message.message_id, action="delayed")
        if named == "it"
        else report(to=HELP, message_id=named)
    )
    received(world, raw, mail_from="")
    message.refresh_from_db()
    assert message.state == (DeliveryState.DEFERRED if named == "it" else DeliveryState.SENT)
    assert world.reload(message.conversation).status == Status.WAITING


def test_the_answer_after_a_bounce_or_an_absence_answers_the_customer(world: World) -> None:
    message = sent(world)
    received(world, report(to=HELP, message_id=message.message_id), mail_from="")
    lift(AddressStanding.objects.get(), why="Dalia says it works again.", on=None, by=world.amara.actor)
    world.writes(message.conversation, automatic=Automatic.AUTO_REPLY, subject="Away until Monday")
    again = reply(world.reload(message.conversation), answer=world.answer(), by=world.amara.actor)
    assert again.answers is not None
    assert (again.answers.automatic, again.subject) == (Automatic.NO, "The chain slips")


def test_what_only_machines_wrote_can_be_answered_too(world: World) -> None:
    told = received(world, report(to=HELP, message_id="a@stranger"), mail_from="")
    answer = reply(told.conversation, answer=world.answer(), by=world.amara.actor)
    assert answer.answers == told
