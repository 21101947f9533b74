"""What a mail of ours says, and that it says the same at every attempt."""

from datetime import UTC, datetime

import pytest

from heed.channels.email.compose import Outgoing, Person, Quoted, compose
from heed.channels.email.parse import parse
from heed.conversations.actions.answering import reply, start, upload
from heed.conversations.models import Attachment, Message
from heed.delivery.actions import claim
from heed.delivery.mail import ATTRIBUTIONS, REFERENCES, build
from heed.delivery.models import Delivery
from heed.eventlog.unit import change, lock, unit
from heed.kernel import blobs
from heed.people.policy import SYSTEM
from heed.testing.world import World


def claimed(world: World, message: Message) -> Delivery:
    world.read_log()
    [delivery] = [row for row in claim(limit=50, by=SYSTEM) if row.pk == message.pk]
    return delivery


@pytest.mark.parametrize("language", sorted(ATTRIBUTIONS))
def test_our_own_quotes_are_known_as_quotes_when_they_come_back(language: str) -> None:
    at = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
    line = ATTRIBUTIONS[language].format(at=at, who="Dalia Haddad")
    mail = parse(
        compose(
            Outgoing(
                from_name="Linden Bikes",
                from_address="help@linden.example",
                to=(Person("", "dalia@example.org"),),
                subject="Re: hello",
                message_id="1@linden.example",
                date=at,
                text="It is on its way.",
                quoted=Quoted(line, "Where is it?"),
            )
        )
    )
    assert mail.visible.strip() == "It is on its way."
    assert "> Where is it?" in mail.quoted


def test_files_go_along_as_they_were_uploaded(world: World) -> None:
    content = bytes(range(256)) * 100
    file = Attachment(
        blob_id=blobs.put(content),
        filename="Rechnung Größe.pdf",
        content_type="application/pdf",
        size=len(content),
    )
    row = upload(file, by=world.amara.actor)
    message = reply(world.conversation(), answer=world.answer(files=[row.pk]), by=world.amara.actor)
    [sent] = parse(build(claimed(world, message)).raw).attachments
    assert (sent.filename, sent.content_type, sent.content) == (file.filename, "application/pdf", content)


def test_a_mail_is_the_same_at_every_attempt(world: World) -> None:
    conversation = world.conversation()
    message = reply(conversation, answer=world.answer(), by=world.amara.actor)
    delivery = claimed(world, message)
    first = build(delivery)
    world.writes(conversation, text="Are you there?")
    reply(conversation, answer=world.answer(text="Yes."), by=world.amara.actor)
    assert build(delivery) == first


def test_references_end_with_the_message_answered_and_stay_few(world: World) -> None:
    conversation = world.conversation()
    newest = [world.writes(conversation) for _ in range(REFERENCES + 5)][-1]
    message = reply(conversation, answer=world.answer(), by=world.amara.actor)
    mail = parse(build(claimed(world, message)).raw)
    assert len(mail.references) == REFERENCES
    assert mail.references[-1] == newest.message_id == mail.in_reply_to[0]


def test_a_first_mail_of_ours_answers_nothing_and_quotes_nothing(world: World) -> None:
    answer = world.answer(subject="Your new lock", text="It has arrived.")
    message = start(world.help, answer=answer, team=world.payments, customer=None, by=world.amara.actor)
    mail = parse(build(claimed(world, message)).raw)
    assert (mail.subject, mail.in_reply_to, mail.references) == ("Your new lock", (), ())
    assert mail.quoted == ""


def test_an_inbox_name_without_room_for_a_signature_is_answered_plainly(world: World) -> None:
    address = f"{'long-name-' * 6}@linden.example"
    with unit():
        change(lock(world.help), address=address)
    message = reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    built = build(claimed(world, message))
    assert built.sender == address
    assert parse(built.raw).reply_to[0].address == address


def test_the_time_of_the_message_answered_is_the_brands(world: World) -> None:
    conversation = world.conversation(inbox=world.hello)
    with unit():
        change(lock(conversation.messages.get()), at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
        change(lock(conversation), language="fr")
    message = reply(conversation, answer=world.answer(), by=world.gita.actor)
    assert "Le 02/07/2026 à 00:30, Dalia Haddad a écrit :" in parse(build(claimed(world, message)).raw).text
