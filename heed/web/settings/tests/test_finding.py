"""A setting is found by its name and by other words for it, and no field of a settings page is left out."""

import re
from fnmatch import fnmatchcase

import pytest

from heed.kernel.words import Role
from heed.people.actions.factors import demand_second_factor
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World
from heed.ui.codes import SECTIONS as WORDS
from heed.web.settings.finding import ENTRIES, MOST, Entry, find
from heed.web.settings.sections import SECTIONS, Section

PLACES = [(section.code, section.href) for section in SECTIONS]
# buttons, and what only rows bring with them
BUTTONS = {"add", "more", "preview", "save", "remove", "do", "number", "on", "by", "checked_by"}
NO_SETTING = {"csrfmiddlewaretoken", "q"}
ANY_NAME = re.compile(r"<(?:input|select|textarea)\b[^>]*\bname=\"([^\"]+)\"")
# Sections whose fields are rows of a form of their own kind, each made by its room and found as a whole.
WHOLE = {
    "topics",
    "roles",
    "saved_replies",
    "first_hour",
    "domains",
    "sending",
    "mailboxes",
}


def names(*queries: str) -> list[str]:
    return [hit.name for query in queries for hit in find(query, sections=PLACES, brands=[(1, "Linden")])]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("opening hours", "Opening hours"),
        ("business hours", "Opening hours"),
        ("SLA", "First reply within"),
        ("2fa", "Authenticator app"),
        ("audit", "Who changed what"),
        ("undo", "Seconds to take an answer back"),
        ("autoresponder", "Acknowledgement"),
        ("dkim", "Signing keys of a domain"),
        ("deactiv", "Switch somebody off"),
        ("Zeit", ""),
        ("passkey", "Passkey"),
        ("sessions", "Where you are logged in"),
    ],
)
def test_a_setting_is_found_by_what_people_call_it(query: str, expected: str) -> None:
    found = names(query)
    assert (found[0] if found else "") == expected


def test_names_come_before_other_words_and_there_is_an_end() -> None:
    assert names("password")[0] == "Your password"
    assert len(names("a")) <= MOST
    assert names("", "   ", "\0", "zzz") == []


def test_what_one_may_not_open_is_not_found(world: World) -> None:
    page = world.amara.get("/settings/?q=dkim").content.decode()
    assert "/settings/domains/" not in page
    assert "No setting is called “dkim”" in page
    assert "/settings/domains/" in world.chen.get("/settings/?q=dkim").content.decode()


def test_settings_of_each_brand_lead_to_its_own_page(world: World) -> None:
    page = world.chen.get("/settings/?q=holidays").content.decode()
    assert f'href="/settings/brands/{world.linden.pk}/#brand-holidays"' in page
    assert f'href="/settings/brands/{world.kestrel.pk}/#brand-holidays"' in page
    lead = world.edda.get("/settings/?q=holidays").content.decode()
    assert f"/settings/brands/{world.kestrel.pk}/" not in lead


def test_finding_answers_with_a_fragment_and_few_queries(world: World) -> None:
    world.chen.get("/settings/?q=hours")
    with assert_queries(at_most=12):
        world.chen.get("/settings/?q=hours")
    part = world.chen.get("/settings/?q=hours", **{"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="settings-found"')
    assert "&lt;b&gt;" in world.chen.get("/settings/?q=<b>").content.decode()


def test_who_still_needs_a_second_factor_finds_no_settings(world: World) -> None:
    demand_second_factor([Role.AGENT], grace_days=0, by=SYSTEM)
    page = world.amara.get("/settings/you/security/").content.decode()
    assert 'id="factors"' in page
    assert "settings-found" not in page


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry.name))
def test_what_is_found_is_there(world: World, entry: Entry) -> None:
    href = dict(PLACES)[entry.section]
    page = world.chen.get(f"{href}{world.linden.pk}/" if entry.per else f"{href}{entry.below}")
    assert page.status_code == 200
    text = page.content.decode()
    assert entry.at
    assert text.count(f'id="{entry.at}"') == 1
    fields = set(ANY_NAME.findall(text))
    missing = [name for name in entry.fields if not any(fnmatchcase(field, name) for field in fields)]
    assert set(missing) <= BUTTONS


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.code)
def test_every_field_of_a_section_can_be_found(world: World, section: Section) -> None:
    code, href = section.code, section.href
    if code in WHOLE:
        return
    text = world.chen.get(f"{href}{world.linden.pk}/" if code == "brands" else href).content.decode()
    known = [name for entry in ENTRIES if entry.section == code for name in entry.fields]
    fields = set(ANY_NAME.findall(text)) - NO_SETTING
    assert [field for field in fields if not any(fnmatchcase(field, name) for name in known)] == []


def test_every_section_is_found_by_its_own_name() -> None:
    for code, href in PLACES:
        name = str(WORDS[code][0])
        assert any(hit.href == href for hit in find(name, sections=PLACES, brands=[])), name
