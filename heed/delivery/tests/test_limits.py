"""Send limits: what is over one waits and is told so, agents' answers come first, nothing is dropped."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.brands.models import Inbox
from heed.brands.queries import most_bytes_of
from heed.conversations.actions.answering import MailTooLarge, reply, send_automatic
from heed.conversations.actions.uploads import upload
from heed.conversations.models import Attachment, Message
from heed.conversations.queries import opened
from heed.delivery import servers, work
from heed.delivery.actions import claim, take_turn
from heed.delivery.actions.setup import note_server_bytes, set_most_bytes, set_send_limits
from heed.delivery.limits import DAY, HOUR, MINUTE, Left, Limits, next_turn
from heed.delivery.models import Delivery, Departure
from heed.delivery.queries import progress_of
from heed.delivery.tests.sink import Sink
from heed.eventlog.due import ClaimLost
from heed.eventlog.unit import change, lock, unit
from heed.kernel import blobs, clock
from heed.kernel.config import config
from heed.kernel.errors import Refused, Unusable
from heed.kernel.words import DeliveryState
from heed.people.actions import set_mail_server
from heed.people.policy import SYSTEM
from heed.testing.world import World
from heed.web.refusals import reason_of

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    work.servers.forget()
    yield
    work.servers.forget()


def queued(world: World, number: int = 1) -> list[Message]:
    return [reply(world.conversation(), answer=world.answer(), by=world.amara.actor) for _ in range(number)]


def states(messages: list[Message]) -> list[str]:
    return [Message.objects.get(pk=message.pk).state for message in messages]


def test_what_is_over_the_limit_waits_until_it_is_not(world: World) -> None:
    set_send_limits(world.help, limits=Limits(minute=2), by=world.chen.actor)
    messages = queued(world, 3)
    world.settle()
    assert states(messages) == [DeliveryState.SENT, DeliveryState.SENT, DeliveryState.QUEUED]
    waiting = Delivery.objects.get(pk=messages[2].pk)
    assert (waiting.failures, waiting.attempts, waiting.is_over_limit) == (0, 0, True)
    assert waiting.due_at is not None
    assert timedelta(seconds=50) < waiting.due_at - clock.now() <= MINUTE
    here = opened(world.amara.actor, messages[2].conversation_id)
    progress = progress_of(here, [Message.objects.get(pk=messages[2].pk)])[messages[2].pk]
    assert progress.is_over_limit
    with clock.at(waiting.due_at + timedelta(seconds=1)):
        world.settle()
    assert states(messages) == [DeliveryState.SENT] * 3
    assert not Delivery.objects.filter(is_over_limit=True).exists()


def test_automatic_mail_leaves_room_for_answers(world: World) -> None:
    set_send_limits(world.help, limits=Limits(hour=5), by=world.chen.actor)
    conversation = world.conversation()
    asked = conversation.messages.get()
    to = ((asked.from_name, asked.from_address),)
    automatic = [
        send_automatic(
            conversation, answers=asked, text="We have it.", to=to, answer_by=clock.now(), by=SYSTEM
        )
        for _ in range(6)
    ]
    world.settle()
    assert states(automatic).count(DeliveryState.SENT) == 4
    answers = queued(world, 2)
    world.settle()
    assert states(answers) == [DeliveryState.SENT, DeliveryState.QUEUED]


def test_answers_that_are_due_together_with_automatic_mail_leave_first(world: World) -> None:
    set_send_limits(world.help, limits=Limits(hour=2), by=world.chen.actor)
    conversation = world.conversation()
    asked = conversation.messages.get()
    to = ((asked.from_name, asked.from_address),)
    automatic = send_automatic(
        conversation, answers=asked, text="We have it.", to=to, answer_by=clock.now(), by=SYSTEM
    )
    answers = queued(world, 2)
    world.settle()
    assert states([automatic, *answers]) == [DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.SENT]


def test_inboxes_that_share_a_server_share_what_has_left(world: World) -> None:
    for inbox in (world.help, world.workshop):
        set_send_limits(inbox, limits=Limits(day=1), by=world.chen.actor)
    [first] = queued(world)
    second = reply(world.conversation(inbox=world.workshop), answer=world.answer(), by=world.bruno.actor)
    unlimited = reply(world.conversation(inbox=world.hello), answer=world.answer(), by=world.gita.actor)
    world.settle()
    assert states([first, second, unlimited]) == [
        DeliveryState.SENT,
        DeliveryState.QUEUED,
        DeliveryState.SENT,
    ]


def test_a_turn_is_counted_once_and_only_for_whoever_has_the_claim(world: World) -> None:
    queued(world)
    world.read_log()
    [delivery] = claim(limit=5, by=SYSTEM)
    assert take_turn(delivery, server="s", limits=Limits(minute=1), by=SYSTEM)
    assert Departure.objects.count() == 1
    with unit():
        change(lock(delivery), claimed_until=clock.now() - timedelta(seconds=1))
    stale = Delivery.objects.get()
    [again] = claim(limit=5, by=SYSTEM)
    with pytest.raises(ClaimLost):
        take_turn(stale, server="s", limits=Limits(minute=1), by=SYSTEM)
    again.message = delivery.message
    assert not take_turn(again, server="s", limits=Limits(minute=1), by=SYSTEM)
    with pytest.raises(ClaimLost):
        take_turn(again, server="s", limits=Limits(minute=1), by=SYSTEM)


def test_automatic_mail_takes_its_turn_from_its_part_of_the_limit(world: World) -> None:
    conversation = world.conversation()
    asked = conversation.messages.get()
    to = ((asked.from_name, asked.from_address),)
    for _ in range(2):
        send_automatic(
            conversation, answers=asked, text="We have it.", to=to, answer_by=clock.now(), by=SYSTEM
        )
    world.read_log()
    one, two = claim(limit=5, by=SYSTEM)
    assert take_turn(one, server="s", limits=Limits(minute=2), by=SYSTEM)
    assert not take_turn(two, server="s", limits=Limits(minute=2), by=SYSTEM)


def test_a_mail_that_is_no_longer_over_the_limit_says_so(world: World) -> None:
    queued(world)
    world.read_log()
    [delivery] = claim(limit=5, by=SYSTEM)
    with unit():
        change(lock(delivery), is_over_limit=True)
    assert take_turn(delivery, server="s", limits=Limits(minute=2), by=SYSTEM)
    assert not Delivery.objects.get().is_over_limit


def test_one_servers_turns_are_not_anothers(world: World) -> None:
    queued(world, 2)
    world.read_log()
    one, two = claim(limit=5, by=SYSTEM)
    assert take_turn(one, server="s", limits=Limits(minute=1), by=SYSTEM)
    assert take_turn(two, server="t", limits=Limits(minute=1), by=SYSTEM)


def test_what_left_over_a_day_ago_is_forgotten(world: World) -> None:
    set_send_limits(world.help, limits=Limits(day=1), by=world.chen.actor)
    queued(world)
    world.settle()
    later = clock.now() + DAY + MINUTE
    with clock.at(later):
        messages = queued(world)
        world.settle()
        assert states(messages) == [DeliveryState.SENT]
    assert [row.at for row in Departure.objects.all()] == [later]


def test_a_message_to_more_than_the_limit_leaves_alone(world: World) -> None:
    set_send_limits(world.help, limits=Limits(minute=1), by=world.chen.actor)
    message = reply(
        world.conversation(), answer=world.answer(cc=(("", "boss@example.net"),)), by=world.amara.actor
    )
    world.settle()
    assert states([message]) == [DeliveryState.SENT]


def test_only_admins_set_limits(world: World) -> None:
    with pytest.raises(Refused):
        set_send_limits(world.help, limits=Limits(day=1), by=world.edda.actor)
    with pytest.raises(Refused):
        set_most_bytes(world.help, most_bytes=1_000_000, by=world.edda.actor)
    world.help.refresh_from_db()
    assert (world.help.sends_a_day, world.help.most_bytes) == (None, None)


def test_a_limit_of_nothing_is_no_limit(world: World) -> None:
    with pytest.raises(Unusable):
        set_send_limits(world.help, limits=Limits(hour=0), by=world.chen.actor)
    with pytest.raises(Unusable):
        set_most_bytes(world.help, most_bytes=99_999, by=world.chen.actor)
    set_send_limits(world.help, limits=Limits(hour=1), by=world.chen.actor)
    set_send_limits(world.help, limits=Limits(), by=world.chen.actor)
    messages = queued(world, 3)
    world.settle()
    assert states(messages) == [DeliveryState.SENT] * 3


moments = st.lists(st.tuples(st.integers(0, 3 * 86_400), st.integers(1, 5)), max_size=30)
some = st.one_of(st.none(), st.integers(1, 12))


@given(moments, some, some, some, st.integers(1, 5))
def test_no_window_is_ever_overfilled(
    told: list[tuple[int, int]], minute: int | None, hour: int | None, day: int | None, recipients: int
) -> None:
    """Mails that ask one after the other and leave at their turn keep every limit, but for one that fills it alone."""
    limits = Limits(minute, hour, day)
    left: list[Left] = []
    for seconds, number in sorted(told):
        now = max([AT + timedelta(seconds=seconds), *(at for at, _ in left[-1:])])
        turn = next_turn(left, limits=limits, recipients=number, now=now)
        assert turn >= now
        assert next_turn(left, limits=limits, recipients=number, now=turn) == turn
        left.append((turn, number))
    for end, last in left:
        for window, limit in limits.windows:
            inside = [number for at, number in left if end - window < at <= end]
            assert sum(inside) <= limit or (len(inside) == 1 and inside[0] == last)


@given(moments, st.integers(1, 12))
def test_a_turn_comes_no_later_than_it_must(told: list[tuple[int, int]], limit: int) -> None:
    left = [(AT + timedelta(seconds=seconds), 1) for seconds, _ in sorted(told)]
    now = max([AT, *(at for at, _ in left)])
    turn = next_turn(left, limits=Limits(hour=limit), recipients=1, now=now)
    if turn > now:
        before = turn - timedelta(seconds=1)
        assert sum(at > before - HOUR for at, _ in left) >= limit


def test_parts_of_limits_are_never_nothing() -> None:
    assert Limits(1, 10, None).shared(80) == Limits(1, 8, None)


def attached(world: World, size: int) -> int:
    """A file of the writer's, as large as said; only its row is."""
    row = Attachment(blob_id=blobs.put(b"x"), filename="plan.pdf", content_type="application/pdf", size=size)
    return upload(row, by=world.amara.actor).pk


