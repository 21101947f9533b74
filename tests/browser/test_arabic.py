"""The desk in Arabic: from right to left, whole at every width; what is written in Latin keeps its own direction."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk import Office, editor

pytestmark = pytest.mark.browser

PAGES = (
    "/inbox/my-turn/",
    "/inbox/all-open/{number}/",
    "/inbox/all-open/{number}/details/",
    "/inbox/all-open/menu/",
    "/search/?q=chain",
    "/customers/",
    "/new/",
    "/views/new/",
    "/trash/",
    "/settings/",
    "/settings/you/",
    "/settings/brands/",
    "/settings/people/",
    "/settings/mailboxes/",
    "/catcher/",
)
HTML = "<p>Dear team, the chain of my bicycle slips.</p>"
OUTSIDE = """() => [...document.querySelectorAll('#main *, #desk *')].filter((one) => {
  const box = one.getBoundingClientRect();
  const isOut = box.left < -1 || box.right > innerWidth + 1;
  return isOut && one.checkVisibility() && box.width > 1 && box.width <= innerWidth
    && !one.closest('.vh, .skip, [inert], .nav, .panel');
}).map((one) => one.outerHTML.slice(0, 90))"""


def in_arabic(office: Office, path: str, width: int = 1440) -> Page:
    """A page that Chen has open in a browser that asks for Arabic."""
    return office.page("chen", path, locale="ar", viewport={"width": width, "height": 900})


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1440, "dark")])
def test_main_pages_run_from_right_to_left_and_are_whole(office: Office, width: int, scheme: str) -> None:
    number = office.conversation(f"The chain slips {width}", html=HTML)
    page = office.agent(
        "chen",
        locale="ar",
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
    ).new_page()
    found = []
    for path in PAGES:
        page.goto(path.format(number=number))
        assert page.evaluate("[document.documentElement.dir, document.documentElement.lang]") == ["rtl", "ar"]
        violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        found += [f"{path}: {one['id']}" for one in violations if one["impact"] in ("serious", "critical")]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path}: wider than the screen")
        found += [f"{path}: outside: {one}" for one in page.evaluate(OUTSIDE)]

    assert found == []


def test_the_page_is_mirrored_and_an_english_mail_is_not(office: Office) -> None:
    number = office.conversation("The chain slips", html=HTML)
    page = in_arabic(office, f"/inbox/all-open/{number}/")
    nav, listed, panel = (page.locator(css).bounding_box() for css in ("#nav", "#list", "#panel"))
    assert nav is not None
    assert listed is not None
    assert panel is not None
    assert nav["x"] > listed["x"] > panel["x"], "the menu stands on the right"
    words = page.frame_locator(".mail-frame").get_by_text("the chain of my bicycle")
    assert words.evaluate("(one) => getComputedStyle(one).direction") == "ltr"
    assert page.locator("#snooze summary").inner_text().strip() == "تأجيل"

    expect(page.locator(f"#row-{number} bdi").first).to_have_text("Dalia Haddad")
    page.locator("#snooze summary").click()
    choices = page.locator("#snooze .choices").bounding_box()
    assert choices is not None
    assert choices["x"] >= 0
    assert choices["x"] + choices["width"] <= 1440


def test_keys_and_offers_follow_the_reading_direction(office: Office) -> None:
    number = office.conversation("The chain slips")
    page = in_arabic(office, f"/inbox/all-open/{number}/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-q")).to_be_focused()
    page.keyboard.type("حل")
    expect(page.locator(".palette-option[aria-selected=true]")).to_contain_text("حل")
    page.keyboard.press("Escape")

    note = editor(page, "note")
    page.keyboard.type("مرحبا @")
    offers = page.locator("#offers")
    expect(offers).to_be_visible()
    box, field = offers.bounding_box(), note.bounding_box()
    assert box is not None
    assert field is not None
    assert field["x"] <= box["x"] + box["width"] <= field["x"] + field["width"] + 8, (
        "to the left of the caret"
    )
    assert box["x"] + box["width"] > field["x"] + field["width"] / 2, "where the line begins, on the right"
    page.keyboard.press("ArrowDown")
    expect(offers.locator("[role=option]").nth(1)).to_have_attribute("aria-selected", "true")


def test_the_bar_for_the_form_of_a_text_scrolls_by_itself_and_never_the_page(office: Office) -> None:
    number = office.conversation("A narrow bar")
    page = in_arabic(office, f"/inbox/all-open/{number}/", width=390)
    page.wait_for_selector("#desk[data-ready=yes]")
    page.keyboard.press("n")
    expect(page.get_by_role("toolbar").get_by_role("button").first).to_be_visible()
    page.wait_for_function("""() => {
      const bar = document.querySelector("[role=toolbar]");
      return bar.scrollWidth > bar.clientWidth && document.documentElement.scrollWidth === innerWidth;
    }""")
