"""`heed init`: an empty desk, without a browser."""

import argparse
import re
from collections.abc import Sequence

from heed.cli.asking import new_password
from heed.cli.database import migrate
from heed.cli.problem import Problem
from heed.eventlog.unit import unit
from heed.kernel.config import config
from heed.kernel.errors import Unusable
from heed.kernel.text import folded
from heed.kernel.words import Role
from heed.people.actions import (
    AlreadyThere,
    add_agent,
    add_brand,
    add_inbox,
    add_team,
    choose_time_zone,
    join_team,
    route_inbox,
)
from heed.people.actions.first_hour import begin_first_hour
from heed.people.policy import SYSTEM
from heed.people.queries import actor_for

TEAM = "Support"


def main(argv: Sequence[str]) -> int:
    """Make a brand, an inbox, a team and an admin."""
    options = _options(argv)
    password = new_password(options.admin, variable="HEED_ADMIN_PASSWORD")
    migrate()
    try:
        _set_up(options, password)
    except AlreadyThere:
        raise Problem(
            "this desk has such a brand, inbox or agent already, so nothing was changed. More of them are made by "
            "`heed brand`, `heed team`, `heed inbox` and `heed agent`."
        ) from None
    except Unusable as error:
        raise Problem(f"the {error.field} can't be used ({error.reason}), so nothing was made.") from None
    print(f"The desk is ready: {options.admin} can log in at {config.public_url} once `heed serve` runs,")
    print("and is led through the first five steps there.")
    print(f"Mail to {options.inbox} becomes conversations as soon as it arrives by SMTP or LMTP.")
    print(
        f"Customers are told that people are there Monday to Friday, 9 to 17, {options.time_zone}. Settings, Brands "
        "and `heed brand --change` say otherwise."
    )
    return 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed init",
        description="Make an empty desk: a brand with one inbox and one team, and an admin who can log in. "
        "The password comes from HEED_ADMIN_PASSWORD, or is asked for.",
    )
    parser.add_argument(
        "--brand", required=True, metavar="NAME", help="the name under which the desk answers"
    )
    parser.add_argument(
        "--inbox", required=True, metavar="ADDRESS", help="the address that customers write to"
    )
    parser.add_argument(
        "--admin", required=True, metavar="ADDRESS", help="the address that the admin logs in with"
    )
    parser.add_argument("--name", metavar="NAME", help="the admin's name; else made from the address")
    parser.add_argument("--language", default="en", help="of the brand, such as en or de; now en")
    parser.add_argument("--time-zone", default="UTC", help="of the brand, such as Europe/Paris; now UTC")
    return parser.parse_args(argv)


def _set_up(options: argparse.Namespace, password: str) -> None:
    with unit():  # all of it, or nothing
        brand = add_brand(
            options.brand,
            slug=slug(options.brand),
            language=options.language,
            time_zone=options.time_zone,
            by=SYSTEM,
        )
        inbox = add_inbox(brand, name=options.brand, address=options.inbox, by=SYSTEM)
        team = add_team(brand, name=TEAM, by=SYSTEM)
        route_inbox(inbox, team=team, by=SYSTEM)
        name = options.name or options.admin.split("@")[0].replace(".", " ").title()
        admin = add_agent(name, email=options.admin, password=password, role=Role.ADMIN, by=SYSTEM)
        join_team(team, agent=admin, by=SYSTEM)
        choose_time_zone(options.time_zone, by=actor_for(admin))
        begin_first_hour(by=SYSTEM)


def slug(name: str) -> str:
    """A name as it stands in addresses: lower case, hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", folded(name)).strip("-")[:60].strip("-") or "desk"
