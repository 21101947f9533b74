"""Roles that a desk makes: what they allow holds at once, and nobody gives what they do not have."""

import pytest

from heed.conversations import queries
from heed.conversations.actions.answering import add_note, reply
from heed.conversations.actions.state import assign
from heed.eventlog.kinds import RoleChanged
from heed.eventlog.reader import newest_about
from heed.kernel.errors import NotAllowedNow, NotFound, Refused, Unusable
from heed.kernel.permissions import GROUPS, PRESETS, Permission, read, written
from heed.kernel.words import BUILT_IN, Role, RoleChange
from heed.people.actions import AlreadyThere, join_team
from heed.people.actions.agents import LastAdmin, change_role, rename_agent, switch_off
from heed.people.actions.roles import RoleInUse, add_role, change_custom_role, remove_role
from heed.people.models import Agent, CustomRole
from heed.people.policy import SYSTEM, Actor
from heed.people.queries import holding
from heed.people.role_queries import custom_role, custom_roles, role_history, roles_to_give
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World
from heed.ui import permission_words

NOTER = frozenset({Permission.SEE_OWN_TEAMS, Permission.NOTE})


def noter(world: World, *more: Permission) -> CustomRole:
    return add_role("Noter", permissions=NOTER | set(more), by=world.chen.actor)


def made(world: World, *permissions: Permission) -> Actor:
    """Amara with a role of just these permissions."""
    change_role(
        world.amara.row, to=add_role("Her own", permissions=frozenset(permissions), by=SYSTEM), by=SYSTEM
    )
    return world.amara.actor


def test_who_has_the_role_may_what_it_says_and_nothing_else(world: World) -> None:
    row = world.conversation()
    change_role(world.amara.row, to=noter(world), by=world.chen.actor)
    actor = world.amara.actor
    assert actor.permissions == NOTER
    assert queries.can_see(actor, row.pk)
    add_note(row, text="Seen.", sent_once="", files=(), by=actor)
    with pytest.raises(Refused):
        reply(row, answer=world.answer(), by=actor)
    with pytest.raises(Refused):
        assign(row, to=world.edda.row, by=actor)


def test_what_a_role_allows_changes_for_everybody_at_once(world: World) -> None:
    row = world.conversation()
    role = noter(world)
    change_role(world.amara.row, to=role, by=world.chen.actor)
    change_custom_role(role, name="Noter", permissions=NOTER | {Permission.ANSWER}, by=world.chen.actor)
    reply(row, answer=world.answer(), by=world.amara.actor)
    change_custom_role(role, name="Noter", permissions=frozenset({Permission.NOTE}), by=world.chen.actor)
    world.read_log()  # what they answered was theirs, and goes back
    assert not queries.can_see(world.amara.actor, row.pk)
    assert queries.unassigned(world.amara.actor).rows == ()
    told = [(e.data.change, e.data.permission) for e in role_history(world.chen.actor, role)]  # type: ignore[attr-defined]  # of role.changed
    assert told[:3] == [
        (RoleChange.TAKEN, Permission.SEE_OWN_TEAMS),
        (RoleChange.TAKEN, Permission.ANSWER),
        (RoleChange.GIVEN, Permission.ANSWER),
    ]


def test_who_may_not_answer_any_more_gives_back_what_was_theirs(world: World) -> None:
    row = world.conversation(assignee=world.amara)
    role = noter(world, Permission.ANSWER)
    change_role(world.amara.row, to=role, by=world.chen.actor)
    world.read_log()
    assert world.reload(row).assignee_id == world.amara.row.pk
    change_custom_role(role, name="Noter", permissions=NOTER, by=world.chen.actor)
    world.read_log()
    assert world.reload(row).assignee_id is None


def test_nobody_gives_or_takes_a_right_that_they_lack(world: World) -> None:
    actor = made(world, Permission.MANAGE_ROLES, Permission.MANAGE_PEOPLE, Permission.NOTE)
    strong = add_role("Strong", permissions=frozenset({Permission.SEE_ALL}), by=SYSTEM)
    with pytest.raises(Refused):
        add_role("N", permissions=frozenset({Permission.ANSWER}), by=actor)
    with pytest.raises(Refused):
        change_custom_role(strong, name="Strong", permissions=frozenset({Permission.NOTE}), by=actor)
    with pytest.raises(Refused):
        remove_role(strong, by=actor)
    weak = add_role("Weak", permissions=frozenset({Permission.NOTE}), by=actor)
    with pytest.raises(Refused):
        change_custom_role(weak, name="Weak", permissions=frozenset({Permission.SEE_ALL}), by=actor)
    for to in (Role.ADMIN, Role.AGENT, strong):
        with pytest.raises(Refused):
            change_role(world.farid.row, to=to, by=actor)
    for verb in (
        lambda: change_role(world.chen.row, to=weak, by=actor),
        lambda: switch_off(world.chen.row, by=actor),
        lambda: rename_agent(world.chen.row, name="X", by=actor),
        lambda: join_team(world.payments, agent=world.amara.row, by=actor),
    ):
        with pytest.raises(Refused):
            verb()
    assert [role.name for role in roles_to_give(actor)] == ["Her own", "Weak"]


