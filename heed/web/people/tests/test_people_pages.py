"""Settings of people and teams: invited by a link that works once, switched off at once, never without an admin."""

import re

import pytest
from django.test import Client

from heed.eventlog.unit import unit
from heed.kernel.words import Role
from heed.people.actions import add_agent
from heed.people.actions.agents import change_role, switch_off
from heed.people.models import Agent, Team
from heed.people.policy import SYSTEM
from heed.people.queries import COLLEAGUES
from heed.testing.queries import assert_queries
from heed.testing.world import PASSWORD, World

PEOPLE, TEAMS = "/settings/people/", "/settings/teams/"


def page_of(who: Agent) -> str:
    return f"{PEOPLE}{who.pk}/"


def shown(world: World, path: str) -> str:
    return world.chen.get(path).content.decode()


def test_somebody_is_invited_and_sets_a_password_by_a_link_that_works_once(world: World) -> None:
    data = {
        "name": "Ivo Horn",
        "address": "Ivo@desk.example",
        "role": "agent",
        "team": [world.payments.pk, world.charts.pk],
    }
    answer = world.chen.post(PEOPLE, data)
    ivo = Agent.objects.get(email="ivo@desk.example")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page_of(ivo)}?done=invited")
    html = shown(world, page_of(ivo))
    assert "Came to the desk as agent" in html
    assert "/accounts/password/reset/key/" not in html
    html = world.chen.post(f"{page_of(ivo)}link/").content.decode()
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/[^<\s]+)", html)
    assert link is not None
    assert "It works once, for 3 days" in html
    assert "/accounts/password/reset/key/" not in shown(world, page_of(ivo)), "it is shown once"

    browser = Client(HTTP_HOST="localhost")
    form = browser.get(link[1], follow=True)
    here = form.redirect_chain[-1][0]
    assert browser.post(here, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert Client().login(email="ivo@desk.example", password=PASSWORD)
    again = Client(HTTP_HOST="localhost").get(link[1], follow=True).content.decode()
    assert "This link no longer works" in again
    assert "Make a link" not in shown(world, page_of(ivo))
    assert world.chen.post(f"{page_of(ivo)}link/").status_code == 403


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "This is still empty."),
        ({"address": "ivo"}, "This is not an e-mail address."),
        ({"address": "amara@desk.example"}, "belongs to another inbox or to a colleague"),
        ({"address": "help@linden.example"}, "belongs to another inbox or to a colleague"),
        ({"role": "king"}, "no longer there"),
    ],
)
def test_an_invitation_that_can_not_be_comes_back_with_what_was_typed(
    world: World, changed: dict[str, str], said: str
) -> None:
    data = {"name": "Ivo", "address": "ivo@desk.example", "role": "lead", "team": world.charts.pk}
    before = Agent.objects.count()
    answer = world.chen.post(PEOPLE, {**data, **changed})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html
    assert html.count('class="error"') == 1
    assert f'value="{world.charts.pk}" checked' in html
    assert Agent.objects.count() == before


def test_name_role_and_teams_are_changed_together(world: World) -> None:
    data = {"name": "Amara Okafor", "role": "lead", "team": [world.repairs.pk]}
    answer = world.chen.post(page_of(world.amara.row), data)
    assert answer.headers["Location"] == f"{page_of(world.amara.row)}?done=saved"
    row = Agent.objects.get(pk=world.amara.row.pk)
    assert (row.name, row.role) == ("Amara Okafor", "lead")
    assert world.amara.actor.teams == {world.repairs.pk}
    html = shown(world, page_of(row))
    for said in ("Another name", "Is lead now", "Other teams", "Chen"):
        assert said in html


@pytest.mark.parametrize(
    ("who", "data", "said"),
    [
        ("chen", {"name": "Chen", "role": "agent"}, "You can’t take away your own rights."),
        ("amara", {"name": "", "role": "agent"}, "This is still empty."),
        ("amara", {"name": "n" * 121, "role": "agent"}, "At most 120 characters fit."),
        ("amara", {"name": "Amara", "role": "boss"}, "no longer there"),
    ],
)
def test_what_can_not_be_changed_says_why(world: World, who: str, data: dict[str, str], said: str) -> None:
    answer = world.chen.post(page_of(world.colleague(who).row), {**data, "team": [world.repairs.pk]})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html
    assert f'value="{world.repairs.pk}" checked' in html


