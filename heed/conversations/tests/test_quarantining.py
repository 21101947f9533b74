"""What is taken for spam stands in no list or count and nothing is owed; released, it stands as on arrival."""

from datetime import timedelta

import pytest
import time_machine

from heed.conversations import queries
from heed.conversations.actions.answering import reply
from heed.conversations.actions.merging import merge
from heed.conversations.actions.quarantining import quarantine, release
from heed.conversations.actions.sending import mark_bounced
from heed.conversations.actions.state import Merged, Quarantined, assign
from heed.conversations.models import Conversation, Message
from heed.eventlog.kinds import ConversationQuarantined, ConversationUnquarantined
from heed.kernel import clock
from heed.kernel.errors import NotFound, Refused
from heed.kernel.words import Automatic, Direction, MessageId, SpamReason, Status
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World


def arrived_in_quarantine(world: World) -> Conversation:
    row = world.conversation()
    quarantine(row, reason=SpamReason.CONTENT, by=SYSTEM)
    world.read_log()
    return world.reload(row)


def acknowledgements() -> list[Message]:
    return list(Message.objects.filter(direction=Direction.OUT, automatic=Automatic.ACKNOWLEDGEMENT))


def set_free(world: World, row: Conversation) -> Conversation:
    first = MessageId(row.messages.order_by("pk")[0].pk)
    release(row, message=first, may_acknowledge=True, by=world.amara.actor)
    world.settle()
    return world.reload(row)


@pytest.mark.parametrize("status", Status)
def test_it_stands_in_no_list_or_count_whatever_its_status(world: World, status: Status) -> None:
    row = world.conversation(status=status)
    world.read_log()
    before = queries.counts(world.amara.actor)
    assert before != queries.Counts()
    quarantine(row, reason=SpamReason.BY_AGENT, by=world.amara.actor)
    world.read_log()
    actor = world.amara.actor
    assert queries.counts(actor) == queries.Counts()
    for read in (queries.my_turn, queries.unassigned, queries.waiting, queries.solved, queries.all_open):
        assert row not in read(actor).rows
    assert list(queries.quarantined(actor).rows) == [row]
    assert world.reload(row).status == status
    release(world.reload(row), message=None, may_acknowledge=False, by=actor)
    world.read_log()
    assert queries.counts(actor) == before
    assert not queries.quarantined(actor).rows


def test_the_quarantine_is_paged_newest_first_and_shows_each_team_its_own(world: World) -> None:
    rows = [world.conversation() for _ in range(5)]
    for minutes, row in enumerate(rows):
        with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
            quarantine(row, reason=SpamReason.CONTENT, by=SYSTEM)
    edda = world.edda.actor
    with assert_queries(at_most=2):
        first = queries.quarantined(edda, limit=3)
    second = queries.quarantined(edda, after=first.after, limit=3)
    assert [*first.rows, *second.rows] == rows[::-1]
    assert not second.after
    assert not queries.quarantined(world.hugo.actor).rows


def test_nothing_is_owed_or_acknowledged_until_it_is_released(world: World) -> None:
    row = arrived_in_quarantine(world)
    assert row.next_due_at is None
    assert not acknowledgements()
    world.writes(row)
    world.settle()
    assert world.reload(row).next_due_at is None
    free = set_free(world, row)
    assert free.next_due_at is not None
    assert len(acknowledgements()) == 1
    assert set_free(world, free).next_due_at == free.next_due_at
    assert len(acknowledgements()) == 1


def test_what_lay_there_long_is_due_since_it_came_and_the_customer_is_told_a_time_ahead(world: World) -> None:
    with time_machine.travel(clock.now() - timedelta(days=9)):
        row = arrived_in_quarantine(world)
    free = set_free(world, row)
    assert free.next_due_at is not None
    assert free.next_due_at < clock.now()
    assert len(acknowledgements()) == 1


def test_released_before_the_reader_came_by_it_is_acknowledged_once(world: World) -> None:
    row = world.conversation()
    quarantine(row, reason=SpamReason.CONTENT, by=SYSTEM)
    first = MessageId(row.messages.get().pk)
    release(row, message=first, may_acknowledge=True, by=world.amara.actor)
    world.settle()
    assert len(acknowledgements()) == 1


def test_releasing_what_is_in_no_quarantine_records_nothing(world: World) -> None:
    row = world.conversation()
    before = world.log_size()
    release(row, message=None, may_acknowledge=True, by=world.amara.actor)
    assert world.log_size() == before


def test_nothing_that_comes_in_brings_it_back(world: World) -> None:
    row = world.conversation(status=Status.WAITING)
    answered = world.answered(row)
    quarantine(row, reason=SpamReason.BY_AGENT, by=world.amara.actor)
    report = world.writes(row, automatic=Automatic.BOUNCE)
    mark_bounced(answered, report=report, words="5.1.1", by=SYSTEM)
    world.writes(row)
    world.settle()
    assert world.reload(row).status == Status.WAITING


def test_a_snooze_that_ended_in_quarantine_has_ended_afterwards(world: World) -> None:
    row = world.conversation(status=Status.SNOOZED)
    quarantine(row, reason=SpamReason.BY_AGENT, by=world.amara.actor)
    with time_machine.travel(clock.now() + timedelta(days=2)):
        world.settle()
        assert world.reload(row).status == Status.SNOOZED
        assert set_free(world, world.reload(row)).status == Status.OPEN


def test_a_solved_one_closes_by_silence_only_after_it_is_released(world: World) -> None:
    row = world.conversation(status=Status.SOLVED)
    quarantine(row, reason=SpamReason.BY_AGENT, by=world.amara.actor)
    with time_machine.travel(clock.now() + timedelta(days=30)):
        world.settle()
        assert set_free(world, world.reload(row)).status == Status.SOLVED
    with time_machine.travel(clock.now() + timedelta(days=40)):
        world.settle()
        assert world.reload(row).status == Status.CLOSED


def test_nobody_answers_or_moves_what_is_in_quarantine(world: World) -> None:
    row = arrived_in_quarantine(world)
    with pytest.raises(Quarantined):
        reply(row, answer=world.answer(), by=world.amara.actor)
    with pytest.raises(Quarantined):
        assign(row, to=world.amara.row, by=world.amara.actor)


def test_what_was_merged_goes_into_no_quarantine(world: World) -> None:
    row, other = world.conversation(), world.conversation()
    merge(other, into=row, by=SYSTEM)
    with pytest.raises(Merged):
        quarantine(world.reload(other), reason=SpamReason.BY_AGENT, by=world.amara.actor)


def test_both_are_told_once(world: World) -> None:
    row = world.conversation()
    for _ in range(2):
        quarantine(world.reload(row), reason=SpamReason.BY_AGENT, by=world.amara.actor)
    for _ in range(2):
        release(world.reload(row), message=None, may_acknowledge=False, by=world.amara.actor)
    kinds = [type(event.data) for event in world.events(row)]
    assert kinds.count(ConversationQuarantined) == kinds.count(ConversationUnquarantined) == 1


def test_who_may_not_see_it_finds_nothing_and_who_only_looks_is_refused(world: World) -> None:
    row = world.conversation()
    for who, error in ((world.bruno, NotFound), (world.farid, Refused)):
        with pytest.raises(error):
            quarantine(row, reason=SpamReason.BY_AGENT, by=who.actor)
        quarantine(row, reason=SpamReason.CONTENT, by=SYSTEM)
        with pytest.raises(error):
            release(row, message=None, may_acknowledge=False, by=who.actor)
        release(row, message=None, may_acknowledge=False, by=SYSTEM)
