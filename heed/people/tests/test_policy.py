"""Access: one decision, as a condition on one thing and as a filter of many."""

from hypothesis import given
from hypothesis import strategies as st

from heed.conversations import queries
from heed.conversations.actions.state import share
from heed.conversations.models import Conversation
from heed.conversations.scope import scope_of
from heed.eventlog.unit import change, lock, unit
from heed.kernel.words import ActorKind, AgentId, BrandId, Role, TeamId
from heed.people.actions import join_team, leave_team
from heed.people.actions.agents import switch_off
from heed.people.policy import (
    NOBODY,
    SYSTEM,
    Actor,
    Scope,
    Sight,
    may_change,
    may_run_desk,
    may_see,
    may_set_up,
    may_take,
    sight,
)
from heed.people.queries import actor_for
from heed.testing.world import World

ids = st.integers(1, 4)
teams = st.frozensets(ids.map(TeamId), max_size=4)
brands = st.frozensets(ids.map(BrandId), max_size=3)
actors = st.one_of(
    st.just(NOBODY),
    st.just(SYSTEM),
    st.builds(Actor, st.just(ActorKind.CUSTOMER), ids),
    st.builds(Actor, st.just(ActorKind.AGENT), ids, st.sampled_from(Role), teams, brands, teams),
)
scopes = st.builds(
    Scope, ids.map(BrandId), st.none() | ids.map(TeamId), st.none() | ids.map(AgentId), shared_with=teams
)


def passes(view: Sight, scope: Scope) -> bool:
    """The filter of queries.visible_to, in words."""
    return (
        view.everything
        or (view.agent is not None and scope.assignee == view.agent)
        or (scope.team is not None and scope.team in view.teams)
        or bool(scope.shared_with & view.teams)
        or (scope.team is None and scope.brand in view.brands_without_team)
    )


@given(actors, scopes)
def test_what_one_may_see_is_what_one_finds(actor: Actor, scope: Scope) -> None:
    assert may_see(actor, scope) == passes(sight(actor), scope)


@given(actors, scopes)
def test_who_may_change_may_see_and_a_viewer_never_changes(actor: Actor, scope: Scope) -> None:
    assert not may_change(actor, scope) or may_see(actor, scope)
    assert actor.role is not Role.VIEWER or not may_change(actor, scope)


@given(actors, scopes)
def test_strangers_see_and_may_nothing(actor: Actor, scope: Scope) -> None:
    if actor.kind in (ActorKind.NOBODY, ActorKind.CUSTOMER):
        assert not may_see(actor, scope)
        assert not may_run_desk(actor)
        assert not may_set_up(actor)


@given(actors, scopes, actors)
def test_only_someone_who_would_see_it_anyway_may_take_a_conversation_of_a_team(
    actor: Actor, scope: Scope, taker: Actor
) -> None:
    if scope.team is not None and may_take(actor, scope, taker=taker):
        assert may_see(taker, Scope(scope.brand, scope.team, None, None, scope.shared_with))
        assert taker.role in (Role.ADMIN, Role.LEAD, Role.AGENT)


def test_the_filter_of_the_database_agrees_with_the_policy_on_every_row(world: World) -> None:
    rows = [
        world.conversation(),
        world.conversation(inbox=world.workshop),
        world.conversation(inbox=world.hello),
        world.conversation(assignee=world.amara),
    ]
    shared = world.conversation(inbox=world.workshop)
    share(shared, team=TeamId(world.payments.pk), by=SYSTEM)
    rows.append(shared)
    rows.append(world.conversation(inbox=world.workshop))
    seen = {}
    for colleague in world.colleagues:
        actor = colleague.actor
        expected = {row.pk for row in rows if may_see(actor, scope_of(row))}
        assert queries.visible(actor, [row.pk for row in rows]) == expected
        assert {row.pk for row in rows if queries.can_see(actor, row.pk)} == expected
        seen[colleague.agent.name if colleague.agent else "nobody"] = len(expected)
    assert seen == {
        "Amara": 3,
        "Bruno": 3,
        "Chen": 6,
        "Edda": 5,
        "Farid": 3,
        "Gita": 1,
        "Hugo": 1,
        "nobody": 0,
    }


def test_conversations_that_no_team_has_are_seen_by_leads_of_the_brand_and_admins(
    unchecked_world: World,
) -> None:
    world = unchecked_world
    row = world.conversation()
    with unit():
        change(lock(Conversation(pk=row.pk)), team=None)
    seers = [who for who in world.colleagues if queries.can_see(who.actor, row.pk)]
    assert seers == [world.chen, world.edda]
    assert [who for who in world.colleagues if may_see(who.actor, scope_of(world.reload(row)))] == seers


def test_rights_go_with_the_team_at_once(world: World) -> None:
    row = world.conversation()
    bruno = world.bruno.row
    assert not queries.can_see(world.bruno.actor, row.pk)
    join_team(world.payments, agent=bruno, by=world.chen.actor)
    assert queries.can_see(world.bruno.actor, row.pk)
    leave_team(world.payments, agent=bruno, by=world.chen.actor)
    assert not queries.can_see(world.bruno.actor, row.pk)


def test_one_who_was_switched_off_is_nobody(world: World) -> None:
    assert world.amara.actor != NOBODY
    switch_off(world.amara.row, by=world.chen.actor)
    assert world.amara.actor == NOBODY
    assert actor_for(None) == NOBODY
