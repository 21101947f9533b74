"""Commands that look at a desk and help it: status, check, parked, retry, replay, export, import, inspect."""

import json
from pathlib import Path

import pytest

from heed import flow
from heed.cli.main import main
from heed.conversations.models import Conversation, Count, Message, RawMail
from heed.eventlog.models import ParkedEvent
from heed.eventlog.reader import Consumer, last_event_id
from heed.intake.models import Receipt, ReceiptPart
from heed.intake.receipts import accepted_now, keep
from heed.kernel import blobs, clock
from heed.kernel.words import Origin, Status
from heed.people.policy import SYSTEM
from heed.testing.world import World

Capture = pytest.CaptureFixture[str]


def ask(capsys: Capture, *words: str) -> tuple[int, object]:
    capsys.readouterr()
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def park_one(world: World) -> Receipt:
    """A mail with headers that are none, which no reader takes."""
    raw = b"X: " + b"y" * 3_000_000 + b"\r\n\r\nhello\r\n"
    [receipt] = keep(
        [accepted_now(raw, mail_from="", recipients=[world.help.address])], origin=Origin.LIVE, by=SYSTEM
    )
    world.settle()
    receipt.refresh_from_db()
    assert receipt.state == "parked"
    return receipt


def test_a_desk_is_settled_when_nothing_waits(world: World, capsys: Capture) -> None:
    world.mail_from(world.dalia)
    code, status = ask(capsys, "status")
    assert isinstance(status, dict)
    assert (code, status["settled"], status["waiting"]["mail"]) == (0, False, 1)
    world.settle()
    code, status = ask(capsys, "status")
    assert isinstance(status, dict)
    assert (code, status["settled"]) == (0, True)
    assert set(status["waiting"].values()) == {0}
    assert set(status["waiting"]) == {"events", *(work.name for work in flow.DUE)}


def test_a_healthy_desk_has_no_findings(world: World, capsys: Capture) -> None:
    world.mail_from(world.dalia)
    world.settle()
    park_one(world)
    code, found = ask(capsys, "check", "--bytes")
    assert (code, found) == (0, {"ok": True, "findings": [], "parked": {"mail": 1, "events": 0}})


def test_what_does_not_agree_is_found(unchecked_world: World, capsys: Capture) -> None:
    world = unchecked_world
    receipts = [world.mail_from(world.dalia, subject=f"Question {number}") for number in range(4)]
    world.settle()
    Conversation.objects.filter(pk=Conversation.objects.first().pk).update(status=Status.SOLVED)  # type: ignore[union-attr]  # there are four
    Count.objects.filter(status=Status.OPEN).update(number=40)
    RawMail.objects.filter(sha256=receipts[1].sha256).delete()
    blobs.delete(receipts[2].sha256)
    Receipt.objects.filter(pk=receipts[3].pk).update(state="waiting", due_at=None)
    code, found = ask(capsys, "check")
    assert isinstance(found, dict)
    assert (code, found["ok"]) == (1, False)
    said = [f"{finding['where']}: {finding['what']}" for finding in found["findings"]]
    for expected in (
        "status is solved, the log says open",
        "menu: count",
        f"receipt {receipts[1].pk}: was read, but no message came of it",
        "came in, but the mail it came in is not known",
        f"receipt {receipts[2].pk}: its bytes are in neither",
        f"receipt {receipts[3].pk}: waits to be read, but no worker will ever look at it",
    ):
        assert any(expected in line for line in said), (expected, said)


def test_missing_parts_of_a_mail_are_found(unchecked_world: World, capsys: Capture) -> None:
    receipt = unchecked_world.mail_from(unchecked_world.dalia)
    assert ask(capsys, "check")[0] == 0
    ReceiptPart.objects.filter(receipt=receipt).delete()
    code, found = ask(capsys, "check")
    assert code == 1
    assert f"has 0 of its {receipt.size} bytes" in str(found)


def test_a_mail_that_nobody_will_send_is_found(unchecked_world: World, capsys: Capture) -> None:
    world = unchecked_world
    conversation = world.conversation()
    world.settle()
    assert ask(capsys, "check")[0] == 0
    world.answered(conversation)
    world.settle()
    Message.objects.filter(direction="out").update(state="queued")
    code, found = ask(capsys, "check")
    assert code == 1
    assert "waits to be sent, but no worker will ever send it" in str(found)


