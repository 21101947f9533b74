"""Access: one decision, as a condition on one thing and as a filter of many."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from heed.conversations import queries
from heed.conversations.actions.state import share
from heed.conversations.models import Conversation
from heed.conversations.scope import scope_of
from heed.eventlog.unit import change, lock, unit
from heed.kernel.permissions import PRESETS, Permission
from heed.kernel.words import ActorKind, AgentId, BrandId, CircleId, Role, TeamId
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
circles = st.frozensets(ids.map(CircleId), max_size=3)
brands = st.frozensets(ids.map(BrandId), max_size=3)
actors = st.one_of(
    st.just(NOBODY),
    st.just(SYSTEM),
    st.builds(Actor, st.just(ActorKind.CUSTOMER), ids),
    st.builds(
        Actor,
        st.just(ActorKind.AGENT),
        ids,
        st.sampled_from(list(PRESETS.values())) | st.frozensets(st.sampled_from(Permission)),
        teams,
        brands,
        teams,
        circles,
    ),
)
scopes = st.builds(
    Scope,
    ids.map(BrandId),
    st.none() | ids.map(TeamId),
    st.none() | ids.map(AgentId),
    shared_with=teams,
    circle=st.none() | ids.map(CircleId),
)


def passes(view: Sight, scope: Scope) -> bool:
    """The filter of queries.visible_to, in words."""
    stands_in = (
        view.everything
        or (scope.team is not None and scope.team in view.teams)
        or bool(scope.shared_with & view.teams)
        or (scope.team is None and scope.brand in view.brands_without_team)
    )
    if view.everything and view.in_all_circles:
        return True
    return (
        (stands_in and (view.in_all_circles or scope.circle is None))
        or (view.agent is not None and scope.assignee == view.agent)
        or (scope.circle is not None and scope.circle in view.circles)
    )


@given(actors, scopes)
def test_what_one_may_see_is_what_one_finds(actor: Actor, scope: Scope) -> None:
    assert may_see(actor, scope) == passes(sight(actor), scope)


@given(actors, scopes)
def test_who_may_change_may_see_and_a_viewer_never_changes(actor: Actor, scope: Scope) -> None:
    assert not may_change(actor, scope) or may_see(actor, scope)
    viewer = actor.permissions == PRESETS[Role.VIEWER]
    assert not viewer or not may_change(actor, scope)


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
        assert may_see(taker, replace(scope, assignee=None))
        assert Permission.ANSWER in taker.permissions


@given(actors, scopes)
def test_what_is_restricted_is_seen_only_by_those_named_the_assignee_and_whom_no_circle_shuts_out(
    actor: Actor, scope: Scope
) -> None:
    if actor.kind is ActorKind.AGENT and scope.circle is not None and may_see(actor, scope):
        named = scope.circle in actor.circles or scope.assignee == actor.id
        holder = Permission.SEE_RESTRICTED in actor.permissions
        assert named or (holder and may_see(actor, replace(scope, circle=None)))


@given(st.sampled_from(Permission), scopes, teams, brands)
def test_no_right_opens_what_one_does_not_see(
    permission: Permission, scope: Scope, own: frozenset[TeamId], of: frozenset[BrandId]
) -> None:
    actor = Actor(ActorKind.AGENT, 9, frozenset({permission}), own, of)
    assert may_change(actor, scope, permission) == (may_see(actor, scope) and permission in actor.permissions)


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
