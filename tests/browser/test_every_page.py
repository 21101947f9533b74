"""Every page of the desk, with something on it: accessible and whole at every width, light and dark.

Each address that answers to GET is opened for somebody who may; what comes back is looked at when it is a page.
"""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.every_page import Staged, staged_desk

pytestmark = pytest.mark.browser

SERIOUS = ("serious", "critical")
EVERYTHING = {"resultTypes": ["violations"]}
COLOURS = {**EVERYTHING, "runOnly": ["color-contrast"]}
WIDTHS = (390, 768, 1440)
Scheme = Literal["light", "dark"]
LOOKS: list[tuple[int, Scheme, dict[str, list[str]]]] = [
    (390, "light", EVERYTHING),
    (1440, "light", EVERYTHING),
    (1440, "dark", COLOURS),  # what stands there was looked at in light
]


@pytest.fixture(scope="module")
def staged(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staged]:
    with staged_desk(browser, tmp_path_factory.mktemp("staged")) as desk:
        yield desk


COVERED = """() => {
  if (document.querySelector(".at-menu, .at-panel")) return false;  // what covers the page was asked for
  const seen = [...document.querySelectorAll("h1, h2")].find((one) => !one.closest(".vh") && one.checkVisibility());
  const box = seen?.getBoundingClientRect();
  const top = box && document.elementFromPoint(box.x + Math.min(box.width, 20) / 2, box.y + box.height / 2);
  return Boolean(top) && !seen.contains(top);
}"""


def violations(page: Page, rules: dict[str, list[str]]) -> list[dict[str, Any]]:
    """What axe finds on a page; it is put there once, since reading it costs more than a look."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[dict[str, Any]] = page.evaluate(
        "async (rules) => (await axe.run(document, rules)).violations", rules
    )
    return found


def faults(page: Page, path: str) -> Iterator[str]:
    """What is wrong with a page that is open, at each width and in each scheme."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield f"{path}: wider than {width}"
        if page.evaluate(COVERED):
            yield f"{path}, {width}: its heading is covered"
    for width, scheme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for one in violations(page, rules):
            if one["impact"] in SERIOUS:
                yield f"{path}, {width} {scheme}: {one['id']}: {one['nodes'][0]['html']}"


def test_every_page_is_accessible_and_as_wide_as_the_screen(staged: Staged) -> None:
    opened: dict[str, Page] = {}
    found: list[str] = []
    looked_at = 0
    for who, path in staged.pages():
        if who not in opened:
            opened[who] = staged.context(who).new_page()
        opened[who].goto(path)
        found += faults(opened[who], path)
        looked_at += 1

    assert found == []
    assert looked_at > 60, "most addresses that answer to GET are pages"
