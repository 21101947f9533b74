"""A message goes to somebody outside, what comes back stays with the team; an answer leaves from a chosen address."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import HELP, PATIENCE, Office, send, write
from tests.browser.wire import within

pytestmark = pytest.mark.browser

CARRIER = "claims@carrier.example"


@pytest.mark.parametrize(("width", "scripts"), [(1440, True), (390, False)])
def test_a_message_goes_to_a_carrier_whose_answer_only_the_team_sees(
    office: Office, width: int, scripts: bool
) -> None:
    number = office.conversation(f"Where is my parcel {width}?")
    size = {"width": width, "height": 844}
    page = office.page("amara", f"/inbox/unassigned/{number}/", viewport=size, java_script_enabled=scripts)
    page.click(".message >> text=Forward")
    expect(page.locator("h1")).to_have_text("Forward")
    page.fill("#forwarding [name=to]", CARRIER)
    page.fill("#forwarding [name=text]", "Can you see where it is?")
    page.click("#forwarding button[name=send]")
    expect(page.locator("#side-entries")).to_contain_text("Not to the customer")
    expect(page.locator("#side-entries")).to_contain_text("Can you see where it is?")

    office.mail(
        "Re: Fwd: parcel",
        to=HELP,
        text="It lies in Leipzig.",
        sender=("Swift Parcels", CARRIER),
        answers=office.hands.do("aside_id", number=number),
    )
    if not scripts:
        assert within(PATIENCE / 1_000, lambda: bool(page.reload()) and "in Leipzig" in page.content())
    expect(page.locator("#side-entries")).to_contain_text("It lies in Leipzig.")
    expect(page.locator("#side-form [name=to]")).to_have_value(CARRIER)
    page.click("#side-head [data-conversation]")
    expect(page.locator("#sides-strip")).to_contain_text("Partner answered")
    expect(page.locator(".entries")).not_to_contain_text("It lies in Leipzig.")
    expect(page.locator("#composer [name=to]")).to_have_value("dalia@example.org")
    expect(page.locator("#composer .recipients")).not_to_contain_text("carrier")


def test_another_team_is_asked_by_keyboard_and_what_it_says_is_done(office: Office) -> None:
    number = office.conversation("Under warranty?")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    page.keyboard.press("c")
    expect(page.locator("#beside")).to_be_visible()
    page.check("#side-form [name=kind][value=team]")
    expect(page.locator("#side-form [name=to]")).to_be_hidden()
    page.select_option("#side-form [name=team]", label="Repairs")
    write_aside(page, "Is the frame under warranty?")
    page.click("#side-form button[name=send]")
    expect(page.locator("#side-entries")).to_contain_text("Is the frame under warranty?")

    repairs = office.page("bruno", "/sides/")
    repairs.click("text=Under warranty?")
    expect(repairs.locator("#side-head")).to_contain_text("which its own team alone may open")
    write_aside(repairs, "Yes, for two years.")
    repairs.click("#side-form button[name=send]")
    expect(page.locator("#side-entries")).to_contain_text("Yes, for two years.")
    page.click("#side-head >> text=Done")
    expect(page.locator("#side-head")).to_contain_text("Open again")


def write_aside(page: Page, text: str) -> None:
    """Write in the form of a side conversation, with its editor once that is there."""
    page.locator("#side-form [name=text]").focus()
    expect(page.locator("#side-form .rich [contenteditable]")).to_be_focused()
    page.keyboard.type(text)


def test_what_was_passed_on_can_be_taken_back_into_its_form(office: Office) -> None:
    number = office.conversation("Passed on too soon")
    office.hands.do("undo_seconds", agent="Amara", seconds=30)
    try:
        page = office.page("amara", f"/inbox/unassigned/{number}/")
        page.click(".message >> text=Forward")
        page.fill("#forwarding [name=to]", CARRIER)
        page.fill("#forwarding [name=text]", "Oh, not yet.")
        page.click("#forwarding button[name=send]")
        page.click(".message >> text=Undo")
        expect(page.locator("h1")).to_have_text("Forward")
        expect(page.locator("#forwarding [name=text]")).to_have_value("Oh, not yet.")
        expect(page.locator("#forwarding [name=to]")).to_have_value(CARRIER)
    finally:
        office.hands.do("undo_seconds", agent="Amara", seconds=0)
    assert office.hands.do("said", number=number) == []


def test_an_answer_leaves_from_the_address_that_was_chosen(office: Office) -> None:
    number = office.conversation("Which of you writes?")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    expect(page.locator("#composer [name=sender]")).to_have_count(0)
    office.hands.do("further_address", inbox=HELP, address="billing@linden.example")
    page.reload()
    page.wait_for_selector("#desk[data-ready=yes]")
    write(page, "Paid, thank you.")
    expect(page.locator("#composer [name=sender]")).to_have_value(HELP)
    page.select_option("#composer [name=sender]", "billing@linden.example")
    send(page)
    expect(page.locator(".entries")).to_contain_text("Paid, thank you.")
    assert office.hands.do("senders", number=number) == ["billing@linden.example"]
