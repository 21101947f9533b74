"""Whoever goes by keys sees where they are: a walk with Tab through the pages one works on, in both schemes.

Of everything that takes the focus: something draws a line around it, 2 px at least, that stands out 3:1 from what it
lies on; no scrolling part cuts the line off, and nothing lies over what has the focus. The eye still sees more.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.gallery_desk import GalleryDesk, draw_gallery, running

pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 17, 8, 29, tzinfo=UTC)
WIDE = ("newcomer", "access", "search-found", "customers", "customer-merge")
NARROW = (
    "newcomer",
    "sending-inbox",
    "customer-merge",
)  # with what is pressed at the foot, over what scrolls
STOPS = 200  # no page has so many; a walk that goes on is caught in a part of the page

LOOK = """() => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const rgba = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => colour.slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const apart = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const under = (one) => {
    for (; one; one = one.parentElement) {
      const colour = rgba(getComputedStyle(one).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const lined = (one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const seen = (one) => {
    for (; one; one = one.parentElement) if (getComputedStyle(one).opacity === "0") return false;
    return true;
  };
  const cut = (bearer, box) => {
    for (let one = bearer.parentElement; one && one !== document.body; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.overflowX !== "visible" || style.overflowY !== "visible") {
        const room = one.getBoundingClientRect();
        if (box.top < room.top - 1 || box.left < room.left - 1 || box.right > room.right + 1
          || box.bottom > room.bottom + 1) return one.className || one.id || one.tagName;
      }
      if (style.position === "fixed") return "";
    }
    return "";
  };
  window.walked ??= new Set();
  const focused = document.activeElement;
  if (focused === document.body || walked.has(focused)) return ["", true];
  walked.add(focused);
  if (focused.tagName === "IFRAME") return ["", false];  // a document of its own
  const name = focused.outerHTML.slice(0, 110);
  const near = [focused, focused.parentElement, focused.closest("label")];
  const bearer = near.find((one) => one && lined(one) && seen(one));
  if (!bearer) return [`no line: ${name}`, false];

  const style = getComputedStyle(bearer);
  const away = parseFloat(style.outlineOffset);
  const kind = [bearer, bearer.parentElement].map((one) => `${one.tagName} ${one.className}`).join();
  for (const scheme of walked.has(kind) ? [] : ["light", "dark"]) {  // a change of scheme is slow: once for all alike
    document.documentElement.style.colorScheme = scheme;
    const contrast = apart(rgba(style.outlineColor), under(away < 0 ? bearer : bearer.parentElement));
    if (contrast < 3) return [`${scheme} ${contrast.toFixed(2)}:1: ${name}`, false];
  }
  walked.add(kind);
  document.documentElement.style.colorScheme = "";

  const rest = bearer.getClientRects()[0];
  const more = Math.max(0, away + parseFloat(style.outlineWidth));
  const line = {top: rest.top - more, left: rest.left - more, right: rest.right + more, bottom: rest.bottom + more};
  if (line.left < -1 || line.right > innerWidth + 1 || line.top < -1 || line.bottom > innerHeight + 1)
    return [`beyond the screen: ${name}`, false];
  const by = cut(bearer, line);
  if (by) return [`cut off by ${by}: ${name}`, false];
  const [across, down] = [(rest.left + rest.right) / 2, (rest.top + rest.bottom) / 2];
  const inside = Math.min(6, rest.height / 2);  // the room around a link in a sentence may lie under its neighbour
  const ends = [[rest.left + 2, down], [rest.right - 2, down]];
  const points = [[across, rest.top + inside], [across, rest.bottom - inside], ...ends];
  for (const [x, y] of points) {
    const top = document.elementFromPoint(x, y);
    if (top && !bearer.contains(top) && !top.contains(bearer))
      return [`under ${top.className || top.tagName}: ${name}`, false];
  }
  return ["", false];
}"""


@pytest.fixture(scope="module")
def desk() -> Iterator[GalleryDesk]:
    with running(draw_gallery(NOW)) as there:
        yield there


def walk(page: Page) -> Iterator[str]:
    """What is wrong with what has the focus, from the first stop of a page to its last."""
    for stop in range(STOPS):
        page.keyboard.press("Tab")
        fault, is_over = page.evaluate(LOOK)
        if fault:
            yield fault
        if is_over:
            assert stop > 5, "hardly anything takes the focus"
            return
    yield f"no end after {STOPS} stops"


@pytest.mark.parametrize(("width", "pages"), [(1440, WIDE), (390, NARROW)])
def test_what_has_the_focus_is_seen_in_both_schemes(
    browser: Browser, desk: GalleryDesk, width: int, pages: tuple[str, ...]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    found = []
    for name in pages:
        page.goto(f"{desk.url}/gallery/{name}")
        page.wait_for_selector("#desk[data-ready=yes]")
        page.evaluate(
            "document.querySelector('.page')?.focus()"
        )  # past the menu, which the first has as well
        found += [f"{name}: {fault}" for fault in walk(page)]
    context.close()

    assert not found, "\n".join(found)
