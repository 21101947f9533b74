"""Pictures of every page, light and dark, at three widths: to be looked at, and kept out of the repository.

    make screenshots                                        all of them, into screenshots/
    make screenshots ARGS="--language ar --only settings"   in Arabic, those whose name says so

The pages of a desk with one thing of each kind, and the gallery's: every page in each of its states. index.html shows
them side by side.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Literal

from django.utils import translation
from playwright.sync_api import Browser, Page

from heed.testing import gallery
from tests.browser.chromium import own_chromium, started_chromium
from tests.browser.every_page import staged_desk
from tests.browser.gallery_desk import draw_gallery, running

FOLDER = Path(__file__).resolve().parents[2] / "screenshots"
WIDTHS = (390, 768, 1440)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
NOW = datetime(2026, 11, 17, 8, 29, tzinfo=UTC)


def take(page: Page, address: str, name: str) -> Iterator[str]:
    """Pictures of one page; gives the name of each."""
    page.goto(address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            picture = f"{name}-{width}-{scheme}.png"
            page.screenshot(path=FOLDER / picture)
            yield picture


def of_gallery(browser: Browser, language: str, only: str) -> Iterator[str]:
    """Pictures of every page of the gallery."""
    with translation.override(language):
        drawn = draw_gallery(NOW)
    page = browser.new_context(locale=language, reduced_motion="reduce").new_page()
    with running(drawn) as desk:
        for name, *_ in gallery.pages(NOW):
            if re.search(only, name):
                yield from take(page, f"{desk.url}/gallery/{name}", f"gallery-{name}")


def of_desk(browser: Browser, language: str, only: str) -> Iterator[str]:
    """Pictures of every page of a desk."""
    with (
        tempfile.TemporaryDirectory(prefix="heed-screenshots-") as folder,
        staged_desk(browser, Path(folder), locale=language) as desk,
    ):
        for who, path in desk.pages():
            name = re.sub(r"\W+", "-", path).strip("-") or "home"
            if re.search(only, name):
                page = desk.context(who).new_page()
                yield from take(page, path, f"desk-{name}")
                page.close()


def sheet(pictures: list[str]) -> str:
    """A page that shows them all, six of one page in a row."""
    shown = "".join(
        f'<a href="{one}"><img src="{one}" alt="{escape(one)}" loading="lazy"></a>' for one in pictures
    )
    style = "body{display:grid;grid-template-columns:repeat(6,1fr);gap:8px}img{inline-size:100%}"
    return f"<!doctype html><meta charset=utf-8><title>Pages</title><style>{style}</style>{shown}"


def main() -> int:
    """Take them all."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--language", default="en")
    parser.add_argument("--only", default="", help="a regular expression for the name of pages")
    wish = parser.parse_args(sys.argv[2:])
    FOLDER.mkdir(exist_ok=True)
    with started_chromium(own_chromium()) as browser:
        pictures = [
            *of_gallery(browser, wish.language, wish.only),
            *of_desk(browser, wish.language, wish.only),
        ]
    (FOLDER / "index.html").write_text(sheet(pictures), encoding="utf-8")
    print(f"{len(pictures)} pictures: {FOLDER / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
