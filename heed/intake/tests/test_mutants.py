"""Damaged mails go the whole way, from the door to the answer: no byte is lost, nothing of ours fails, all adds up."""

import hashlib
import os
from collections.abc import Iterator
from itertools import count, islice

from heed.channels.email.envelope import read_envelope
from heed.conversations.models import RawMail
from heed.eventlog.models import ParkedEvent
from heed.intake.models import Receipt
from heed.intake.receipts import accepted_now, keep
from heed.kernel import blobs
from heed.kernel.words import Origin, ParkReason, ReceiptState
from heed.people.policy import SYSTEM
from heed.testing.mutants import mutant, seeds
from heed.testing.world import World

MUTANTS, AT_ONCE = 200, 50
ENGINE_SEED = 102 if "postgres" in os.environ.get("HEED_DATABASE_URL", "") else 101
RECIPIENTS = (
    ["help@linden.example"],
    ["workshop@linden.example"],
    ["help@linden.example", "hello@kestrel.example"],
)


def damaged() -> Iterator[tuple[int, bytes]]:
    """Mutants of whole mails, each with its number."""
    mails = [seed for seed in seeds() if seed.kind == "rfc822"]
    return ((number, mutant(mails, ENGINE_SEED, number).raw) for number in count())


def arrive(number: int, raw: bytes) -> Receipt:
    to = RECIPIENTS[number % len(RECIPIENTS)]
    mail = accepted_now(raw, mail_from=read_envelope(raw).sender, recipients=to)
    return keep([mail], origin=Origin.LIVE, by=SYSTEM)[0]


def lost(raws: dict[int, bytes]) -> list[str]:
    """What did not hold for these mails, by the key of their receipts."""
    wrong = []
    for receipt in Receipt.objects.filter(pk__in=raws).order_by("pk"):
        raw = raws[receipt.pk]
        sha256 = hashlib.sha256(raw).hexdigest()
        if receipt.state not in (ReceiptState.READ, ReceiptState.PARKED):
            wrong.append(f"{receipt.pk} is {receipt.state}")
        if receipt.reason not in ("", ParkReason.UNREADABLE):
            wrong.append(f"{receipt.pk} is parked: {receipt.reason} {receipt.detail}")
        if receipt.state == ReceiptState.READ and not RawMail.objects.filter(sha256=sha256).exists():
            wrong.append(f"{receipt.pk} is read, and no message has its bytes")
        if receipt.sha256 != sha256 or blobs.read(sha256) != raw:
            wrong.append(f"{receipt.pk} holds other bytes")
    return wrong


def test_two_hundred_damaged_mails_lose_no_byte_from_the_door_to_the_answer(world: World) -> None:
    mails = damaged()
    states = set()
    for _ in range(MUTANTS // AT_ONCE):
        raws = {arrive(number, raw).pk: raw for number, raw in islice(mails, AT_ONCE)}
        assert len(raws) == AT_ONCE
        world.settle()
        assert lost(raws) == []
        states |= set(Receipt.objects.filter(pk__in=raws).values_list("state", flat=True))
    assert ReceiptState.READ in states
    assert not ParkedEvent.objects.exists()
    world.check()
