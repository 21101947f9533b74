"""The palette and the keys in a real browser: anywhere and anything without a mouse."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from heed.ui.keys import KEYS
from tests.browser.desk import Office

pytestmark = pytest.mark.browser
SERIOUS = ("serious", "critical")


def opened(page: Page, key: str = "Control+k") -> None:
    page.keyboard.press(key)
    expect(page.locator("#palette-q")).to_be_focused()


def left(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#palette :focus, #keys :focus")).to_have_count(0)


def test_it_leads_to_a_conversation_a_page_and_what_was_open_lately(office: Office) -> None:
    number = office.conversation("Palette goes", text="A quetzal sat on it.")
    page = office.page("amara", "/inbox/my-turn/")
    opened(page)
    page.keyboard.type("quetz")
    expect(page.locator(f"#palette-found-c{number}")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".palette-option[aria-selected=true]")).to_have_count(1)
    page.locator(f"#palette-found-c{number}").click()
    page.wait_for_url(f"**/{number}/")
    page.wait_for_selector("#desk[data-ready=yes]")
    opened(page)
    page.keyboard.type("cstmrs")  # not all letters are needed
    expect(page.locator(".palette-option[aria-selected=true]")).to_have_text("Customers")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/")
    page.wait_for_selector("#desk[data-ready=yes]")
    opened(page)
    expect(page.locator(f"#palette-recent-c{number}")).to_contain_text("Palette goes")
    left(page)


def test_it_does_things_with_the_open_conversation_in_place(office: Office) -> None:
    number = office.conversation("Palette does")
    page = office.page("amara", f"/inbox/all-open/{number}/")
    for typed, place, words in (
        ("assign to me", "#field-assignee option:checked", "Amara"),
        ("high", "#field-priority option:checked", "High"),
        ("snooze until tom", ".conv-meta", "Snoozed"),
        ("solve", ".conv-meta", "Solved"),
        ("open again", ".conv-meta", "Open"),
    ):
        opened(page)
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(page.locator("#palette")).not_to_be_visible()
        expect(page.locator(place)).to_contain_text(words)
    opened(page)
    page.keyboard.type("write a note")
    page.keyboard.press("Enter")
    expect(page.locator("#composer .rich.for-note [contenteditable]")).to_be_focused()
    page.goto("/search/")
    page.wait_for_selector("#desk[data-ready=yes]")
    expect(page.locator("#search-q")).to_be_focused()
    opened(page, "Meta+k")  # in a field too, and with the other key
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).not_to_be_visible()


def test_every_key_of_the_help_does_what_it_says(office: Office) -> None:
    first, second = (office.conversation(f"Keyed {index}") for index in range(2))
    page = office.page("amara", "/inbox/unassigned/")
    keys = page.keyboard
    rows = f"#row-{first} .row, #row-{second} .row"

    def on_a_row() -> str:
        return str(page.evaluate("document.activeElement.getAttribute('href') ?? ''"))

    done = set()

    def press(does: str, key: str) -> None:
        assert any(one.does == does and one.key == key for one in KEYS)
        done.add(key)
        keys.press({"mod+k": "Control+k"}.get(key, key))

    expect(page.locator(rows)).to_have_count(2)
    press("next", "j")
    before = on_a_row()
    keys.press("j")
    assert on_a_row() != before
    press("previous", "k")
    assert on_a_row() == before
    press("pick", "x")
    expect(page.locator("#rows .pick input:checked")).to_have_count(1)
    press("pick_all", "*")
    expect(page.locator("#rows .pick input:not(:checked)")).to_have_count(0)
    page.wait_for_selector("#bulk-choices summary")
    press("bulk", "b")
    expect(page.locator("#bulk-choices :focus")).to_have_count(1)
    keys.press("Escape")
    page.goto(f"/inbox/unassigned/{first}/")
    page.wait_for_selector("#desk[data-ready=yes]")
    press("undo", "z")  # nothing to undo: nothing happens
    for key, typed in (("a", "Assign"), ("s", "Snooze"), ("t", "Tag")):
        press("palette", key)
        expect(page.locator("#palette-q")).to_have_value(typed)
        left(page)
    press("palette", "mod+k")
    expect(page.locator("#palette-q")).to_be_focused()
    left(page)
    press("keys", "?")
    expect(page.locator("#keys")).to_be_visible()
    left(page)
    press("note", "n")
    expect(page.locator("#composer .rich.for-note [contenteditable]")).to_be_focused()
    keys.press("Escape")
    press("reply", "r")
    expect(page.locator("#composer .rich.for-reply [contenteditable]")).to_be_focused()
    keys.press("Escape")
    press("quote", "q")
    expect(page.locator("#composer .rich.for-reply [contenteditable]")).to_contain_text(
        "It slips when I climb."
    )
    keys.press("Escape")
    press("side", "c")
    expect(page.locator("#beside")).to_be_visible()
    keys.press("Escape")  # out of the radio
    expect(page.locator("#beside")).to_have_count(0)
    office.hands.do(
        "ask_aside", number=first, agent="Amara", to="claims@carrier.example", text="Where is it?"
    )
    expect(page.locator("#panel-sides .side-line")).to_have_count(1)
    press("aside", "o")
    expect(page.locator("#beside")).to_contain_text("Where is it?")
    keys.press("o")
    expect(page.locator("#beside")).to_have_count(0)
    page.goto(f"/inbox/unassigned/{first}/")
    page.wait_for_selector("#desk[data-ready=yes]")
    press("solve", "e")
    expect(page.locator(".conv-meta")).to_contain_text("Solved")
    page.goto(f"/inbox/unassigned/{second}/")
    page.wait_for_selector("#desk[data-ready=yes]")
    press("trash", "#")
    expect(page.locator("#read-only")).to_contain_text("in the trash")
    press("search", "/")
    page.wait_for_url("**/search/")
    assert done == {one.key for one in KEYS if one.does}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_palette_and_the_help_have_no_faults_for_axe(office: Office, width: int, scheme: str) -> None:
    number = office.conversation(f"Axe palette {width} {scheme}")
    page = office.page(
        "amara",
        f"/inbox/all-open/{number}/",
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
    )
    for key, box in (("Control+k", "#palette"), ("?", "#keys")):
        page.keyboard.press(key)
        expect(page.locator(box)).to_be_visible()
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in SERIOUS] == []
        left(page)
