"""What can't be read waits with its reason and holds up nobody; every other odd mail becomes a message."""

import pytest
from django.db import OperationalError

from heed.conversations.models import Conversation, Message
from heed.eventlog.due import ClaimLost, claim
from heed.eventlog.kinds import MailParked
from heed.eventlog.reader import read_after
from heed.intake import work
from heed.intake.models import Receipt, ReceiptPart
from heed.intake.receipts import InboxKeeper, park, raw_of, try_again
from heed.intake.recording import record_mail
from heed.intake.tests.letters import arrives, letter, received
from heed.intake.work import CLAIMS_WITHOUT_REPORT, _parts, move_raw, step
from heed.kernel import blobs
from heed.kernel.errors import Refused
from heed.kernel.words import Direction, ParkReason, Priority, ReceiptState
from heed.people.models import Customer
from heed.people.policy import SYSTEM
from heed.testing.world import World


def deadlock() -> Exception:
    """What a driver says when others hold what one wants."""
    busy = Exception("locked")
    busy.sqlstate = "40P01"  # type: ignore[attr-defined]  # as psycopg's errors have it
    return busy


BOTTOMLESS = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth) for depth in range(60)
)


def test_one_unreadable_mail_among_many_is_parked_and_the_others_are_read(world: World) -> None:
    for number in range(20):
        arrives(letter(f"{number}@x") if number != 7 else BOTTOMLESS)
    world.settle()
    assert Message.objects.filter(direction=Direction.IN).count() == 19
    parked = Receipt.objects.get(state=ReceiptState.PARKED)
    assert (parked.reason, parked.due_at) == (ParkReason.UNREADABLE, None)
    assert "too_deep" in parked.detail
    [said] = [event.data for event in read_after(0, limit=500) if isinstance(event.data, MailParked)]
    assert (said.receipt, said.reason) == (parked.pk, ParkReason.UNREADABLE)


def test_a_parked_mail_keeps_its_bytes_and_is_read_again_when_told(world: World) -> None:
    receipt = arrives(BOTTOMLESS)
    world.settle()
    receipt.refresh_from_db()
    assert blobs.read(receipt.sha256) == BOTTOMLESS
    with pytest.raises(Refused):
        try_again(receipt, by=world.amara.actor)
    try_again(receipt, by=world.edda.actor)
    receipt.refresh_from_db()
    assert receipt.state == ReceiptState.WAITING
    world.settle()
    receipt.refresh_from_db()
    assert receipt.state == ReceiptState.PARKED


def test_a_mail_to_an_inbox_that_is_gone_is_parked_for_that_reason(world: World) -> None:
    receipt = arrives(letter("a@x"), to=["gone@linden.example"])
    world.settle()
    receipt.refresh_from_db()
    assert receipt.reason == ParkReason.NO_INBOX


@pytest.mark.parametrize(
    "raw",
    [
        letter(None),
        letter("a@x", sender=None),
        letter("a@x", text=""),
        letter("a@x", text="zero \x00 bytes \x00"),
        letter("a@x", subject="nul \x00 here"),
        b"",
        b"\r\n\r\n",
        b"no header at all",
    ],
)
def test_mails_without_id_sender_or_body_and_with_null_bytes_are_stored_and_visible(
    world: World, raw: bytes
) -> None:
    message = received(world, raw)
    assert world.amara.get(f"/inbox/all-open/{message.conversation_id}/").status_code == 200


def test_a_mail_without_a_sender_opens_a_conversation_of_low_priority_that_nobody_is_promised(
    world: World,
) -> None:
    conversation = received(world, letter("a@x", sender=None)).conversation
    assert (conversation.customer, conversation.priority, conversation.next_due_at) == (
        None,
        Priority.LOW,
        None,
    )


def test_an_agents_own_address_is_never_a_customer(world: World) -> None:
    before = Customer.objects.count()
    message = received(
        world, letter("a@x", sender="Amara <amara@desk.example>"), mail_from="amara@desk.example"
    )
    assert (message.customer, message.agent) == (None, None)  # whether it is the agent, nothing proves
    assert Customer.objects.count() == before


def test_our_own_inbox_is_never_a_customer_and_never_acknowledged(world: World) -> None:
    raw = letter("a@x", sender="workshop@linden.example")
    message = received(world, raw, mail_from="workshop@linden.example")
    assert message.customer is None
    assert not Message.objects.filter(direction=Direction.OUT).exists()


def test_raw_bytes_are_cleared_from_their_rows_only_when_they_are_in_blob_storage(world: World) -> None:
    raw = letter("a@x", text="x" * 2_500_000)
    receipt = arrives(raw)
    assert ReceiptPart.objects.count() == 3
    assert raw_of([receipt.pk]) == {receipt.pk: raw}
    assert move_raw() == 0  # not before it was read
    world.settle()
    receipt.refresh_from_db()
    assert receipt.is_moved
    assert not ReceiptPart.objects.exists()
    assert blobs.read(receipt.sha256) == raw


