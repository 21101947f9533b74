"""The pages in a real browser: accessible in every state, calm while things change, usable without scripts."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from heed.testing import gallery
from tests.browser.desk import has_focus_in, is_inert
from tests.browser.gallery_desk import GalleryDesk, draw_gallery, running

pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 17, 8, 29, tzinfo=UTC)
ARRIVED = '<li class="message" id="m99"><article class="bubble"><p>Brand new</p></article></li>'
NAMES = [name for name, *_ in gallery.pages(NOW)]
ROOMY = [
    name for name in NAMES if not name.startswith(("refused", "error", "empty"))
]  # they change with the width


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return draw_gallery(NOW)


@pytest.fixture
def desk(drawn: dict[str, str]) -> Iterator[GalleryDesk]:
    with running(dict(drawn)) as there:
        yield there


def wide(browser: Browser, width: int = 1440) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script: {error}"))
    return page


@pytest.fixture
def page(browser: Browser, desk: GalleryDesk) -> Iterator[Page]:
    shown = wide(browser)
    shown.goto(f"{desk.url}/inbox/my-turn/4821/")
    shown.wait_for_selector("#desk[data-ready=yes]")
    yield shown
    shown.context.close()


def written(page: Page, kind: str = "text") -> str:
    return page.input_value(f"#composer textarea[name={kind}]")


def waited_for(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something became true in the gallery's desk."""
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until, "waited too long"
        page.wait_for_timeout(20)


def listened(page: Page, desk: GalleryDesk) -> None:
    """Wait until somebody listens: what is told before is told to nobody."""
    waited_for(page, lambda: bool(desk.listeners))


def streams(desk: GalleryDesk) -> list[str]:
    """The addresses of the streams that were asked for."""
    return [path for _, path, _ in desk.asked if path.startswith("/live/")]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (768, "dark"), (390, "light")])
def test_axe_finds_nothing_serious_in_any_state(
    browser: Browser, desk: GalleryDesk, width: int, scheme: str
) -> None:
    page = wide(browser, width)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = []
    for name in NAMES if width == 1440 else ROOMY:
        page.goto(f"{desk.url}/gallery/{name}")
        violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        found += [f"{name}: {one['id']}" for one in violations if one["impact"] in ("serious", "critical")]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name}: wider than the screen")
    page.context.close()

    assert found == []


def test_a_row_opens_beside_the_list_without_a_new_page(browser: Browser, desk: GalleryDesk) -> None:
    page = wide(browser)
    page.goto(f"{desk.url}/inbox/my-turn/")
    page.evaluate("window.same = true; document.querySelector('#rows').scrollTop = 100")
    page.click("#row-4821 a")
    page.wait_for_selector("#composer")

    assert page.evaluate("window.same")
    expect(page).to_have_url(re.compile("/inbox/my-turn/4821/$"))
    expect(page).to_have_title(re.compile("Transfer stuck"))
    expect(page.locator("#row-4821 a")).to_have_attribute("aria-current", "true")
    expect(page.locator("#conversation")).to_be_focused()
    assert page.evaluate("document.querySelector('#rows').scrollTop") == 100
    page.go_back()
    page.wait_for_selector("#nothing-open")
    page.context.close()


def test_what_arrives_is_shown_in_place_and_what_is_written_stays(page: Page, desk: GalleryDesk) -> None:
    page.keyboard.press("r")
    page.keyboard.type("Hello Daniel")
    page.evaluate("window.first = document.querySelector('#m1')")
    desk.drawn["_timeline"] = (
        desk.drawn["_timeline"].replace("</ol>", f"{ARRIVED}</ol>").replace("90211", "90300")
    )
    listened(page, desk)
    desk.tell(4821, 90300, "message.received")
    page.wait_for_selector("#m99")

    assert page.evaluate("window.first === document.querySelector('#m1')")
    assert written(page) == "Hello Daniel"
    assert page.input_value("#composer [name=seen]") == "90211"  # what was seen when writing began
    expect(page.locator("#live")).to_contain_text("Something new")


