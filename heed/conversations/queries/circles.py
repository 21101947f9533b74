"""Reads about circles: to whom something is restricted, and who could be named."""

from collections.abc import Sequence
from dataclasses import dataclass

from heed.conversations.queries.access import Opened
from heed.people.models import Agent, CircleMember, Team

MOST = 500  # people, and teams, to choose from


@dataclass(frozen=True, slots=True)
class Named:
    """To whom alone something is shown, by id; nobody for what is not restricted."""

    agents: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()


def named_in(here: Opened) -> Named:
    """To whom alone a conversation is shown; one query, none for what is not restricted."""
    if here.row.circle_id is None:
        return Named()
    rows = list(CircleMember.objects.filter(circle_id=here.row.circle_id))
    return Named(
        frozenset(row.agent_id for row in rows if row.agent_id is not None),
        frozenset(row.team_id for row in rows if row.team_id is not None),
    )


@dataclass(frozen=True, slots=True)
class Nameable:
    """Who could be named, with names, by name."""

    agents: Sequence[tuple[int, str]]
    teams: Sequence[tuple[int, str]]


def nameable(here: Opened) -> Nameable:
    """Whoever is of the desk, and the teams of the conversation's brand; two queries."""
    agents = Agent.objects.filter(is_active=True).order_by("name", "pk").values_list("pk", "name")
    teams = Team.objects.filter(brand_id=here.row.brand_id).order_by("name", "pk").values_list("pk", "name")
    return Nameable(list(agents[:MOST]), list(teams[:MOST]))
