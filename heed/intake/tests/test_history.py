"""Imported history: each mail once, closed and quiet, however often and whatever it is."""

from pathlib import Path

import pytest

from heed.cli.main import main
from heed.conversations.models import Conversation, Message
from heed.delivery.models import Delivery
from heed.eventlog.models import EventRow
from heed.intake.history import keep_history, park_large_history
from heed.intake.models import Receipt, ReceiptPart
from heed.intake.receipts import raw_of, try_again
from heed.intake.tests.letters import HELP, arrives, letter, received
from heed.kernel import blobs
from heed.kernel.words import Direction, Origin, ParkReason, ReceiptState, Status
from heed.people.policy import SYSTEM
from heed.promises.models import AutomaticMail
from heed.testing.world import World

Capture = pytest.CaptureFixture[str]


def bring(folder: Path) -> int:
    return main(["import", "mail", str(folder), "--inbox", HELP])


def test_history_is_closed_owed_nothing_and_answered_by_nobody(world: World) -> None:
    keep_history([letter("a@x")], inbox=HELP)
    world.settle()
    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.next_due_at) == (Status.CLOSED, None)
    assert not Message.objects.filter(direction=Direction.OUT).exists()
    assert not Delivery.objects.exists()
    assert not AutomaticMail.objects.exists()
    assert {row.origin for row in EventRow.objects.all()} == {Origin.IMPORT}
    live = received(world, letter("b@y", sender="new@other.example"), mail_from="new@other.example")
    assert live.conversation.next_due_at is not None  # the same mail, live: it is owed an answer
    assert live.conversation.messages.filter(direction=Direction.OUT).count() == 1


def test_a_mail_that_the_desk_has_already_is_not_brought_in_again(world: World) -> None:
    arrives(letter("a@x"))
    raw = raw_of([Receipt.objects.get().pk]).popitem()[1]
    world.settle()
    assert keep_history([raw, raw], inbox=HELP) == 0
    assert keep_history([b"Received: by an older server\r\n" + raw], inbox=HELP) == 1
    world.settle()
    message = Message.objects.get(direction=Direction.IN)
    assert message.raws.count() == 2
    assert keep_history([raw], inbox="hello@kestrel.example") == 1  # another brand's inbox has it not
    world.settle()
    assert Message.objects.filter(direction=Direction.IN).count() == 2


def test_a_thread_is_one_conversation_in_whatever_order_its_files_come(world: World) -> None:
    keep_history([letter("c@x", refers=["b@x"]), letter("a@x"), letter("b@x", refers=["a@x"])], inbox=HELP)
    world.settle()
    assert Conversation.objects.filter(merged_into__isnull=True).count() == 1


def test_a_mail_too_large_to_be_read_is_parked_and_never_held_in_the_database(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "large.eml"
    with path.open("wb") as file:
        file.write(letter("a@x"))
        file.truncate(60_000_000)
    assert [park_large_history(path, inbox=HELP) for _ in range(2)] == [1, 0]
    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.reason) == (ReceiptState.PARKED, ParkReason.TOO_LARGE)
    assert not ReceiptPart.objects.exists()
    assert blobs.exists(receipt.sha256)
    try_again(receipt, by=SYSTEM)
    world.settle()
    receipt.refresh_from_db()
    assert receipt.reason == ParkReason.TOO_LARGE


def test_what_is_no_mail_is_skipped_with_a_line_and_what_cannot_be_opened_is_named(
    world: World, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.eml").write_bytes(letter("a@x"))
    (tmp_path / "1.EML").write_bytes(letter("b@x"))
    (tmp_path / "notes.txt").write_text("no mail")
    (tmp_path / "empty.eml").touch()
    (tmp_path / "gone.eml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.eml").mkdir()
    assert bring(tmp_path) == 1
    said = capsys.readouterr()
    assert "2 mails were brought in, 0 were here already" in said.out
    assert said.err.count("skipped: ") == 1
    assert "notes.txt" in said.err
    assert said.err.count("left out: ") == 2
    assert "empty.eml: empty" in said.err
    assert Message.objects.count() == 2


def test_one_unreadable_file_is_parked_and_the_others_come_in(
    world: World, tmp_path: Path, capsys: Capture
) -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(40))
    (tmp_path / "1.eml").write_bytes(deep)
    (tmp_path / "2.eml").write_bytes(letter("b@x"))
    assert bring(tmp_path) == 0
    assert Message.objects.count() == 1
    assert Receipt.objects.get(state=ReceiptState.PARKED).reason == ParkReason.UNREADABLE
    assert "heed mail parked" in capsys.readouterr().out
