"""A new conversation and a message that goes on are written with the same editor, and what is begun is not lost."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Office
from tests.browser.test_rich import DROP, PASTE, PIXEL, WORD, asked_for

pytestmark = pytest.mark.browser


def sheet(page: Page, name: str) -> Locator:
    """The editor of a form, which has the focus."""
    page.locator(f"#{name} [name=text]").focus()
    text = page.locator(f"#{name} .rich [contenteditable=true]")
    expect(text).to_be_focused()
    return text


def test_a_new_conversation_is_written_with_a_form_and_survives_a_reload(office: Office) -> None:
    office.hands.do(
        "saved_reply", name="Bells", texts={"en": "Dear {{ customer.first_name }}, a bell."}, file="bells.txt"
    )
    page = office.page("amara", "/new/")
    page.fill("#new-conversation [name=to]", "Petra Vogt <petra.sheet@example.org>")
    page.fill("#new-conversation [name=subject]", "Written on a sheet")
    assert not [name for name in asked_for(page) if "editor" in name]  # it comes with the first focus
    text = sheet(page, "new-conversation")
    keys = page.keyboard
    keys.type("/bell")
    expect(page.locator("#offers [role=option]")).to_have_count(1)
    keys.press("Enter")
    expect(text).to_have_text("Dear Petra, a bell.")
    files = page.locator("#new-conversation [data-files=files] li")
    expect(files).to_contain_text(["bells.txt, 1 KB"])
    keys.type(" It is **loud** :tada:\n")
    expect(text.locator("strong")).to_have_text("loud")
    page.evaluate(PASTE, [WORD, "First Second", ""])
    keys.press("Control+End")
    page.evaluate(PASTE, ["", "", PIXEL])
    expect(text.locator('img[alt="bell.png"]')).to_be_visible()
    page.locator("#new-conversation").evaluate(DROP)
    expect(files).to_have_count(2)
    expect(page.locator("#new-conversation [name=kept]")).to_have_count(2)
    expect(page.locator("#new-conversation [data-saved]")).to_contain_text("Kept on this device")

    page.reload()
    expect(page.locator("#new-conversation [name=subject]")).to_have_value("Written on a sheet")
    text = page.locator("#new-conversation .rich [contenteditable=true]")
    expect(text.locator("ol li")).to_have_text(["First", "Second"])
    expect(text.locator('img[alt="bell.png"]')).to_have_js_property("naturalWidth", 1)
    expect(files).to_have_count(2)
    page.get_by_role("button", name="Begin anew").click()
    expect(text).to_have_text("")
    expect(files).to_have_count(0)
    page.get_by_role("button", name="Bring it back").click()
    expect(text.locator("strong").first).to_have_text("loud")
    expect(files).to_have_count(2)

    text.focus()
    keys.press("Control+Enter")
    ours = page.locator(".entries li.message.ours")
    expect(ours.locator(".formed strong").first).to_have_text("loud")
    expect(ours.locator('.formed img[alt="bell.png"]')).to_have_js_property("naturalWidth", 1)
    expect(ours.locator(".attachments")).to_contain_text("list.txt")
    page.goto("/new/")
    page.wait_for_selector("#desk[data-ready=yes]")
    expect(page.locator("#new-conversation [name=subject]")).to_have_value("")  # it was sent


def test_a_form_that_comes_back_keeps_what_was_written(office: Office) -> None:
    page = office.page("amara", "/new/")
    page.fill("#new-conversation [name=to]", "petra")
    page.fill("#new-conversation [name=subject]", "Not yet")
    text = sheet(page, "new-conversation")
    page.keyboard.type("So **bold**.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#new-error-to")).to_be_visible()
    expect(page.locator("#new-conversation .rich strong")).to_have_text("bold")
    page.fill("#new-conversation [name=to]", "petra.again@example.org")
    page.locator("#new-conversation [data-send]:visible").click()
    expect(page.locator(".entries li.message.ours .formed strong")).to_have_text("bold")
    expect(text).to_have_count(0)


def test_what_goes_on_is_written_with_a_form_and_quotes_what_it_is_about(office: Office) -> None:
    number = office.conversation("Goes on with a form", text="The bell fell off.")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    page.click(".message >> text=Forward")
    page.fill("#forwarding [name=to]", "claims@carrier.example")
    text = sheet(page, "forwarding")
    page.keyboard.type("Please **hurry**. ")
    page.locator("#forwarding [data-do=quote]").click()
    expect(text.locator("blockquote")).to_have_text("The bell fell off.")
    page.keyboard.type("/")
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator("#forwarding .rich strong")).to_have_text("hurry")
    page.locator("#forwarding [data-send]").click()
    expect(page.locator(".entries .formed strong")).to_have_text("hurry")
    assert office.hands.do("caught", number=number, words="hurry") == 1
