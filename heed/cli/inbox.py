"""`heed inbox`: one more address that customers write to."""

import argparse
from collections.abc import Sequence

from heed.brands.models import Brand, Inbox
from heed.cli.problem import Problem
from heed.cli.setup import brand_called, label, plainly, team_called
from heed.eventlog.unit import unit
from heed.people.actions import add_inbox, route_inbox
from heed.people.models import Team
from heed.people.policy import SYSTEM
from heed.people.queries import inbox_to_set_up, team_of


def main(argv: Sequence[str]) -> int:
    """Make an inbox and name its team; what is there already stays."""
    options = _options(argv)
    brand = brand_called(options.brand)
    team = _team(options.team, brand)
    there = inbox_to_set_up(SYSTEM, options.address)
    if there is None:
        with plainly():
            made = _make(options, brand, team)
        whose = f"the team {team.name}" if team else "admins alone, until a team is named with --team"
        print(f"Mail to {made.address} belongs to {brand.name} now and is seen by {whose}.")
        return 0
    if there.brand_id != brand.pk or options.name not in (None, there.name):
        raise Problem(
            f"{there.address} is an inbox of {there.brand.name} already, named {there.name}, so nothing was changed."
        )
    print(_route(there, team))
    return 0


def _make(options: argparse.Namespace, brand: Brand, team: Team | None) -> Inbox:
    with unit():  # both, or nothing
        inbox = add_inbox(brand, name=options.name or brand.name, address=options.address, by=SYSTEM)
        if team is not None:
            route_inbox(inbox, team=team, by=SYSTEM)
    return inbox


def _route(inbox: Inbox, team: Team | None) -> str:
    if team is None or team_of(inbox) == team.pk:
        return f"{inbox.address} is an inbox of {inbox.brand.name} already."
    route_inbox(inbox, team=team, by=SYSTEM)
    return f"New conversations of {inbox.address} go to the team {team.name} now."


def _team(name: str | None, brand: Brand) -> Team | None:
    if name is None:
        return None
    team = team_called(name if "/" in name else f"{brand.slug}/{name}")
    if team.brand_id != brand.pk:
        raise Problem(f"{label(team)} is a team of another brand, so nothing was changed.")
    return team


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed inbox",
        description="Make one more address that customers write to, or name the team of one that is there. "
        "Running it again changes nothing.",
    )
    parser.add_argument("address", metavar="ADDRESS", help="the address that customers write to")
    parser.add_argument("--brand", required=True, metavar="SLUG", help="the brand's short name")
    parser.add_argument("--team", metavar="NAME", help="who gets its conversations; else admins alone")
    parser.add_argument("--name", metavar="NAME", help="what agents see; else the brand's name")
    return parser.parse_args(argv)
