"""A new conversation and a message that goes on are written with the same editor, and what is begun is not lost."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Office, log_in
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
    expect(page.locator("#new-conversation [data-saved]")).to_have_text("Saved")

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


def test_what_is_begun_on_one_device_goes_on_and_is_sent_on_another(office: Office) -> None:
    one = office.page("amara", "/new/")
    one.fill("#new-conversation [name=to]", "petra.devices@example.org")
    one.fill("#new-conversation [name=subject]", "Begun at the desk")
    one.fill("#new-conversation [name=text]", "Dear Petra")
    expect(one.locator("#new-conversation [data-saved]")).to_have_text("Saved")
    other = office.page("amara", "/new/")
    expect(other.locator("#new-conversation [name=text]")).to_have_value("Dear Petra")
    expect(other.locator("#new-conversation [name=to]")).to_have_value("petra.devices@example.org")
    other.locator("#new-conversation [data-send]:visible").click()
    expect(other.locator(".entries li.message.ours")).to_contain_text("Dear Petra")
    with one.expect_response("**/writing/begun/?place=new"):
        one.reload()
    expect(one.locator("#new-conversation [name=subject]")).to_have_value("")
    expect(one.locator("#new-conversation [name=text]")).to_have_value("")


def test_a_question_to_a_team_comes_back_whole_on_another_device(office: Office) -> None:
    number = office.conversation("Asked from two devices", text="The bell is loose.")
    here = f"/conversations/{number}/sides/new/"
    one = office.page("amara", here)
    one.get_by_text("Another team here").click()
    one.select_option("#side-form [name=team]", label="Repairs")
    one.check("#side-form [name=may_read]")
    one.locator(".side-quotes summary").click()
    one.locator("#side-form [name=quote]").first.check()
    one.fill("#side-form [name=text]", "Is it a known fault?")
    expect(one.locator("#side-form [data-saved]")).to_have_text("Saved")
    other = office.page("amara", here)
    expect(other.locator("#side-form [name=text]")).to_have_value("Is it a known fault?")
    expect(other.locator("#side-form [name=kind][value=team]")).to_be_checked()
    expect(other.locator("#side-form [name=team] option:checked")).to_have_text("Repairs")
    expect(other.locator("#side-form [name=may_read]")).to_be_checked()
    expect(other.locator("#side-form [name=quote]").first).to_be_visible()
    expect(other.locator("#side-form [name=quote]").first).to_be_checked()
    other.locator("#side-form [data-send]").click()
    expect(other.locator(".entries")).to_contain_text("Is it a known fault?")
    with one.expect_response("**/writing/begun/?place=*"):
        one.reload()
    expect(one.locator("#side-form [name=kind][value=mail]")).to_be_checked()
    expect(one.locator("#side-form [name=text]")).to_have_value("")


def test_what_is_typed_when_the_session_is_over_is_saved_after_logging_in_again(office: Office) -> None:
    page = office.page("amara", "/new/?to=petra.expired@example.org")
    page.context.clear_cookies()
    page.fill("#new-conversation [name=text]", "Typed too late")
    expect(page.locator("#new-conversation [data-saved]")).to_contain_text("Kept on this device")
    page.goto("/")
    log_in(page, "amara")
    page.wait_for_selector("#desk[data-ready=yes]")
    page.goto("/new/?to=petra.expired@example.org")
    expect(page.locator("#new-conversation [name=text]")).to_have_value("Typed too late")
    expect(page.locator("#new-conversation [data-saved]")).to_have_text("Saved")