def test_what_is_too_large_is_refused_before_it_is_sent(world: World) -> None:
    set_most_bytes(world.help, most_bytes=1_000_000, by=world.chen.actor)
    conversation = world.conversation()
    before = world.log_size()
    with pytest.raises(MailTooLarge) as refused:
        reply(conversation, answer=world.answer(files=[attached(world, 800_000)]), by=world.amara.actor)
    assert (refused.value.limit, refused.value.field) == (1_000_000, "files")
    assert 1_090_000 < refused.value.size < 1_200_000
    assert world.log_size() == before
    reply(conversation, answer=world.answer(files=[attached(world, 600_000)]), by=world.amara.actor)


def test_the_desks_own_limit_holds_where_an_inbox_has_none(world: World) -> None:
    set_most_bytes(world.help, most_bytes=200_000, by=world.chen.actor)
    set_most_bytes(world.help, most_bytes=None, by=world.chen.actor)
    set_most_bytes(world.help, most_bytes=None, by=world.chen.actor)
    reply(world.conversation(), answer=world.answer(files=[attached(world, 600_000)]), by=world.amara.actor)
    with pytest.raises(MailTooLarge):
        reply(
            world.conversation(),
            answer=world.answer(files=[attached(world, 24_000_000)]),
            by=world.amara.actor,
        )