def test_switching_off_ends_sessions_at_once_and_hands_back_the_work(world: World) -> None:
    row = world.conversation(assignee=world.amara)
    world.settle()
    assert "1 conversation that is theirs goes back" in shown(world, page_of(world.amara.row))
    assert world.amara.get("/inbox/my-turn/").status_code == 200
    world.chen.post(f"{page_of(world.amara.row)}off/")
    for path in ("/inbox/my-turn/", f"/conversations/{row.pk}/", "/menu/", "/settings/answers/"):
        answer = world.amara.get(path)
        assert (answer.status_code, "/accounts/login/" in answer.headers["Location"]) == (302, True)
    world.settle()
    assert world.reload(row).assignee is None
    html = shown(world, f"{page_of(world.amara.row)}?done=off")
    assert "Nothing is shown to them any more" in html
    assert "Switched off" in shown(world, PEOPLE)
    world.chen.post(f"{page_of(world.amara.row)}on/")
    assert Agent.objects.get(pk=world.amara.row.pk).is_active
    assert "Make a link" in shown(world, page_of(world.amara.row))


def test_nobody_switches_off_themselves_or_the_last_admin(world: World) -> None:
    answer = world.chen.post(f"{page_of(world.chen.row)}off/")
    assert answer.status_code == 422
    assert "Only another admin can switch you off." in answer.content.decode()
    change_role(world.edda.row, to=Role.ADMIN, by=SYSTEM)
    switch_off(world.chen.row, by=SYSTEM)
    assert world.chen.get(PEOPLE).status_code == 302


def test_a_team_is_made_renamed_and_gets_and_loses_members(world: World) -> None:
    made = world.chen.post(TEAMS, {"name": "Sales", "brand": world.linden.pk})
    sales = Team.objects.get(name="Sales")
    here = made.headers["Location"]
    assert here == f"{TEAMS}{sales.pk}/"
    assert "Nobody is of this team yet" in shown(world, here)
    world.chen.post(here, {"add": world.gita.row.pk})
    assert world.gita.actor.teams == {world.charts.pk, sales.pk}
    world.chen.post(here, {"name": "Selling"})
    assert "Selling" in shown(world, TEAMS)
    assert "1 person" in shown(world, TEAMS)
    world.chen.post(here, {"remove": world.gita.row.pk})
    assert world.gita.actor.teams == {world.charts.pk}
    assert "help@linden.example" in shown(world, f"{TEAMS}{world.payments.pk}/")


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        (TEAMS, {"name": "Payments", "brand": "{brand}"}, "This brand has a team of this name already."),
        (TEAMS, {"name": " ", "brand": "{brand}"}, "This is still empty."),
        (TEAMS, {"name": "Sales", "brand": "999"}, "no longer there"),
        ("{team}", {"name": "Repairs"}, "This brand has a team of this name already."),
        ("{team}", {"add": "999999"}, "no longer there"),
        ("{team}", {"remove": "somebody"}, "no longer there"),
    ],
)
def test_a_team_that_can_not_be_says_why(world: World, path: str, data: dict[str, str], said: str) -> None:
    facts = {"brand": world.linden.pk, "team": f"{TEAMS}{world.payments.pk}/"}
    filled = {name: value.format(**facts) for name, value in data.items()}
    answer = world.chen.post(path.format(**facts), filled)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_long_list_goes_on_after_an_address_with_a_plus(world: World) -> None:
    with unit():
        for number in range(COLLEAGUES - 1):
            add_agent("N", email=f"0{number:02}@desk.example", password=None, role=Role.AGENT, by=SYSTEM)
        add_agent("Aba", email="a+b@desk.example", password=None, role=Role.AGENT, by=SYSTEM)
    first = shown(world, PEOPLE)
    assert "Aba" in first
    assert "amara@" not in first
    following = re.search(r'href="(/settings/people/\?after=[^"]+)"', first)
    assert following is not None
    second = shown(world, following[1])
    assert "amara@" in second
    assert "Aba" not in second


def test_the_pages_ask_few_queries(world: World) -> None:
    for path in (PEOPLE, page_of(world.gita.row), TEAMS, f"{TEAMS}{world.payments.pk}/"):
        world.chen.get(path)
        with assert_queries(at_most=16):
            world.chen.get(path)
