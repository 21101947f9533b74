"""`heed brand`: one more brand."""

import argparse
from collections.abc import Sequence

from heed.cli.init import slug
from heed.cli.problem import Problem
from heed.cli.setup import plainly
from heed.people.actions import add_brand
from heed.people.policy import SYSTEM
from heed.people.queries import brands_to_set_up


def main(argv: Sequence[str]) -> int:
    """Make a brand, unless it is there."""
    options = _options(argv)
    short = options.slug or slug(options.name)
    there = next((brand for brand in brands_to_set_up(SYSTEM) if brand.slug == short), None)
    if there is None:
        with plainly():
            add_brand(
                options.name, slug=short, language=options.language, time_zone=options.time_zone, by=SYSTEM
            )
        print(f"The brand {options.name} is made; its short name is {short}.")
        return 0
    asked = (" ".join(options.name.split()), options.language, options.time_zone)
    if asked != (there.name, there.language, there.time_zone):
        raise Problem(
            f"the short name {short} is taken by the brand {there.name} ({there.language}, {there.time_zone}), "
            "so nothing was changed. For another brand say --slug."
        )
    print(f"The brand {there.name} is there already; its short name is {short}.")
    return 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed brand", description="Make one more brand. Running it again changes nothing."
    )
    parser.add_argument("name", metavar="NAME", help="the name under which the desk answers")
    parser.add_argument(
        "--slug", help="its short name in addresses and commands; else made from the name, as linden-bikes is"
    )
    parser.add_argument("--language", default="en", help="such as en or de; now en")
    parser.add_argument("--time-zone", default="UTC", help="such as Europe/Paris; now UTC")
    return parser.parse_args(argv)
