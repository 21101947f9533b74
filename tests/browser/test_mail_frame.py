"""HTML mail in its frame: it can do nothing, tells nobody that it was read, and stands at its full height."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Office

pytestmark = pytest.mark.browser

HTML = """<!doctype html><html><head><style>p.big {{ font-size: 30px; color: rgb(10, 20, 30) }}</style>
<script>parent.document.title = 'ran'; fetch('{spy}/script')</script></head>
<body onload="parent.document.title = 'ran'"><p class="big">Hello from a frame</p>
<img src="{spy}/pixel.png" width="10" height="10"><img src="x" onerror="parent.document.title = 'ran'">
<div style="background-image: url('{spy}/background.png')">Styled</div>
<a href="{spy}/shop">To the shop</a><a href="javascript:parent.document.title = 'ran'">Run</a>
<form action="{spy}/form"><input name="q"><button>Send</button></form>
<iframe src="{spy}/inner"></iframe><meta http-equiv="refresh" content="0; url={spy}/refresh">
<link rel="stylesheet" href="{spy}/style.css"><div style="height: 900px">tall</div></body></html>"""


class Spy(ThreadingHTTPServer):
    """The sender's server: it hears who looks."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hear)
        self.heard: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Hear(BaseHTTPRequestHandler):
    server: Spy

    def do_GET(self) -> None:
        self.server.heard.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>the shop</title>")

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def spy() -> Iterator[Spy]:
    server = Spy()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(office: Office, spy: Spy) -> Page:
    number = office.conversation(f"HTML {spy.server_port}", html=HTML.format(spy=spy.url))
    shown = office.page("amara", f"/inbox/unassigned/{number}/")
    shown.frame_locator(".mail-frame").locator("text=Hello from a frame").wait_for()
    return shown


def test_nothing_in_a_mail_runs_or_calls_home(page: Page, spy: Spy) -> None:
    page.wait_for_timeout(700)

    assert "ran" not in page.title()
    assert spy.heard == []
    inside = page.frame_locator(".mail-frame")
    assert inside.locator("script, form, iframe, link, meta[http-equiv=refresh]").count() == 0
    assert inside.locator("text=Hello from a frame").evaluate("(p) => getComputedStyle(p).fontSize") == "30px"
    frame = page.locator(".mail-frame")
    assert "allow-scripts" not in (frame.get_attribute("sandbox") or "")
    assert frame.evaluate("(one) => one.offsetHeight") >= 400
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_links_lead_outside_and_take_nothing_along(page: Page, spy: Spy) -> None:
    with page.context.expect_page() as opened:
        page.frame_locator(".mail-frame").locator("text=To the shop").click()
    outside = opened.value
    outside.wait_for_load_state()

    assert outside.url == f"{spy.url}/shop"
    assert outside.evaluate("window.opener") is None
    assert outside.evaluate("document.referrer") == ""
    assert page.url.endswith("/")
    assert spy.heard[0] == "/shop"


@pytest.mark.parametrize("scripts", [True, False])
def test_remote_images_are_asked_for_and_come_through_us_alone(
    office: Office, spy: Spy, scripts: bool
) -> None:
    number = office.conversation(f"Images {spy.server_port}", html=HTML.format(spy=spy.url))
    page = office.page("amara", f"/inbox/unassigned/{number}/", java_script_enabled=scripts)
    asked: list[tuple[str, int]] = []
    page.context.on("response", lambda answer: asked.append((answer.url, answer.status)))
    expect(page.locator("[data-blocked]")).to_contain_text("blocked")
    page.click("text=Show images")
    image = page.frame_locator(".mail-frame").locator("img[src*='/images/0/']")
    image.wait_for(state="attached")
    page.wait_for_timeout(700)

    through_us = [status for url, status in asked if "/images/0/" in url]
    assert through_us
    assert 200 not in through_us  # its address is one of ours inside, where the proxy never goes
    assert all(url.startswith(office.url) for url, _ in asked)
    assert spy.heard == []


NEWSLETTER = """<html><body><table width="{width}" style="width: {width}px" bgcolor="#eeeeee"><tr>
<td><div style="width: {half}px">Left of the news</div></td>
<td align="right"><div style="width: {half}px">Right of the news</div></td></tr></table></body></html>"""
ZOOM = "(f) => f.contentDocument.body.style.zoom"
SIZES = "(f) => ['scrollWidth', 'clientWidth'].map((side) => f.contentDocument.documentElement[side])"


@pytest.mark.parametrize("width", [600, 700])
def test_a_newsletter_of_fixed_width_is_made_to_fit_a_narrow_screen(office: Office, width: int) -> None:
    html = NEWSLETTER.format(width=width, half=width // 2)
    number = office.conversation(f"News {width}", html=html)
    page = office.page("amara", f"/inbox/unassigned/{number}/", viewport={"width": 390, "height": 844})
    right = page.frame_locator(".mail-frame").locator("text=Right of the news")
    right.wait_for()
    page.wait_for_function(
        f"() => [({ZOOM})(document.querySelector('.mail-frame'))].some((zoom) => zoom > 0 && zoom < 1)"
    )
    narrow = float(page.locator(".mail-frame").evaluate(ZOOM))
    wanted, room = page.locator(".mail-frame").evaluate(SIZES)
    assert wanted <= room + 1
    place = right.bounding_box()
    assert place is not None
    assert place["x"] + place["width"] <= 390

    page.set_viewport_size({"width": 1440, "height": 900})  # the frame has more room there
    page.wait_for_function(
        f"(narrow) => (({ZOOM})(document.querySelector('.mail-frame')) || 1) > narrow", arg=narrow
    )
