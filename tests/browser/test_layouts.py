"""Layouts of mail before and after the sanitiser, in a real browser.

Compared for each of them, in a frame of 800 pixels with our own base sheet before both: of every stretch of words, in
order, its computed colour, the computed background colour of the nearest element that has one, its direction and
whether it is shown; of every table, in order, its rows and cells with their spans and words. Pictures stay blocked in
both. Not compared: sizes, fonts and borders.
"""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from heed.kernel.html import Images, clean_mail, frame
from heed.kernel.html.frame import SHEET
from tests.browser.layouts import LAYOUTS

pytestmark = pytest.mark.browser

LOOK = """() => {
  for (const fold of document.querySelectorAll('details')) fold.open = true;
  for (const ours of document.querySelectorAll('summary, .blocked, .leads, .told')) ours.remove();
  const clear = (colour) => colour === 'rgba(0, 0, 0, 0)' || colour === 'transparent';
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!clear(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const words = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.replace(/\\s+/g, ' ').trim();
    const inside = walk.currentNode.parentElement;
    if (!text || inside.closest('style, script, title')) continue;
    const style = getComputedStyle(inside);
    const shown = inside.getClientRects().length > 0;
    words.push([text, style.color, behind(inside), style.direction, shown]);
  }
  const tables = [...document.querySelectorAll('table')].map((table) => [...table.rows].map((row) =>
    [...row.cells].map((cell) => [cell.tagName, cell.colSpan, cell.rowSpan,
      cell.textContent.replace(/\\s+/g, ' ').trim()])));
  return {words, tables};
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Any:
    context = browser.new_context(java_script_enabled=True, viewport={"width": 800, "height": 900})
    context.route("**/*", lambda route: route.abort())
    yield context.new_page()
    context.close()


def look(page: Page, document: str) -> Any:
    page.set_content(document, wait_until="domcontentloaded")
    return page.evaluate(LOOK)


def test_there_are_twenty() -> None:
    assert len(LAYOUTS) == 20


@pytest.mark.parametrize("name", LAYOUTS)
def test_colours_and_cells_are_the_senders(page: Page, name: str) -> None:
    layout = LAYOUTS[name]
    # An attribute of body is weaker than any sheet, so where it says the colour our base sheet must not.
    base = SHEET.replace("color:#1c1c1a;", "", 1) if " text=" in layout else SHEET
    before = look(page, layout.replace("<head>", f"<head><style>{base}</style>"))
    cleaned = frame(clean_mail(layout), images=Images.BLOCKED, cid_urls={}, proxy_url=str)
    assert before["words"], "the layout has words"
    assert look(page, cleaned.document) == before


def test_a_difference_would_be_seen(page: Page) -> None:
    red, blue = (look(page, f"<p style='color:{colour}'>x</p>") for colour in ("red", "blue"))
    assert red != blue