def test_the_listener_knows_our_addresses_with_tags_and_no_others(world: World) -> None:
    keeper = InboxKeeper()
    assert keeper.accepts("Help@Linden.example")
    assert keeper.accepts("help+h1.2.abc@linden.example")
    assert not keeper.accepts("nobody@linden.example")
    assert not keeper.accepts("help@elsewhere.example")
    assert Conversation.objects.count() == 0


def test_a_mail_over_which_workers_died_is_read_after_the_others_and_in_the_end_parked(world: World) -> None:
    fatal = arrives(letter("a@x"))
    Receipt.objects.update(attempts=CLAIMS_WITHOUT_REPORT)
    other = arrives(letter("b@x"))
    assert [[row.pk for row in part] for part in _parts(claim(Receipt, limit=10, lease_seconds=-1))] == [
        [other.pk]
    ]
    fatal.refresh_from_db()
    assert (fatal.state, fatal.reason) == (ReceiptState.PARKED, ParkReason.FAILED)


def test_trouble_of_the_storage_parks_no_mail_and_counts_as_no_attempt(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put_many(contents: object) -> list[str]:
        raise OSError("No space left on device")

    receipt = arrives(letter("a@x"))
    with monkeypatch.context() as full:
        full.setattr(blobs, "put_many", put_many)
        with pytest.raises(OSError, match="No space"):
            step()
    receipt.refresh_from_db()
    assert (receipt.state, receipt.attempts, receipt.claimed_until) == (ReceiptState.WAITING, 0, None)
    world.settle()
    assert Message.objects.filter(direction=Direction.IN).count() == 1


def test_a_deadlock_parks_no_mail(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[object] = []

    def fail_twice(*args: object, **how: object) -> None:
        if len(failed) < 2:
            failed.append(args)
            raise OperationalError("deadlock detected") from deadlock()
        record_mail(*args, **how)  # type: ignore[arg-type]  # handed on as given

    arrives(letter("a@x"))
    monkeypatch.setattr(work, "record_mail", fail_twice)
    world.settle()
    assert len(failed) == 2
    assert Message.objects.filter(direction=Direction.IN).count() == 1


def test_a_mail_that_another_worker_has_read_is_not_parked_by_one_that_was_too_slow(world: World) -> None:
    arrives(letter("a@x"))
    [stale] = claim(Receipt, limit=10, lease_seconds=-1)
    world.settle()
    with pytest.raises(ClaimLost):
        park(stale, reason=ParkReason.FAILED, detail="", by=SYSTEM)
    stale.refresh_from_db()
    assert stale.state == ReceiptState.READ


NULLS_EVERYWHERE = b"""From: =?utf-8?q?Da=00lia?= <dalia@example.org>
To: "He\x00lp" <help@linden.example>, =?utf-8?b?AAAA?= <pat@example.net>
Cc: x\x00y@example.net, "+2AA-" <z@example.net>
Subject: =?utf-7?q?nul_=00_+2AA-?= \xed\xa0\x80 \x00
Message-ID: <nul\x00l@x>
References: <a\x00@x> <\xff\xfe@x>
Delivered-To: help+\x00@linden.example
Content-Language: d\x00e
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-7

<p title="&#0;">nul \x00 &#0; &#xD800; +2AA- <img src="cid:i\x00d"></p>
--b
Content-Type: image/p\x00ng; name*=utf-8''nul%00%ED%A0%80.png
Content-Disposition: inline; filename*=utf-8''nul%00%ED%A0%80.png
Content-ID: <i\x00d>
Content-Transfer-Encoding: base64

AAAA
--b
Content-Type: text/calendar; charset=utf-16; method=RE\x00PLY

\x00B\x00E\xd8\x00
--b--
""".replace(b"\n", b"\r\n")


def test_null_bytes_and_half_characters_in_every_place_are_no_reason_to_park(world: World) -> None:
    receipt = arrives(NULLS_EVERYWHERE)
    world.settle()
    receipt.refresh_from_db()
    assert (receipt.state, receipt.detail) == (ReceiptState.READ, "")
    conversation = Conversation.objects.get()
    assert world.amara.get(f"/inbox/all-open/{conversation.pk}/").status_code == 200


@pytest.mark.parametrize("word", ["\U00020000\U00020001-\U00020002", "\u0430\u0431-\u0432", "a.b/c"])
def test_a_text_of_nothing_but_different_words_can_be_searched(world: World, word: str) -> None:
    words = (f"{word}{chr(0x4E00 + n % 20_000)}{chr(0x4E00 + n // 20_000)}" for n in range(40_000))
    message = received(
        world, letter("a@x", text=" ".join(words), more="Content-Type: text/plain; charset=utf-8")
    )
    assert len(message.text) > 100_000