def test_what_the_server_takes_is_learnt_and_held_against_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sink(size_limit=400_000) as sink:
        monkeypatch.setattr(servers, "config", replace(config, smtp_url=sink.url))
        queued(world)
        world.settle()
    world.help.refresh_from_db()
    assert world.help.server_bytes == 400_000
    with pytest.raises(MailTooLarge) as refused:
        reply(
            world.conversation(), answer=world.answer(files=[attached(world, 300_000)]), by=world.amara.actor
        )
    assert refused.value.limit == 400_000
    set_mail_server(world.help, url="smtp://other.example", by=SYSTEM)
    world.help.refresh_from_db()
    assert world.help.server_bytes is None


def test_a_server_that_says_too_large_is_believed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sink(size_limit=3_000) as sink:
        monkeypatch.setattr(servers, "config", replace(config, smtp_url=sink.url))
        message = reply(world.conversation(), answer=world.answer(text="x" * 5_000), by=world.amara.actor)
        world.settle()
    message.refresh_from_db()
    assert (message.state, message.trouble[:3]) == (DeliveryState.FAILED, "552")
    assert reason_of(message.trouble, is_given_up=False) == "too_large"
    assert reason_of("552 5.2.2 over quota", is_given_up=False) == "mailbox_full"


def test_a_size_is_noted_for_one_inbox_and_forgotten_again(world: World) -> None:
    note_server_bytes(world.help, server_bytes=1, by=SYSTEM)
    note_server_bytes(world.help, server_bytes=5_000_000, by=SYSTEM)
    assert most_bytes_of(Inbox.objects.get(pk=world.help.pk)) == 5_000_000
    assert most_bytes_of(world.workshop) == config.send_max_bytes
    note_server_bytes(world.help, server_bytes=None, by=SYSTEM)
    assert most_bytes_of(Inbox.objects.get(pk=world.help.pk)) == config.send_max_bytes


def test_a_larger_server_does_not_raise_the_desks_limit(world: World) -> None:
    note_server_bytes(world.help, server_bytes=90_000_000, by=SYSTEM)
    assert most_bytes_of(Inbox.objects.get(pk=world.help.pk)) == config.send_max_bytes


def test_a_smaller_limit_of_an_inbox_holds_against_a_larger_server(world: World) -> None:
    note_server_bytes(world.help, server_bytes=90_000_000, by=SYSTEM)
    set_most_bytes(world.help, most_bytes=100_000, by=world.chen.actor)
    assert most_bytes_of(Inbox.objects.get(pk=world.help.pk)) == 100_000


def test_limits_are_lifted_by_an_admin(world: World) -> None:
    set_send_limits(world.help, limits=Limits(1, 2, 3), by=world.chen.actor)
    row = set_send_limits(world.help, limits=Limits(), by=world.chen.actor)
    assert (row.sends_a_minute, row.sends_an_hour, row.sends_a_day) == (None, None, None)


def test_another_inboxs_server_is_its_own_affair(world: World) -> None:
    note_server_bytes(world.workshop, server_bytes=150_000, by=SYSTEM)
    reply(world.conversation(), answer=world.answer(files=[attached(world, 600_000)]), by=world.amara.actor)
