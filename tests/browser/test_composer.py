"""Writing: what a person does with the form is theirs, whatever the line and the desk do meanwhile."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser.desk import Office, send, write

pytestmark = pytest.mark.browser

SELECTION = (
    "(wanted) => { const e = document.activeElement; const s = getSelection();"
    " return JSON.stringify([e.ariaLabel, e.textContent, s.anchorOffset, s.focusOffset]) === JSON.stringify(wanted) }"
)


def selected(page: Page, text: str, start: int, end: int) -> None:
    """Wait until the answer's text is this one, and so much of it selected."""
    page.wait_for_function(SELECTION, arg=["Reply to Dalia", text, start, end])


def hold_answer(page: Page) -> Callable[[], None]:
    """Let what the form posts next reach the desk, and keep the desk's answer; gives what lets it through."""
    held: list[tuple[Route, APIResponse]] = []
    page.route(re.compile(r"/reply/$"), lambda route: held.append((route, route.fetch())), times=1)

    def let_through() -> None:
        while not held:
            page.wait_for_timeout(10)
        route, response = held[0]
        route.fulfill(response=response)

    return let_through


def test_a_page_from_before_the_draft_was_saved_brings_back_what_was_written(office: Office) -> None:
    first, second = office.conversation("Left and come back"), office.conversation("Only looked at")
    page = office.page("amara", f"/inbox/unassigned/{first}/")
    saves: list[Route] = []
    pages: list[tuple[Route, APIResponse]] = []

    def hold_save(route: Route) -> None:
        saves.append(route)
        if len(saves) > 1:
            route.continue_()

    def hold_page(route: Route) -> None:
        pages.append((route, route.fetch()))
        if len(pages) > 1:
            route.fulfill(response=pages[-1][1])

    page.route("**/drafts/", hold_save)
    page.route(f"**/inbox/unassigned/{first}/", hold_page)
    write(page, "Half an answer")
    page.click(f"#row-{second} a")
    expect(page.locator("#composer")).to_have_attribute("data-number", str(second))
    page.click(f"#row-{first} a")
    while not (saves and pages):
        page.wait_for_timeout(10)
    with page.expect_response("**/drafts/"):
        saves[0].continue_()
    route, response = pages[0]
    route.fulfill(response=response)
    expect(page.locator("#composer")).to_have_attribute("data-number", str(first))
    expect(page.locator("#composer textarea[name=text]")).to_have_value("Half an answer")
    assert office.hands.do("drafts", number=first, agent="Amara") == {"reply": "Half an answer"}


def test_what_is_sent_while_an_answer_is_on_its_way_is_sent_after_it(office: Office) -> None:
    number = office.conversation("Sent twice in a row")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    let_through = hold_answer(page)
    write(page, "A note for us.", kind="note")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".entries li.message.note")).to_contain_text("A note for us.")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator("#composer .rich.for-reply [contenteditable]")).to_be_focused()
    page.keyboard.type("And this to her.")
    page.keyboard.press("Control+Enter")
    let_through()
    expect(page.locator(".entries li.message.ours")).to_contain_text("And this to her.")
    expect(page.locator(".entries li.message.ours")).to_have_count(1)
    assert [kind for kind, _ in office.hands.do("said", number=number)] == ["note", "reply"]


def test_what_is_written_while_an_answer_is_on_its_way_stays(office: Office) -> None:
    number = office.conversation("Answered late")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    let_through = hold_answer(page)
    write(page, "A note for us.", kind="note")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".entries li.message.note")).to_contain_text(
        "A note for us."
    )  # live, before the answer

    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator("#composer .rich.for-reply [contenteditable]")).to_be_focused()
    page.keyboard.type("Dear Dalia")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    old = page.get_attribute("#composer", "data-key")
    let_through()
    expect(page.locator("#composer")).not_to_have_attribute("data-key", old or "")

    selected(page, "Dear Dalia", 8, 9)
    page.keyboard.type("L")
    expect(page.locator("#composer textarea[name=text]")).to_have_value("Dear DalLa")
    expect(page.locator("#composer textarea[name=note]")).to_have_value("")


def test_letters_typed_after_sending_are_the_beginning_of_the_next(office: Office) -> None:
    number = office.conversation("Typed on")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    let_through = hold_answer(page)
    write(page, "First.")
    page.keyboard.press("Control+Enter")
    page.keyboard.type(" Second.")
    old = page.get_attribute("#composer", "data-key")
    let_through()
    expect(page.locator("#composer")).not_to_have_attribute("data-key", old or "")

    selected(page, "Second.", 7, 7)
    send(page)
    expect(page.locator(".entries li.message.ours")).to_have_count(2)
    assert office.hands.do("said", number=number) == [["reply", "First."], ["reply", "Second."]]


def test_a_short_name_becomes_an_emoji(office: Office) -> None:
    number = office.conversation("Thumbs")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    write(page, "")
    keys = page.keyboard
    keys.type("Good :thumbs")
    offers = page.get_by_role("listbox", name="Emoji")
    expect(offers.get_by_role("option").first).to_contain_text("thumbs")
    keys.press("ArrowDown")
    chosen = offers.locator("[aria-selected=true]")
    expect(chosen).to_have_attribute("id", "offer-1")
    keys.press("Escape")
    expect(offers).not_to_be_visible()
    keys.type(" :thumbsup: and :tada")
    expect(offers).to_be_visible()
    keys.press("Enter")
    expect(page.locator("#composer textarea[name=text]")).to_have_value(
        "Good :thumbs \N{THUMBS UP SIGN} and \N{PARTY POPPER}"
    )
