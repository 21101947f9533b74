"""Whoever an agent writes to is a customer: the one who is known by the address, or a new one."""

import threading

import pytest
from django.db import connection

from heed.kernel.errors import Refused, Unusable
from heed.people.actions import customer_of
from heed.people.models import Customer, Identity
from heed.testing import world as company
from heed.testing.world import World


def test_a_known_address_gives_its_customer_unchanged(world: World) -> None:
    assert customer_of("Dalia@Example.org", name="Somebody else", by=world.amara.actor) == world.dalia.id
    world.dalia.row.refresh_from_db()
    assert world.dalia.row.name == "Dalia Haddad"


def test_an_unknown_address_makes_a_customer_of_this_name_once(world: World) -> None:
    first = customer_of("Petra@Example.org", name=" Petra  Vogt ", by=world.amara.actor)
    again = customer_of("petra@example.org", name="", by=world.amara.actor)
    assert first == again
    assert Customer.objects.get(pk=first).name == "Petra Vogt"
    assert Identity.objects.get(customer_id=first).value == "petra@example.org"


@pytest.mark.parametrize("who", ["farid", "nobody"])
def test_who_only_looks_makes_no_customer(world: World, who: str) -> None:
    with pytest.raises(Refused):
        customer_of("petra@example.org", name="Petra", by=world.colleague(who).actor)


@pytest.mark.parametrize("address", ["", "petra", "petra@", "a b@example.org", "x" * 250 + "@example.org"])
def test_what_is_no_address_makes_no_customer(world: World, address: str) -> None:
    before = Customer.objects.count()
    with pytest.raises(Unusable):
        customer_of(address, name="Petra", by=world.amara.actor)
    assert Customer.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_two_who_write_to_a_new_address_at_once_make_one_customer() -> None:
    actor = company.build().amara.actor
    found: list[int] = []
    start = threading.Barrier(2)

    def write() -> None:
        start.wait()
        found.append(customer_of("petra@example.org", name="Petra", by=actor))
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == 1
