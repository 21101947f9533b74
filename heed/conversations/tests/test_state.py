"""Where a conversation stands: status, assignee, team, priority, due time, links."""

from datetime import timedelta
from itertools import product

import pytest
import time_machine

from heed.conversations import queries, timers
from heed.conversations.actions.merging import merge_thread
from heed.conversations.actions.state import (
    ALLOWED,
    Merged,
    NotPossibleFromHere,
    assign,
    change_priority,
    change_status,
    link,
    move,
    run_timer,
    set_next_due,
    share,
)
from heed.conversations.models import Timer
from heed.eventlog import due
from heed.eventlog.kinds import (
    ConversationAssigned,
    ConversationDueChanged,
    ConversationLinked,
    ConversationMoved,
    ConversationPriorityChanged,
    ConversationShared,
    ConversationStatusChanged,
)
from heed.kernel import clock
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import LinkReason, Priority, Status, TeamId, TimerKind
from heed.people.actions.agents import switch_off
from heed.people.policy import SYSTEM
from heed.testing.world import World

STRANGERS = [("bruno", NotFound), ("gita", NotFound), ("nobody", NotFound), ("farid", Refused)]


def until_of(status: Status) -> dict[str, object]:
    return {"until": clock.now() + timedelta(hours=2)} if status is Status.SNOOZED else {}


@pytest.mark.parametrize(("start", "end"), list(product(Status, Status)))
def test_status_goes_only_where_the_table_allows(world: World, start: Status, end: Status) -> None:
    conversation = world.conversation(status=start)
    size = world.log_size()
    if end in ALLOWED[start]:
        change_status(conversation, to=end, by=world.amara.actor, **until_of(end))  # type: ignore[arg-type]  # until, or nothing
        assert world.reload(conversation).status == end
        assert world.kinds(conversation)[-1] == ConversationStatusChanged.name
    elif start is end is not Status.SNOOZED:
        assert change_status(conversation, to=end, by=world.amara.actor).status == start
        assert world.log_size() == size, "unchanged means no event"
    elif start is not end:
        with pytest.raises(NotPossibleFromHere):
            change_status(conversation, to=end, by=world.amara.actor, **until_of(end))  # type: ignore[arg-type]  # as above
        assert world.reload(conversation).status == start
        assert world.log_size() == size


@pytest.mark.parametrize(("who", "error"), STRANGERS)
def test_only_those_who_may_change_the_status(world: World, who: str, error: type[Exception]) -> None:
    conversation = world.conversation()
    with pytest.raises(error):
        change_status(conversation, to=Status.SOLVED, by=world.colleague(who).actor)
    assert world.reload(conversation).status == Status.OPEN
    assert change_status(conversation, to=Status.SOLVED, by=world.edda.actor).status == Status.SOLVED


def test_a_snooze_needs_a_time_that_is_to_come(world: World) -> None:
    conversation = world.conversation()
    for until in (None, clock.now() - timedelta(seconds=1)):
        with pytest.raises(Unusable):
            change_status(conversation, to=Status.SNOOZED, until=until, by=world.amara.actor)
    assert not Timer.objects.exists()


def test_a_snooze_can_be_set_to_another_time(world: World) -> None:
    conversation = world.conversation(status=Status.SNOOZED)
    later = clock.now() + timedelta(days=9)
    change_status(conversation, to=Status.SNOOZED, until=later, by=world.amara.actor)
    assert world.reload(conversation).snoozed_until == later
    assert Timer.objects.get(kind=TimerKind.WAKE).due_at == later


def test_a_snoozed_conversation_wakes_and_is_due(world: World) -> None:
    conversation = world.conversation(status=Status.SNOOZED)
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1), tick=False):
        assert timers.step() == 1
        row = world.reload(conversation)
        assert (row.status, row.next_due_at, row.snoozed_until) == (Status.OPEN, clock.now(), None)
        assert timers.step() == 0


def test_a_solved_conversation_closes_after_seven_days_of_silence(world: World) -> None:
    conversation = world.conversation(status=Status.SOLVED)
    begun = clock.now()
    with time_machine.travel(begun + timedelta(days=6, hours=23)):
        assert timers.step() == 0
    with time_machine.travel(begun + timedelta(days=7, seconds=1)):
        assert timers.step() == 1
        assert world.reload(conversation).status == Status.CLOSED


def test_a_conversation_that_was_opened_again_does_not_close(world: World) -> None:
    conversation = world.conversation(status=Status.SOLVED)
    change_status(conversation, to=Status.OPEN, by=world.amara.actor)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert timers.step() == 0
    assert world.reload(conversation).status == Status.OPEN


def test_a_timer_of_a_merged_conversation_does_nothing(world: World) -> None:
    source, target = world.conversation(status=Status.SNOOZED), world.conversation()
    with time_machine.travel(clock.now() + timedelta(days=2)):
        (timer,) = due.claim(Timer, limit=9, lease_seconds=60)
        merge_thread(source, into=target, by=SYSTEM)
        with pytest.raises(due.ClaimLost):
            run_timer(timer, by=SYSTEM)
    assert world.reload(source).status == Status.SNOOZED


