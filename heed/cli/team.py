"""`heed team`: one more team."""

import argparse
from collections.abc import Sequence

from heed.cli.setup import brand_called, plainly
from heed.people.actions import add_team
from heed.people.policy import SYSTEM
from heed.people.queries import teams_to_set_up


def main(argv: Sequence[str]) -> int:
    """Make a team of a brand, unless it is there."""
    options = _options(argv)
    brand = brand_called(options.brand)
    name = " ".join(options.name.split())
    if any((team.brand_id, team.name) == (brand.pk, name) for team in teams_to_set_up(SYSTEM)):
        print(f"{brand.name} has the team {name} already.")
        return 0
    with plainly():
        add_team(brand, name=name, by=SYSTEM)
    print(f"{brand.name} has the team {name} now, with nobody in it yet.")
    return 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed team", description="Make one more team of a brand. Running it again changes nothing."
    )
    parser.add_argument("name", metavar="NAME", help="what the team is called")
    parser.add_argument("--brand", required=True, metavar="SLUG", help="the brand's short name")
    return parser.parse_args(argv)
