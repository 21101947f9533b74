"""Scenario 1: one mail of two hundred can't be read and one is of 300 MB; the others become messages."""

import resource
import tracemalloc
from io import SEEK_END
from pathlib import Path

from heed.conversations.models import Message
from heed.eventlog.kinds import MailParked
from heed.eventlog.reader import read_after
from heed.intake.history import park_large
from heed.intake.models import Receipt
from heed.intake.tests.letters import HELP, arrives, letter
from heed.intake.tests.test_parking import BOTTOMLESS
from heed.kernel import blobs
from heed.kernel.words import Direction, ParkReason, ReceiptState
from heed.testing.world import World

MAILS, UNREADABLE, LARGE = 200, 17, 40
LARGE_BYTES = 300_000_000
HELD_BYTES = 20_000_000  # of memory that the large mail may take on its way


def large_file(folder: Path) -> Path:
    """A mail of 300 MB, as the pipe writes it down; mostly a hole, so that the test costs no disk."""
    path = folder / "large.eml"
    with path.open("wb") as file:
        file.write(b"From: Dalia <dalia@example.org>\r\nSubject: Everything I have\r\n\r\n")
        file.truncate(LARGE_BYTES)
    return path


def test_two_of_two_hundred_mails_wait_with_their_reasons_and_the_others_are_read(
    world: World, tmp_path: Path
) -> None:
    tracemalloc.start()
    for number in range(1, MAILS + 1):
        if number == LARGE:
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            park_large(large_file(tmp_path), to=HELP, sender="dalia@example.org")
            assert tracemalloc.get_traced_memory()[1] - before < HELD_BYTES
            tracemalloc.stop()
        else:
            arrives(BOTTOMLESS if number == UNREADABLE else letter(f"{number}@example.org"))
    before_reading = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    world.settle()

    assert Message.objects.filter(direction=Direction.IN).count() == MAILS - 2
    parked = Receipt.objects.filter(state=ReceiptState.PARKED).order_by("pk")
    assert {receipt.reason for receipt in parked} == {ParkReason.UNREADABLE, ParkReason.TOO_LARGE}
    assert len(parked) == 2
    said = [event.data for event in read_after(0, limit=5_000) if isinstance(event.data, MailParked)]
    assert {kind.receipt for kind in said} == {receipt.pk for receipt in parked}
    large = parked.get(reason=ParkReason.TOO_LARGE)
    with blobs.open_blob(large.sha256) as kept:
        assert (large.size, kept.seek(0, SEEK_END)) == (LARGE_BYTES, LARGE_BYTES)
    blobs.delete(large.sha256)  # nobody else wants so much on their disk
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_reading) * 1024 < LARGE_BYTES / 3

    page = world.chen.get("/settings/parked/").content.decode()
    for receipt in parked:
        assert f"/settings/parked/mails/{receipt.pk}/retry/" in page
