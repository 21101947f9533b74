"""A conversation on paper, as data and as mails: what is in it, what is not, and who may have it."""

import json
import tracemalloc
from base64 import b64decode
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from unicodedata import normalize
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from heed.conversations import queries
from heed.conversations.actions.admitting import admit
from heed.conversations.actions.answering import Wait, add_note, reply
from heed.conversations.actions.receiving import receive
from heed.conversations.incoming import StoredFile
from heed.conversations.models import Conversation, Message, RawMail
from heed.conversations.queries.whole import EVERYTHING, whole
from heed.eventlog.kinds import MailDownloaded
from heed.files import turns
from heed.kernel import blobs, clock
from heed.kernel.config import config
from heed.kernel.words import Flag, HeldFor, MessageId
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World
from heed.web.taking_away import pdf, views

PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def taken(who: Colleague, row: Conversation, what: str) -> bytes:
    answer = who.get(f"/inbox/all-open/{row.pk}/{what}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]  # of a file


def told(world: World) -> Conversation:
    """A mail, an answer, a note, and an answer that has not left."""
    world.mail_from(world.dalia, subject="مرحبا", text="أريد استرداد المبلغ 漢字 <b>bold</b>")
    world.settle()
    row = Conversation.objects.latest("pk")
    world.answered(row, text="We refund it.")
    add_note(row, text="She is angry", sent_once="", files=(), by=world.amara.actor)
    later = Wait(clock.now().replace(year=clock.now().year + 1), HeldFor.LATER)
    reply(row, answer=world.answer(text="Not said yet", wait=later), by=world.amara.actor)
    return row


def test_paper_holds_what_was_said_in_its_order_and_notes_only_when_asked(world: World) -> None:
    row = told(world)
    text = taken(world.amara, row, "print/").decode()
    assert text.index("أريد استرداد المبلغ 漢字") < text.index("We refund it.")
    assert "&lt;b&gt;bold" in text
    assert "She is angry" not in text
    assert "Not said yet" not in text
    with_notes = taken(world.amara, row, "print/?notes=1").decode()
    assert "She is angry" in with_notes
    assert "not for customers" in with_notes


def test_paper_says_what_it_leaves_out_and_costs_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "config", replace(config, print_messages=3))
    row = world.conversation(text="The first")
    for number in range(4):
        world.writes(row, text=f"Mail {number}")
    world.amara.get("/inbox/my-turn/")
    with assert_queries(at_most=7):
        text = taken(world.amara, row, "print/").decode()
    assert "The first" not in text
    assert "Mail 3" in text
    assert "Earlier messages are left out here" in text


def test_json_holds_everything_that_was_said_and_says_whether_notes_are_in_it(world: World) -> None:
    row = told(world)
    found = json.loads(taken(world.farid, row, "json/"))
    assert (found["conversation"], found["with_notes"]) == (row.pk, False)
    assert [one["direction"] for one in found["messages"]] == ["out", "out", "in"], "and what acknowledged it"
    assert "漢字" in found["messages"][2]["text"]
    assert "bcc" not in found["messages"][0]
    whole = json.loads(taken(world.farid, row, "json/?notes=1"))
    assert [one["direction"] for one in whole["messages"]] == ["note", "out", "out", "in"]


def test_a_long_conversation_comes_whole_and_once(world: World) -> None:
    row = world.conversation(text="0")
    for number in range(1, 250):
        world.writes(row, text=str(number))
    found = json.loads(taken(world.amara, row, "json/"))
    assert [one["text"] for one in found["messages"]] == [str(number) for number in range(249, -1, -1)]


def test_long_messages_are_not_all_in_memory_at_once(world: World) -> None:
    row = world.conversation()
    for _ in range(19):
        world.writes(row)
    Message.objects.filter(conversation=row).update(text="x" * 500_000)
    here = queries.opened(world.amara.actor, row.pk)
    tracemalloc.start()
    try:
        said = [
            (one.message.pk, len(one.message.text)) for one in whole(here, EVERYTHING, characters=1_000_000)
        ]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert said == [(pk, 500_000) for pk in row.messages.order_by("-pk").values_list("pk", flat=True)]
    # Of ten millions: two pages of two at a time, and what a database driver holds of one.
    assert most < 6_000_000


def test_the_exact_mails_are_in_the_archive_and_who_took_them_is_on_record(world: World) -> None:
    row = told(world)
    kept = RawMail.objects.get(message__conversation=row, message__direction="in")
    archive = ZipFile(BytesIO(taken(world.edda, row, "mails/")))
    name = f"{kept.message_id:09}.eml"
    assert name in archive.namelist()
    assert blobs.put(archive.read(name)) == kept.sha256
    told_of = [(event.actor_id, event.data) for event in world.events(row)]
    assert (
        world.edda.actor.agent_id,
        MailDownloaded(message=MessageId(kept.message_id), receipt=None),
    ) in told_of


