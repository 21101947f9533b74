"""The whole job without a mouse, on narrow screens, and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Office, has_focus_in, is_inert, log_in

pytestmark = pytest.mark.browser

OUTLINE = (
    "(() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.boxShadow] })()"
)


def focused(page: Page, selector: str) -> bool:
    """Whether the element that has the focus matches."""
    return bool(page.evaluate("(css) => document.activeElement.matches(css)", selector))


def test_a_conversation_is_answered_with_keys_alone(office: Office) -> None:
    numbers = [office.conversation(f"By keys {index}") for index in range(2)]
    for number in numbers:
        office.hands.do("give", number=number, to="Amara")
    page = office.page("amara", "/inbox/my-turn/")
    keys = page.keyboard
    keys.press("j")
    first = page.evaluate("document.activeElement.getAttribute('href')")
    keys.press("j")
    assert page.evaluate("document.activeElement.getAttribute('href')") != first
    keys.press("k")
    assert page.evaluate("document.activeElement.getAttribute('href')") == first
    assert page.evaluate(OUTLINE) != ["none", "none"]
    keys.press("Enter")
    page.wait_for_selector("#composer")
    page.wait_for_function("document.activeElement.id === 'conversation'")

    keys.press("n")
    expect(page.locator("#composer .rich.for-note [contenteditable]")).to_be_focused()
    keys.type("j k e are letters here")
    keys.press("Control+Enter")
    notes = page.locator(".entries li.message.note")  # what was said aside stands there too
    expect(notes.filter(has_text="j k e are letters here")).to_be_visible()
    keys.press("Escape")
    keys.press("r")
    expect(page.locator("#composer .rich.for-reply [contenteditable]")).to_be_focused()
    keys.type("Typed, not clicked.")
    keys.press("Control+Enter")
    expect(page.locator(".entries li.message.ours")).to_contain_text("Typed, not clicked.")
    expect(page.locator(".conv-meta")).to_contain_text("Waiting")

    keys.press("Escape")
    keys.press("?")
    expect(page.locator("#keys")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("#keys")).not_to_be_visible()
    keys.press("e")
    expect(page.locator(".conv-meta")).to_contain_text("Solved")


def test_the_tab_key_goes_through_everything_visibly(office: Office) -> None:
    number = office.conversation("Tabbed")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    page.keyboard.press("Tab")
    assert focused(page, "#skip")
    assert page.locator("#skip").is_visible()
    seen: list[str] = []
    for _ in range(90):
        page.keyboard.press("Tab")
        where = page.evaluate(
            "(() => { const e = document.activeElement; const r = e.getBoundingClientRect();"
            "const s = getComputedStyle(e); const near = [e, e.parentElement, e.closest('label')].filter(Boolean);"
            "const shown = near.some((n) => getComputedStyle(n).outlineStyle !== 'none');"
            "return [e.closest('nav, .list, .conv-head, .timeline, .composer, .panel')?.className.split(' ')[0] ?? '',"
            " shown, r.width > 0 && r.height > 0, e.outerHTML.slice(0, 90)] })()"
        )
        if where[0]:
            assert where[1], f"no visible focus: {where[3]}"
            if where[0] not in seen:
                seen.append(where[0])
        if where[0] == "panel":
            break

    assert seen == ["nav", "list", "conv-head", "timeline", "composer", "panel"]


@pytest.mark.parametrize("width", [768, 390])
def test_drawers_hold_the_focus_and_give_it_back(office: Office, width: int) -> None:
    number = office.conversation(f"Narrow {width}")
    page = office.page("amara", f"/inbox/unassigned/{number}/", viewport={"width": width, "height": 800})
    page.locator(".to-panel").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/details/")
    has_focus_in(page, "#panel")
    is_inert(page, "#conversation", True)
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/{number}/")
    has_focus_in(page, ".to-panel")
    is_inert(page, "#conversation", False)

    page.goto("/inbox/unassigned/")
    page.wait_for_selector("#desk[data-ready=yes]")
    page.click(".to-menu")
    page.wait_for_url("**/menu/")
    has_focus_in(page, "#nav")
    is_inert(page, "#main", True)
    page.reload()
    page.wait_for_selector("#desk[data-ready=yes]")
    expect(page.locator("#nav-links")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#nav-links")).not_to_be_visible()
    page.wait_for_url("**/inbox/unassigned/")
    is_inert(page, "#main", False)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_main_job_needs_no_scripts(office: Office, width: int) -> None:
    number = office.conversation(f"Without scripts {width}")
    page = office.context(java_script_enabled=False, viewport={"width": width, "height": 800}).new_page()
    page.goto(f"/inbox/unassigned/{number}/")
    log_in(page, "edda")
    page.wait_for_url(f"**/inbox/unassigned/{number}/")
    expect(page.locator(".entries")).to_contain_text("It slips when I climb.")
    if width == 390:
        page.click(".conv-head .to-list")
        page.wait_for_url("**/inbox/unassigned/")
        page.click(".to-menu")
        page.click("#nav-inboxunassigned")
        page.click(f"#row-{number} a")
        page.click(".to-panel")
        page.wait_for_url("**/details/")
        page.click("#panel .to-list:visible, #panel .close:visible")
        page.wait_for_url(f"**/{number}/")
    page.fill("#composer textarea[name=text]", "No script was needed.")
    page.locator("#composer [name=send]:visible").click()
    expect(page.locator(".entries li.message.ours")).to_contain_text("No script was needed.")
    page.click("[data-solve]")
    expect(page.locator(".conv-meta")).to_contain_text("Solved")
    assert office.hands.do("status", number=number) == "solved"
    assert office.hands.do("caught", number=number, words="No script was needed.") == 1
