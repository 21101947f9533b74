"""What is restricted is shown to those named alone: in no list, count, search, stream or link of others, at once."""

from zoneinfo import ZoneInfo

import pytest

from heed.conversations import queries, sql
from heed.conversations.actions.merging import DifferentCircle, WouldRestrict, merge, merge_thread
from heed.conversations.actions.quarantining import quarantine
from heed.conversations.actions.restricting import open_to_team, restrict
from heed.conversations.actions.splitting import split
from heed.conversations.actions.state import Merged, assign, change_status
from heed.conversations.actions.unmerging import unmerge
from heed.conversations.filters import read as read_filter
from heed.conversations.models import Conversation
from heed.conversations.queries.circles import nameable, named_in
from heed.conversations.queries.conditions import Reader
from heed.conversations.queries.search import search
from heed.conversations.scope import scope_of
from heed.eventlog.kinds import ConversationAssigned, ConversationRestricted
from heed.kernel.errors import NotAllowedNow, NotFound, Refused, Unusable
from heed.kernel.words import AgentId, SpamReason, Status, TeamId
from heed.people.actions import join_team, leave_team
from heed.people.models import Circle
from heed.people.policy import SYSTEM, may_see
from heed.testing.queries import assert_queries, plans
from heed.testing.world import Colleague, World


def key(who: Colleague) -> AgentId:
    return AgentId(who.row.pk)


def only(world: World, row: Conversation, *people: Colleague) -> Conversation:
    return restrict(row, agents=[key(one) for one in people], teams=[], by=SYSTEM)


def found_by(world: World, who: Colleague, words: str) -> set[int]:
    reader = Reader(who.actor, ZoneInfo("UTC"))
    return {hit.conversation.pk for hit in search(reader, read_filter(words).filter).hits}


def traces(world: World, who: Colleague, row: Conversation) -> dict[str, bool]:
    """Where somebody comes across a conversation."""
    actor, number = who.actor, row.pk
    read = (queries.unassigned, queries.all_open, queries.waiting, queries.solved, queries.my_turn)
    return {
        "lists": any(number in {one.pk for one in name(actor).rows} for name in read),
        "counted": queries.counts(actor).all_open > 0,
        "opened": queries.can_see(actor, number),
        "found": number in found_by(world, who, "elderberry"),
        "customer": queries.knows_customer(actor, row.customer_id or 0),
        "policy": may_see(actor, scope_of(world.reload(row))),
    }


def everywhere(value: bool) -> dict[str, bool]:
    return dict.fromkeys(("lists", "counted", "opened", "found", "customer", "policy"), value)


def test_it_vanishes_for_others_everywhere_and_stays_for_those_named(world: World) -> None:
    row = world.conversation(text="About the elderberry matter")
    world.read_log()
    for who in (world.amara, world.edda, world.chen):
        assert traces(world, who, row) == everywhere(True)
    restrict(row, agents=[key(world.amara)], teams=[], by=world.chen.actor)
    world.read_log()
    assert traces(world, world.amara, row) == everywhere(True)
    assert traces(world, world.chen, row) == everywhere(True), "who restricts is named too"
    for who in (world.edda, world.farid):
        assert traces(world, who, row) == everywhere(False)
    assert world.kinds(row)[-1] == ConversationRestricted.name


def test_who_is_named_from_another_team_may_open_and_find_it_but_has_it_in_no_list(world: World) -> None:
    row = only(world, world.conversation(text="About the elderberry matter"), world.gita)
    world.read_log()
    seen = traces(world, world.gita, row)
    assert (seen["opened"], seen["found"], seen["policy"], seen["lists"]) == (True, True, True, False)
    assert traces(world, world.bruno, row) == everywhere(False)