def test_a_double_send_sends_once_and_somebody_elses_answer_is_shown_first(
    page: Page, desk: GalleryDesk
) -> None:
    whole = desk.drawn["meanwhile"]
    desk.drawn["_meanwhile"] = whole[
        whole.index('<div class="reading"') : whole.index('<a class="scrim of-menu"')
    ]
    desk.reply = ("_meanwhile", 409)
    page.fill("#composer textarea[name=text]", "Hello Daniel")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#meanwhile")

    assert len(desk.posted("/reply/")) == 1
    expect(page.locator("#new")).to_be_visible()
    desk.reply = ("_reading", 200)
    page.click("button[name=confirm]")
    page.wait_for_selector("#meanwhile", state="detached")
    assert b'name="confirm"' in desk.posted("/reply/")[-1]
    expect(page.locator("#composer textarea[name=text]")).to_have_value("")


def test_a_note_never_reaches_the_reply_and_survives_a_reload(page: Page, desk: GalleryDesk) -> None:
    page.keyboard.press("n")
    page.keyboard.type("for us only")

    assert written(page) == ""
    page.reload()
    expect(page.locator("#composer textarea[name=note]")).to_have_value("for us only")
    expect(page.locator("#composer textarea[name=note]")).to_be_visible()


def test_a_pause_saves_the_draft(page: Page, desk: GalleryDesk) -> None:
    page.keyboard.press("r")
    page.keyboard.type("Good news")
    expect(page.locator("#composer [data-saved]")).to_have_text("Saved")

    assert b"Good news" in desk.posted("/drafts/")[-1]


def test_recipients_and_files_can_be_changed(page: Page) -> None:
    page.click("#composer textarea[name=text]")
    page.click("text=Add Cc")
    page.fill("[name=add_cc]", "petra@kessler.example, nonsense")
    page.keyboard.press("Enter")

    assert page.input_value("dd[data-line=cc] .recipient input") == "petra@kessler.example"
    assert page.input_value("[name=add_cc]") == "nonsense"
    page.click("dd[data-line=cc] .recipient button")
    assert page.locator("dd[data-line=cc] .recipient").count() == 0
    for name in ("a.txt", "b.txt"):
        page.set_input_files("[name=files]", {"name": name, "mimeType": "text/plain", "buffer": b"x" * 3000})
    assert page.locator("[data-files=files] li").count() == 2
    page.locator("[data-files=files] button").first.click()
    assert page.evaluate("[...document.querySelector('[name=files]').files].map((one) => one.name)") == [
        "b.txt"
    ]


def test_a_row_that_leaves_takes_nothing_else_with_it(browser: Browser, desk: GalleryDesk) -> None:
    page = wide(browser)
    page.goto(f"{desk.url}/inbox/my-turn/")
    page.wait_for_selector("#desk[data-ready=yes]")
    page.evaluate("window.first = document.querySelector('#row-4801')")
    desk.drawn["_list_again"] = re.sub(
        r'<li id="row-4798">.*?</li>', "", desk.drawn["_list_again"], flags=re.DOTALL
    )
    listened(page, desk)
    desk.tell(4798, 90400, "conversation.assigned")
    page.wait_for_selector("#row-4798", state="detached")

    assert page.evaluate("window.first === document.querySelector('#row-4801')")
    page.context.close()


def test_tabs_share_one_stream_and_the_next_takes_over(page: Page, desk: GalleryDesk) -> None:
    second = page.context.new_page()
    second.goto(f"{desk.url}/inbox/my-turn/4821/")
    second.wait_for_selector("#desk[data-ready=yes]")
    listened(second, desk)
    second.wait_for_timeout(300)  # in which a second stream would have been opened
    assert len(desk.listeners) == 1

    desk.drawn["_timeline"] = desk.drawn["_timeline"].replace("</ol>", f"{ARRIVED}</ol>")
    desk.tell(4821, 90500, "message.received")
    second.wait_for_selector("#m99")
    page.close()
    waited_for(second, lambda: streams(desk)[-1] == "/live/?after=90500" and len(desk.listeners) == 1)


