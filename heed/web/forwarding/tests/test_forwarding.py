"""Passing a message on, as a browser without scripts does it."""

from email.parser import BytesParser
from email.policy import SMTP
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from heed.conversations.actions.receiving import receive
from heed.conversations.actions.state import change_status
from heed.conversations.incoming import StoredFile
from heed.conversations.models import Attachment, Conversation, Message
from heed.delivery.models import CaughtMail
from heed.kernel import blobs
from heed.kernel.words import Direction, Status
from heed.people.actions import choose_undo_seconds
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

CARRIER = "claims@carrier.example"


@pytest.fixture
def row(world: World) -> Conversation:
    return world.conversation()


@pytest.fixture
def message(world: World, row: Conversation) -> Message:
    """Dalia's mail with an invoice and a picture that stands in it."""
    files = [
        StoredFile(blobs.put(b"invoice"), 7, "invoice.pdf", "application/pdf"),
        StoredFile(blobs.put(b"logo"), 4, "logo.png", "image/png", content_id="logo", is_inline=True),
    ]
    mail = world.incoming(customer=world.dalia, text="It is <b>broken</b>.", files=tuple(files))
    return receive(row, mail=mail, by=SYSTEM)


def at(message: Message) -> str:
    return f"/messages/{message.pk}/forward/"


def page(world: World, message: Message) -> str:
    return world.amara.get(at(message)).content.decode()


def post(world: World, message: Message, **more: object) -> tuple[int, str]:
    data = {"to": CARRIER, "subject": "Fwd: The chain slips", "key": "k", "send": "1", **more}
    answer = world.amara.post(at(message), data)
    return answer.status_code, answer.content.decode()


def timeline(world: World, row: Conversation) -> str:
    return world.amara.get(f"/inbox/all-open/{row.pk}/").content.decode()


def thread(world: World, row: Conversation) -> str:
    return world.amara.get(f"/sides/{row.sides.get().pk}/").content.decode()


def test_a_message_leads_to_its_form_which_shows_what_goes_on(world: World, message: Message) -> None:
    assert f'href="{at(message)}"' in timeline(world, message.conversation)
    shown = page(world, message)
    assert 'value="Fwd: The chain slips"' in shown
    assert "It is &lt;b&gt;broken&lt;/b&gt;." in shown
    assert "invoice.pdf" in shown
    file, picture = message.attachments.order_by("pk")
    assert f'name="keep" value="{file.pk}" checked' in shown
    assert f'name="keep" value="{picture.pk}">' in shown


def test_what_was_passed_on_leaves_with_its_files_and_is_told_to_the_team(
    world: World, message: Message
) -> None:
    invoice = message.attachments.order_by("pk")[0]
    status, _ = post(world, message, text="Ours or yours?", keep=[invoice.pk])
    assert status == 303
    world.settle()
    mail = bytes(CaughtMail.objects.get().raw)
    assert CaughtMail.objects.get().recipients == [CARRIER]
    assert b"invoice.pdf" in mail
    assert b"logo.png" not in mail
    side = message.conversation.sides.get()
    shown = unescape(thread(world, message.conversation))
    assert "Not to the customer" in shown
    assert "Amara passed on" in shown
    assert f'href="/conversations/{message.conversation_id}/?message={message.pk}"' in shown
    beside = timeline(world, message.conversation)
    assert f'href="/sides/{side.pk}/"' in beside
    assert "Ours or yours?" not in beside


def test_what_was_taken_back_stands_in_its_own_form(world: World, message: Message) -> None:
    choose_undo_seconds(10, by=world.amara.actor)
    invoice = message.attachments.order_by("pk")[0]
    post(world, message, text="Ours or yours?", subject="Claim 7", keep=[invoice.pk])
    written = Message.objects.get(direction=Direction.ASIDE_OUT)
    shown = thread(world, message.conversation)
    assert f'action="/messages/{written.pk}/undo/">' in shown  # without htmx: it leads to another page
    answer = world.amara.post(f"/messages/{written.pk}/undo/")
    assert (answer.status_code, answer.headers["Location"]) == (303, at(message))
    form = page(world, message)
    assert "Ours or yours?</textarea>" in form
    assert 'value="Claim 7"' in form
    assert f'value="{CARRIER}"' in form
    assert "invoice.pdf" in form
    assert f'name="keep" value="{invoice.pk}"' not in form  # it came back, and is no choice once more
    assert "Ours or yours?" not in timeline(world, message.conversation)


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("", "Nobody would get this"),
        ("nobody", "is not an e-mail address"),
        ("help@linden.example", "is one of our own addresses"),
        ("dalia@example.org", "takes part in the conversation"),
    ],
)
def test_a_wrong_recipient_is_said_at_its_field(world: World, message: Message, to: str, says: str) -> None:
    status, shown = post(world, message, to=to, text="Ours or yours?")
    assert status == 422
    assert says in unescape(shown)
    assert "Ours or yours?</textarea>" in shown
    assert not Message.objects.filter(direction=Direction.ASIDE_OUT).exists()


