"""The company of the journeys: two brands, three inboxes. `heed init` makes the first of each, `grow` the others."""

from heed.brands.models import Brand
from heed.eventlog.unit import unit
from heed.people.actions import add_brand, add_inbox, add_team, route_inbox
from heed.people.policy import SYSTEM

HELP = "help@linden.example"
WORKSHOP = "workshop@linden.example"
HELLO = "hello@kestrel.example"
LINDEN = "Linden Bikes"
KESTREL = "Kestrel Maps"
BRANDS = {HELP: LINDEN, WORKSHOP: LINDEN, HELLO: KESTREL}


def grow() -> None:
    """Add the second inbox and the second brand. Runs in a process of its own, with the desk's settings."""
    with unit():
        linden = Brand.objects.get()
        kestrel = add_brand(KESTREL, slug="kestrel", language="fr", time_zone="Europe/Paris", by=SYSTEM)
        for brand, name, address in ((linden, "Workshop", WORKSHOP), (kestrel, "Hello", HELLO)):
            team = add_team(brand, name=name, by=SYSTEM)
            route_inbox(add_inbox(brand, name=name, address=address, by=SYSTEM), team=team, by=SYSTEM)
