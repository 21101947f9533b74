"""An empty desk: one brand with two inboxes, six teams, an agent who is in three of them."""

from collections.abc import Sequence

from django.core.management import call_command
from django.db import connection

from heed.eventlog.models import Cursor
from heed.eventlog.unit import unit
from heed.kernel.words import Role
from heed.people.actions import add_agent, add_brand, add_inbox, add_team, join_team, route_inbox
from heed.people.policy import SYSTEM

TEAMS = ("Payments", "Delivery", "Repairs", "Returns", "Business", "Press")
AGENTS = ("Amara", "Bruno", "Chen", "Edda", "Farid", "Gita")
VIEWER = "amara@staff.example"


def migrate() -> None:
    """Bring the desk's tables to this version."""
    call_command("migrate", verbosity=0, interactive=False)


def build(*, addresses: Sequence[str]) -> None:
    """Make the tables and the desk. The n-th agent is in the teams n, n+1 and n+2."""
    migrate()
    with unit():
        brand = add_brand("Desk", slug="desk", language="en", time_zone="UTC", by=SYSTEM)
        teams = [add_team(brand, name=name, by=SYSTEM) for name in TEAMS]
        for number, address in enumerate(addresses):
            inbox = add_inbox(brand, name=address.partition("@")[0], address=address, by=SYSTEM)
            route_inbox(inbox, team=teams[number], by=SYSTEM)
        for number, name in enumerate(AGENTS):
            agent = add_agent(
                name, email=f"{name.lower()}@staff.example", password=None, role=Role.AGENT, by=SYSTEM
            )
            for step in range(3):
                join_team(teams[(number + step) % len(teams)], agent=agent, by=SYSTEM)
    Cursor.objects.get_or_create(name="reader")
    connection.close()
