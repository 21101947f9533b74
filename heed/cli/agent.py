"""`heed agent`: one more person who answers; or another role, other teams, or the end for one who is there."""

import argparse
from collections.abc import Sequence

from heed.cli.asking import new_password
from heed.cli.problem import Problem
from heed.cli.setup import label, plainly, team_called
from heed.eventlog.unit import unit
from heed.kernel.config import config
from heed.kernel.words import BUILT_IN, Role
from heed.people.accounts import factors_of
from heed.people.actions import add_agent, join_team
from heed.people.actions.agents import LastAdmin, change_role, change_teams, switch_off, switch_on
from heed.people.actions.factors import reset_second_factor
from heed.people.models import Agent, Team
from heed.people.policy import SYSTEM
from heed.people.queries import agent_to_set_up, teams_joined, teams_to_set_up


def main(argv: Sequence[str]) -> int:
    """Make an agent in some teams; one who is there is changed as told."""
    options = _options(argv)
    joins = [team_called(name) for name in options.team]
    leaves = [team_called(name) for name in options.leave]
    there = agent_to_set_up(SYSTEM, options.address)
    if there is None:
        print(_add(options, joins))
        return 0
    _check_same(there, options)
    try:
        done = _change(there, options, joins, leaves)
    except LastAdmin:
        raise Problem(
            f"{there.name} is the only admin, and nobody else could set anything up, so nothing was changed."
        ) from None
    print(f"{there.name} {done}" if done else f"{there.name} is so already; the password stays.")
    return 0


def _add(options: argparse.Namespace, teams: Sequence[Team]) -> str:
    if options.off or options.on or options.leave or options.reset_second_factor:
        raise Problem(f"nobody logs in with {options.address}.")
    if not options.name or not options.role:
        raise Problem(f"nobody logs in with {options.address}; to make an agent say --name and --role.")
    password = new_password(options.address, variable="HEED_AGENT_PASSWORD")
    with plainly(), unit():  # all of it, or nothing
        agent = add_agent(
            options.name, email=options.address, password=password, role=Role(options.role), by=SYSTEM
        )
        for team in teams:
            join_team(team, agent=agent, by=SYSTEM)
    of = ", ".join(map(label, teams)) or "no team yet"
    return f"{agent.name} ({options.role}; {of}) can log in at {config.public_url} with {agent.email}."


def _check_same(there: Agent, options: argparse.Namespace) -> None:
    if not there.is_active and not (options.on or options.off):
        raise Problem(f"{there.email} was switched off, so nothing was changed; --on switches on again.")
    asked = (" ".join((options.name or there.name).split()), options.role or there.role)
    if options.name and asked != (there.name, there.role):
        raise Problem(
            f"{there.email} is {there.name}, {there.role}, already, so nothing was changed. "
            "For another role leave out --name."
        )


def _change(agent: Agent, options: argparse.Namespace, joins: Sequence[Team], leaves: Sequence[Team]) -> str:
    """Let somebody be as told; what was done, in words, or nothing."""
    joined = teams_joined(SYSTEM, agent)
    new = [team for team in joins if team.pk not in joined]
    gone = [team for team in leaves if team.pk in joined]
    wanted = joined - {team.pk for team in gone}
    stays = [team for team in teams_to_set_up(SYSTEM) if team.pk in wanted]
    done = []
    with plainly(), unit():  # all of it, or nothing
        if options.on and not agent.is_active:
            switch_on(agent, by=SYSTEM)
            done.append("is of the desk again; Settings, People makes the link for a new password")
        if options.role and options.role != agent.role:
            change_role(agent, to=Role(options.role), by=SYSTEM)
            done.append(f"is {options.role} now")
        if new or gone:
            change_teams(agent, to=[*stays, *new], by=SYSTEM)
            done += [f"is of {', '.join(map(label, new))} now too"] if new else []
            done += [f"left {', '.join(map(label, gone))}"] if gone else []
        if options.reset_second_factor:
            had = factors_of(SYSTEM, agent)
            reset_second_factor(agent, by=SYSTEM)
            done += ["has no second factor any more, and is logged in nowhere"] if had else []
        if options.off and agent.is_active:
            switch_off(agent, by=SYSTEM)
            done.append("sees nothing any more; their open work goes back to its teams")
    return f"{', and '.join(done)}." if done else ""


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed agent",
        description="Make one more agent, or change one who is there: role, teams, switched off or on. The password of "
        "a new one comes from HEED_AGENT_PASSWORD, or is asked for. Running it again changes nothing.",
    )
    parser.add_argument("address", metavar="ADDRESS", help="what the agent logs in with")
    parser.add_argument("--name", metavar="NAME", help="of a new one, as customers and colleagues see it")
    parser.add_argument(
        "--role", choices=[role.value for role in BUILT_IN], help="of a new one; without --name, the new role"
    )
    parser.add_argument(
        "--team",
        nargs="+",
        default=[],
        metavar="NAME",
        help="teams to be of; BRAND/NAME where several brands have one of that name",
    )
    parser.add_argument("--leave", nargs="+", default=[], metavar="NAME", help="teams to be of no more")
    parser.add_argument(
        "--reset-second-factor",
        action="store_true",
        help="for one who lost it, an only admin too: they log in with their password alone",
    )
    switch = parser.add_mutually_exclusive_group()
    switch.add_argument(
        "--off", action="store_true", help="log them out everywhere; they see nothing any more"
    )
    switch.add_argument("--on", action="store_true", help="switch them on again")
    return parser.parse_args(argv)
