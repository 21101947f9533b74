"""Who changed what and when: every settings form leaves a line, leads read of their brands alone, and it pages."""

import pytest

from heed.eventlog.kinds import SettingChanged
from heed.eventlog.models import EventRow
from heed.kernel.words import Role, Setting
from heed.people.actions import add_team, choose_time_zone
from heed.people.actions.agents import change_role, rename_team
from heed.people.actions.brands import close_after
from heed.people.actions.shifts import change_work
from heed.people.history import AGENTS, BRANDS, INBOXES, KINDS, PAGE, SECTIONS, TEAMS, Asked, history
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World
from heed.ui import setting_words as words

HERE = "/settings/history/"


def lines(colleague: Colleague, query: str = "") -> str:
    """The changes that somebody's page lists."""
    return colleague.get(f"{HERE}{query}").content.decode().partition('id="history"')[2]


@pytest.mark.parametrize(
    ("who", "status"),
    [("chen", 200), ("edda", 200), ("hugo", 200), ("amara", 404), ("farid", 404), ("nobody", 302)],
)
def test_admins_and_leads_read_it(world: World, who: str, status: int) -> None:
    assert world.colleague(who).get(HERE).status_code == status


def test_it_tells_who_did_what_of_what_by_the_names_of_today(world: World) -> None:
    add_team(world.linden, name="Nights", by=world.chen.actor)
    close_after(world.linden, days=3, by=world.chen.actor)
    change_role(world.gita.row, to=Role.LEAD, by=SYSTEM)
    choose_time_zone("Asia/Tokyo", by=world.amara.actor)
    rename_team(world.repairs, name="Workshop", by=world.chen.actor)
    change_work(world.bruno.row, shift={}, leave=[], skills=["Brakes"], languages=[], by=world.chen.actor)
    page = lines(world.chen)
    for said in (
        "Nights",
        "Days until closed",
        "Linden Bikes",
        "Another role",
        "Gita",
        "Own time zone",
        "Workshop",
        "<b>Skills</b> <bdi>Bruno</bdi>",
    ):
        assert said in page
    assert "Brakes" not in page
    assert "Repairs" not in page
    assert "the command line" in page
    of_brands = lines(world.chen, "?section=brands")
    assert ("Workshop" in of_brands, "Days until closed" in of_brands) == (False, True)
    mine = lines(world.chen, f"?by={world.amara.row.pk}")
    assert ("Own time zone" in mine, "Nights" in mine) == (True, False)
    whole = world.chen.get(f"{HERE}?by={world.amara.row.pk}").content.decode()
    assert "Only what Amara changed." in whole
    assert "Only what one person changed." in world.chen.get(f"{HERE}?by=999999").content.decode()


def test_a_lead_reads_of_their_own_brands_alone(world: World) -> None:
    add_team(world.linden, name="Nights", by=world.chen.actor)
    add_team(world.kestrel, name="Days", by=world.chen.actor)
    close_after(world.kestrel, days=3, by=world.chen.actor)
    change_role(world.gita.row, to=Role.LEAD, by=world.chen.actor)
    edda, hugo = lines(world.edda), lines(world.hugo)
    assert ("Nights" in edda, "Days until closed" in edda, "Another role" in edda) == (True, False, False)
    assert ("Nights" in hugo, "Days until closed" in hugo) == (False, True)
    assert history(world.edda.actor, Asked(section="people")).events == []


def test_it_goes_on_part_by_part_and_costs_the_same(world: World) -> None:
    for number in range(PAGE + 1):
        add_team(world.linden, name=f"Team {number:03}", by=world.chen.actor)
    world.chen.get(HERE)
    with assert_queries(at_most=12):
        first = lines(world.chen)
    assert ("Team 050" in first, "Team 000" in first) == (True, False)
    told = history(world.chen.actor, Asked())
    after = lines(world.chen, f"?before={told.before}")
    assert ("Team 000" in after, "Team 050" in after, "Show older ones" in after) == (True, False, False)


@pytest.mark.parametrize("query", ["?before=x", "?by=", "?section=nothing", "?before=99999999999999999999"])
def test_what_nobody_can_ask_for_shows_everything(world: World, query: str) -> None:
    assert world.chen.get(f"{HERE}{query}").status_code == 200


def test_every_code_has_its_words_and_stands_in_a_section() -> None:
    assert set(Setting) <= set(words.SETTINGS)
    told = {setting for kinds in SECTIONS.values() for setting in kinds.get(SettingChanged) or ()}
    assert set(Setting) - told == {Setting.FIRST_HOUR}
    assert {kind for kinds in SECTIONS.values() for kind in kinds} == set(KINDS)
    assert not AGENTS & BRANDS & INBOXES & TEAMS


def test_no_words_of_people_stand_in_what_is_kept(world: World) -> None:
    add_team(world.linden, name="Nights", by=world.chen.actor)
    row = EventRow.objects.get(kind=SettingChanged.name)
    assert "Nights" not in str(row.data)
