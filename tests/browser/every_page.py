"""A desk with one thing of each kind in it (staging.py), and a browser for whoever looks at its pages."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import APIResponse, Browser, BrowserContext

from tests.journeys.desk import Desk
from tools.databases import ready_database

STAGE = "import django; django.setup(); from tests.browser.staging import tell; tell()"
SENDERS = (
    "messages/<int:number>/html/",
    "catcher/<int:number>/html/",
)  # a mail alone: its sender's page, not ours


class Staged:
    """The desk, and a browser for each of its agents and for nobody."""

    def __init__(self, desk: Desk, told: dict[str, Any], browser: Browser, options: dict[str, Any]) -> None:
        self.doors: list[tuple[str, str, str]] = [*told["doors"], ("chen", "", "/no-such-page/")]
        self._url = f"http://127.0.0.1:{desk.ports[0]}"
        self._sessions, self._browser = told["sessions"], browser
        self._options = options
        self._contexts: dict[str, BrowserContext] = {}

    def context(self, who: str) -> BrowserContext:
        """The browser of this agent, logged in; or of nobody."""
        if who not in self._contexts:
            # without motion no colour is met halfway
            made = self._browser.new_context(base_url=self._url, reduced_motion="reduce", **self._options)
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


@contextmanager
def staged_desk(browser: Browser, folder: Path, **options: Any) -> Iterator[Staged]:
    """The desk, running; its files lie in the folder. Options are those of each browser: locale="ar"."""
    (home := folder / "home").mkdir()
    with ready_database(folder) as url:
        desk = Desk(home, url, sink_url="")
        told = json.loads(desk.run(sys.executable, "-c", STAGE))
        with desk.serving():
            yield Staged(desk, told, browser, options)
