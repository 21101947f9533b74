"""Circles: the people and teams who alone see what is restricted to them. Made inside other verbs; never changed."""

from collections.abc import Iterable
from hashlib import sha256

from django.db import IntegrityError
from django.db.models import Q

from heed.eventlog.unit import add, savepoint
from heed.kernel.words import AgentId, CircleId, TeamId
from heed.people.models import Circle, CircleMember, Team

MOST_MEMBERS = 100  # people and teams of a circle


def circle_for(agents: Iterable[AgentId], teams: Iterable[TeamId]) -> CircleId:
    """Inside a verb: the circle of exactly these people and teams, made when there is none yet."""
    people, groups = sorted(set(agents)), sorted(set(teams))
    key = sha256(repr((people, groups)).encode()).hexdigest()
    known = Circle.objects.filter(key=key).values_list("pk", flat=True)
    found = known.first()
    if found is not None:
        return CircleId(found)
    try:
        with savepoint():
            circle = add(Circle(key=key))
            for agent in people:
                add(CircleMember(circle=circle, agent_id=agent))
            for team in groups:
                add(CircleMember(circle=circle, team_id=team))
        return CircleId(circle.pk)
    except IntegrityError:  # somebody else was faster
        return CircleId(known.get())


def narrower(one: CircleId | None, other: CircleId | None) -> CircleId | None:
    """Inside a verb: the circle of those who are named in both; None: all are, since neither restricts."""
    if one is None or one == other:
        return other
    if other is None:
        return one
    both = _named(one) & _named(other)
    return circle_for(
        (AgentId(agent) for agent, _ in both if agent is not None),
        (TeamId(team) for _, team in both if team is not None),
    )


def is_named(agent: int, circle: CircleId) -> bool:
    """Inside a verb: whether an agent, or a team of theirs, is named in a circle."""
    named = Q(agent_id=agent) | Q(team__teammember__agent_id=agent)
    return CircleMember.objects.filter(named, circle=circle).exists()


def circles_naming(team: Team) -> frozenset[CircleId]:
    """Inside a verb: the circles into which whoever is of a team is let."""
    found = CircleMember.objects.filter(team=team).values_list("circle_id", flat=True)
    return frozenset(CircleId(circle) for circle in found)


def _named(circle: CircleId) -> set[tuple[int | None, int | None]]:
    return set(CircleMember.objects.filter(circle=circle).values_list("agent_id", "team_id"))
