"""The list of settings: each section has an address that answers, words, and is listed for who may open it."""

import pytest

from heed.testing.queries import assert_queries
from heed.testing.world import World
from heed.ui.codes import SECTIONS as WORDS
from heed.web.settings.sections import SECTIONS, Section

EACH = pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.code)


def test_every_section_has_words_and_no_words_are_left_over() -> None:
    assert set(WORDS) == {section.code for section in SECTIONS}


@EACH
@pytest.mark.parametrize("who", ["amara", "chen", "edda", "farid"])
def test_a_section_is_listed_for_exactly_those_who_may_open_it(
    world: World, section: Section, who: str
) -> None:
    colleague = world.colleague(who)
    home = colleague.get("/settings/")
    listed = home.status_code == 200 and f'href="{section.href}"' in home.content.decode()
    assert listed is (colleague.get(section.href).status_code == 200)
    assert listed is section.may(colleague.actor)


@EACH
def test_a_section_names_itself_and_leads_back(world: World, section: Section) -> None:
    page = world.chen.get(section.href).content.decode()
    assert f"<h1>{WORDS[section.code][0]}</h1>" in page
    assert f'href="{section.href}" aria-current="page"' in page
    assert 'href="/settings/"' in page


@pytest.mark.parametrize(
    ("who", "status"), [("edda", 200), ("chen", 200), ("amara", 200), ("farid", 200), ("nobody", 302)]
)
def test_everybody_of_the_desk_has_settings(world: World, who: str, status: int) -> None:
    assert world.colleague(who).get("/settings/").status_code == status


def test_the_list_costs_no_query_of_its_own(world: World) -> None:
    world.chen.get("/settings/")
    with assert_queries(at_most=8):
        world.chen.get("/settings/")
