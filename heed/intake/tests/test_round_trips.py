"""The desk knows its own mails to itself by a signed token, and lets nobody else's mail vanish as one."""

import string
from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from heed.connecting.actions.round_trips import begin_round_trip, note_left
from heed.connecting.round_trips import mail_of
from heed.conversations.models import Conversation, Message
from heed.eventlog.due import ClaimLost, claim
from heed.intake import checks
from heed.intake.models import Receipt, RoundTrip
from heed.intake.receipts import accepted_now, keep_own
from heed.intake.round_trips import take_round_trip, token_of, trip_of, without_round_trips
from heed.intake.tests.letters import HELP, arrives, letter, received
from heed.intake.work import move_raw
from heed.kernel import blobs, clock
from heed.kernel.config import config
from heed.kernel.words import Direction, Origin, ReceiptState
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

HEADER = "X-Heed-Round-Trip"
SUBJECT = "Test mail of your support desk"
WORKSHOP = "workshop@linden.example"


def trip(world: World) -> RoundTrip:
    """One that a server has taken."""
    row = begin_round_trip(world.help, by=SYSTEM)
    return note_left(row, sent_at=clock.now(), host="mail.example", by=SYSTEM)


def raw_of_trip(world: World, row: RoundTrip) -> bytes:
    return mail_of(row, world.help).raw


def with_token(token: str, *, text: str = "It slips when I climb.") -> bytes:
    return letter("forged@x", subject=SUBJECT, text=text, more=f"{HEADER}: {token}")


def comes(world: World, raw: bytes, *, to: str = HELP) -> Receipt:
    receipt = arrives(raw, to=[to])
    world.settle()
    return Receipt.objects.get(pk=receipt.pk)


def test_it_becomes_no_conversation_and_gets_no_acknowledgement(world: World) -> None:
    row = trip(world)
    receipt = comes(world, raw_of_trip(world, row))
    row.refresh_from_db()
    assert (receipt.state, receipt.due_at) == (ReceiptState.ROUND_TRIP, None)
    assert (row.arrived_at, row.due_at, row.strayed_to) == (receipt.received_at, None, "")
    assert not Conversation.objects.exists()
    assert not Message.objects.filter(direction=Direction.OUT).exists()
    assert list(checks.findings()) == []


def test_its_bytes_are_kept_like_all_others(world: World) -> None:
    raw = raw_of_trip(world, trip(world))
    receipt = comes(world, raw)
    move_raw()
    receipt.refresh_from_db()
    assert receipt.is_moved
    assert blobs.read(receipt.sha256) == raw
    assert list(checks.findings()) == []


def test_it_comes_beside_a_customers_mail_that_is_read_as_ever(world: World) -> None:
    arrives(raw_of_trip(world, trip(world)))
    arrives(letter("a@x"))
    world.settle()
    assert Conversation.objects.count() == 1
    assert sorted(Receipt.objects.values_list("state", flat=True)) == ["read", "round_trip"]


def test_a_copy_of_it_is_known_for_ever_and_says_nothing_new(world: World) -> None:
    row = trip(world)
    raw = raw_of_trip(world, row)
    first = comes(world, raw)
    with time_machine.travel(clock.now() + timedelta(days=400)):
        again = comes(world, b"Received: from elsewhere by here\r\n" + raw)
    row.refresh_from_db()
    assert again.state == ReceiptState.ROUND_TRIP
    assert row.arrived_at == first.received_at


def test_what_lies_in_a_sent_folder_is_known_and_is_no_arrival(world: World) -> None:
    row = trip(world)
    accepted = accepted_now(raw_of_trip(world, row), mail_from=HELP, recipients=[HELP])
    keep_own([accepted], origin=Origin.LIVE, by=SYSTEM)
    world.settle()
    row.refresh_from_db()
    assert Receipt.objects.get().state == ReceiptState.ROUND_TRIP
    assert row.arrived_at is None
    assert comes(world, raw_of_trip(world, row)).state == ReceiptState.ROUND_TRIP
    row.refresh_from_db()
    assert row.arrived_at is not None


def test_one_that_strays_to_another_inbox_is_known_and_says_where(world: World) -> None:
    row = trip(world)
    assert comes(world, raw_of_trip(world, row), to=WORKSHOP).state == ReceiptState.ROUND_TRIP
    row.refresh_from_db()
    assert row.strayed_to == WORKSHOP


def test_a_guessed_subject_or_a_forged_token_is_read_like_every_mail(world: World) -> None:
    row = trip(world)
    token = token_of(row)
    number, _, proof = token.partition(".")
    other = RoundTrip(pk=row.pk, inbox=world.workshop, nonce=row.nonce)
    forged = ["", number, f"{number}.", f"{number}.{'a' * 26}", f"9{token}", token_of(other), f"0{token}"]
    for place, letter_of_proof in enumerate(proof):
        changed = "b" if letter_of_proof != "b" else "c"
        forged.append(f"{number}.{proof[:place]}{changed}{proof[place + 1 :]}")
    assert trip_of(token) == row
    assert [text for text in forged if trip_of(text) is not None] == []
    assert received(world, with_token(forged[3])).subject == SUBJECT
    row.refresh_from_db()
    assert row.arrived_at is None


def test_a_token_of_another_desks_secret_is_forged(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = trip(world)
    with monkeypatch.context() as other:
        other.setattr(type(config), "secret", "another desk's")
        token = token_of(row)
    assert token != token_of(row)
    assert trip_of(token) is None
    assert comes(world, with_token(token)).state == ReceiptState.READ


def test_whoever_got_hold_of_a_used_token_hides_nothing_with_it(world: World) -> None:
    row = trip(world)
    assert comes(world, raw_of_trip(world, row)).state == ReceiptState.ROUND_TRIP
    assert comes(world, with_token(token_of(row), text="You owe me.")).state == ReceiptState.READ
    assert Conversation.objects.get().messages.filter(direction=Direction.IN).get().text == "You owe me."


def test_a_token_that_nobody_expects_any_more_hides_nothing(world: World) -> None:
    row = trip(world)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert comes(world, with_token(token_of(row))).state == ReceiptState.READ
    row.refresh_from_db()
    assert row.arrived_at is None


def test_a_worker_that_lost_its_claim_takes_nothing(world: World) -> None:
    row = trip(world)
    arrives(raw_of_trip(world, row))
    (receipt,) = claim(Receipt, limit=1, lease_seconds=60)
    assert take_round_trip(receipt, trip=row, same_key="k", by=SYSTEM)
    with pytest.raises(ClaimLost):
        take_round_trip(receipt, trip=row, same_key="k", by=SYSTEM)


def test_one_that_was_deleted_meanwhile_is_taken_by_nobody(world: World) -> None:
    row = trip(world)
    gone = RoundTrip(pk=row.pk, inbox=world.help, nonce=row.nonce)
    arrives(raw_of_trip(world, row))
    (receipt,) = claim(Receipt, limit=1, lease_seconds=60)
    row.delete()
    assert not take_round_trip(receipt, trip=gone, same_key="k", by=SYSTEM)


def test_mail_that_says_nothing_of_it_costs_no_query(world: World) -> None:
    with assert_queries(at_most=0):
        assert without_round_trips([]) == []
        assert trip_of("nothing of ours") is None


@given(st.text(alphabet=string.printable, max_size=60).filter(lambda text: not text[:1].isdigit()))
def test_no_text_is_an_error(text: str) -> None:
    assert trip_of(text) is None
