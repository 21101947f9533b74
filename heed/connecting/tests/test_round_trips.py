"""A mail from an inbox to itself: through a real Exim into a real Dovecot and back, and each way in which it fails."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from heed.brands.models import Inbox
from heed.channels.email.parse import parse
from heed.connecting.actions.round_trips import (
    NotSent,
    Setback,
    begin_round_trip,
    claim_round_trip,
    look_again,
    note_left,
    note_not_sent,
)
from heed.connecting.round_trips import TripState, newest_trip, step, waiting
from heed.conversations.models import Conversation, Message
from heed.delivery.actions.setup import set_provider
from heed.delivery.tests.sink import Sink
from heed.delivery.work import servers
from heed.eventlog.due import ClaimLost
from heed.intake import checks
from heed.intake.models import Receipt, RoundTrip
from heed.kernel import clock
from heed.kernel.errors import NotFound, Refused
from heed.kernel.outbound import OutboundInsideTransaction, ProviderAccess, forbidden
from heed.kernel.words import ReceiptState
from heed.mailboxes.actions.accounts import add_mailbox, look_soon, pause_mailbox
from heed.mailboxes.models import Difference, Mailbox, Reconciliation
from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot
from heed.mailboxes.tests.exim import exim
from heed.mailboxes.tests.post_office import handling, mailbox
from heed.people.actions import set_mail_server
from heed.people.policy import SYSTEM
from heed.testing.world import World

PATIENCE_SECONDS = 30


@pytest.fixture(autouse=True)
def unknown_servers() -> Iterator[None]:
    servers.forget()
    yield
    servers.forget()


def through(world: World, url: str) -> Inbox:
    set_mail_server(world.help, url=url, by=SYSTEM)
    return Inbox.objects.get(pk=world.help.pk)


def told(world: World) -> tuple[str, str]:
    found = newest_trip(world.chen.actor, world.help)
    assert found is not None
    return found.state, found.code


def left(world: World) -> RoundTrip:
    """One that a server has taken."""
    trip = begin_round_trip(world.help, by=SYSTEM)
    claimed = claim_round_trip(by=SYSTEM)
    assert claimed is not None
    assert claimed.pk == trip.pk
    return note_left(claimed, sent_at=clock.now(), host="mail.example", by=SYSTEM)


def due_again() -> RoundTrip:
    RoundTrip.objects.filter(due_at__isnull=False).update(due_at=clock.now())
    claimed = claim_round_trip(by=SYSTEM)
    assert claimed is not None
    return claimed


def test_it_leaves_comes_back_and_becomes_no_conversation(world: World, empty_post: Dovecot) -> None:
    with exim(empty_post) as port:
        inbox = through(world, f"smtp://127.0.0.1:{port}")
        row = add_mailbox(
            inbox, account=empty_post.account(), handling=handling(), password=PASSWORD, by=SYSTEM
        )
        world.settle()
        assert newest_trip(world.chen.actor, inbox) is None
        begin_round_trip(inbox, by=world.chen.actor)
        assert told(world) == (TripState.QUEUED, "")
        until = time.monotonic() + PATIENCE_SECONDS
        while told(world)[0] != TripState.ARRIVED and time.monotonic() < until:
            world.settle()
            RoundTrip.objects.filter(due_at__isnull=False).update(due_at=clock.now())
        assert told(world) == (TripState.ARRIVED, "")
    assert Receipt.objects.get().state == ReceiptState.ROUND_TRIP
    assert empty_post.count() == 1
    assert not Conversation.objects.exists()
    assert not Message.objects.exists()
    assert list(checks.findings()) == []
    Mailbox.objects.update(due_at=clock.now(), reconcile_at=clock.now())
    world.settle()
    compared = Reconciliation.objects.get(mailbox=row)
    assert (compared.there, compared.here, compared.differing) == (1, 1, 0)
    assert not Difference.objects.exists()
    Receipt.objects.update(detail="999999")
    assert "which is not known" in str(next(checks.findings()))


def test_a_server_takes_it_signed_for_this_desk_alone_and_asking_nobody_for_an_answer(world: World) -> None:
    with Sink() as sink:
        through(world, sink.url)
        begin_round_trip(world.help, by=SYSTEM)
        assert (step(), step()) == (1, 0)
    (mail,) = sink.mails
    assert (mail.sender, mail.recipients) == ("help@linden.example", ("help@linden.example",))
    assert b"Auto-Submitted:" in mail.raw
    assert parse(mail.raw).round_trip
    assert told(world) == (TripState.SENT, "")
    found = newest_trip(world.chen.actor, world.help)
    assert found is not None
    assert found.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("answer", "code", "state"),
    [
        ("550 no such person", NotSent.REFUSED, TripState.NOT_SENT),
        ("451 come back later", NotSent.LATER, TripState.PUT_OFF),
    ],
)
def test_what_the_server_says_is_told(world: World, answer: str, code: NotSent, state: TripState) -> None:
    with Sink(answers={"help@linden.example": answer}) as sink:
        through(world, sink.url)
        begin_round_trip(world.help, by=SYSTEM)
        step()
    assert told(world) == (state, code)
    found = newest_trip(world.chen.actor, world.help)
    assert found is not None
    assert found.words == answer[4:]


def test_without_a_server_or_with_one_that_is_not_there_it_does_not_leave(world: World) -> None:
    begin_round_trip(world.help, by=SYSTEM)
    step()
    assert told(world) == (TripState.NOT_SENT, NotSent.NO_SERVER)
    with Sink() as gone:
        pass
    through(world, gone.url)
    begin_round_trip(world.help, by=SYSTEM)
    step()
    assert told(world) == (TripState.NOT_SENT, NotSent.UNREACHABLE)
    Inbox.objects.update(smtp_url="sealed by another")
    begin_round_trip(world.help, by=SYSTEM)
    step()
    assert told(world) == (TripState.NOT_SENT, NotSent.WRONG_SERVER)


def test_a_refused_log_in_is_told(world: World) -> None:
    with Sink(tokens={}) as sink:
        through(world, sink.url)
        begin_round_trip(world.help, by=SYSTEM)
        step()
    assert told(world) == (TripState.NOT_SENT, NotSent.LOGIN_REFUSED)


def test_it_leaves_by_the_providers_api_too(world: World) -> None:
    access = ProviderAccess.read("postmark", {"server_token": "x", "api_url": "http://127.0.0.1:9/"})
    set_provider(world.help, access=access, by=SYSTEM)
    begin_round_trip(world.help, by=SYSTEM)
    step()
    found = newest_trip(world.chen.actor, world.help)
    assert found is not None
    assert (found.code, found.host) == (NotSent.UNREACHABLE, "postmark")


def test_one_that_does_not_come_is_late_and_looked_for_no_more(world: World) -> None:
    left(world)
    with time_machine.travel(clock.now() + timedelta(minutes=9), tick=False):
        assert told(world)[0] == TripState.SENT
        claimed = claim_round_trip(by=SYSTEM)
        assert claimed is not None
        look_again(claimed, by=SYSTEM)
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert told(world)[0] == TripState.LATE
        assert step() == 1
        assert claim_round_trip(by=SYSTEM) is None
        begun = begin_round_trip(world.help, by=SYSTEM)
        assert told(world)[0] == TripState.QUEUED
        assert begun.pk != RoundTrip.objects.earliest("pk").pk


def test_while_one_is_under_way_no_other_begins(world: World) -> None:
    first = begin_round_trip(world.help, by=world.chen.actor)
    assert begin_round_trip(world.help, by=world.chen.actor).pk == first.pk
    assert begin_round_trip(world.workshop, by=SYSTEM).pk != first.pk
    assert waiting() == 2


def test_only_who_sets_up_begins_one_and_sees_it(world: World) -> None:
    for who in (world.edda, world.amara, world.nobody):
        with pytest.raises(Refused):
            begin_round_trip(world.help, by=who.actor)
        with pytest.raises(NotFound):
            newest_trip(who.actor, world.help)
    assert not RoundTrip.objects.exists()


def test_one_worker_has_it_at_a_time(world: World) -> None:
    assert claim_round_trip(by=SYSTEM) is None
    begin_round_trip(world.help, by=SYSTEM)
    assert claim_round_trip(by=SYSTEM) is not None
    assert claim_round_trip(by=SYSTEM) is None


def test_a_mail_that_was_put_off_is_sent_later_and_one_day_no_more(world: World) -> None:
    begin_round_trip(world.help, by=SYSTEM)
    why = Setback(NotSent.LATER, "mail.example", "451 later\n please", is_passing=True)
    claimed = claim_round_trip(by=SYSTEM)
    assert claimed is not None
    row = note_not_sent(claimed, why=why, by=SYSTEM)
    assert (row.words, told(world)[0]) == ("451 later please", TripState.PUT_OFF)
    with pytest.raises(ClaimLost):
        note_not_sent(claimed, why=why, by=SYSTEM)
    left_at = note_left(due_again(), sent_at=clock.now(), host="mail.example", by=SYSTEM)
    assert (left_at.code, told(world)[0]) == ("", TripState.SENT)
    RoundTrip.objects.update(sent_at=None, begun_at=clock.now() - timedelta(hours=1), due_at=clock.now())
    claimed = claim_round_trip(by=SYSTEM)
    assert claimed is not None
    note_not_sent(claimed, why=why, by=SYSTEM)
    assert told(world) == (TripState.NOT_SENT, NotSent.LATER)


def test_it_may_be_there_before_its_server_has_said_so(world: World) -> None:
    begin_round_trip(world.help, by=SYSTEM)
    claimed = claim_round_trip(by=SYSTEM)
    assert claimed is not None
    RoundTrip.objects.update(arrived_at=clock.now(), same_key="k", due_at=None, claimed_until=None)
    began = clock.now() - timedelta(seconds=3)
    row = note_left(claimed, sent_at=began, host="mail.example", by=SYSTEM)
    assert row.due_at is None
    assert told(world)[0] == TripState.ARRIVED
    assert note_left(claimed, sent_at=began, host="mail.example", by=SYSTEM).sent_at == began
    with pytest.raises(ClaimLost):
        look_again(claimed, by=SYSTEM)
    with pytest.raises(ClaimLost):
        note_not_sent(claimed, why=Setback(NotSent.REFUSED), by=SYSTEM)


@pytest.fixture
def later(world: World) -> Mailbox:
    """A mailbox that is looked into in a minute."""
    mailbox(world)
    Mailbox.objects.update(due_at=clock.now() + timedelta(minutes=1))
    return Mailbox.objects.get()


def test_its_mailboxes_are_looked_into_soon(world: World, later: Mailbox) -> None:
    assert look_soon(world.help, by=SYSTEM) == 1
    due_at, before = Mailbox.objects.get().due_at, later.due_at
    assert due_at is not None
    assert before is not None
    assert due_at < before
    left(world)
    Mailbox.objects.update(due_at=before)
    RoundTrip.objects.update(due_at=clock.now())
    assert step() == 1
    assert Mailbox.objects.get().due_at != before


def test_a_mailbox_that_is_due_already_is_not_looked_into_sooner(world: World, later: Mailbox) -> None:
    assert look_soon(world.help, by=SYSTEM) == 1
    assert look_soon(world.help, by=SYSTEM) == 0


def test_a_mailbox_that_rests_or_fails_is_left_alone(world: World, later: Mailbox) -> None:
    Mailbox.objects.update(reason="unreachable")
    assert look_soon(world.help, by=SYSTEM) == 0
    Mailbox.objects.update(reason="")
    pause_mailbox(later, by=SYSTEM)
    assert look_soon(world.help, by=SYSTEM) == 0


def test_mailboxes_of_other_inboxes_are_left_alone(world: World, later: Mailbox) -> None:
    assert look_soon(world.workshop, by=SYSTEM) == 0
    assert Mailbox.objects.get().due_at == later.due_at


def test_looking_is_put_off_a_little_longer_each_time(world: World) -> None:
    claimed = left(world)
    pauses = []
    for _ in range(4):
        claimed = due_again()
        row = look_again(claimed, by=SYSTEM)
        assert row.due_at is not None
        pauses.append((row.due_at - clock.now()).total_seconds())
    assert pauses == sorted(pauses)
    assert pauses[0] < 3 < pauses[-1]
    with pytest.raises(ClaimLost):
        look_again(claimed, by=SYSTEM)


def test_nothing_leaves_inside_a_transaction(world: World) -> None:
    through(world, "smtp://127.0.0.1:9")
    begin_round_trip(world.help, by=SYSTEM)
    with forbidden(), pytest.raises(OutboundInsideTransaction):
        step()
