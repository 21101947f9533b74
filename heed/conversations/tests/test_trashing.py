"""What is deleted stands in no list, count or search; it can be restored, and comes back when somebody writes."""

from datetime import UTC, timedelta

import pytest

from heed.conversations import queries
from heed.conversations.actions.answering import Wait, reply
from heed.conversations.actions.holding import take_back
from heed.conversations.actions.merging import merge
from heed.conversations.actions.purging import purge
from heed.conversations.actions.quarantining import quarantine
from heed.conversations.actions.state import Merged, Quarantined, Trashed, assign
from heed.conversations.actions.trashing import BeingPurged, StillLeaving, restore, trash
from heed.conversations.actions.unmerging import unmerge
from heed.conversations.filters import read
from heed.conversations.models import Conversation, HeldAnswer, Message, Timer
from heed.conversations.queries.conditions import Reader
from heed.conversations.queries.search import search
from heed.eventlog.kinds import ConversationRestored, ConversationTrashed
from heed.kernel import clock
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import (
    Automatic,
    Direction,
    HeldFor,
    RestoreReason,
    SpamReason,
    Status,
    StopReason,
    TimerKind,
)
from heed.testing.queries import assert_queries
from heed.testing.world import World

LISTS = (queries.my_turn, queries.unassigned, queries.waiting, queries.solved, queries.all_open)


def deleted(world: World, **more: object) -> Conversation:
    row = world.conversation(**more)  # type: ignore[arg-type]  # what the world takes
    trash(row, by=world.amara.actor)
    world.read_log()
    return world.reload(row)


@pytest.mark.parametrize("status", Status)
def test_it_stands_in_no_list_or_count_and_as_before_once_it_is_restored(
    world: World, status: Status
) -> None:
    row = world.conversation(status=status)
    world.settle()
    actor = world.amara.actor
    before, due_at = queries.counts(actor), world.reload(row).next_due_at
    assert before != queries.Counts()
    trash(row, by=actor)
    world.read_log()
    assert queries.counts(actor) == queries.Counts()
    assert not [read for read in LISTS if row in read(actor).rows]
    assert list(queries.trashed(actor).rows) == [row]
    assert world.reload(row).status == status
    restore(world.reload(row), by=actor)
    world.read_log()
    assert queries.counts(actor) == before
    assert [read for read in LISTS if row in read(actor).rows]
    assert not queries.trashed(actor).rows
    assert world.reload(row).next_due_at == due_at
    assert world.kinds(row)[-2:] == [ConversationTrashed.name, ConversationRestored.name]


def test_search_finds_it_no_more_until_it_is_restored(world: World) -> None:
    row = world.conversation(text="The lantern is broken.", subject="Lantern")
    reader = Reader(world.amara.actor, UTC)
    wanted = [read("lantern").filter, read("subject:lantern").filter, read(f"#{row.pk}").filter]
    assert [[hit.conversation.pk for hit in search(reader, one).hits] for one in wanted] == [[row.pk]] * 3
    trash(row, by=world.amara.actor)
    assert not [hit for one in wanted for hit in search(reader, one).hits]


def test_the_trash_shows_who_could_see_it_before_in_pages(world: World) -> None:
    rows = [world.conversation() for _ in range(5)]
    for minutes, row in enumerate(rows):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            trash(row, by=world.amara.actor)
    for who in (world.amara, world.edda, world.farid, world.chen):
        first = queries.trashed(who.actor, limit=3)
        second = queries.trashed(who.actor, after=first.after, limit=3)
        assert [*first.rows, *second.rows] == rows[::-1]
        assert not second.after
    for who in (world.bruno, world.hugo):
        assert not queries.trashed(who.actor).rows
    with pytest.raises(Unusable):
        queries.trashed(world.amara.actor, after="~5")


def test_the_trash_says_who_deleted_it_and_until_when_in_as_many_queries_for_one_as_for_many(
    world: World,
) -> None:
    rows = [deleted(world) for _ in range(3)]
    edda = world.edda.actor
    with assert_queries(at_most=3):
        told = queries.trashings(edda, rows)
    amara = world.amara.row
    assert {(one.agent, one.by) for one in told.values()} == {(amara.pk, amara.name)}
    until = told[rows[0].pk].until
    assert until is not None
    assert rows[0].trashed_at is not None
    assert until - rows[0].trashed_at == timedelta(days=30)


def test_only_who_may_change_it_deletes_or_restores_it(world: World) -> None:
    row = world.conversation()
    for refused in (trash, restore):
        with pytest.raises(NotFound):
            refused(row, by=world.bruno.actor)
        with pytest.raises(Refused):
            refused(row, by=world.farid.actor)
        trash(row, by=world.amara.actor)


