"""Beginning a conversation: to a customer, or what a customer told us elsewhere."""

from base64 import b64decode
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from heed.answering.actions.saved_replies import Wanted, add_saved_reply, attach_to_reply
from heed.answering.models import SavedReplyFile
from heed.conversations.models import Attachment, Conversation, Message
from heed.conversations.richtext import HTML_CHARACTERS
from heed.delivery.actions.setup import add_inbox_address
from heed.delivery.models import CaughtMail
from heed.kernel import blobs
from heed.kernel.words import Direction, Status, TeamId
from heed.people.models import Customer
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World

PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def post(world: World, who: Colleague, **values: Any) -> HttpResponse:
    fields = {
        "direction": "out",
        "inbox": str(world.help.pk),
        "to": "petra@example.org",
        "subject": "Your bell",
        "text": "It is ready.",
        "then": "waiting",
        "key": "one",
    }
    return who.post("/new/", {**fields, **values})


def test_a_message_to_a_new_customer_is_sent_and_the_writer_is_shown_its_conversation(world: World) -> None:
    answer = post(world, world.amara, to="Petra Vogt <Petra@Example.org>")
    row = Conversation.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/conversations/{row.pk}/")
    assert (row.assignee_id, row.team_id, row.status) == (
        world.amara.row.pk,
        world.payments.pk,
        Status.WAITING,
    )
    assert row.customer is not None
    assert row.customer.name == "Petra Vogt"
    world.settle()
    assert CaughtMail.objects.get().recipients == ["petra@example.org"]


def test_a_known_customer_is_not_made_twice(world: World) -> None:
    before = Customer.objects.count()
    post(world, world.amara, to=world.dalia.address)
    assert Conversation.objects.get().customer_id == world.dalia.id
    assert Customer.objects.count() == before


def test_cc_and_bcc_are_read_with_their_names(world: World) -> None:
    post(world, world.amara, cc='"Vogt, Petra" <p@example.net>; jo@example.com', bcc="boss@example.net")
    message = Message.objects.get()
    assert message.cc == [["Vogt, Petra", "p@example.net"], ["", "jo@example.com"]]
    assert message.bcc == [["", "boss@example.net"]]


def test_the_same_form_posted_twice_sends_once(world: World) -> None:
    first, second = post(world, world.amara), post(world, world.amara)
    assert first.headers["Location"] == second.headers["Location"]
    assert Message.objects.count() == 1


def test_what_a_customer_told_elsewhere_is_theirs_and_nothing_is_mailed(world: World) -> None:
    post(world, world.amara, direction="in", to=world.dalia.address)
    message = Message.objects.get()
    assert (message.direction, message.customer_id) == (Direction.IN, world.dalia.id)
    assert message.conversation.status == Status.OPEN
    world.settle()
    assert not CaughtMail.objects.exists()


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"to": "petra"}, "to", "is not an e-mail address"),
        ({"to": "a@ours.example)b@theirs.example"}, "to", "is not an e-mail address"),
        ({"to": "a@b.example\r\nBcc: c@d.example"}, "to", "is not an e-mail address"),
        ({"to": ""}, "to", "Nobody would get this"),
        ({"cc": "petra@example.org, nobody"}, "cc", "nobody"),
        ({"to": "help@linden.example"}, "to", "one of our own addresses"),
        ({"bcc": "Hello+x@Kestrel.example"}, "bcc", "one of our own addresses"),
        ({"subject": " "}, "subject", "still empty"),
        ({"subject": "x" * 501}, "subject", "too long"),
        ({"text": "\n"}, "text", "still empty"),
        ({"text": "x" * 200_001}, "text", "too long"),
        ({"inbox": "999"}, "inbox", "no longer there"),
        ({"direction": "in", "to": "a@example.org, b@example.org"}, "to", "one customer"),
        ({"direction": "in", "to": "bruno@desk.example"}, "to", "colleague"),
        ({"to": ", ".join(f"a{n}@example.org" for n in range(101))}, "to", "more recipients"),
    ],
)
def test_what_cant_be_used_comes_back_at_its_field_with_all_that_was_written(
    world: World, values: dict[str, str], field: str, words: str
) -> None:
    answer = post(world, world.amara, **values)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="new-error-{field}"' in page
    assert words in page
    assert "It is ready." in page or "text" in values
    assert not Conversation.objects.exists()
    assert not CaughtMail.objects.exists()


