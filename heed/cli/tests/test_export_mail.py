"""Leaving: every mail as a file, byte for byte, and into an empty desk again with the same bytes."""

import hashlib
import json
from pathlib import Path
from typing import IO, Any

import pytest
from django.core.files.storage import default_storage

from heed.cli import export_mail
from heed.cli.main import main
from heed.cli.tests.test_main import run
from heed.conversations.actions.answering import add_note, reply
from heed.conversations.models import Conversation, Message, RawMail
from heed.intake.queries import open_raw
from heed.intake.receipts import park
from heed.intake.work import move_raw
from heed.kernel import blobs
from heed.kernel.words import Direction, ParkReason
from heed.people.policy import SYSTEM
from heed.testing.world import World

Capture = pytest.CaptureFixture[str]
HELP = "help@linden.example"


def exported(folder: Path, capsys: Capture, code: int = 0) -> str:
    assert main(["export", "mail", str(folder)]) == code
    return capsys.readouterr().out


def hashes(folder: Path) -> list[str]:
    return sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.eml"))


def grown(world: World) -> None:
    """A conversation that was answered, with a note; and one more, by somebody else."""
    world.mail_from(world.dalia)
    world.mail_from(world.jonas)
    world.settle()
    conversation = Conversation.objects.get(customer=world.dalia.row)
    reply(conversation, answer=world.answer(text="We will mend it."), by=world.amara.actor)
    add_note(conversation, text="He rides to work.", sent_once="", files=(), by=world.amara.actor)
    world.settle()


def test_every_mail_is_written_byte_for_byte_by_inbox_and_conversation(
    world: World, tmp_path: Path, capsys: Capture
) -> None:
    grown(world)
    said = exported(tmp_path / "out", capsys)
    kept = sorted(RawMail.objects.values_list("sha256", flat=True))
    assert hashes(tmp_path) == kept
    assert len(kept) > 3  # acknowledgements as well
    assert f"{len(kept)} mails" in said
    answer = Message.objects.get(text__contains="We will mend it.")
    place = tmp_path / "out/mail" / HELP / f"{answer.conversation_id:09}"
    assert (place / f"{answer.pk:09}.sent.eml").exists()
    written = Message.objects.filter(conversation=answer.conversation, direction=Direction.IN)[0]
    assert (place / f"{written.pk:09}.eml").read_bytes().startswith(b"From: ")
    [text] = (tmp_path / "out/notes").rglob("*-note.txt")
    assert "He rides to work." in text.read_text()
    assert "By: Amara" in text.read_text()


def test_a_second_run_writes_what_is_missing_and_mends_what_is_damaged(
    world: World, tmp_path: Path, capsys: Capture
) -> None:
    grown(world)
    exported(tmp_path, capsys)
    first, second, *others = sorted(tmp_path.rglob("*.eml"))
    content = second.read_bytes()
    first.unlink()
    second.write_bytes(content[:-1])
    times = {path: path.stat().st_mtime_ns for path in others}
    assert "2 mails and" in exported(tmp_path, capsys)
    assert second.read_bytes() == content
    assert first.exists()
    assert {path: path.stat().st_mtime_ns for path in others} == times
    assert not [path for path in tmp_path.rglob(".*") if path.is_file()]


def test_mail_that_nobody_could_read_goes_along(world: World, tmp_path: Path, capsys: Capture) -> None:
    receipt = world.mail_from(world.dalia)
    park(receipt, reason=ParkReason.UNREADABLE, detail="", by=SYSTEM)
    exported(tmp_path, capsys)
    [path] = tmp_path.rglob("*.eml")
    assert path.parent == tmp_path / "mail" / HELP / "unread"
    assert hashes(tmp_path) == [receipt.sha256]


def test_what_is_lost_or_damaged_is_named_and_holds_up_nothing(
    world: World, tmp_path: Path, capsys: Capture
) -> None:
    grown(world)
    while move_raw():
        pass
    names = list(RawMail.objects.order_by("pk").values_list("sha256", flat=True))
    stored = [Path(default_storage.path(blobs.path_of(name))) for name in names[:2]]
    stored[0].unlink()
    stored[1].chmod(0o600)
    stored[1].write_bytes(b"gnawed by mice")
    assert main(["export", "mail", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.count("not kept any more") == 1
    assert said.count("damaged") == 1
    assert len(hashes(tmp_path)) == len(names) - 1
    stored[1].unlink()  # another test may bring the same bytes within this second


def test_stopped_by_hand_it_says_so_and_leaves_no_half_mail(
    world: World, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown(world)
    real = open_raw
    asked: list[str] = []

    def stop_at_the_second(sha256: str) -> IO[Any]:
        asked.append(sha256)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return real(sha256)

    monkeypatch.setattr(export_mail, "open_raw", stop_at_the_second)
    assert "goes on from here" in exported(tmp_path, capsys, code=130)
    assert len(hashes(tmp_path)) == 1
    monkeypatch.setattr(export_mail, "open_raw", real)
    exported(tmp_path, capsys)
    assert hashes(tmp_path) == sorted(RawMail.objects.values_list("sha256", flat=True))


def test_a_folder_that_can_not_be_written_is_said_in_words(
    world: World, tmp_path: Path, capsys: Capture
) -> None:
    grown(world)
    (tmp_path / "mail").write_text("in the way")
    assert main(["export", "mail", str(tmp_path)]) == 1
    assert "What was written stays." in capsys.readouterr().err


def test_an_empty_desk_takes_all_of_it_in_with_the_same_bytes(
    world: World, tmp_path: Path, capsys: Capture
) -> None:
    grown(world)
    exported(tmp_path / "old", capsys)
    home = tmp_path / "new"
    words = ("init", "--brand", "Linden", "--inbox", HELP, "--admin", "ana@desk.example")
    assert run(home, *words, HEED_ADMIN_PASSWORD="quiet brown river").returncode == 0
    source = tmp_path / "old/mail" / HELP
    brought = run(home, "import", "mail", str(source), "--inbox", HELP)
    assert brought.returncode == 0, brought.stderr
    assert "left out" not in brought.stderr
    rows = [json.loads(line) for line in run(home, "export", "conversations").stdout.splitlines()]
    messages = [message for row in rows for message in row["messages"]]
    assert sorted(raw for one in messages for raw in one["raw_sha256"]) == hashes(source)
    assert {one["direction"] for one in messages} == {"in", "out"}
    assert len(rows) == 2  # an answer and its question are one conversation again
    assert run(home, "export", "mail", str(tmp_path / "again")).returncode == 0
    assert hashes(tmp_path / "again") == hashes(source)
    again = run(home, "import", "mail", str(source), "--inbox", HELP)
    assert "0 mails were brought in" in again.stdout
