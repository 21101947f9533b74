"""Who is of the desk: invited, renamed, moved, switched off and on; never without an admin, and told in the log."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection

from heed.conversations.actions.answering import reply
from heed.conversations.actions.quarantining import quarantine, release
from heed.conversations.actions.restricting import restrict
from heed.conversations.actions.state import change_status
from heed.conversations.queries import can_see
from heed.conversations.queries.loads import open_work
from heed.eventlog.kinds import AgentChanged, ConversationAssigned
from heed.eventlog.models import EventRow
from heed.kernel.errors import HeedError, NotFound, Refused, Unusable
from heed.kernel.permissions import PRESETS, Permission
from heed.kernel.words import AgentChange, AgentId, Role, SpamReason, Status, TeamId
from heed.people.actions import AlreadyThere, add_agent, join_team, leave_team
from heed.people.actions.agents import (
    LastAdmin,
    SwitchedOff,
    change_agent,
    change_role,
    change_teams,
    invite_agent,
    note_invitation,
    rename_agent,
    rename_team,
    switch_off,
    switch_on,
)
from heed.people.actions.factors import reset_second_factor
from heed.people.actions.roles import add_role
from heed.people.actions.shifts import change_work
from heed.people.models import Agent, Team, TeamMember
from heed.people.policy import SYSTEM, Actor
from heed.people.queries import agent_history, colleague, colleagues, members, not_members, sizes_of_teams
from heed.testing.world import World


def told(who: Agent) -> list[str]:
    """What the log says became of somebody, first to last."""
    rows = EventRow.objects.filter(kind=AgentChanged.name).order_by("pk")
    return [row.data["change"] for row in rows if row.data["agent"] == who.pk]


def fresh(agent: Agent) -> Agent:
    return Agent.objects.get(pk=agent.pk)


def steps(world: World, by: Actor) -> list[Callable[[], object]]:
    gita = world.gita.row
    return [
        lambda: invite_agent("Ivo", email="ivo@desk.example", role=Role.AGENT, teams=[world.charts], by=by),
        lambda: rename_agent(gita, name="Gita Rao", by=by),
        lambda: change_teams(gita, to=[world.payments], by=by),
        lambda: change_agent(gita, name="Gita", role=Role.LEAD, teams=[world.charts], by=by),
        lambda: note_invitation(world.farid.row, by=by),
        lambda: switch_off(gita, by=by),
        lambda: switch_on(gita, by=by),
        lambda: rename_team(world.charts, name="Maps", by=by),
    ]


@pytest.mark.parametrize("who", ["amara", "edda", "farid", "hugo", "nobody"])
def test_only_admins_say_who_is_of_the_desk(world: World, who: str) -> None:
    before = [list(model.objects.order_by("pk").values()) for model in (Agent, Team, TeamMember)]
    for step in steps(world, world.colleague(who).actor):
        with pytest.raises(Refused):
            step()
    assert [list(model.objects.order_by("pk").values()) for model in (Agent, Team, TeamMember)] == before
    assert not EventRow.objects.filter(kind=AgentChanged.name).exists()


def test_what_is_so_already_is_not_told_again(world: World) -> None:
    chen = world.chen.actor
    for _ in range(2):
        change_agent(
            world.gita.row, name="Gita Rao", role=Role.LEAD, teams=[world.charts, world.repairs], by=chen
        )
        rename_agent(world.gita.row, name="Gita Rao", by=chen)
        change_teams(world.gita.row, to=[world.repairs, world.charts], by=chen)
        rename_team(world.charts, name="Maps", by=chen)
    assert told(world.gita.row) == ["name", "role", "teams"]
    row = fresh(world.gita.row)
    assert (row.name, row.role) == ("Gita Rao", Role.LEAD)
    assert Team.objects.get(pk=world.charts.pk).name == "Maps"
    change_teams(world.gita.row, to=[], by=chen)
    assert world.gita.actor.teams == frozenset()


def manager(world: World, *more: Permission) -> Actor:
    """Amara as an agent who manages people too, and of what else a test needs."""
    rights = PRESETS[Role.AGENT] | {Permission.MANAGE_PEOPLE, *more}
    change_role(world.amara.row, to=add_role("Manager", permissions=rights, by=SYSTEM), by=SYSTEM)
    return world.amara.actor


def doors_of(who: Agent, by: Actor) -> list[Callable[[], object]]:
    """What lets somebody in or out."""
    return [
        lambda: switch_off(who, by=by),
        lambda: switch_on(who, by=by),
        lambda: note_invitation(who, by=by),
        lambda: reset_second_factor(who, by=by),
        lambda: change_work(who, shift={}, leave=[], skills=["x"], languages=[], by=by),
    ]


def test_nobody_opens_or_shuts_the_door_for_one_of_a_team_that_they_do_not_see(world: World) -> None:
    by, bruno = manager(world), world.bruno.row
    for is_on in (True, False):
        if not is_on:
            switch_off(bruno, by=SYSTEM)
        for step in doors_of(bruno, by):
            with pytest.raises(Refused):
                step()
    assert not fresh(bruno).is_active
    for step in doors_of(world.farid.row, by):
        step()  # of her own team, with no more rights than she has
    assert told(world.farid.row) == ["switched_off", "switched_on", "invited"]


def test_nobody_opens_the_door_for_one_who_is_named_where_they_are_not(world: World) -> None:
    row = world.conversation()
    restrict(row, agents=[AgentId(world.farid.row.pk)], teams=[], by=SYSTEM)
    by = manager(world)
    for step in doors_of(world.farid.row, by):
        with pytest.raises(Refused):
            step()
    for more in ((Permission.SEE_ALL,), (Permission.SEE_RESTRICTED,)):
        with pytest.raises(Refused):
            switch_off(world.farid.row, by=replace(by, permissions=by.permissions | set(more)))
    every = {Permission.SEE_ALL, Permission.SEE_RESTRICTED}
    switch_off(world.farid.row, by=replace(by, permissions=by.permissions | every))
    assert told(world.farid.row) == ["switched_off"]


def test_one_with_more_rights_is_neither_let_out_nor_sent_on_leave(world: World) -> None:
    by = manager(world)
    for who in (world.chen.row, world.edda.row):
        for step in doors_of(who, by):
            with pytest.raises(Refused):
                step()
    assert (
        world.amara.post(f"/settings/people/{world.chen.row.pk}/work/", {"leave": "2099-01-01"}).status_code
        == 403
    )
    assert fresh(world.chen.row).leave == []


def test_the_form_of_when_one_works_is_shown_to_those_who_may_save_it(world: World) -> None:
    manager(world)
    shown = {
        "amara": {"amara": 200, "farid": 200, "bruno": 403, "edda": 403, "chen": 403},
        "chen": dict.fromkeys(("amara", "farid", "bruno", "edda", "chen"), 200),
        "edda": dict.fromkeys(("amara", "edda"), 404),  # who manages nobody
    }
    for reader, answers in shown.items():
        for whose, status in answers.items():
            here = f"/settings/people/{getattr(world, whose).row.pk}/work/"
            assert getattr(world, reader).get(here).status_code == status, (reader, whose)
            assert getattr(world, reader).post(here, {"skills": "x"}).status_code == (
                303 if status == 200 else status
            )
    for who in (world.amara, world.edda, world.farid):
        assert who.get("/settings/you/work/").status_code == 200


def test_no_link_is_shown_to_one_who_may_not_become_that_person(world: World) -> None:
    manager(world)
    here = f"/settings/people/{world.bruno.row.pk}/"
    answer = world.amara.post(f"{here}off/")
    assert (answer.status_code, "rights or teams that you don’t have" in answer.content.decode()) == (
        422,
        True,
    )
    switch_off(world.bruno.row, by=SYSTEM)
    assert world.amara.post(f"{here}on/").status_code == 403
    switch_on(world.bruno.row, by=SYSTEM)
    answer = world.amara.post(f"{here}link/")
    assert (answer.status_code, b"/password/reset/" in answer.content) == (403, False)


def test_nobody_joins_a_team_that_is_let_in_where_they_are_not(world: World) -> None:
    row, repairs = world.conversation(), world.repairs
    restrict(row, agents=[], teams=[TeamId(repairs.pk)], by=SYSTEM)
    by = manager(world, Permission.SEE_ALL)
    ways: list[Callable[[], object]] = [
        lambda: join_team(repairs, agent=world.amara.row, by=by),
        lambda: change_teams(world.farid.row, to=[world.payments, repairs], by=by),
        lambda: invite_agent("Ivo", email="i@desk.example", role=Role.AGENT, teams=[repairs], by=by),
    ]
    for step in ways:
        with pytest.raises(Refused):
            step()
    data = {"name": "Amara", "role": f"role-{fresh(world.amara.row).custom_role_id}"}
    answer = world.amara.post(
        f"/settings/people/{world.amara.row.pk}/", {**data, "team": [world.payments.pk, repairs.pk]}
    )
    assert (answer.status_code, "teams that you don’t have" in answer.content.decode()) == (422, True)
    assert not can_see(world.amara.actor, row.pk)
    join_team(world.charts, agent=world.farid.row, by=by)  # which nothing names
    join_team(repairs, agent=world.farid.row, by=world.chen.actor)
    assert can_see(world.farid.actor, row.pk)


def test_one_of_a_team_lets_others_join_it_wherever_it_is_let_in(world: World) -> None:
    row = world.conversation(inbox=world.workshop)
    restrict(row, agents=[], teams=[TeamId(world.payments.pk)], by=SYSTEM)
    join_team(world.payments, agent=world.bruno.row, by=manager(world))
    assert can_see(world.bruno.actor, row.pk)


def test_nobody_leaves_a_team_by_one_who_does_not_see_it(world: World) -> None:
    by = manager(world)
    ways: list[Callable[[], object]] = [
        lambda: leave_team(world.repairs, agent=world.bruno.row, by=by),
        lambda: change_teams(world.bruno.row, to=[], by=by),
    ]
    for step in ways:
        with pytest.raises(Refused):
            step()
    assert world.bruno.actor.teams == {world.repairs.pk}
    leave_team(world.payments, agent=world.farid.row, by=by)
    assert world.farid.actor.teams == frozenset()


def test_a_change_of_somebody_is_whole_or_nothing(world: World) -> None:
    chen = world.chen.actor
    with pytest.raises(Unusable):
        change_agent(world.gita.row, name=" ", role=Role.LEAD, teams=[], by=chen)
    with pytest.raises(Refused):
        change_agent(world.chen.row, name="Chen Li", role=Role.AGENT, teams=[], by=chen)
    assert fresh(world.chen.row).name == "Chen"
    assert world.gita.actor.teams == {world.charts.pk}
    with pytest.raises(Unusable):
        rename_agent(world.gita.row, name="n" * 121, by=chen)
    with pytest.raises(Unusable):
        rename_team(world.charts, name="", by=chen)
    with pytest.raises(AlreadyThere):
        rename_team(world.repairs, name="Payments", by=chen)


def test_one_who_is_invited_sets_a_password_once_and_is_of_their_teams(world: World) -> None:
    chen = world.chen.actor
    ivo = invite_agent("Ivo", email="Ivo@desk.example", role=Role.AGENT, teams=[world.repairs], by=chen)
    assert not fresh(ivo).has_usable_password()
    assert [row.name for row in members(chen, world.repairs)] == ["Bruno", "Ivo"]
    with pytest.raises(AlreadyThere):
        invite_agent("Ivo", email="ivo@desk.example", role=Role.AGENT, teams=[], by=chen)
    with pytest.raises(AlreadyThere):
        invite_agent("Ivo", email="help@linden.example", role=Role.AGENT, teams=[], by=chen)
    for _ in range(2):
        note_invitation(ivo, by=chen)
    assert told(ivo) == ["added", "invited", "invited"]


def test_no_link_is_made_for_one_who_has_a_password_or_is_off(world: World) -> None:
    world.amara.may_log_in()
    with pytest.raises(Refused):
        note_invitation(world.amara.row, by=world.chen.actor)
    switch_off(world.amara.row, by=world.chen.actor)
    with pytest.raises(SwitchedOff):
        note_invitation(world.amara.row, by=world.chen.actor)
    switch_on(world.amara.row, by=world.chen.actor)
    note_invitation(world.amara.row, by=world.chen.actor)
    assert told(world.amara.row) == ["switched_off", "switched_on", "invited"]


def test_open_work_of_one_who_left_goes_back_to_its_teams(world: World) -> None:
    owed = [
        world.conversation(assignee=world.amara, status=status)
        for status in Status
        if status is not Status.CLOSED
    ]
    closed = world.conversation(assignee=world.amara, status=Status.CLOSED)
    other = world.conversation(assignee=world.edda)
    spam = quarantine(world.conversation(assignee=world.amara), reason=SpamReason.CONTENT, by=SYSTEM)
    reply(owed[0], answer=world.answer(), by=world.amara.actor)
    world.settle()
    assert open_work(world.chen.actor, world.amara.row.pk) == 3
    assert open_work(world.edda.actor, world.amara.row.pk) is None
    switch_off(world.amara.row, by=world.chen.actor)
    world.settle()
    assert [world.reload(row).assignee for row in owed] == [None] * len(owed)
    assert {world.reload(row).team for row in owed} == {world.payments}
    assert world.reload(closed).assignee == world.amara.row
    assert world.reload(other).assignee == world.edda.row
    assert ConversationAssigned.name in world.kinds(owed[0])
    assert open_work(world.chen.actor, world.amara.row.pk) == 0
    release(spam, message=None, may_acknowledge=False, by=SYSTEM)
    world.settle()
    assert world.reload(spam).assignee is None
    world.writes(owed[3])  # what was solved is open again, and nobody's
    world.settle()
    assert (world.reload(owed[3]).status, world.reload(owed[3]).assignee) == (Status.OPEN, None)


def test_one_who_is_made_a_viewer_has_no_work_any_more(world: World) -> None:
    row, other = world.conversation(assignee=world.amara), world.conversation(assignee=world.edda)
    change_role(world.edda.row, to=Role.AGENT, by=world.chen.actor)
    change_role(world.amara.row, to=Role.VIEWER, by=world.chen.actor)
    world.settle()
    assert world.reload(row).assignee is None
    assert world.reload(other).assignee == world.edda.row


def test_one_who_comes_back_has_role_and_teams_and_needs_a_new_password(world: World) -> None:
    world.amara.may_log_in()
    page = world.amara.get("/inbox/my-turn/")
    assert page.status_code == 200
    for _ in range(2):
        switch_off(world.amara.row, by=world.chen.actor)
    assert world.amara.get("/inbox/my-turn/").status_code == 302
    for _ in range(2):
        switch_on(world.amara.row, by=world.chen.actor)
    assert world.amara.actor.teams == {world.payments.pk}
    assert not fresh(world.amara.row).has_usable_password()
    assert world.amara.get("/inbox/my-turn/").status_code == 302, "a session from before is of no use"
    assert told(world.amara.row) == ["switched_off", "switched_on"]


def test_the_last_admin_stays(world: World) -> None:
    with pytest.raises(LastAdmin):
        change_role(world.chen.row, to=Role.LEAD, by=SYSTEM)
    with pytest.raises(LastAdmin):
        switch_off(world.chen.row, by=SYSTEM)
    change_role(world.edda.row, to=Role.ADMIN, by=world.chen.actor)
    switch_off(world.chen.row, by=world.edda.actor)
    with pytest.raises(LastAdmin):
        change_role(world.edda.row, to=Role.AGENT, by=SYSTEM)
    assert change_role(world.chen.row, to=Role.AGENT, by=SYSTEM).role == Role.AGENT, (
        "one who is off counts no more"
    )


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_switch_each_other_off_at_once_leave_one(unchecked_world: World) -> None:
    world = unchecked_world
    change_role(world.edda.row, to=Role.ADMIN, by=SYSTEM)
    meet = threading.Barrier(2)
    refused: list[HeedError] = []

    def off(who: Agent, by: Actor) -> None:
        meet.wait(10)
        try:
            switch_off(who, by=by)
        except HeedError as error:
            refused.append(error)
        finally:
            connection.close()

    pairs = [(world.edda.row, world.chen.actor), (world.chen.row, world.edda.actor)]
    threads = [threading.Thread(target=off, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [type(error) for error in refused] == [LastAdmin]
    assert Agent.objects.filter(role=Role.ADMIN, is_active=True).count() == 1


def test_the_list_of_people_is_paged_and_for_admins_alone(world: World) -> None:
    chen = world.chen.actor
    seen: list[str] = []
    after = ""
    while True:
        part = colleagues(chen, after=after, limit=3)
        seen += [row.name for row in part.rows]
        after = part.after
        if not after:
            break
    assert seen == ["Amara", "Bruno", "Chen", "Edda", "Farid", "Gita", "Hugo"]
    assert not colleagues(world.edda.actor).rows
    assert colleague(chen, world.gita.row.pk) == world.gita.row
    for who in (world.edda, world.amara, world.nobody):
        with pytest.raises(NotFound):
            colleague(who.actor, world.gita.row.pk)
    assert sizes_of_teams(chen)[world.payments.pk] == 4
    assert [row.name for row in not_members(chen, world.payments)] == ["Bruno", "Gita", "Hugo"]
    assert members(world.edda.actor, world.payments) == []


def test_what_became_of_somebody_is_told_with_who_did_it(world: World) -> None:
    change_role(world.gita.row, to=Role.VIEWER, by=world.chen.actor)
    add_agent("Other", email="o@desk.example", password=None, role=Role.AGENT, by=SYSTEM)
    [event] = agent_history(world.chen.actor, world.gita.row)
    assert (event.actor_id, event.data) == (
        world.chen.row.pk,
        AgentChanged(agent=world.gita.row.pk, change=AgentChange.ROLE, role=Role.VIEWER),  # type: ignore[arg-type]  # a plain key
    )
    assert agent_history(world.edda.actor, world.gita.row) == []


def test_a_solved_conversation_of_one_who_left_can_be_closed(world: World) -> None:
    row = world.conversation(assignee=world.amara, status=Status.SOLVED)
    switch_off(world.amara.row, by=world.chen.actor)
    world.settle()
    assert change_status(row, to=Status.CLOSED, by=SYSTEM).status == Status.CLOSED


def test_nobody_is_invited_by_one_who_is_no_admin(world: World) -> None:
    for who in (world.edda, world.amara, world.nobody):
        with pytest.raises(Refused):
            invite_agent("Ivo", email="i@desk.example", role=Role.ADMIN, teams=[], by=who.actor)
        with pytest.raises(Refused):
            note_invitation(world.farid.row, by=who.actor)
    assert not Agent.objects.filter(email="i@desk.example").exists()
    assert told(world.farid.row) == []


@pytest.mark.parametrize("address", ["ivo", "ivo@", "i vo@desk.example", "i" * 260 + "@desk.example"])
def test_an_address_that_is_none_invites_nobody(world: World, address: str) -> None:
    before = Agent.objects.count()
    with pytest.raises(Unusable) as refused:
        invite_agent("Ivo", email=address, role=Role.AGENT, teams=[world.charts], by=world.chen.actor)
    assert refused.value.field == "address"
    assert Agent.objects.count() == before


def test_one_who_is_invited_reads_times_where_their_team_works(world: World) -> None:
    chen = world.chen.actor
    ivo = invite_agent("Ivo", email="i@desk.example", role=Role.AGENT, teams=[world.charts], by=chen)
    jan = invite_agent("Jan", email="j@desk.example", role=Role.AGENT, teams=[], by=chen)
    assert (fresh(ivo).time_zone, fresh(jan).time_zone) == ("Europe/Paris", "UTC")
    note_invitation(ivo, by=chen)
    assert told(jan) == ["added"]


def test_a_name_is_kept_tidy_and_shown_to_colleagues(world: World) -> None:
    rename_agent(world.gita.row, name="  Gita \n Rao ", by=world.chen.actor)
    assert fresh(world.gita.row).name == "Gita Rao"
    assert [row.name for row in members(world.chen.actor, world.charts)] == ["Gita Rao", "Hugo"]


def test_a_lead_renames_and_moves_nobody_not_even_themselves(world: World) -> None:
    edda = world.edda
    with pytest.raises(Refused):
        rename_agent(edda.row, name="Boss", by=edda.actor)
    with pytest.raises(Refused):
        change_teams(edda.row, to=[world.charts], by=edda.actor)
    with pytest.raises(Refused):
        change_agent(edda.row, name="Edda", role=Role.ADMIN, teams=[], by=edda.actor)
    with pytest.raises(Refused):
        rename_team(world.payments, name="Money", by=edda.actor)
    with pytest.raises(Refused):
        switch_on(world.gita.row, by=edda.actor)
    assert (fresh(edda.row).name, fresh(edda.row).role) == ("Edda", Role.LEAD)
    assert edda.actor.teams == {world.payments.pk}


def test_who_changes_teams_sees_those_and_keeps_what_is_theirs(world: World) -> None:
    theirs, others = world.conversation(assignee=world.amara), world.conversation(inbox=world.workshop)
    change_teams(world.amara.row, to=[world.repairs], by=world.chen.actor)
    world.settle()
    assert world.reload(theirs).assignee == world.amara.row
    assert can_see(world.amara.actor, theirs.pk)
    assert can_see(world.amara.actor, others.pk)
    change_agent(world.amara.row, name="Amara", role=Role.AGENT, teams=[], by=world.chen.actor)
    assert not can_see(world.amara.actor, others.pk)
    assert told(world.amara.row) == ["teams", "teams"]


def test_a_team_has_its_name_once_in_its_brand_and_another_brand_may_use_it(world: World) -> None:
    rename_team(world.charts, name="Payments", by=world.chen.actor)
    assert Team.objects.filter(name="Payments").count() == 2
    with pytest.raises(AlreadyThere):
        rename_team(world.repairs, name=" Payments ", by=world.chen.actor)


def test_one_who_was_never_off_is_not_switched_on(world: World) -> None:
    world.amara.may_log_in()
    assert switch_on(world.amara.row, by=world.chen.actor).is_active
    assert fresh(world.amara.row).has_usable_password()
    assert told(world.amara.row) == []
    with pytest.raises(LastAdmin):
        change_agent(world.chen.row, name="Chen", role=Role.LEAD, teams=[], by=SYSTEM)


def test_one_may_be_of_teams_of_two_brands_and_of_none(world: World) -> None:
    change_teams(world.gita.row, to=[world.charts, world.payments, world.charts], by=world.chen.actor)
    assert world.gita.actor.brands == {world.kestrel.pk, world.linden.pk}
    for _ in range(2):
        change_teams(world.gita.row, to=[], by=world.chen.actor)
    assert world.gita.actor.teams == frozenset()
    assert told(world.gita.row) == ["teams", "teams"]


@pytest.mark.parametrize("name", ["\u202eevil", "A\x1bB", "Bob\u2066"])
def test_a_name_with_characters_that_nobody_sees_is_refused(world: World, name: str) -> None:
    with pytest.raises(Unusable):
        rename_agent(world.amara.row, name=name, by=world.chen.actor)
    rename_agent(world.amara.row, name="\u0631\u0648\u0632\u200c\u0628\u0647", by=world.chen.actor)
