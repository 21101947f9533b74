"""Every page of the desk, with something on it: accessible and whole at every width, light and dark.

Each address that answers to GET is opened for somebody who may; what comes back is looked at when it is a page.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page

from tests.journeys.desk import Desk
from tools.databases import ready_database

pytestmark = pytest.mark.browser

STAGE = "import django; django.setup(); from tests.browser.staging import tell; tell()"
SENDERS = (
    "messages/<int:number>/html/",
    "catcher/<int:number>/html/",
)  # a mail alone: its sender's page, not ours
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


class Staged:
    """The desk, and a browser for each of its agents and for nobody."""

    def __init__(self, desk: Desk, told: dict[str, Any], browser: Browser) -> None:
        self.doors: list[tuple[str, str, str]] = [*told["doors"], ("chen", "", "/no-such-page/")]
        self._url = f"http://127.0.0.1:{desk.ports[0]}"
        self._sessions, self._browser = told["sessions"], browser
        self._contexts: dict[str, BrowserContext] = {}

    def context(self, who: str) -> BrowserContext:
        """The browser of this agent, logged in; or of nobody."""
        if who not in self._contexts:
            made = self._browser.new_context(
                base_url=self._url, reduced_motion="reduce"
            )  # no colour in between
            self._contexts[who] = made
            if who in self._sessions:
                made.add_cookies([{"name": "sessionid", "value": self._sessions[who], "url": self._url}])
        return self._contexts[who]

    def pages(self) -> Iterator[tuple[str, str]]:
        """Who looks at which address, of each page once."""
        seen = set()
        for who, pattern, address in self.doors:
            answer = self.context(who).request.get(address)
            path = urlsplit(answer.url)._replace(scheme="", netloc="").geturl()
            if _is_whole(answer) and pattern not in SENDERS and (who, path) not in seen:
                seen.add((who, path))
                yield who, path


def _is_whole(answer: APIResponse) -> bool:
    """Whether this is a page; not a fragment, a file or data."""
    return "text/html" in answer.headers["content-type"] and answer.text().startswith("<!doctype html>")


@pytest.fixture(scope="module")
def staged(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staged]:
    folder = tmp_path_factory.mktemp("staged")
    (home := folder / "home").mkdir()
    with ready_database(folder) as url:
        desk = Desk(home, url, sink_url="")
        told = json.loads(desk.run(sys.executable, "-c", STAGE))
        with desk.serving():
            yield Staged(desk, told, browser)


def faults(page: Page, path: str) -> Iterator[str]:
    """What is wrong with a page that is open, at each width and in each scheme."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield f"{path}: wider than {width}"
    for width, scheme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for one in Axe().run(page, options=rules).response["violations"]:
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