def test_twice_changes_nothing_more(world: World) -> None:
    row = world.conversation()
    trash(row, by=world.amara.actor)
    first = world.reload(row).trashed_at
    trash(world.reload(row), by=world.edda.actor)
    assert world.reload(row).trashed_at == first
    for _ in range(2):
        restore(world.reload(row), by=world.edda.actor)
    kinds = world.kinds(row)
    assert kinds.count(ConversationTrashed.name) == kinds.count(ConversationRestored.name) == 1
    assert Timer.objects.get(conversation=row, kind=TimerKind.PURGE).due_at is None


def test_what_lives_elsewhere_is_not_deleted_and_nothing_changes_what_is(world: World) -> None:
    row, other, spam = world.conversation(), world.conversation(), world.conversation()
    quarantine(spam, reason=SpamReason.BY_AGENT, by=world.amara.actor)
    with pytest.raises(Quarantined):
        trash(spam, by=world.amara.actor)
    merge(other, into=row, by=world.amara.actor)
    with pytest.raises(Merged):
        trash(world.reload(other), by=world.amara.actor)
    trash(world.reload(row), by=world.amara.actor)
    third = world.conversation()
    for refused in (
        lambda: assign(row, to=world.amara.row, by=world.amara.actor),
        lambda: quarantine(row, reason=SpamReason.BY_AGENT, by=world.amara.actor),
        lambda: merge(third, into=row, by=world.amara.actor),
        lambda: unmerge(other, by=world.amara.actor),
        lambda: reply(row, answer=world.answer(), by=world.amara.actor),
    ):
        with pytest.raises(Trashed):
            refused()


def test_what_somebody_writes_brings_it_back_and_it_is_owed_again(world: World) -> None:
    row = world.conversation(status=Status.WAITING)
    trash(row, by=world.amara.actor)
    world.writes(world.reload(row))
    world.settle()
    back = world.reload(row)
    assert (back.status, back.trashed_at) == (Status.OPEN, None)
    assert back.next_due_at is not None
    restored = [event.data for event in world.events(row) if isinstance(event.data, ConversationRestored)]
    assert [one.reason for one in restored] == [RestoreReason.SOMEBODY_WROTE]
    assert queries.counts(world.amara.actor).all_open == 1


def test_a_machine_brings_nothing_back(world: World) -> None:
    row = deleted(world)
    world.writes(row, automatic=Automatic.AUTO_REPLY)
    world.settle()
    assert world.reload(row).trashed_at is not None


def test_a_reply_by_mail_brings_it_back_and_one_to_what_was_closed_begins_another(world: World) -> None:
    row, closed = world.conversation(status=Status.WAITING), world.conversation(status=Status.CLOSED)
    for one in (row, closed):
        trash(one, by=world.amara.actor)
        world.mail_from(world.dalia, reply_to=one)
    world.settle()
    assert world.reload(row).trashed_at is None
    assert world.reload(closed).trashed_at is not None
    assert Conversation.objects.count() == 3


def test_a_snooze_that_ended_in_the_trash_has_ended_and_silence_begins_anew(world: World) -> None:
    asleep = world.conversation(status=Status.SNOOZED)
    solved = world.conversation(status=Status.SOLVED)
    for row in (asleep, solved):
        trash(row, by=world.amara.actor)
    later = (asleep.snoozed_until or clock.now()) + timedelta(days=8)
    with clock.at(later):
        world.settle()
        assert world.reload(asleep).status == Status.SNOOZED
        for row in (asleep, solved):
            restore(world.reload(row), by=world.amara.actor)
        assert world.reload(asleep).status == Status.OPEN
        assert world.reload(asleep).next_due_at == later
        closes = Timer.objects.get(conversation=solved, kind=TimerKind.CLOSE).due_at
        assert closes == later + timedelta(days=solved.brand.close_after_days)


def test_an_answer_that_can_be_taken_back_has_to_leave_first_and_one_for_later_stops(world: World) -> None:
    row = world.conversation()
    now = clock.now()
    soon = reply(
        row, answer=world.answer(wait=Wait(now + timedelta(seconds=9), HeldFor.UNDO)), by=world.amara.actor
    )
    with pytest.raises(StillLeaving):
        trash(world.reload(row), by=world.amara.actor)
    take_back(soon, by=world.amara.actor)
    later = reply(
        row, answer=world.answer(wait=Wait(now + timedelta(hours=2), HeldFor.LATER)), by=world.amara.actor
    )
    trash(world.reload(row), by=world.amara.actor)
    with clock.at(now + timedelta(hours=3)):
        world.settle()
    assert HeldAnswer.objects.get(pk=later.pk).stopped == StopReason.TRASHED
    assert not Message.objects.filter(direction=Direction.OUT, state="sent").exists()


def test_what_is_being_purged_is_not_restored(world: World) -> None:
    row = deleted(world)
    purge(row, by=world.chen.actor)
    with pytest.raises(BeingPurged):
        restore(row, by=world.chen.actor)
    assert not queries.trashed(world.chen.actor).rows
    assert queries.is_going(world.chen.actor, world.reload(row))
