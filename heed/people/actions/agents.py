"""Verbs about who is of the desk: what they are called, may do, and whether they are still there."""

from collections.abc import Sequence

from heed.eventlog.kinds import AgentChanged
from heed.eventlog.unit import change, lock, lock_many, record, verb
from heed.kernel.errors import NotAllowedNow, require
from heed.kernel.words import AgentChange, AgentId, Role, RoleId, Setting
from heed.people.actions import AlreadyThere, add_agent, join_team, leave_team, parts_of
from heed.people.checked import name_of
from heed.people.demands import settle_demand
from heed.people.models import Agent, CustomRole, Team, TeamMember
from heed.people.noting import note_setting
from heed.people.policy import Actor, may_decide_about, may_give_role, may_manage_people
from heed.people.queries import badge_of, permissions_in, permissions_of


class LastAdmin(NotAllowedNow):
    """Nobody else could set anything up any more: make another admin first."""

    code = "last_admin"


class SwitchedOff(NotAllowedNow):
    """This person was switched off: switch them on first."""

    code = "switched_off"


def _lock_among_admins(agent: Agent) -> Agent:
    """The agent's row, held with those of all admins: two of them who remove each other wait for each other."""
    keys = set(Agent.objects.filter(role=Role.ADMIN).values_list("pk", flat=True)) | {agent.pk}
    return lock_many(Agent, sorted(keys))[agent.pk]


def _require_other_admin(agent: Agent) -> None:
    others = Agent.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=agent.pk)
    if agent.role == Role.ADMIN and agent.is_active and not others.exists():
        raise LastAdmin


def _note(agent: Agent, what: AgentChange) -> None:
    record(AgentChanged(agent=AgentId(agent.pk), change=what, role=None))


def _note_role(agent: Agent, what: AgentChange) -> None:
    custom = None if agent.custom_role_id is None else RoleId(agent.custom_role_id)
    record(AgentChanged(agent=AgentId(agent.pk), change=what, role=Role(agent.role), custom_role=custom))


def _require_rights(by: Actor, agent: Agent) -> None:
    """Nobody renames or moves somebody who may do what they may not."""
    require(may_manage_people(by) and may_give_role(by, permissions_of(agent)))


def _require_decision(by: Actor, agent: Agent) -> None:
    """Nobody opens or shuts the door for somebody who has rights, teams or circles that they lack."""
    require(may_decide_about(by, badge_of(agent, also_off=True).actor))


@verb
def invite_agent(
    name: str, *, email: str, role: Role | CustomRole, teams: Sequence[Team], by: Actor
) -> Agent:
    """Afterwards this person is of the desk and these teams, and can log in once a link let them set a password.

    Records agent.changed. Raises Refused, Unusable, AlreadyThere (an agent or an inbox has the address).
    """
    agent = add_agent(name, email=email, password=None, role=role, by=by)
    if teams:  # where they work, until they say otherwise
        change(agent, time_zone=teams[0].brand.time_zone)
    for team in teams:
        join_team(team, agent=agent, by=by)
    _note_role(agent, AgentChange.ADDED)
    return agent


@verb
def rename_agent(agent: Agent, *, name: str, by: Actor) -> Agent:
    """Afterwards colleagues and customers see this name. Records agent.changed. Raises Refused, Unusable."""
    held, tidy = lock(agent), name_of(name)
    _require_rights(by, held)
    if held.name == tidy:
        return held
    changed = change(held, name=tidy)
    _note(held, AgentChange.NAME)
    return changed


@verb
def change_role(agent: Agent, *, to: Role | CustomRole, by: Actor) -> Agent:
    """Afterwards the agent has this role, one of every desk or one made here. Records agent.changed.

    Raises Refused, also for one's own role and for rights that the acting agent lacks, be they given or taken; and
    LastAdmin.
    """
    require(may_manage_people(by))
    held = _lock_among_admins(agent)
    _require_rights(by, held)
    role, custom = parts_of(to)
    if held.role == role and held.custom_role_id == (custom.pk if custom else None):
        return held
    require(by.agent_id != agent.pk and may_give_role(by, permissions_in(to)))
    _require_other_admin(held)
    changed = change(held, role=role, custom_role=custom)
    settle_demand(changed)
    _note_role(changed, AgentChange.ROLE)
    return changed


@verb
def change_teams(agent: Agent, *, to: Sequence[Team], by: Actor) -> None:
    """Afterwards the agent is of these teams and no others; what is assigned to them stays theirs.

    Records agent.changed when that differs. Raises Refused.
    """
    _require_rights(by, lock(agent))
    rows = TeamMember.objects.filter(agent=agent).select_related("team")
    joined, wanted = {row.team_id: row.team for row in rows}, {team.pk: team for team in to}
    for number in wanted.keys() - joined.keys():
        join_team(wanted[number], agent=agent, by=by)
    for number in joined.keys() - wanted.keys():
        leave_team(joined[number], agent=agent, by=by)
    if wanted.keys() != joined.keys():
        _note(agent, AgentChange.TEAMS)


@verb
def change_agent(
    agent: Agent, *, name: str, role: Role | CustomRole, teams: Sequence[Team], by: Actor
) -> None:
    """Afterwards the agent is called so, has this role and is of these teams, all of it or nothing.

    Records agent.changed for each that differs. Raises Refused, Unusable, LastAdmin.
    """
    rename_agent(agent, name=name, by=by)
    change_role(agent, to=role, by=by)
    change_teams(agent, to=teams, by=by)


@verb
def switch_off(agent: Agent, *, by: Actor) -> Agent:
    """Afterwards this agent sees nothing, wherever they are logged in; their password and links are of no use.

    What they wrote stays; what they were responsible for goes back to its teams as soon as the log is read. Records
    agent.changed; nothing when it is so already. Raises Refused, also for oneself and for one with more rights, other
    teams or circles; and LastAdmin.
    """
    require(may_manage_people(by) and by.agent_id != agent.pk)
    held = _lock_among_admins(agent)
    _require_decision(by, held)
    if not held.is_active:
        return held
    _require_other_admin(held)
    held.set_unusable_password()
    changed = change(held, is_active=False, password=held.password)
    _note(held, AgentChange.SWITCHED_OFF)
    return changed


@verb
def switch_on(agent: Agent, *, by: Actor) -> Agent:
    """Afterwards this agent is of the desk again, with role and teams as before, once they have set a new password.

    Records agent.changed; nothing when it is so already. Raises Refused as switch_off does.
    """
    held = lock(agent)
    _require_decision(by, held)
    if held.is_active:
        return held
    changed = change(held, is_active=True)
    _note(held, AgentChange.SWITCHED_ON)
    return changed


@verb
def note_invitation(agent: Agent, *, by: Actor) -> None:
    """Afterwards it is on record that a link to set this agent's first password was made: agent.changed.

    Raises Refused as switch_off does, also for one who has a password, and SwitchedOff.
    """
    held = lock(agent)
    _require_decision(by, held)
    if not held.is_active:
        raise SwitchedOff
    require(not held.has_usable_password())
    _note(held, AgentChange.INVITED)


@verb
def rename_team(team: Team, *, name: str, by: Actor) -> Team:
    """Afterwards the team is called so. Raises Refused, Unusable, and AlreadyThere for a name its brand has."""
    require(may_manage_people(by))
    held, tidy = lock(team), name_of(name)
    if Team.objects.filter(brand_id=held.brand_id, name=tidy).exclude(pk=held.pk).exists():
        raise AlreadyThere
    if held.name == tidy:
        return held
    note_setting(Setting.TEAM, number=held.pk, brand=held.brand_id)
    return change(held, name=tidy)