@pytest.mark.parametrize("who", ["amara", "farid"])
def test_who_does_not_run_the_desk_gets_no_raw_mails(world: World, who: str) -> None:
    row = told(world)
    assert "mails/" in taken(world.edda, row, "print/").decode()
    assert "mails/" not in taken(world.colleague(who), row, "print/").decode()
    assert world.colleague(who).get(f"/inbox/all-open/{row.pk}/mails/").status_code == 404
    assert MailDownloaded.name not in world.kinds(row)


def words_of(content: bytes) -> str:
    return normalize("NFKC", "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


def test_the_pdf_holds_what_was_said_and_notes_only_when_asked(world: World) -> None:
    row = told(world)
    image = world.incoming(
        customer=world.dalia,
        text="See here",
        files=(
            StoredFile(blobs.put(PIXEL), len(PIXEL), "bell.png", "image/png", content_id="x", is_inline=True),
            StoredFile(blobs.put(b"plan"), 4, "plan.txt", "text/plain"),
        ),
    )
    receive(row, mail=image, by=SYSTEM)
    found = taken(world.amara, row, "pdf/")
    said = words_of(found)
    for words in (
        "أريد استرداد المبلغ",
        "漢字",
        "We refund it.",
        "To: help@linden.example",
        "plan.txt, 4",
        "Page 1 of",
    ):
        assert words in said
    assert said.index("We refund it.") < said.index("See here")
    assert sum(len(page.images) for page in PdfReader(BytesIO(found)).pages) == 1
    assert ("She is angry" in said, "not for customers" in said) == (False, False)
    with_notes = words_of(taken(world.amara, row, "pdf/?notes=1"))
    assert ("She is angry" in with_notes, "not for customers" in with_notes) == (True, True)
    assert "Internal note" in with_notes
    assert "Not said yet" not in with_notes
    assert "pdf/?notes=1" in taken(world.amara, row, "print/?notes=1").decode()


def test_the_pdf_says_what_it_leaves_out_and_costs_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "config", replace(config, pdf_messages=3, pdf_image_bytes=10))
    row = world.conversation(text="The first")
    kept = StoredFile(blobs.put(PIXEL), len(PIXEL), "bell.png", "image/png", content_id="x", is_inline=True)
    for number in range(4):
        receive(
            row, mail=world.incoming(customer=world.dalia, text=f"Mail {number}", files=(kept,)), by=SYSTEM
        )
    world.amara.get("/inbox/my-turn/")
    with assert_queries(at_most=7):
        said = words_of(taken(world.amara, row, "pdf/"))
    assert "The first" not in said
    assert "Mail 3" in said
    assert "Earlier messages are left out here" in said
    assert said.count("An image stands here that can’t be shown.") == 3


def test_a_pdf_that_others_wait_for_or_that_is_too_much_is_said_to_be(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = told(world)
    with ExitStack() as others:
        for _ in range(2):
            others.enter_context(turns.turn())
        monkeypatch.setattr(turns, "WAIT_SECONDS", 0.01)
        answer = world.amara.get(f"/inbox/all-open/{row.pk}/pdf/")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    monkeypatch.setattr(pdf, "config", replace(config, file_read_megabytes=40))
    assert world.amara.get(f"/inbox/all-open/{row.pk}/pdf/").status_code == 422


def test_what_is_too_large_is_said_to_be(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = told(world)
    monkeypatch.setattr(views, "config", replace(config, export_max_bytes=10))
    for what in ("json/", "mails/"):
        assert world.edda.get(f"/inbox/all-open/{row.pk}/{what}").status_code == 422
    assert MailDownloaded.name not in world.kinds(row)


def test_what_is_kept_from_customers_is_only_where_notes_are(world: World) -> None:
    row = world.conversation(text="The chain slips")
    stranger = world.writes(row, customer=world.ines, text="I am her lawyer", flag=Flag.STRANGER)
    for what in ("print/", "json/", "pdf/"):
        read = words_of if what == "pdf/" else bytes.decode
        assert "I am her lawyer" not in read(taken(world.amara, row, what))
        assert "I am her lawyer" in read(taken(world.amara, row, f"{what}?notes=1"))
    admit(stranger, by=world.amara.actor)
    assert "I am her lawyer" in taken(world.amara, row, "print/").decode()


def test_paper_reads_no_more_text_than_there_is_room_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (views, pdf):
        monkeypatch.setattr(room, "config", replace(config, paper_characters=1_000))
    row = world.conversation(text="The first")
    world.writes(row, text="The second")
    world.writes(row, text="Long " * 300)
    text, drawn = taken(world.amara, row, "print/").decode(), words_of(taken(world.amara, row, "pdf/"))
    for said in (text, drawn):
        assert ("Long" in said, "The second" in said) == (True, False)
        assert "Earlier messages are left out here" in said
    world.writes(row, text="Short")
    text = taken(world.amara, row, "print/").decode()
    assert ("Short" in text, "Long" in text) == (True, False)