def test_a_team_that_is_named_sees_it_as_long_as_one_is_of_it(world: World) -> None:
    row = world.conversation()
    restrict(row, agents=[], teams=[TeamId(world.repairs.pk)], by=SYSTEM)
    assert queries.can_see(world.bruno.actor, row.pk)
    assert not queries.can_see(world.amara.actor, row.pk)
    leave_team(world.repairs, agent=world.bruno.row, by=SYSTEM)
    assert not queries.can_see(world.bruno.actor, row.pk)
    join_team(world.repairs, agent=world.amara.row, by=SYSTEM)
    assert queries.can_see(world.amara.actor, row.pk)


def test_who_is_named_no_more_sees_nothing_from_that_moment(world: World) -> None:
    row = only(world, world.conversation(), world.amara, world.edda)
    assert queries.can_see(world.amara.actor, row.pk)
    only(world, row, world.edda)
    assert not queries.can_see(world.amara.actor, row.pk)
    assert queries.can_see(world.edda.actor, row.pk)


def test_its_team_sees_it_again_when_it_is_opened(world: World) -> None:
    row = only(world, world.conversation(text="About the elderberry matter"), world.edda)
    world.read_log()
    assert traces(world, world.amara, row) == everywhere(False)
    open_to_team(row, by=world.edda.actor)
    world.read_log()
    assert traces(world, world.amara, row) == everywhere(True)
    size = world.log_size()
    open_to_team(row, by=world.edda.actor)
    assert world.log_size() == size, "twice is once"


def test_the_same_people_are_the_same_circle_and_twice_is_once(world: World) -> None:
    one, two = (only(world, world.conversation(), world.amara, world.edda) for _ in range(2))
    assert one.circle_id == two.circle_id
    size = world.log_size()
    only(world, one, world.edda, world.amara)
    assert world.log_size() == size
    assert Circle.objects.count() == 1


def test_only_who_may_restrict_does_and_of_what_they_see(world: World) -> None:
    row = world.conversation()
    for who, error in ((world.amara, Refused), (world.farid, Refused), (world.hugo, NotFound)):
        with pytest.raises(error):
            restrict(row, agents=[key(world.amara)], teams=[], by=who.actor)
        with pytest.raises(error):
            open_to_team(row, by=who.actor)


def test_nobody_unknown_is_named_and_nothing_of_spam_is_restricted(world: World) -> None:
    row = world.conversation()
    with pytest.raises(Unusable):
        restrict(row, agents=[AgentId(99_999)], teams=[], by=world.chen.actor)
    with pytest.raises(Unusable):
        restrict(row, agents=[], teams=[TeamId(99_999)], by=world.chen.actor)
    with pytest.raises(Unusable):
        restrict(row, agents=[], teams=[], by=SYSTEM)
    quarantine(row, reason=SpamReason.BY_AGENT, by=SYSTEM)
    with pytest.raises(NotAllowedNow):
        only(world, row, world.amara)
    with pytest.raises(NotAllowedNow):
        open_to_team(row, by=world.chen.actor)


def test_an_assignee_who_is_not_named_is_responsible_no_more(world: World) -> None:
    row = only(world, world.conversation(assignee=world.amara), world.edda)
    assert world.reload(row).assignee_id is None
    mine = only(world, world.conversation(assignee=world.amara), world.amara)
    assert world.reload(mine).assignee_id == world.amara.row.pk


def test_only_those_named_can_take_it(world: World) -> None:
    row = only(world, world.conversation(), world.edda, world.gita)
    able = {agent.name for agent in queries.takers(world.edda.actor, row)}
    assert able == {"Edda", "Gita", "Chen"}
    for agent in (world.gita, world.chen):
        assign(row, to=agent.row, by=world.edda.actor)
    with pytest.raises(Refused):
        assign(row, to=world.amara.row, by=world.edda.actor)


