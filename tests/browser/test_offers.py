"""With keys alone: a saved reply is found by a few letters and its gap filled; a colleague is called in a note."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk import Office, send

pytestmark = pytest.mark.browser

TEXT = "Dear {{ customer.first_name }}, your money for {{ conversation.number }} is on its way."


def begin(page: Page, key: str) -> None:
    """Press the key that begins to write: r for a reply, n for a note."""
    page.locator("#conversation").focus()
    page.keyboard.press(key)


def test_a_saved_reply_is_put_in_with_keys_and_its_gap_filled(office: Office) -> None:
    office.hands.do("saved_reply", name="Refund on its way", texts={"en": TEXT}, file="form.txt")
    office.hands.do("saved_reply", name="Where is my parcel", texts={"en": "It comes."})
    number = office.conversation("Money back", sender=("", "nameless@example.org"))
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    begin(page, "r")
    page.keyboard.type("/")
    expect(page.locator("#offers")).to_contain_text("Where is my parcel")
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [one["id"] for one in violations if one["impact"] in ("serious", "critical")] == []
    page.keyboard.type("ref")
    expect(page.locator("#offers [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    area = page.locator("#composer textarea[name=text]")
    expect(area).to_have_value(f"Dear ⟦the customer’s first name⟧, your money for #{number} is on its way.")
    expect(page.locator("#composer ul[data-files=files]")).to_contain_text("form.txt")

    send(page)
    expect(page.locator("#composer-error-text")).to_contain_text("gap")
    assert office.hands.do("said", number=number) == []
    page.locator("#composer textarea:visible").focus()
    page.keyboard.press("Tab")  # goes to the gap
    assert page.evaluate("String(getSelection())") == "⟦the customer’s first name⟧"
    page.keyboard.press("Tab")  # there is no other: on to what follows
    assert not page.evaluate("document.activeElement.matches('.writing')")
    page.keyboard.press("Shift+Tab")  # back, where the gap is still selected
    page.keyboard.type("friend")
    expect(area).to_have_value(f"Dear friend, your money for #{number} is on its way.")
    send(page)
    expect(page.locator(".entries li.message.ours")).to_contain_text("Dear friend")
    assert office.hands.do("files", number=number) == [["reply", "form.txt"]]


def test_a_colleague_is_called_with_keys_and_finds_it(office: Office) -> None:
    number = office.conversation("Who knows this")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    edda = office.page("edda", "/inbox/mentions/")
    begin(page, "n")
    page.keyboard.type("Ask @")
    expect(page.locator("#offers")).to_contain_text("Payments")
    expect(page.locator("#offers")).not_to_contain_text("Bruno")
    page.keyboard.type("ed")
    expect(page.locator("#offers [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#composer textarea[name=note]")).to_have_value("Ask @Edda ")
    page.keyboard.type("please")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".entries .mention")).to_have_text("@Edda")
    expect(edda.locator(f"#row-{number}")).to_be_visible(timeout=5_000)

    begin(page, "r")
    page.keyboard.type("Write to @ed")  # in an answer to a customer nobody is called
    page.wait_for_load_state("networkidle")
    expect(page.locator("#offers [role=option]")).to_have_count(0)
