"""Who needs a second factor, as an admin says it on the page."""

import pytest

from heed.people.accounts import demand
from heed.people.actions.factors import add_passkey, reset_second_factor
from heed.people.models import Agent, CustomRole
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

HERE = "/settings/access/"


@pytest.mark.parametrize(
    ("who", "status"), [("chen", 200), ("edda", 404), ("amara", 404), ("farid", 404), ("nobody", 302)]
)
def test_only_admins_have_the_page(world: World, who: str, status: int) -> None:
    assert world.colleague(who).get(HERE).status_code == status
    if status == 200:
        with assert_queries(at_most=12):
            world.colleague(who).get(HERE)


def test_an_admin_says_who_needs_one_and_until_when(world: World) -> None:
    night = CustomRole.objects.create(name="Night <watch>", permissions="")
    add_passkey("Key", credential={}, by=world.chen.actor)
    answer = world.chen.post(HERE, {"role": ["agent", f"role-{night.pk}", "king"], "grace_days": "3"})
    assert answer.status_code == 303
    assert demand(world.chen.actor).said.roles == ["agent", f"role-{night.pk}"]
    page = world.chen.get(answer.headers["Location"]).content.decode()
    assert "Saved." in page
    assert "Night &lt;watch&gt;" in page
    assert "1 of 7 has one" in page
    assert Agent.objects.filter(second_factor_due_at__isnull=False).count() == 3


@pytest.mark.parametrize("days", ["", "soon", "-1", "91", "¹"])
def test_what_is_no_number_of_days_is_said_below_the_field(world: World, days: str) -> None:
    answer = world.chen.post(HERE, {"role": ["agent"], "grace_days": days})
    assert answer.status_code == 422
    assert "from 0 to 90" in answer.content.decode()
    assert demand(world.chen.actor).said.roles == []


def test_an_admin_resets_a_colleagues_second_factor_after_proving_who_asks(world: World) -> None:
    add_passkey("Key", credential={}, by=world.amara.actor)
    reset_second_factor(world.amara.row, by=SYSTEM)
    add_passkey("Key", credential={}, by=world.amara.actor)
    person = f"/settings/people/{world.amara.row.pk}/"
    assert "Reset their second factor" in world.chen.get(person).content.decode()
    password = world.chen.may_log_in()
    world.chen.client.login(username="chen@desk.example", password=password)
    asked = world.chen.post(f"{person}second-factor/reset/")
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/?next=")
    proved = world.chen.post(
        "/accounts/reauthenticate/",
        {"password": password, "next": f"{person}second-factor/reset/"},
    )
    assert proved.headers["Location"] == f"{person}?done=reset", "what was asked is done after the proof"
    page = world.chen.get(f"{person}?done=reset").content.decode()
    assert "Their second factor is gone" in page
    assert "Second factor was reset" in page