def test_counts_follow_it_through_its_life(world: World) -> None:
    row = only(world, world.conversation(), world.edda)
    assign(row, to=world.edda.row, by=world.edda.actor)
    change_status(row, to=Status.SOLVED, by=world.edda.actor)
    change_status(row, to=Status.OPEN, by=world.edda.actor)
    world.check()
    assert queries.counts(world.edda.actor).my_turn == 1
    assert queries.counts(world.amara.actor).all_open == 0
    assert [one.pk for one in queries.all_open(world.edda.actor).rows] == [row.pk]
    assert [one.pk for one in queries.all_open(world.chen.actor).rows] == [row.pk]
    open_to_team(row, by=world.edda.actor)
    world.check()
    assert queries.counts(world.amara.actor).all_open == 1


def test_nothing_restricted_is_merged_into_what_others_see(world: World) -> None:
    secret, plain = only(world, world.conversation(), world.edda), world.conversation()
    with pytest.raises(DifferentCircle):
        merge(secret, into=plain, by=world.edda.actor)
    merge(plain, into=secret, by=world.edda.actor)
    assert not queries.can_see(world.amara.actor, plain.pk)
    unmerge(plain, by=world.edda.actor)
    assert not queries.can_see(world.amara.actor, plain.pk), "what was said inside stays inside"
    world.check()


def test_nobody_hides_from_its_team_by_a_merge_what_they_may_not_restrict(world: World) -> None:
    secret, plain = only(world, world.conversation(), world.amara), world.conversation()
    with pytest.raises(WouldRestrict):
        merge(plain, into=secret, by=world.amara.actor)
    answer = world.amara.post(f"/inbox/all-open/{plain.pk}/merge/", {"with": secret.pk})
    assert (answer.status_code, "would be hidden from its team" in answer.content.decode()) == (422, True)
    assert queries.can_see(world.edda.actor, plain.pk)
    other = only(world, world.conversation(), world.amara)
    merge(other, into=secret, by=world.amara.actor)  # shown to the same people before and after
    world.check()


def test_two_that_turn_out_to_be_one_thread_are_shown_to_those_named_in_both(world: World) -> None:
    one = only(world, world.conversation(), world.edda, world.amara)
    two = only(world, world.conversation(), world.edda, world.gita)
    merge_thread(one, into=two, by=SYSTEM)
    seers = {who.row.name for who in world.colleagues[:-1] if queries.can_see(who.actor, two.pk)}
    assert seers == {"Edda", "Chen"}


def test_who_is_not_named_stays_responsible_for_neither_of_two_that_become_one_thread(world: World) -> None:
    secret = only(
        world, world.conversation(assignee=world.edda, text="About the elderberry matter"), world.edda
    )
    plain = world.conversation(assignee=world.amara)
    merge_thread(secret, into=plain, by=SYSTEM)
    world.read_log()
    assert traces(world, world.amara, plain) == everywhere(False)
    assert world.amara.get(f"/conversations/{plain.pk}/").status_code == 404
    assert world.reload(plain).assignee_id is None
    assert ConversationAssigned.name in world.kinds(plain)
    assert world.reload(secret).assignee_id == world.edda.row.pk, "who is named stays"
    world.check()


def test_an_assignee_of_what_is_merged_into_something_restricted_stays_only_when_named(world: World) -> None:
    secret = only(world, world.conversation(), world.edda)
    theirs, own = world.conversation(assignee=world.amara), world.conversation(assignee=world.edda)
    for row in (theirs, own):
        merge(row, into=secret, by=world.edda.actor)
    assert [world.reload(row).assignee_id for row in (theirs, own)] == [None, world.edda.row.pk]
    assert not queries.can_see(world.amara.actor, theirs.pk)
    world.check()


