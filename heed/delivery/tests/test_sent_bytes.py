"""What left is kept exactly, and everybody gets the same."""

import errno

import pytest

from heed.conversations.actions.answering import reply
from heed.conversations.models import Blob, Message, RawMail
from heed.delivery.models import CaughtMail
from heed.delivery.tests.sink import Sink
from heed.delivery.tests.test_smtp import BOSS, again, answered
from heed.delivery.tests.test_smtp import sink as sink
from heed.eventlog.unit import change, lock, unit
from heed.kernel import blobs
from heed.kernel.words import DeliveryState, Hold
from heed.people.actions.brands import change_signature
from heed.people.policy import SYSTEM
from heed.testing.world import World


def kept(message: Message) -> bytes:
    """The one raw of a message."""
    return blobs.read(RawMail.objects.get(message=message).sha256)


def on_the_wire(raw: bytes) -> bytes:
    """As SMTP carries it: its last line is ended."""
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def test_the_bytes_that_left_are_kept_and_leads_may_take_them(world: World, sink: Sink) -> None:
    message = answered(world)
    world.settle()
    assert on_the_wire(kept(message)) == on_the_wire(sink.mails[0].raw)
    row = RawMail.objects.get(message=message)
    assert Blob.objects.get(pk=row.sha256).uses == 1
    answer = world.edda.get(f"/messages/{message.pk}/raw/{row.sha256}/")
    assert b"".join(answer.streaming_content) == kept(message)  # type: ignore[attr-defined]  # a file
    page = world.edda.get(f"/inbox/all-open/{message.conversation_id}/").content.decode()
    assert "as it left" in page


def test_who_gets_it_later_gets_the_same_though_the_signature_was_changed(world: World, sink: Sink) -> None:
    message = answered(world, cc=(BOSS,))
    sink.answers = {BOSS[1]: "451 later"}
    world.settle()
    change_signature(world.linden, signature="Another street altogether", by=SYSTEM)
    sink.answers.clear()
    again(world)
    assert [mail.recipients for mail in sink.mails] == [("dalia@example.org",), (BOSS[1],)]
    assert sink.mails[0].raw == sink.mails[1].raw
    assert RawMail.objects.filter(message=message).count() == 1


def test_what_was_kept_out_since_is_not_sent_to_those_who_are_left(world: World, sink: Sink) -> None:
    message = answered(world, cc=(BOSS,))
    sink.answers = {BOSS[1]: "451 later"}
    world.settle()
    assert message.answers is not None
    with unit():
        change(lock(message.answers), hold=Hold.REJECTED)
    sink.answers.clear()
    again(world)
    assert [b"> " in mail.raw for mail in sink.mails] == [True, False]


def test_what_nobody_took_is_not_kept_and_is_made_anew(world: World, sink: Sink) -> None:
    message = answered(world)
    sink.data_answers = ["451 busy"]
    world.settle()
    assert not RawMail.objects.filter(message=message).exists()
    change_signature(world.linden, signature="Another street altogether", by=SYSTEM)
    again(world)
    assert b"Another street altogether" in kept(message)


def test_a_mail_whose_bytes_can_not_be_kept_has_left_all_the_same(
    world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(content: bytes) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    message = answered(world)
    monkeypatch.setattr(blobs, "put", full)
    world.settle()
    again(world)
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT
    assert len(sink.mails) == 1
    assert not RawMail.objects.filter(message=message).exists()


def test_what_the_catcher_took_is_kept_longer_than_there(world: World) -> None:
    message = reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    world.settle()
    assert bytes(CaughtMail.objects.get(message=message).raw) == kept(message)