def test_parked_mail_is_listed_and_read_again(world: World, capsys: Capture) -> None:
    receipt = park_one(world)
    code, found = ask(capsys, "mail", "parked")
    assert isinstance(found, list)
    assert code == 0
    [row] = found
    assert (row["id"], row["reason"], row["sha256"]) == (receipt.pk, receipt.reason, receipt.sha256)
    assert main(["mail", "retry", str(receipt.pk)]) == 0
    receipt.refresh_from_db()
    assert receipt.state == "waiting"
    assert main(["mail", "retry", str(receipt.pk)]) == 1
    world.settle()
    assert main(["mail", "retry", "--all"]) == 0
    assert main(["mail", "parked"]) == 0


def test_parked_events_are_listed_and_replayed(
    world: World, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.conversation()
    world.settle()
    event = last_event_id()
    ParkedEvent.objects.create(event_id=event, consumer="glad", error="KeyError", at=clock.now())
    assert main(["replay"]) == 0
    assert f"event {event}  glad" in capsys.readouterr().out
    assert main(["replay", "0"]) == 1
    assert main(["replay", "--all"]) == 1  # there is no such consumer
    glad = Consumer("glad", (object,), lambda event: None)  # type: ignore[arg-type]  # hears everything
    monkeypatch.setattr(flow, "CONSUMERS", (*flow.CONSUMERS, glad))
    assert main(["replay", str(event)]) == 0
    assert not ParkedEvent.objects.exists()


def test_every_conversation_is_exported_with_its_messages(world: World, capsys: Capture) -> None:
    world.mail_from(world.dalia, subject="The chain slips")
    world.settle()
    conversation = Conversation.objects.get()
    world.answered(conversation)
    world.settle()
    capsys.readouterr()
    assert main(["export", "conversations"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert set(found) == {"reference", "brand", "inbox", "status", "subject", "customer", "messages"}
    assert found["reference"] == f"#{conversation.pk}"
    assert (found["brand"], found["inbox"]) == ("Linden Bikes", "help@linden.example")
    assert (found["customer"], found["subject"]) == ("dalia@example.org", "The chain slips")
    keys = {"message_id", "direction", "from", "to", "cc", "subject", "at", "state", "raw_sha256"}
    assert all(set(message) == keys for message in found["messages"])
    incoming = found["messages"][0]
    assert (incoming["direction"], incoming["from"]) == ("in", "dalia@example.org")
    assert incoming["raw_sha256"] == [Receipt.objects.get().sha256]
    assert "out" in {message["direction"] for message in found["messages"]}


def test_history_comes_in_once_and_quietly(world: World, tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "old" / "2025"
    folder.mkdir(parents=True)
    for number in range(3):
        text = f"From: old{number}@example.org\nTo: help@linden.example\nMessage-ID: <{number}@old>\n\nx\n"
        (folder / f"{number}.eml").write_bytes(text.encode())
    (folder / "notes.txt").write_text("no mail")
    words = ["import", "mail", str(tmp_path / "old"), "--inbox", "help@linden.example"]
    assert main(words) == 0
    assert "3 mails were brought in" in capsys.readouterr().out
    assert main(words) == 0
    assert "0 mails were brought in, 3 were here already" in capsys.readouterr().out
    assert Message.objects.count() == 3
    assert {row.origin for row in Receipt.objects.all()} == {"import"}
    assert main([*words[:-1], "nobody@linden.example"]) == 1
    assert "no inbox" in capsys.readouterr().err
    assert main([*words[:2], str(tmp_path / "none"), *words[3:]]) == 1


def test_a_mail_says_what_is_seen_in_it_and_where_it_would_go(
    world: World, tmp_path: Path, capsys: Capture
) -> None:
    world.mail_from(world.dalia)
    world.settle()
    known = Message.objects.get(direction="in")
    size = last_event_id()
    mail = tmp_path / "one.eml"
    mail.write_bytes(
        f"From: Dalia <dalia@example.org>\nTo: help@linden.example\nMessage-ID: <n@x>\n"
        f"References: <{known.message_id}>\nSubject: Re: The chain slips\n\nStill slips.\n".encode()
    )
    code, found = ask(capsys, "mail", "inspect", str(mail))
    assert isinstance(found, dict)
    assert (code, found["from"], found["visible_reply"].strip()) == (0, "dalia@example.org", "Still slips.")
    [place] = found["threads"]
    assert (place["brand"], place["conversation"], place["joined_by"]) == (
        "Linden Bikes",
        known.conversation_id,
        "references",
    )
    assert main(["mail", "inspect", str(mail)]) == 0
    assert f"conversation #{known.conversation_id}" in capsys.readouterr().out
    assert last_event_id() == size
    assert main(["mail", "inspect", str(tmp_path / "none.eml")]) == 1
    assert "can't be read" in capsys.readouterr().err
    mail.write_bytes(b"X: " + b"y" * 3_000_000 + b"\n\nhello\n")
    assert main(["mail", "inspect", str(mail)]) == 1
    assert "parked" in capsys.readouterr().out