def test_a_timer_that_was_claimed_in_vain_is_done_with(world: World) -> None:
    world.conversation(status=Status.SNOOZED)
    with time_machine.travel(clock.now() + timedelta(days=2)):
        (timer,) = due.claim(Timer, limit=9, lease_seconds=60)
        run_timer(timer, by=SYSTEM)
        with pytest.raises(due.ClaimLost):
            run_timer(timer, by=SYSTEM)


def test_assigning_makes_it_my_turn(world: World) -> None:
    conversation = world.conversation()
    assign(conversation, to=world.amara.row, by=world.edda.actor)
    assert [row.pk for row in queries.my_turn(world.amara.actor).rows] == [conversation.pk]
    event = world.events(conversation)[-1].data
    assert isinstance(event, ConversationAssigned)
    assert (event.previous, event.current) == (None, world.amara.row.pk)
    assign(conversation, to=None, by=world.amara.actor)
    assert queries.my_turn(world.amara.actor).rows == ()


def test_assigning_twice_is_once(world: World) -> None:
    conversation = world.conversation(assignee=world.amara)
    size = world.log_size()
    assign(conversation, to=world.amara.row, by=world.amara.actor)
    assert world.log_size() == size


@pytest.mark.parametrize("taker", ["bruno", "farid", "gita", "hugo"])
def test_who_would_not_see_or_answer_it_can_not_be_assigned(world: World, taker: str) -> None:
    conversation = world.conversation()
    with pytest.raises(Refused):
        assign(conversation, to=world.colleague(taker).row, by=world.chen.actor)
    able = queries.takers(world.chen.actor, conversation)
    assert able == [world.amara.row, world.chen.row, world.edda.row]
    for one in able:
        assert assign(conversation, to=one, by=world.chen.actor).assignee == one


def test_one_who_left_can_not_be_assigned(world: World) -> None:
    conversation = world.conversation()
    switch_off(world.amara.row, by=world.chen.actor)
    with pytest.raises(Refused):
        assign(conversation, to=world.amara.row, by=world.chen.actor)


@pytest.mark.parametrize(("who", "error"), STRANGERS)
def test_only_those_who_may_assign(world: World, who: str, error: type[Exception]) -> None:
    conversation = world.conversation()
    with pytest.raises(error):
        assign(conversation, to=world.amara.row, by=world.colleague(who).actor)


def test_an_assignee_of_another_team_still_sees_it(world: World) -> None:
    conversation = world.conversation(assignee=world.amara)
    move(conversation, to=world.repairs, by=world.chen.actor)
    assert not queries.can_see(world.amara.actor, conversation.pk), (
        "who isn't of the team is responsible no more"
    )
    assert world.reload(conversation).assignee is None


def test_moving_puts_it_into_another_teams_lists(world: World) -> None:
    conversation = world.conversation()
    move(conversation, to=world.repairs, by=world.amara.actor)
    assert [row.pk for row in queries.unassigned(world.bruno.actor).rows] == [conversation.pk]
    assert queries.unassigned(world.amara.actor).rows == ()
    assert world.kinds(conversation)[-1] == ConversationMoved.name


def test_moving_it_where_it_stands_changes_nothing(world: World) -> None:
    conversation = world.conversation(assignee=world.amara)
    size = world.log_size()
    assert move(conversation, to=world.payments, by=world.amara.actor).assignee_id == world.amara.row.pk
    assert world.log_size() == size


def test_moving_to_another_brand_is_refused(world: World) -> None:
    conversation = world.conversation()
    with pytest.raises(Refused):
        move(conversation, to=world.charts, by=world.chen.actor)


