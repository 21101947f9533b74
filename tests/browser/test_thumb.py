"""A telephone in one hand: what is pressed is large enough and stands where a thumb gets; nothing waits for a mouse."""

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.desk import Office

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LEAST, REACH = 44, 844 / 3  # pixels: of what is pressed often, and of the screen that a thumb leaves alone
TRIES = 50
SMALL = """() => {
  const shown = { visibilityProperty: true, opacityProperty: true };
  const alone = (one) => one.parentElement.innerText.trim() === one.innerText.trim();
  return [...document.querySelectorAll('a[href], button, select, summary, label:has(input), textarea')]
    .filter((one) => one.checkVisibility(shown) && !one.closest('[inert], .skip, .vh'))
    .filter((one) => getComputedStyle(one).display !== 'inline' || alone(one))   // a link within a sentence is as tall
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 0 && (width < 24 || height < 24))
    .map(([one]) => one.outerHTML.slice(0, 120));
}"""


@pytest.fixture
def page(office: Office) -> Page:
    return office.page("amara", "/inbox/unassigned/", **PHONE)


def press(control: Locator) -> None:
    """Tap something that a thumb gets to."""
    expect(control).to_be_in_viewport()
    box = box_of(control)
    assert min(box["width"], box["height"]) >= LEAST, (control, box)
    assert box["y"] + box["height"] / 2 > REACH, (control, box)
    control.tap()


def box_of(control: Locator) -> FloatRect:
    """Where it stands; what a live refresh has just replaced is looked at again."""
    for _ in range(TRIES):
        box = control.bounding_box()
        if box:
            return box
        control.page.wait_for_timeout(100)
    raise AssertionError(control)


def write(page: Page, kind: str, text: str) -> None:
    """Write an answer or a note: the form unfolds where it is touched."""
    page.locator("#composer .writing:visible").tap()
    page.locator("#composer .kinds label", has_text=kind).tap()
    page.locator("#composer .writing:visible").tap()
    page.locator(f"#composer .rich.for-{kind.lower()} [contenteditable]").fill(text)


def nothing_is_small(page: Page) -> None:
    assert page.evaluate(SMALL) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_days_work_is_done_with_one_thumb(office: Office, page: Page) -> None:
    number = office.conversation("By thumb")
    nothing_is_small(page)
    page.locator(f"#row-{number} a.row").tap()  # rows are wherever the list is scrolled
    expect(page.locator("#composer")).to_be_visible()
    nothing_is_small(page)

    press(page.locator(".to-panel"))
    page.wait_for_url("**/details/")
    nothing_is_small(page)
    with page.expect_response("**/assign/"):
        page.locator("#panel select[name=assignee]").select_option(label="Amara (you)")
    press(page.locator(".panel-head .to-list"))
    expect(page.locator("#conversation")).to_be_visible()

    write(page, "Note", "Ask the workshop first.")
    press(page.locator("#composer [data-send]:visible").first)
    expect(page.locator(".entries li.message.note")).to_contain_text("Ask the workshop first.")

    write(page, "Reply", "The bell is on its way.")
    press(page.locator("#composer [data-send]:visible").first)
    expect(page.locator(".entries li.message.ours")).to_contain_text("The bell is on its way.")
    page.locator("#timeline").tap(position={"x": 5, "y": 5})  # the keyboard goes, what can be done comes back

    press(page.locator("#snooze > summary"))
    press(page.locator("#snooze .choices button").first)
    expect(page.locator(".conv-meta")).to_contain_text("Snoozed")
    press(page.locator("[data-solve]"))
    expect(page.locator(".conv-meta")).to_contain_text("Solved")
    press(page.locator(".to-list:visible"))
    expect(page.locator("#list")).to_be_visible()

    press(page.locator(".to-menu"))
    page.wait_for_url("**/menu/")
    press(page.locator("#nav a", has_text="Search"))
    page.wait_for_url("**/search/")
    page.locator("[name=q]").fill("thumb")
    press(page.locator("#search-head button:visible"))
    expect(page.locator("main")).to_contain_text("By thumb")
    nothing_is_small(page)


def test_back_closes_what_was_opened_and_the_conversation_is_there(office: Office, page: Page) -> None:
    number = office.conversation("Back again")
    page.goto(f"/inbox/unassigned/{number}/")
    page.wait_for_selector("#desk[data-ready=yes]")
    press(page.locator(".to-panel"))
    page.wait_for_url("**/details/")
    expect(page.locator("#panel")).to_be_visible()
    page.go_back()
    page.wait_for_url(f"**/{number}/")
    expect(page.locator("#panel")).not_to_be_visible()
    expect(page.locator("#conversation")).to_be_visible()
    assert not page.evaluate("document.querySelector('#conversation').inert")


def test_what_opens_from_the_foot_is_seen_whole_and_says_what_it_does(office: Office, page: Page) -> None:
    number = office.conversation("Opens upwards")
    page.goto(f"/inbox/unassigned/{number}/")
    page.wait_for_selector("#desk[data-ready=yes]")
    press(page.locator("#snooze > summary"))
    box = box_of(page.locator("#snooze .choices"))
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] >= 0
    said = page.locator("#snooze .choices button > span:first-child")
    for place in range(said.count()):
        assert box_of(said.nth(place))["width"] > 20, said.nth(place).inner_text()
    assert said.count()