@pytest.mark.parametrize("inbox", ["workshop", "hello"])
def test_nobody_writes_from_an_inbox_of_a_team_that_is_not_theirs(world: World, inbox: str) -> None:
    answer = post(world, world.amara, inbox=str(getattr(world, inbox).pk))
    assert answer.status_code == 422
    page = world.amara.get("/new/").content.decode()
    assert world.help.address in page
    assert getattr(world, inbox).address not in page


def test_an_admin_writes_from_every_inbox(world: World) -> None:
    assert post(world, world.chen, inbox=str(world.hello.pk)).status_code == 303
    assert Conversation.objects.get().team_id == world.charts.pk


def test_a_file_stays_with_the_form_until_it_is_sent(world: World) -> None:
    file = SimpleUploadedFile("plan.txt", b"left, then right", "text/plain")
    page = post(world, world.amara, subject="", files=file).content.decode()
    kept = Attachment.objects.get()
    assert f'name="kept" value="{kept.pk}"' in page
    post(world, world.amara, kept=str(kept.pk))
    assert [row.filename for row in Message.objects.get().attachments.all()] == ["plan.txt"]


def test_a_file_that_was_taken_out_is_not_sent(world: World) -> None:
    post(world, world.amara, subject="", files=SimpleUploadedFile("plan.txt", b"left", "text/plain"))
    kept = Attachment.objects.get()
    answer = post(world, world.amara, kept=str(kept.pk), remove=f"file:{kept.pk}")
    assert answer.status_code == 200
    assert "plan.txt" not in answer.content.decode()
    assert not Conversation.objects.exists()


def test_a_file_of_somebody_else_is_not_taken_along(world: World) -> None:
    post(
        world,
        world.bruno,
        inbox=str(world.workshop.pk),
        subject="",
        files=SimpleUploadedFile("a.txt", b"secret", "text/plain"),
    )
    kept = Attachment.objects.get()
    answer = post(world, world.amara, kept=str(kept.pk))
    assert answer.status_code == 422
    assert "a.txt" not in answer.content.decode()
    assert not Conversation.objects.exists()


def test_files_that_are_too_large_together_are_refused_before_they_are_kept(
    world: World, settings: Any
) -> None:
    answer = post(world, world.amara, files=SimpleUploadedFile("big.bin", b"x" * 25_000_001))
    assert answer.status_code == 422
    assert "too large together" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_htmx_gets_the_form_alone_and_is_led_to_the_conversation(world: World) -> None:
    wrong = world.amara.post("/new/", {"direction": "out"}, **{"HX-Request": "true"})
    assert wrong.status_code == 422
    assert "<html" not in wrong.content.decode()
    fields = {"inbox": str(world.help.pk), "to": "p@example.org", "subject": "A", "text": "B"}
    right = world.amara.post("/new/", fields, **{"HX-Request": "true"})
    assert right.status_code == 204
    assert right.headers["HX-Redirect"] == f"/conversations/{Conversation.objects.get().pk}/"


@pytest.mark.parametrize(("who", "status"), [("amara", 200), ("farid", 404), ("nobody", 302)])
def test_who_may_begin_a_conversation(world: World, who: str, status: int) -> None:
    assert world.colleague(who).get("/new/").status_code == status
    if status == 404:
        assert post(world, world.colleague(who)).status_code == 404
        assert not Conversation.objects.exists()


def test_the_form_says_whose_address_it_is_and_what_is_open(world: World) -> None:
    row = world.conversation(subject="The chain slips")
    page = world.amara.get(f"/new/known/?to={world.dalia.address}").content.decode()
    assert "Dalia Haddad" in page
    assert f"/conversations/{row.pk}/" in page
    assert "Dalia Haddad" not in world.amara.get("/new/known/?to=dalia").content.decode()


def test_a_customer_of_another_team_is_not_told(world: World) -> None:
    world.conversation()
    for who in (world.bruno, world.gita):
        assert "Dalia" not in who.get(f"/new/known/?to={world.dalia.address}").content.decode()


def test_the_form_needs_few_queries(world: World) -> None:
    for _ in range(5):
        world.conversation()
    amara = world.amara.client
    with assert_queries(at_most=12):
        amara.get(f"/new/?to={world.dalia.address}")


