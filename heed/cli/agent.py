"""`heed agent`: one more person who answers."""

import argparse
from collections.abc import Sequence

from heed.cli.asking import new_password
from heed.cli.problem import Problem
from heed.cli.setup import label, plainly, team_called
from heed.eventlog.unit import unit
from heed.kernel.config import config
from heed.kernel.words import Role
from heed.people.actions import add_agent, join_team
from heed.people.models import Agent, Team
from heed.people.policy import SYSTEM
from heed.people.queries import agent_to_set_up, teams_joined


def main(argv: Sequence[str]) -> int:
    """Make an agent in some teams; one who is there joins those that are missing."""
    options = _options(argv)
    teams = [team_called(name) for name in options.team]
    there = agent_to_set_up(SYSTEM, options.address)
    if there is not None:
        _check_same(there, options)
        print(_join(there, teams))
        return 0
    password = new_password(options.address, variable="HEED_AGENT_PASSWORD")
    with plainly(), unit():  # all of it, or nothing
        agent = add_agent(
            options.name, email=options.address, password=password, role=Role(options.role), by=SYSTEM
        )
        for team in teams:
            join_team(team, agent=agent, by=SYSTEM)
    of = ", ".join(map(label, teams)) or "no team yet"
    print(f"{agent.name} ({options.role}; {of}) can log in at {config.public_url} with {agent.email}.")
    return 0


def _check_same(there: Agent, options: argparse.Namespace) -> None:
    if not there.is_active:
        raise Problem(f"{there.email} was switched off, so nothing was changed.")
    if (there.name, there.role) != (" ".join(options.name.split()), options.role):
        raise Problem(f"{there.email} is {there.name}, {there.role}, already, so nothing was changed.")


def _join(agent: Agent, teams: Sequence[Team]) -> str:
    joined = teams_joined(SYSTEM, agent)
    new = [team for team in teams if team.pk not in joined]
    with unit():
        for team in new:
            join_team(team, agent=agent, by=SYSTEM)
    if new:
        return f"{agent.name} is of {', '.join(map(label, new))} now too; the password stays."
    return f"{agent.name} is there already with {agent.email}; the password stays."


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed agent",
        description="Make one more agent, or let one who is there join teams. The password comes from "
        "HEED_AGENT_PASSWORD, or is asked for. Running it again changes nothing.",
    )
    parser.add_argument("address", metavar="ADDRESS", help="what the agent logs in with")
    parser.add_argument("--name", required=True, metavar="NAME", help="as customers and colleagues see it")
    parser.add_argument("--role", required=True, choices=[role.value for role in Role])
    parser.add_argument(
        "--team",
        nargs="+",
        default=[],
        metavar="NAME",
        help="teams to be of; BRAND/NAME where several brands have one of that name",
    )
    return parser.parse_args(argv)
