"""Mail leaves by SMTP: sent, tried again, refused, in part or whole, with every outcome on record."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from heed.conversations.actions.answering import reply
from heed.conversations.actions.sending import mark_bounced, try_again
from heed.conversations.models import Conversation, Message
from heed.conversations.queries import opened
from heed.delivery import actions, servers, work
from heed.delivery.actions import Attempt, claim, give_back, settle
from heed.delivery.models import CaughtMail, Delivery
from heed.delivery.queries import parked, progress_of
from heed.delivery.tests.sink import Hung, Sink
from heed.eventlog import due
from heed.eventlog.kinds import MessageFailed, MessageQueued, MessageSent
from heed.eventlog.unit import change, lock, unit
from heed.kernel import clock, secrets
from heed.kernel.config import config
from heed.kernel.outbound import SmtpUrl
from heed.kernel.words import Automatic, DeliveryState, Origin, ParkReason, Status
from heed.people.actions.standings import lift
from heed.people.policy import SYSTEM
from heed.people.standing_queries import standings
from heed.testing.world import World

BOSS, CLERK = ("", "boss@example.net"), ("", "clerk@example.net")


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """The server that all mail leaves through."""
    work.servers.forget()
    with Sink() as running:
        monkeypatch.setattr(servers, "config", replace(config, smtp_url=running.url))
        yield running
    work.servers.forget()


def answered(world: World, *, conversation: Conversation | None = None, **more: Any) -> Message:
    where = conversation or world.conversation()
    message = reply(where, answer=world.answer(**more), by=world.amara.actor)
    world.read_log()
    return message


def again(world: World) -> None:
    """Let time pass until whatever waits is due."""
    with unit():
        for row in Delivery.objects.filter(due_at__isnull=False):
            change(lock(row), due_at=clock.now(), claimed_until=None)
    for health in work.servers.known.values():
        health.rests_until = 0.0
    world.settle()


def sent_event(world: World, message: Message) -> MessageSent:
    [event] = [e.data for e in world.events(message.conversation) if isinstance(e.data, MessageSent)]
    return event


def test_mail_leaves_once_and_many_over_one_connection(world: World, sink: Sink) -> None:
    messages = [answered(world) for _ in range(5)]
    world.settle()
    assert len(sink.mails) == 5
    assert set(sink.copies().values()) == {1}
    assert sink.connections == 1
    for message in messages:
        message.refresh_from_db()
        assert message.state == DeliveryState.SENT
        assert message.message_id in sink.copies()
    assert sent_event(world, messages[0]).attempts == 1
    assert not CaughtMail.objects.exists()


def test_a_server_that_is_busy_is_asked_again_later_for_the_same_mail(world: World, sink: Sink) -> None:
    message = answered(world)
    sink.data_answers = ["451 busy"]
    world.settle()
    progress = progress_of(
        opened(world.amara.actor, message.conversation_id), [Message.objects.get(pk=message.pk)]
    )[message.pk]
    assert (progress.state, progress.failures) == (DeliveryState.QUEUED, 1)
    assert progress.next_try_at is not None
    assert timedelta(seconds=20) < progress.next_try_at - clock.now() < timedelta(seconds=40)
    assert sink.mails == []
    again(world)
    assert list(sink.copies().values()) == [1]
    assert sent_event(world, message).attempts == 2


def test_pauses_grow_and_the_last_try_in_vain_is_shown(
    world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "config", replace(config, send_attempts=3))
    conversation = world.conversation()
    message = answered(world, conversation=conversation)
    sink.answers["dalia@example.org"] = "452 mailbox full"
    world.settle()
    first = Delivery.objects.get(pk=message.pk).due_at
    again(world)
    second = Delivery.objects.get(pk=message.pk).due_at
    assert first is not None
    assert second is not None
    assert second - clock.now() > timedelta(seconds=50)
    again(world)
    message.refresh_from_db()
    assert (message.state, message.trouble) == (DeliveryState.FAILED, "452 mailbox full")
    [row] = parked(world.edda.actor).rows
    assert (row.reason, row.recipients, row.attempts) == (ParkReason.EXHAUSTED, ["dalia@example.org"], 4)
    conversation.refresh_from_db()
    assert (conversation.status, conversation.trouble) == (Status.OPEN, "exhausted")
    sink.answers.clear()
    try_again(message, by=world.amara.actor)
    world.settle()
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT


@pytest.mark.parametrize("at_data", [False, True], ids=["at RCPT", "at DATA"])
def test_a_refusal_for_good_fails_at_once_and_is_shown(world: World, sink: Sink, at_data: bool) -> None:
    conversation = world.conversation()
    message = answered(world, conversation=conversation)
    if at_data:
        sink.data_answers = ["554 no thanks"]
    else:
        sink.answers["dalia@example.org"] = "554 no thanks"
    world.settle()
    message.refresh_from_db()
    assert (message.state, message.trouble) == (DeliveryState.FAILED, "554 no thanks")
    [failed] = [e.data for e in world.events(conversation) if isinstance(e.data, MessageFailed)]
    assert (failed.reason, failed.smtp_code) == (ParkReason.REFUSED, 554)
    conversation.refresh_from_db()
    assert conversation.status == Status.OPEN
    assert conversation.assignee_id == world.amara.row.pk
    again(world)
    assert sink.mails == []
    assert len(sink.asked) == 1


def test_each_recipient_has_an_outcome_of_their_own(world: World, sink: Sink) -> None:
    message = answered(world, cc=(BOSS, CLERK))
    sink.answers = {BOSS[1]: "550 no such user", CLERK[1]: "451 later"}
    world.settle()
    progress = progress_of(
        opened(world.amara.actor, message.conversation_id), [Message.objects.get(pk=message.pk)]
    )[message.pk]
    assert progress.state is DeliveryState.QUEUED
    assert progress.accepted == ["dalia@example.org"]
    assert [(r.address, r.code, r.words) for r in progress.refused] == [(BOSS[1], 550, "no such user")]
    sink.asked.clear()
    del sink.answers[CLERK[1]]
    again(world)
    assert sink.asked == [CLERK[1]]
    message.refresh_from_db()
    assert (message.state, message.trouble) == (DeliveryState.FAILED, "550 no such user")
    assert [row.recipients for row in parked(world.edda.actor).rows] == [[BOSS[1]]]
    sink.asked.clear()
    sink.answers.clear()
    lift(standings(SYSTEM, [BOSS[1]])[BOSS[1]], why="They say it works", on=None, by=world.amara.actor)
    try_again(message, by=world.amara.actor)
    world.settle()
    assert sink.asked == [BOSS[1]]
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT
    assert {mail.message_id for mail in sink.mails} == {message.message_id}
    assert len({mail.raw for mail in sink.mails}) == 1


async def hang_up(sink: Sink) -> None:
    """Once."""
    sink.at_mail = sink.at_data = sink.before_250 = Sink.at_mail
    raise Hung


@pytest.mark.parametrize("point", ["at_mail", "at_data"])
def test_a_connection_lost_before_the_mail_is_taken_repeats_nothing(
    world: World, sink: Sink, point: str
) -> None:
    message = answered(world)
    setattr(sink, point, hang_up)
    world.settle()
    message.refresh_from_db()
    assert message.state == DeliveryState.QUEUED
    again(world)
    assert sink.copies() == {message.message_id: 1}


def test_a_server_that_dies_after_accepting_gets_the_identical_mail_again(world: World, sink: Sink) -> None:
    message = answered(world)
    sink.before_250 = hang_up
    world.settle()
    world.writes(message.conversation, text="Something came in between.")
    again(world)
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT
    assert sink.copies() == {message.message_id: 2}
    assert len({mail.raw for mail in sink.mails}) == 1


def test_one_mail_that_a_server_hangs_up_on_does_not_hold_up_the_next(world: World, sink: Sink) -> None:
    first, second = answered(world), answered(world)
    sink.at_data = hang_up
    world.settle()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (DeliveryState.QUEUED, DeliveryState.SENT)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def give_server(world: World, url: str) -> None:
    """Kestrel Maps sends through a server of its own."""
    with unit():
        change(lock(world.hello), smtp_url=secrets.seal(url))


def test_an_inbox_with_a_server_of_its_own_sends_through_it(world: World, sink: Sink) -> None:
    with Sink() as own:
        give_server(world, own.url)
        conversation = world.conversation(inbox=world.hello)
        reply(conversation, answer=world.answer(), by=world.gita.actor)
        answered(world)
        world.settle()
        assert [mail.sender.partition("@")[2] for mail in own.mails] == ["kestrel.example"]
        assert [mail.sender.partition("@")[2] for mail in sink.mails] == ["linden.example"]


def test_a_server_setting_that_can_not_be_read_is_said_without_its_password(
    world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "config", replace(config, send_attempts=1))
    for setting in ("gAAAA sealed elsewhere hunter2", secrets.seal("imap://desk:hunter2@mail.example")):
        with unit():
            change(lock(world.hello), smtp_url=setting)
        conversation = world.conversation(inbox=world.hello)
        message = reply(conversation, answer=world.answer(), by=world.gita.actor)
        world.settle()
        message.refresh_from_db()
        assert message.state == DeliveryState.FAILED
        assert "server's" in message.trouble
        assert "hunter2" not in message.trouble
    assert sink.mails == []


def test_a_dead_server_is_left_alone_after_two_tries_and_others_go_on(world: World, sink: Sink) -> None:
    give_server(world, f"smtp://127.0.0.1:{closed_port()}")
    for _ in range(30):
        reply(world.conversation(inbox=world.hello), answer=world.answer(), by=world.gita.actor)
    message = answered(world)
    begun = monotonic()
    world.settle()
    assert monotonic() - begun < 10
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT
    stuck = Delivery.objects.filter(due_at__isnull=False)
    assert {row.failures for row in stuck} == {1}
    assert stuck.count() == 30
    by_port = {url.port: known for url, known in work.servers.known.items() if isinstance(url, SmtpUrl)}
    [health] = [known for port, known in by_port.items() if port != sink.port]
    assert (health.troubles, health.rests) == (2, True)


async def slowly(sink: Sink) -> None:
    await asyncio.sleep(0.3)


def test_a_slow_server_gets_its_share_of_time_and_the_rest_is_no_failure(
    world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "SERVER_SECONDS", 1.0)
    with Sink(at_mail=slowly) as slow:
        give_server(world, slow.url)
        for _ in range(12):
            reply(world.conversation(inbox=world.hello), answer=world.answer(), by=world.gita.actor)
        message = answered(world)
        world.read_log()
        begun = monotonic()
        work.step()
        assert monotonic() - begun < 5
        message.refresh_from_db()
        assert message.state == DeliveryState.SENT
        assert 1 <= len(slow.mails) < 12
        left = Delivery.objects.filter(due_at__isnull=False)
        assert left.count() == 12 - len(slow.mails)
        assert {row.failures for row in left} == {0}
        slow.at_mail = Sink.at_mail
        world.settle()  # with no pause: it answers, if slowly
        assert len(slow.mails) == 12
        assert set(slow.copies().values()) == {1}


def test_the_claim_and_the_way_back_are_on_record_before_anything_leaves(world: World, sink: Sink) -> None:
    message = answered(world)
    [claimed] = claim(limit=5, by=SYSTEM)
    assert sink.connections == 0
    assert claimed.claimed_until is not None
    message.refresh_from_db()
    assert message.message_id
    assert message.threadkey_set.count() == 1
    assert claim(limit=5, by=SYSTEM) == []


def test_a_worker_that_was_given_up_for_dead_reports_in_vain(world: World, sink: Sink) -> None:
    message = answered(world)
    [slow] = claim(limit=5, by=SYSTEM)
    with unit():
        change(lock(Delivery.objects.get()), claimed_until=clock.now() - timedelta(seconds=1))
    [fast] = claim(limit=5, by=SYSTEM)
    everyone = Attempt(accepted=("dalia@example.org",))
    with pytest.raises(due.ClaimLost):
        settle(slow, attempt=everyone, by=SYSTEM)
    settle(fast, attempt=everyone, by=SYSTEM)
    with pytest.raises(due.ClaimLost):
        settle(fast, attempt=everyone, by=SYSTEM)
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT
    assert sent_event(world, message).attempts == 1


def test_what_is_given_back_is_due_again_and_counts_as_no_failure(world: World, sink: Sink) -> None:
    answered(world)
    for _ in range(3):
        claimed = claim(limit=5, by=SYSTEM)
        give_back(claimed, due_at=clock.now(), by=SYSTEM)
        give_back(
            claimed, due_at=clock.now() + timedelta(days=9), by=SYSTEM
        )  # no longer ours: nothing happens
    row = Delivery.objects.get()
    assert (row.attempts, row.failures) == (0, 0)
    world.settle()
    assert len(sink.mails) == 1


def test_a_mail_that_workers_die_over_is_parked_in_the_end(
    world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "CLAIMS_WITHOUT_REPORT", 3)
    message = answered(world)
    for _ in range(3):
        assert claim(limit=5, by=SYSTEM)
        with unit():
            change(lock(Delivery.objects.get()), claimed_until=None)
    assert claim(limit=5, by=SYSTEM) == []
    message.refresh_from_db()
    assert (message.state, message.trouble) == (DeliveryState.FAILED, "given up after 3 crashes")
    try_again(message, by=world.amara.actor)
    world.settle()
    assert len(sink.mails) == 1


def test_imported_history_is_never_sent(world: World, sink: Sink) -> None:
    conversation = world.conversation()
    with unit(origin=Origin.IMPORT):
        reply(conversation, answer=world.answer(), by=world.amara.actor)
    world.settle()
    assert world.kinds(conversation).count(MessageQueued.name) == 1
    assert not Delivery.objects.exists()
    assert sink.mails == []


def bounced(world: World, message: Message, *, text: str) -> None:
    report = world.writes(message.conversation, text=text, automatic=Automatic.BOUNCE)
    mark_bounced(Message.objects.get(pk=message.pk), report=report, words="5.1.1 unknown", by=SYSTEM)
    world.settle()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<Boss@example.net>: user unknown", [BOSS[1]]),
        ("It did not work.", ["dalia@example.org", BOSS[1]]),
    ],
)
def test_trying_again_after_a_bounce_reaches_whom_it_names(
    world: World, sink: Sink, text: str, expected: list[str]
) -> None:
    message = answered(world, cc=(BOSS,))
    world.settle()
    bounced(world, message, text=text)
    sink.asked.clear()
    try_again(message, by=world.amara.actor)
    world.settle()
    assert sink.asked == expected
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT


def test_a_bounce_that_is_faster_than_our_own_record_is_not_forgotten(world: World, sink: Sink) -> None:
    message = answered(world)
    [claimed] = claim(limit=5, by=SYSTEM)
    bounced(world, message, text="user unknown")
    settle(claimed, attempt=Attempt(accepted=("dalia@example.org",)), by=SYSTEM)
    message.refresh_from_db()
    assert message.state == DeliveryState.BOUNCED
    try_again(message, by=world.amara.actor)
    world.settle()
    assert list(sink.copies().values()) == [1]


def test_looking_for_work_costs_one_query_while_nothing_waits(
    world: World, sink: Sink, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    world.settle()
    with django_assert_num_queries(1):
        assert work.step() == 0
    assert work.waiting() == 0
