"""The real pages, with real rows in them: accessible and whole at every width, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.desk import Office, send, write

pytestmark = pytest.mark.browser

HTML = "<h1>Ihre Rechnung</h1><p>Guten Tag,<br>anbei die Rechnung.</p><img src='https://shop.example/p.gif'>"
EVERYTHING = {"resultTypes": ["violations"]}
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
LOOKS = [
    (390, "light", EVERYTHING),
    (768, "dark", EVERYTHING),
    (1440, "light", EVERYTHING),
    (1440, "dark", COLOURS),  # what stands there was looked at in light
]


def _first(page: Page, path: str) -> str:
    """Where the first entry of a list of settings leads."""
    page.goto(path)
    href = page.locator("ul.things a").first.get_attribute("href")
    assert href is not None
    return href


@pytest.fixture(scope="module")
def paths(whole_office: Office) -> list[str]:
    """Every page that is looked at, with something on it."""
    office = whole_office
    number = office.conversation("A page to look at", html=HTML)
    edda = office.page("edda", f"/inbox/unassigned/{number}/")
    office.hands.do("saved_reply", name="Looked at", texts={"en": "Dear {{ customer.name }}", "ar": "مرحبا"})
    write(edda, "For the team, @Payments.", kind="note")
    send(edda)
    edda.wait_for_selector(".entries li.message.note")
    write(edda, "For the customer.")
    send(edda)
    edda.wait_for_selector(".entries li.message.ours")
    assert office.hands.do("caught", number=number, words="For the customer.") == 1
    page = office.page("chen", "/catcher/")
    caught = page.locator("#caught-rows a.row").first.get_attribute("href")
    assert caught is not None
    parts = ("brands", "people", "teams", "saved-replies")
    brand, person, team, reply = (_first(page, f"/settings/{part}/") for part in parts)
    office.tidy()
    here = f"/inbox/waiting/{number}/"
    return [
        "/inbox/my-turn/",
        "/inbox/waiting/",
        "/inbox/mentions/",
        here,
        f"{here}details/",
        "/inbox/waiting/menu/",
        "/new/",
        "/settings/you/",
        "/settings/brands/",
        brand,
        "/settings/people/",
        person,
        "/settings/teams/",
        team,
        "/settings/saved-replies/",
        reply,
        "/settings/saved-replies/new/",
        "/settings/parked/",
        "/settings/quarantine/",
        "/trash/",
        "/settings/blocked/",
        "/settings/mail-storms/",
        "/settings/mail-storms/new/",
        "/catcher/",
        caught,
        "/no-such-page/",
    ]


@pytest.mark.parametrize(("width", "scheme", "rules"), LOOKS)
def test_axe_finds_nothing_serious_on_real_pages(
    office: Office, paths: list[str], width: int, scheme: str, rules: dict[str, list[str]]
) -> None:
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    found = []
    pages = [(office.agent("chen", **options).new_page(), path) for path in paths]
    pages.append((office.context(**options).new_page(), "/accounts/login/"))
    for page, path in pages:
        page.goto(path)
        violations = Axe().run(page, options=rules).response["violations"]
        found += [
            f"{path}: {one['id']}: {one['nodes'][0]['html']}"
            for one in violations
            if one["impact"] in ("serious", "critical")
        ]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path}: wider than the screen")
        page.close()

    assert found == []