@pytest.mark.parametrize(("who", "error"), STRANGERS)
def test_only_those_who_may_move(world: World, who: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        move(world.conversation(), to=world.repairs, by=world.colleague(who).actor)


def test_sharing_lets_another_team_open_it_but_not_list_it(world: World) -> None:
    conversation = world.conversation()
    assert not queries.can_see(world.bruno.actor, conversation.pk)
    share(conversation, team=TeamId(world.repairs.pk), by=SYSTEM)
    assert queries.conversation(world.bruno.actor, conversation.pk) == conversation
    assert queries.all_open(world.bruno.actor).rows == ()
    assert world.kinds(conversation)[-1] == ConversationShared.name


def test_sharing_twice_or_with_its_own_team_is_nothing(world: World) -> None:
    conversation = world.conversation()
    share(conversation, team=TeamId(world.repairs.pk), by=SYSTEM)
    size = world.log_size()
    share(conversation, team=TeamId(world.repairs.pk), by=SYSTEM)
    share(conversation, team=TeamId(world.payments.pk), by=SYSTEM)
    assert world.log_size() == size


def test_a_team_that_it_was_shared_with_may_take_it(world: World) -> None:
    conversation = world.conversation()
    share(conversation, team=TeamId(world.repairs.pk), by=SYSTEM)
    assert assign(conversation, to=world.bruno.row, by=world.bruno.actor).assignee == world.bruno.row
    assert world.bruno.row in queries.takers(world.amara.actor, conversation)


def test_sharing_shows_no_other_conversation(world: World) -> None:
    share(world.conversation(), team=TeamId(world.repairs.pk), by=SYSTEM)
    with pytest.raises(NotFound):
        queries.conversation(world.bruno.actor, world.conversation().pk)


def test_priority_is_changed_and_recorded(world: World) -> None:
    conversation = world.conversation()
    assert change_priority(conversation, to=Priority.URGENT, by=world.amara.actor).priority == Priority.URGENT
    assert world.kinds(conversation)[-1] == ConversationPriorityChanged.name


def test_the_same_priority_is_no_change(world: World) -> None:
    conversation = world.conversation()
    size = world.log_size()
    change_priority(conversation, to=Priority.NORMAL, by=world.amara.actor)
    assert world.log_size() == size


@pytest.mark.parametrize(("who", "error"), STRANGERS)
def test_only_those_who_may_change_the_priority(world: World, who: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        change_priority(world.conversation(), to=Priority.HIGH, by=world.colleague(who).actor)


def test_what_was_merged_is_changed_no_more(world: World) -> None:
    source, target = world.conversation(), world.conversation()
    merge_thread(source, into=target, by=SYSTEM)
    amara = world.amara.actor
    with pytest.raises(Merged):
        change_priority(source, to=Priority.HIGH, by=amara)
    with pytest.raises(Merged):
        change_status(source, to=Status.SOLVED, by=amara)
    with pytest.raises(Merged):
        assign(source, to=world.amara.row, by=amara)
    with pytest.raises(Merged):
        move(source, to=world.repairs, by=amara)


def test_a_due_time_orders_the_list_and_is_recorded(world: World) -> None:
    first, second = world.conversation(), world.conversation()
    set_next_due(second, due_at=clock.now(), by=SYSTEM)
    assert [row.pk for row in queries.unassigned(world.amara.actor).rows] == [second.pk, first.pk]
    assert world.kinds(second)[-1] == ConversationDueChanged.name


def test_the_same_due_time_is_no_change(world: World) -> None:
    at = clock.now()
    conversation = world.conversation(due_at=at)
    size = world.log_size()
    set_next_due(conversation, due_at=at, by=SYSTEM)
    assert world.log_size() == size


def test_nothing_is_due_any_more(world: World) -> None:
    conversation = world.conversation(due_at=clock.now())
    set_next_due(conversation, due_at=None, by=SYSTEM)
    assert world.reload(conversation).next_due_at is None


def test_a_due_time_keeps_its_microseconds(world: World) -> None:
    at = clock.now().replace(microsecond=123_457)
    conversation = world.conversation()
    set_next_due(conversation, due_at=at, by=SYSTEM)
    assert world.reload(conversation).next_due_at == at


def test_linked_conversations_show_each_other(world: World) -> None:
    one, two = world.conversation(), world.conversation()
    link(one, other=two, reason=LinkReason.CLOSED, by=SYSTEM)
    for here, there in ((one, two), (two, one)):
        (linked,) = queries.panel(queries.opened(world.amara.actor, here.pk)).linked
        assert (linked.conversation, linked.reason) == (there, LinkReason.CLOSED)
        assert world.kinds(here)[-1] == ConversationLinked.name


def test_linking_twice_is_once(world: World) -> None:
    one, two = world.conversation(), world.conversation()
    link(one, other=two, reason=LinkReason.CLOSED, by=SYSTEM)
    size = world.log_size()
    link(one, other=two, reason=LinkReason.CLOSED, by=SYSTEM)
    assert world.log_size() == size


def test_a_link_to_what_one_may_not_see_is_not_shown(world: World) -> None:
    one, hidden = world.conversation(), world.conversation(inbox=world.hello)
    link(one, other=hidden, reason=LinkReason.OTHER_BRAND, by=SYSTEM)
    assert queries.panel(queries.opened(world.amara.actor, one.pk)).linked == []
    assert len(queries.panel(queries.opened(world.chen.actor, one.pk)).linked) == 1


def test_a_link_may_lead_to_several(world: World) -> None:
    one, two, three = (world.conversation() for _ in range(3))
    link(one, other=two, reason=LinkReason.CLOSED, by=SYSTEM)
    link(one, other=three, reason=LinkReason.NEW_SUBJECT, by=SYSTEM)
    assert [
        linked.conversation for linked in queries.panel(queries.opened(world.amara.actor, one.pk)).linked
    ] == [three, two]
