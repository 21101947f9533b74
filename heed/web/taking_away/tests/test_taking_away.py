"""A conversation on paper, as data and as mails: what is in it, what is not, and who may have it."""

import json
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest

from heed.conversations.actions.answering import Wait, add_note, reply
from heed.conversations.models import Conversation, RawMail
from heed.eventlog.kinds import MailDownloaded
from heed.kernel import blobs, clock
from heed.kernel.config import config
from heed.kernel.words import HeldFor, MessageId
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World
from heed.web.taking_away import views


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
    with assert_queries(at_most=6):
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


def test_what_is_too_large_is_said_to_be(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = told(world)
    monkeypatch.setattr(views, "config", replace(config, export_max_bytes=10))
    for what in ("json/", "mails/"):
        assert world.edda.get(f"/inbox/all-open/{row.pk}/{what}").status_code == 422
    assert MailDownloaded.name not in world.kinds(row)
