"""Reads about roles: those that this desk made, and those that somebody may give."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from heed.eventlog.kinds import RoleChanged
from heed.eventlog.reader import Event, newest_about
from heed.kernel.errors import NotFound
from heed.kernel.permissions import PRESETS, Permissions, read
from heed.kernel.prepared import prepared
from heed.kernel.words import BUILT_IN, Role
from heed.people.models import Agent, CustomRole
from heed.people.policy import Actor, is_of_the_desk, may_give_role, may_manage_people, may_manage_roles

HISTORY = 20  # changes of a role that its page tells
MOST_ROLES = 200  # that a desk shows


@dataclass(frozen=True, slots=True)
class MadeRole:
    """A role that this desk made, and how many have it."""

    row: CustomRole
    permissions: Permissions
    people: int


def custom_roles(actor: Actor) -> list[MadeRole]:
    """The roles that this desk made, by name, for one who may make some; none for others. One query."""
    if not may_manage_roles(actor):
        return []
    rows = CustomRole.objects.annotate(people=Count("agent")).order_by("name")[:MOST_ROLES]
    return [MadeRole(row, read(row.permissions), row.people) for row in rows]


def custom_role(actor: Actor, number: int) -> MadeRole:
    """One of them. Raises NotFound for an unknown one, and for others; one query."""
    rows = CustomRole.objects.annotate(people=Count("agent")).filter(pk=number)
    found = rows.first() if may_manage_roles(actor) else None
    if found is None:
        raise NotFound
    return MadeRole(found, read(found.permissions), found.people)


def role_history(actor: Actor, role: CustomRole, *, limit: int = HISTORY) -> list[Event]:
    """What became of a role lately, newest first, for one who may make some. One query."""
    return newest_about(RoleChanged, limit=limit, role=role.pk) if may_manage_roles(actor) else []


def roles_to_give(actor: Actor) -> list[Role | CustomRole]:
    """The roles that this actor may give to somebody: those of every desk first. One query."""
    if not may_manage_people(actor):
        return []
    made = CustomRole.objects.order_by("name")[:MOST_ROLES]
    built_in = [role for role in BUILT_IN if may_give_role(actor, PRESETS[role])]
    return [*built_in, *(role for role in made if may_give_role(actor, read(role.permissions)))]


def agent_with_role(number: int) -> Agent | None:
    """For logging in: an agent, read together with the role that this desk made, where theirs is one. One query."""
    return next(iter(_with_role(number=number)), None)


@prepared
def _with_role(*, number: int) -> "QuerySet[Agent]":
    return Agent.objects.select_related("custom_role").filter(pk=number)


def skills_of(actor: Actor, agent: Agent) -> list[str]:
    """What somebody knows more of than others, by name, for anybody of the desk. One query."""
    rows = agent.skills.order_by("skill__name").values_list("skill__name", flat=True)
    return list(rows) if is_of_the_desk(actor) else []