def test_a_lost_line_is_said_and_sending_waits(page: Page, desk: GalleryDesk) -> None:
    page.fill("#composer textarea[name=text]", "Hello")
    desk.is_down = True
    page.wait_for_selector("text=No connection since", timeout=10_000)

    expect(page.locator("[data-send]:visible").first).to_be_disabled()
    desk.is_down = False
    page.click("text=Try now")
    page.wait_for_selector("text=Connected again since")
    expect(page.locator("[data-send]:visible").first).to_be_enabled()
    assert written(page) == "Hello"


@pytest.mark.parametrize("width", [768, 390])
def test_drawers_have_addresses_take_the_focus_and_give_it_back(
    browser: Browser, desk: GalleryDesk, width: int
) -> None:
    page = wide(browser, width)
    page.goto(f"{desk.url}/inbox/my-turn/")
    page.click("#row-4821 a")
    page.click(".to-panel")

    page.wait_for_url("**/4821/details/")
    has_focus_in(page, "#panel")
    is_inert(page, "#conversation", True)
    page.keyboard.press("Escape")
    page.wait_for_url("**/4821/")
    page.wait_for_selector(".to-panel:focus")
    is_inert(page, "#conversation", False)
    page.context.close()


def test_a_mail_in_its_frame_is_as_tall_as_it_is(browser: Browser, desk: GalleryDesk) -> None:
    page = wide(browser)
    page.goto(f"{desk.url}/gallery/states")
    page.wait_for_selector(".mail-frame[style*=height]")

    assert page.evaluate("document.querySelector('.mail-frame').offsetHeight") > 400
    page.context.close()


def test_everything_works_without_scripts(browser: Browser, desk: GalleryDesk) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{desk.url}/inbox/my-turn/")
    page.click("#row-4821 a")
    page.click("#composer textarea[name=text]")
    page.fill("#composer textarea[name=text]", "plain")
    page.locator("#composer [name=send]:visible").click()
    waited_for(page, lambda: bool(desk.posted("/reply/")))

    assert b"plain" in desk.posted("/reply/")[-1]
    context.close()


def test_a_long_reason_and_a_long_name_both_end_in_dots(browser: Browser, desk: GalleryDesk) -> None:
    page = wide(browser)
    page.goto(f"{desk.url}/gallery/my-turn")
    measured = page.evaluate(
        """() => {
          const row = document.querySelector(".row"), height = row.offsetHeight;
          const why = row.querySelector(".row-why > span"), brand = row.querySelector(".row-brand");
          const dotted = (part) => getComputedStyle(part).textOverflow === "ellipsis";
          const cut = (part) => part.scrollWidth > part.clientWidth && dotted(part);
          brand.textContent = "Maximiliane of the second level";
          const whole = !cut(why) && cut(brand);
          why.textContent = "Tomás of the second level asks you and your whole team in a note";
          return {whole, cut: cut(why) && cut(brand), brand: brand.clientWidth, grew: row.offsetHeight - height};
        }"""
    )
    page.context.close()

    assert measured["whole"], "a name gives way before the reason does"
    assert measured["cut"]
    assert measured["brand"] >= 60, "more than a letter of the name is left"
    assert measured["grew"] == 0


def test_sending_stays_in_sight_however_much_stands_above_it(browser: Browser, desk: GalleryDesk) -> None:
    page = wide(browser, 390)
    page.goto(f"{desk.url}/gallery/doubted")
    expect(page.locator("#composer .primary")).to_be_in_viewport(ratio=1)
    is_long = page.eval_on_selector("#composer", "(form) => form.scrollHeight > form.clientHeight")
    page.context.close()

    assert is_long, "there is more than fits"
