"""A side conversation stands beside its conversation: one asks, reads and answers there, the customer in sight."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.desk import HELP, Office

pytestmark = pytest.mark.browser

CARRIER = "claims@carrier.example"
BESIDE = "#beside:not([hidden])"
A_MOMENT_AGO = """() => {
  const form = document.querySelector("#side-head form");
  form.outerHTML = form.outerHTML;  // as it came live, and before HTMX knows it
}"""
ANOTHER_IN_ITS_PLACE = """() => {
  const entry = document.querySelector("#side-entries form").closest("li");
  entry.outerHTML = entry.outerHTML;
}"""


def open_address(page: Page) -> None:
    """The address is the conversation's again."""
    expect(page).to_have_url(re.compile(r"/inbox/unassigned/\d+/(details/)?$"))


def answer_aside(office: Office, number: int, text: str) -> None:
    """The carrier answers what we asked it."""
    known = office.hands.do("aside_id", number=number)
    office.mail("Re: parcel", to=HELP, text=text, sender=("Swift Parcels", CARRIER), answers=known)


def test_a_partner_is_asked_and_answers_beside_the_conversation_by_keyboard(office: Office) -> None:
    number = office.conversation("Where is it now?")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    page.keyboard.press("c")
    expect(page.locator(f"{BESIDE} [name=kind][value=mail]")).to_be_focused()
    expect(page.locator("#panel")).to_be_hidden()
    page.fill("#beside [name=to]", "nobody")
    page.fill("#beside [name=text]", "Can you see where it is?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#side-error-to")).to_be_visible()
    page.fill("#beside [name=to]", CARRIER)
    page.locator("#beside [name=to]").press("Control+Enter")
    expect(page.locator("#side-entries")).to_contain_text("Can you see where it is?")
    expect(page.locator("#side-timeline")).to_be_focused()
    expect(page.locator("#told")).to_contain_text("Can you see where it is?")
    expect(page.locator("#beside [name=text]")).to_have_value("")
    expect(page.locator("#timeline")).to_contain_text("It slips when I climb.")
    expect(page).to_have_url(re.compile(rf"/inbox/unassigned/{number}/\?side=\d+$"))

    answer_aside(office, number, "It lies in Leipzig.")
    expect(page.locator("#side-entries")).to_contain_text("It lies in Leipzig.")
    expect(page.locator("#timeline")).not_to_contain_text("It lies in Leipzig.")
    expect(page.locator("#beside")).to_be_visible()  # what came live left it open

    page.reload()
    expect(page.locator("#side-entries")).to_contain_text("It lies in Leipzig.")
    page.locator("#beside [name=text]").focus()
    expect(page.locator("#beside .rich [contenteditable]")).to_be_focused()
    page.keyboard.type("Thank you.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#side-entries")).to_contain_text("Thank you.")
    expect(page.locator("#beside [name=text]")).to_have_value("")
    expect(page.locator("#side-timeline")).to_be_focused()
    page.evaluate(A_MOMENT_AGO)
    page.keyboard.press("e")
    expect(page.locator("#side-head")).to_contain_text("Open again")
    expect(page.locator("#side-timeline")).to_be_focused()
    expect(page.locator("#conversation .conv-meta")).not_to_contain_text("Solved")
    page.keyboard.press("Escape")
    expect(page.locator("#beside")).to_have_count(0)
    open_address(page)
    expect(page.locator("#panel")).to_be_visible()

    page.keyboard.press("o")
    expect(page.locator(BESIDE)).to_be_visible()
    page.keyboard.press("o")
    expect(page.locator("#beside")).to_have_count(0)
    open_address(page)


@pytest.mark.parametrize("width", [390, 768])
def test_on_a_narrow_screen_it_lies_over_the_page_and_leads_back(office: Office, width: int) -> None:
    number = office.conversation(f"Where is it at {width}?")
    office.hands.do("ask_aside", number=number, agent="Amara", to=CARRIER, text="Can you see it?")
    answer_aside(office, number, "It lies in Leipzig.")
    page = office.page(
        "amara", f"/inbox/unassigned/{number}/", viewport={"width": width, "height": 844}, has_touch=True
    )
    strip = page.locator("#sides-strip a")
    strip.click()
    expect(page.locator("#side-entries")).to_contain_text("It lies in Leipzig.")
    expect(page.locator("#conversation")).to_have_attribute("inert", "")
    expect(page.locator("#beside [data-close-side]:visible")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    back = page.locator("#beside [data-close-side]:visible")
    back.click()
    expect(page.locator("#beside")).to_have_count(0)
    expect(page.locator("#conversation")).not_to_have_attribute("inert", "")
    expect(strip).to_be_focused()
    open_address(page)
    page.go_forward()
    expect(page.locator(BESIDE)).to_contain_text("It lies in Leipzig.")
    page.go_back()
    expect(page.locator("#beside")).to_have_count(0)
    open_address(page)


def test_what_was_asked_can_be_taken_back_beside_the_conversation(office: Office) -> None:
    number = office.conversation("Asked too soon")
    office.hands.do("undo_seconds", agent="Amara", seconds=30)
    try:
        page = office.page("amara", f"/inbox/unassigned/{number}/")
        page.keyboard.press("Control+k")
        page.fill("#palette-q", "Begin a side")
        expect(page.locator(".palette-option[aria-selected=true]")).to_contain_text(
            "Begin a side conversation"
        )
        page.keyboard.press("Enter")
        page.fill("#beside [name=to]", CARRIER)
        page.fill("#beside [name=text]", "Oh, not yet.")
        page.click("#beside button[name=send]")
        asked: list[Route] = []
        page.route("**/undo/", lambda route: asked.append(route))
        with page.expect_request("**/undo/"):
            page.click("#side-entries >> text=Undo")
        page.evaluate(ANOTHER_IN_ITS_PLACE)  # as what comes live does, before the answer is there
        [undone] = asked
        undone.continue_()
        expect(page.locator("#beside [name=subject]")).to_have_value("Asked too soon")
        expect(page.locator("#beside [name=text]")).to_have_value("Oh, not yet.")
        expect(page.locator("#beside [name=to]")).to_have_value(CARRIER)
        expect(page).to_have_url(re.compile(r"\?side=new$"))
        page.go_back()
        expect(page.locator("#beside")).to_have_count(0)
        expect(page.locator("[data-begin-side]")).to_be_focused()
    finally:
        office.hands.do("undo_seconds", agent="Amara", seconds=0)
    assert office.hands.do("said", number=number) == []