def test_what_was_merged_into_it_is_as_restricted_and_open_again(world: World) -> None:
    first, second, third = (world.conversation(assignee=world.amara) for _ in range(3))
    merge(first, into=second, by=world.amara.actor)
    merge(second, into=third, by=world.amara.actor)
    restrict(world.reload(third), agents=[key(world.edda)], teams=[], by=world.chen.actor)
    for row in (first, second, third):
        assert not queries.can_see(world.amara.actor, row.pk)
        assert world.amara.get(f"/conversations/{row.pk}/").status_code == 404
        assert world.kinds(row).count(ConversationRestricted.name) == 1
    world.check()
    size = world.log_size()
    restrict(world.reload(third), agents=[key(world.edda)], teams=[], by=world.chen.actor)
    assert world.log_size() == size, "twice is once"
    with pytest.raises(Merged):
        open_to_team(first, by=world.chen.actor)
    open_to_team(third, by=world.chen.actor)
    assert all(queries.can_see(world.amara.actor, row.pk) for row in (first, second, third))
    world.check()


def test_undoing_a_merge_shows_nothing_to_others(world: World) -> None:
    first, second = world.conversation(), world.conversation()
    merge(first, into=second, by=world.amara.actor)
    only(world, world.reload(second), world.amara)
    world.writes(second, text="About the elderberry matter")
    unmerge(world.reload(first), by=world.amara.actor)
    world.read_log()
    for row in (first, second):
        assert not queries.can_see(world.edda.actor, row.pk)
        assert queries.can_see(world.amara.actor, row.pk)
    assert found_by(world, world.edda, "elderberry") == set()
    world.check()


def test_what_was_merged_before_goes_along_into_something_restricted(world: World) -> None:
    first, second = world.conversation(), world.conversation()
    secret = only(world, world.conversation(), world.edda)
    merge(first, into=second, by=world.edda.actor)
    merge(world.reload(second), into=secret, by=world.edda.actor)
    assert not queries.can_see(world.amara.actor, first.pk)
    unmerge(world.reload(second), by=world.edda.actor)
    unmerge(world.reload(first), by=world.edda.actor)
    assert not queries.can_see(world.amara.actor, first.pk)
    world.check()


def test_a_part_that_is_split_off_is_as_restricted(world: World) -> None:
    row = only(world, world.conversation(), world.edda)
    part = split(row, messages=[world.writes(row).pk], subject="", by=world.edda.actor)
    assert not queries.can_see(world.amara.actor, part.pk)
    assert queries.can_see(world.edda.actor, part.pk)


def test_a_reply_to_something_closed_goes_on_among_the_same_people(world: World) -> None:
    world.mail_from(world.dalia)
    world.settle()
    row = Conversation.objects.latest("pk")
    only(world, row, world.edda)
    change_status(row, to=Status.SOLVED, by=SYSTEM)
    change_status(row, to=Status.CLOSED, by=SYSTEM)
    world.mail_from(world.dalia, reply_to=row)
    world.settle()
    further = Conversation.objects.latest("pk")
    assert further.pk != row.pk
    assert not queries.can_see(world.amara.actor, further.pk)
    assert queries.can_see(world.edda.actor, further.pk)


def test_the_form_offers_everybody_and_says_who_is_named(world: World) -> None:
    row = only(world, world.conversation(), world.edda)
    here = queries.opened(world.edda.actor, row.pk)
    assert named_in(here).agents == {world.edda.row.pk}
    assert {name for _, name in nameable(here).teams} == {"Payments", "Repairs"}
    assert "Gita" in {name for _, name in nameable(here).agents}


def test_what_is_restricted_adds_no_join_to_a_list_and_is_found_by_its_own_index(world: World) -> None:
    only(world, world.conversation(), world.edda)
    actor = world.edda.actor
    with (
        assert_queries(at_most=99) as asked,
        plans("undated", without=("seqscan", "bitmapscan", "sort")) as lines,
    ):
        queries.all_open(actor)
    assert not [one for one in asked if "undated" in one["sql"] and " JOIN " in one["sql"]]
    told = "\n".join(lines)
    assert sql.RESTRICTED in told
    assert sql.ALL_OPEN.index in told
