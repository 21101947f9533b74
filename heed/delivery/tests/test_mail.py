"""What a mail of ours says, and that it says the same at every attempt."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest

from heed.channels.email.compose import Outgoing, Person, Quoted, compose
from heed.channels.email.mail import ParsedMail
from heed.channels.email.parse import parse
from heed.conversations.actions.answering import Answer, reply, start
from heed.conversations.actions.sides import forward, say_aside
from heed.conversations.actions.uploads import upload
from heed.conversations.models import Attachment, Message
from heed.delivery.actions import claim
from heed.delivery.mail import ATTRIBUTIONS, FORWARDING, REFERENCES, build, provider_mail
from heed.delivery.models import Delivery
from heed.eventlog.unit import change, lock, unit
from heed.kernel import blobs
from heed.kernel.words import Direction
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


def test_a_form_leaves_as_words_and_as_html_with_its_images_inside(world: World) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(40)
    file = Attachment(
        blob_id=blobs.put(picture),
        filename="bell.png",
        content_type="image/png",
        size=len(picture),
        is_inline=True,
    )
    image = upload(file, by=world.amara.actor)
    html = f'<p>It is <b>here</b>: <img src="cid:{image.content_id}" alt="bell"></p><table><tr><td>1</td></tr></table>'
    message = reply(world.conversation(), answer=world.answer(html=html), by=world.amara.actor)
    built = build(claimed(world, message))
    mail = message_from_bytes(built.raw, policy=SMTP)
    assert mail.get_content_type() == "multipart/alternative"
    words, related = mail.iter_parts()
    page, inline = related.iter_parts()
    assert words.get_content().startswith("It is here: [bell]\r\n\r\n1")
    assert "<strong>here</strong>" in page.get_content()
    assert 'style="padding:4px 8px' in page.get_content()
    assert f'src="cid:{image.content_id}"' in page.get_content()
    assert (inline["Content-ID"], inline.get_content_disposition()) == (f"<{image.content_id}>", "inline")
    assert inline.get_content() == picture
    [read] = parse(built.raw).attachments
    assert (read.content_id, read.content) == (image.content_id, picture)
    [given] = provider_mail(built, ["dalia@example.org"])[0].files
    assert given.content_id == image.content_id


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


def passed_on(world: World, **more: Any) -> ParsedMail:
    """A message of Dalia's as somebody outside gets it."""
    row = world.conversation(text=more.pop("text", "It slips <b>when</b> I climb."))
    source = row.messages.get()
    with unit():
        change(lock(source), quoted="> what Linden wrote", html="<p>secret</p>", **more)
    answer = Answer(text="Can you repair that?", to=(("", "shop@outside.example"),))
    written = forward(source, answer=answer, keeping=(), by=world.amara.actor)
    return parse(build(claimed(world, written)).raw)


def test_what_is_passed_on_says_who_wrote_it_and_what_and_no_more(world: World) -> None:
    mail = passed_on(world)
    assert mail.subject == "Fwd: The chain slips"
    assert mail.forwarded is not None
    assert mail.forwarded.sender.address == world.dalia.address
    assert mail.forwarded.visible.strip() == "It slips <b>when</b> I climb."
    assert mail.forwarded.note.strip() == "Can you repair that?"
    assert "what Linden wrote" not in mail.text
    assert "help+h" not in mail.text


def test_the_html_of_what_is_passed_on_is_made_from_its_words(world: World) -> None:
    mail = passed_on(world)
    assert "It slips &lt;b&gt;when&lt;/b&gt; I climb." in mail.html
    assert "secret" not in mail.html


def test_a_name_can_not_write_a_line_of_its_own(world: World) -> None:
    mail = passed_on(world, from_name="Dalia\nSubject: pay <script>")
    assert "\nSubject: pay" not in mail.text
    assert "<script>" not in mail.html


@pytest.mark.parametrize("language", sorted(FORWARDING))
def test_our_own_forwards_are_read_as_forwards_when_they_come_back(world: World, language: str) -> None:
    with unit():
        change(lock(world.linden), language=language)
    mail = passed_on(world)
    assert mail.forwarded is not None
    assert (mail.forwarded.sender.address, mail.forwarded.subject) == (world.dalia.address, "The chain slips")


def test_an_aside_refers_to_asides_alone(world: World) -> None:
    row = world.conversation()
    world.answered(row)
    source = row.messages.filter(direction=Direction.IN).get()
    answer = Answer(text="Well?", to=(("", "shop@outside.example"),))
    first = forward(source, answer=answer, keeping=(), by=world.amara.actor)
    assert parse(build(claimed(world, first)).raw).references == ()
    first.refresh_from_db()
    assert first.side is not None
    again = say_aside(first.side, answer=answer, by=world.amara.actor)
    mail = parse(build(claimed(world, again)).raw)
    assert mail.references == (first.message_id,)
    assert "> Well?" in mail.quoted