def test_a_new_conversation_leaves_from_a_further_address_of_its_inbox_and_of_no_other(world: World) -> None:
    add_inbox_address(world.help, address="billing@linden.example", by=SYSTEM)
    add_inbox_address(world.workshop, address="parts@linden.example", by=SYSTEM)
    chosen = f"{world.help.pk}:billing@linden.example"
    page = world.amara.get("/new/").content.decode()
    assert f'<option value="{chosen}">Linden Bikes, billing@linden.example</option>' in page
    assert "parts@linden.example" not in page
    assert post(world, world.amara, inbox=f"{world.help.pk}:parts@linden.example").status_code == 422
    assert post(world, world.amara, inbox=chosen, key="other").status_code == 303
    assert Message.objects.get(direction="out").from_address == "billing@linden.example"


FORMED = "<p>It is <strong>ready</strong>.</p><script>alert(1)</script>"


@pytest.mark.parametrize("direction", ["out", "in"])
def test_what_is_written_with_a_form_keeps_it_and_its_images(world: World, direction: str) -> None:
    pixel = SimpleUploadedFile("bell.png", PNG, content_type="image/png")
    (kept,) = world.amara.post("/writing/files/", {"images": pixel}).json()["files"]  # type: ignore[attr-defined]  # of a test's response
    html = f'{FORMED}<p><img src="/attachments/{kept["id"]}/?inline=1" alt="bell"></p>'
    assert post(world, world.amara, text="It is ready.", html=html, direction=direction).status_code == 303
    message = Message.objects.get()
    assert "<strong>ready</strong>" in message.html
    assert "script" not in message.html
    assert message.text.startswith("It is ready.")
    assert message.attachments.get().pk == kept["id"]


def test_a_form_that_comes_back_has_its_text_as_it_was_written(world: World) -> None:
    page = post(world, world.amara, to="petra", text="It is ready.", html=FORMED).content.decode()
    assert 'data-html="&lt;p&gt;It is &lt;strong&gt;ready&lt;/strong&gt;' in page
    long = post(world, world.amara, html="<p>" + "<b>a</b> " * (HTML_CHARACTERS // 9) + "</p>")
    assert (long.status_code, "At most 400000 characters fit" in long.content.decode()) == (422, True)


def test_nobody_sends_the_image_of_another_writer(world: World) -> None:
    pixel = SimpleUploadedFile("bell.png", PNG, content_type="image/png")
    (kept,) = world.bruno.post("/writing/files/", {"images": pixel}).json()["files"]  # type: ignore[attr-defined]  # of a test's response
    html = f'<p>See <b>this</b> <img src="/attachments/{kept["id"]}/?inline=1" alt=""></p>'
    post(world, world.amara, html=html)
    assert "img" not in Message.objects.get().html
    assert Attachment.objects.get().message_id is None


def test_a_saved_reply_is_filled_in_with_what_the_form_says(world: World) -> None:
    text = "Dear {{ customer.first_name }}, about {{ conversation.subject }}, {{ inbox.address }}"
    wanted = Wanted(name="Refund", texts={"en": text, "de": "Hallo"}, team=TeamId(world.payments.pk))
    reply = add_saved_reply(world.linden, wanted=wanted, by=world.edda.actor)
    attach_to_reply(
        reply,
        file=SavedReplyFile(blob_id=blobs.put(b"bell"), filename="bell.txt", content_type="x/y", size=4),
        by=world.edda.actor,
    )
    asked = f"/new/saved-replies/?q=ref&inbox={world.help.pk}&subject=Bells&to="
    world.amara.get(f"{asked}petra@example.org")
    with assert_queries(at_most=10):
        (told,) = world.amara.get(f"{asked}Petra%20Vogt%20<petra@example.org>").json()["replies"]  # type: ignore[attr-defined]  # of a test's response
    assert told["text"] == "Dear Petra, about Bells, help@linden.example"
    (known,) = world.amara.get(asked + world.dalia.address).json()["replies"]  # type: ignore[attr-defined]  # of a test's response
    assert known["text"].startswith("Dear ⟦")  # she was never met here: what others know of her is not told
    world.conversation()
    (known,) = world.amara.get(asked + world.dalia.address).json()["replies"]  # type: ignore[attr-defined]  # of a test's response
    assert known["text"].startswith("Dear Dalia")
    (file,) = world.amara.post(told["files"]).json()["files"]  # type: ignore[attr-defined]  # of a test's response
    assert (file["name"], Attachment.objects.get(pk=file["id"]).uploaded_by_id) == (
        "bell.txt",
        world.amara.row.pk,
    )
    foreign = f"/new/saved-replies/?q=ref&inbox={world.hello.pk}"
    assert world.amara.get(foreign).json() == {"replies": []}  # type: ignore[attr-defined]  # of a test's response
    assert world.farid.get(asked).status_code == 404