def test_nobody_changes_their_own_role_and_an_admin_always_stays(world: World) -> None:
    role = noter(world)
    with pytest.raises(Refused):
        change_role(world.chen.row, to=role, by=world.chen.actor)
    with pytest.raises(LastAdmin):
        change_role(world.chen.row, to=role, by=SYSTEM)


def test_only_who_makes_roles_sees_and_makes_them(world: World) -> None:
    role = noter(world)
    for who in (world.edda, world.amara, world.farid, world.nobody):
        assert custom_roles(who.actor) == []
        with pytest.raises(NotFound):
            custom_role(who.actor, role.pk)
        with pytest.raises(Refused):
            add_role("N", permissions=NOTER, by=who.actor)
        with pytest.raises(Refused):
            change_custom_role(role, name="M", permissions=NOTER, by=who.actor)
        with pytest.raises(Refused):
            remove_role(role, by=who.actor)


def test_a_role_has_a_name_of_its_own_and_allows_something(world: World) -> None:
    noter(world)
    for name in ("Noter", "admin", "Custom"):
        with pytest.raises(AlreadyThere):
            add_role(name, permissions=NOTER, by=world.chen.actor)
    for name, permissions in (("", NOTER), ("N", frozenset[Permission]())):
        with pytest.raises(Unusable):
            add_role(name, permissions=permissions, by=world.chen.actor)


def test_a_role_that_somebody_has_stays_and_removed_twice_is_removed_once(world: World) -> None:
    role = noter(world)
    change_role(world.amara.row, to=role, by=world.chen.actor)
    with pytest.raises(RoleInUse):
        remove_role(role, by=world.chen.actor)
    change_role(world.amara.row, to=Role.AGENT, by=world.chen.actor)
    remove_role(role, by=world.chen.actor)
    size = world.log_size()
    remove_role(role, by=world.chen.actor)
    assert world.log_size() == size
    assert newest_about(RoleChanged, limit=1, role=role.pk)[0].data.change is RoleChange.REMOVED  # type: ignore[attr-defined]  # of role.changed


def test_saying_the_same_again_records_nothing(world: World) -> None:
    role = noter(world)
    size = world.log_size()
    change_custom_role(role, name="Noter", permissions=NOTER, by=world.chen.actor)
    assert world.log_size() == size
    remove_role(role, by=world.chen.actor)
    with pytest.raises(NotFound):
        custom_role(world.chen.actor, role.pk)


def test_a_page_needs_no_more_queries_with_a_role_of_the_desks_own(world: World) -> None:
    world.conversation()
    world.amara.get("/inbox/all-open/")  # logs in
    with assert_queries(at_most=12) as before:
        assert world.amara.get("/inbox/all-open/").status_code == 200
    change_role(world.amara.row, to=noter(world), by=world.chen.actor)
    with assert_queries(at_most=len(before)):
        assert world.amara.get("/inbox/all-open/").status_code == 200


def test_the_condition_on_agents_agrees_with_their_roles(world: World) -> None:
    change_role(world.amara.row, to=noter(world), by=world.chen.actor)
    colleagues: list[Colleague] = [one for one in world.colleagues if one.agent is not None]
    for permission in Permission:
        expected = {one.row.pk for one in colleagues if one.actor.holds(permission)}
        assert set(Agent.objects.filter(holding(permission)).values_list("pk", flat=True)) == expected


def test_every_permission_has_words_a_group_and_an_admin(world: World) -> None:
    grouped = [one for some in GROUPS.values() for one in some]
    assert sorted(grouped) == sorted(Permission)
    assert set(permission_words.PERMISSIONS) == set(Permission)
    assert set(permission_words.GROUPS) == set(GROUPS)
    assert PRESETS[Role.ADMIN] == set(Permission)
    assert [len(PRESETS[role]) for role in BUILT_IN] == sorted(
        (len(PRESETS[role]) for role in BUILT_IN), reverse=True
    )
    assert read(written(NOTER)) == NOTER
    assert read(" note of_a_later_version ") == {Permission.NOTE}
    with pytest.raises(NotAllowedNow):
        raise RoleInUse
