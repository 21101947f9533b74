"""The worst mail to look at, in a real browser on a dark desktop: it stands there within a second, and can be read."""

import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from heed.kernel.html import Images, clean_mail, frame

pytestmark = pytest.mark.browser

NESTED = 5_000
LOGOS = 43
SECONDS = 1.0  # CPU time: of our own work, and of the browser's on the page
CONTRAST = 4.5  # WCAG AA, for words of ordinary size
LOGO = "<img src='https://linden.example/logo.png' alt='Linden' width=120 height=40>"
ANSWERED = "On Monday, 2 November 2026, Dalia wrote:"
MAIL = (
    "<html><head><style>p{color:#333}</style></head><body><p>The newest words.</p>"
    + "<br>" * 300
    + "\n<br>\n" * 300
    + "<div>" * NESTED
    + "<span style='color:#0b5fa5'>The needle</span>"
    + "</div>" * NESTED
    + f"<p>Under a logo</p>{LOGO}" * LOGOS
    + f"<p>{ANSWERED}</p><blockquote type=cite><p>The oldest words.</p>{LOGO * 5}</blockquote></body></html>"
)
READABLE = """() => {
  const channels = (colour) => {
    const found = colour.match(/[\\d.]+/g).map(Number);
    return found.length > 3 && found[3] === 0 ? null : found.slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const found = channels(getComputedStyle(one).backgroundColor);
      if (found) return found;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = [];
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim();
    const inside = walk.currentNode.parentElement;
    if (!text || inside.closest('style') || !inside.checkVisibility()) continue;
    const [a, b] = [light(channels(getComputedStyle(inside).color)), light(behind(inside))];
    seen.push([text.slice(0, 40), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]);
  }
  return seen;
}"""


@pytest.fixture
def asked() -> list[str]:
    """What the page tried to load from elsewhere."""
    return []


@pytest.fixture
def page(browser: Browser, asked: list[str]) -> Any:
    context = browser.new_context(color_scheme="dark", viewport={"width": 800, "height": 900})

    def refuse(route: Any) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route("**/*", refuse)
    yield context.new_page()
    context.close()


def shown(page: Page, html: str) -> tuple[float, float]:
    """Show a mail as it is stored and framed: CPU seconds of ours, and of the browser's main thread."""
    line = page.context.new_cdp_session(page)
    line.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = line.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))

    began = time.process_time()
    document = frame(clean_mail(html), images=Images.BLOCKED, cid_urls={}, proxy_url=str).document
    ours = time.process_time() - began
    before = spent()
    page.set_content(document, wait_until="load")
    page.evaluate("() => document.body.getBoundingClientRect().height")
    return ours, spent() - before


def test_the_worst_mail_is_shown_within_a_second_and_can_be_read_in_the_dark(
    page: Page, asked: list[str]
) -> None:
    ours, browsers = shown(page, MAIL)
    assert ours < SECONDS
    assert browsers < SECONDS

    words = dict(page.evaluate(READABLE))
    assert {"The newest words.", "The needle", "Under a logo"} <= words.keys()
    assert {text: ratio for text, ratio in words.items() if ratio < CONTRAST} == {}

    assert page.locator("img[src^=http]").count() == 0
    assert asked == []

    assert "The oldest words." not in words
    page.locator("details.quoted > summary").first.click()
    assert "The oldest words." in dict(page.evaluate(READABLE))


def test_words_that_can_not_be_read_would_be_found(page: Page) -> None:
    page.set_content(
        "<body style='background:#fff'><p style='color:#ccc'>Pale</p><p style='color:#000'>Black</p>"
    )
    words = dict(page.evaluate(READABLE))
    assert words["Pale"] < CONTRAST < words["Black"]