def test_a_file_chosen_stays_when_the_form_comes_back_and_can_be_removed(
    world: World, message: Message
) -> None:
    file = SimpleUploadedFile("photo.jpg", b"x", content_type="image/jpeg")
    _, shown = post(world, message, to="", files=[file])
    assert "photo.jpg" in shown
    kept = Attachment.objects.get(filename="photo.jpg")
    _, shown = post(world, message, kept=[kept.pk], remove=f"file:{kept.pk}")
    assert "photo.jpg" not in shown
    assert not Message.objects.filter(direction=Direction.ASIDE_OUT).exists()


def test_what_is_too_large_says_so_before_it_is_queued(world: World, row: Conversation) -> None:
    huge = StoredFile(blobs.put(b"film"), 90_000_000, "film.mp4", "video/mp4")
    message = receive(row, mail=world.incoming(customer=world.dalia, files=(huge,)), by=SYSTEM)
    status, shown = post(world, message, keep=[message.attachments.get().pk])
    assert status == 422
    assert "once its files are encoded" in shown


def test_a_note_has_no_such_form(world: World, row: Conversation) -> None:
    world.amara.post(
        f"/inbox/all-open/{row.pk}/reply/", {"kind": "note", "note": "Hm", "key": "n", "send": "1"}
    )
    note = row.messages.get(direction=Direction.NOTE)
    assert world.amara.get(at(note)).status_code == 404


@pytest.mark.parametrize("status", [Status.CLOSED])
def test_a_closed_conversation_offers_none(world: World, status: Status) -> None:
    row = world.conversation(status=status)
    message = row.messages.get()
    assert f'href="{at(message)}"' not in timeline(world, row)
    assert post(world, message)[0] == 409


def test_the_form_takes_few_queries(world: World, message: Message) -> None:
    world.amara.get(at(message))
    with assert_queries(at_most=22):
        world.amara.get(at(message))


def test_a_file_of_the_message_itself_that_names_another_customer_is_asked_about(
    world: World, row: Conversation
) -> None:
    world.conversation(customer=world.ines, inbox=world.help)
    file = StoredFile(blobs.put(b"x"), 1, "Inès_Moreau.pdf", "application/pdf")
    message = receive(row, mail=world.incoming(customer=world.dalia, files=(file,)), by=SYSTEM)
    status, shown = post(world, message, keep=[message.attachments.get().pk])
    assert (status, "another customer" in shown) == (409, True)
    assert post(world, message)[0] == 303  # without it


def test_an_address_that_is_none_of_the_inbox_is_said(world: World, message: Message) -> None:
    status, shown = post(world, message, sender="hello@kestrel.example")
    assert (status, "no longer there" in shown) == (422, True)


def test_what_was_written_while_it_was_closed_comes_back(world: World, message: Message) -> None:
    for status in (Status.SOLVED, Status.CLOSED):
        change_status(message.conversation, to=status, by=SYSTEM)
    code, shown = post(world, message, text="My long words")
    assert code == 409
    assert "My long words" in shown
    assert "was closed meanwhile" in shown


def test_words_with_a_form_go_on_with_it_and_come_back_when_taken_back(
    world: World, message: Message
) -> None:
    choose_undo_seconds(10, by=world.amara.actor)
    html = "<p>Is it <strong>lost</strong>?</p>"
    assert post(world, message, text="Is it lost?", html=html)[0] == 303
    sent = Message.objects.get(direction=Direction.ASIDE_OUT)
    assert "<strong>lost</strong>" in sent.html
    world.amara.post(f"/messages/{sent.pk}/undo/")
    assert "&lt;strong&gt;lost" in page(world, message)
    choose_undo_seconds(0, by=world.amara.actor)
    assert post(world, message, text="Is it lost?", html=html, key="again")[0] == 303
    world.settle()
    mail = BytesParser(policy=SMTP).parsebytes(bytes(CaughtMail.objects.get().raw))
    page_of_it = mail.get_body(("html",))
    assert page_of_it is not None
    told = page_of_it.get_content()
    assert "lost</strong>" in told
    assert told.index("lost</strong>") < told.index("It is &lt;b&gt;broken"), "above what goes on"
