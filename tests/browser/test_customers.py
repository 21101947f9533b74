"""Customers in a real browser: found while one types, described, noted about; what was tried, from a conversation."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk import Office

pytestmark = pytest.mark.browser
SERIOUS = ("serious", "critical")


def test_a_customer_is_found_described_and_noted_about(office: Office) -> None:
    office.conversation("About her")
    page = office.page("edda", "/inbox/my-turn/")
    page.click("#nav-customers")
    page.wait_for_url("**/customers/")
    page.wait_for_selector("#desk[data-ready=yes]")
    page.fill("#customers-q", "haddad")
    expect(page.locator("#found mark").first).to_have_text("Haddad")
    page.locator("#found .row").first.click()
    page.wait_for_url("**/customers/*/")
    page.click("#profile-edit summary")
    page.fill("[name=company]", "Tern Travel")
    page.fill("[name=addressed_as]", "Dr. Haddad, formally")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#customer-profile")).to_contain_text("Tern Travel")
    page.fill("#note-new textarea", "Ask for the frame number first.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator(".customer-notes")).to_contain_text("Ask for the frame number first.")


def test_what_was_tried_is_noted_in_one_step_and_seen_before_answering(office: Office) -> None:
    number = office.conversation("Tried it")
    page = office.page("amara", f"/inbox/all-open/{number}/")
    page.click("#tried-add summary")
    page.fill("#tried-what", "A new battery")
    page.locator("#tried-add").get_by_role("button", name="did not help").click()
    expect(page.locator("#panel-tried .tried")).to_contain_text("A new battery")
    expect(page.locator("#tried-line")).to_contain_text("A new battery, did not help")
    other = office.page("edda", f"/inbox/all-open/{office.conversation('Tried again')}/")
    expect(other.locator("#tried-line")).to_contain_text("A new battery")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_list_and_page_have_no_faults_for_axe(office: Office, width: int, scheme: str) -> None:
    office.conversation(f"Axe customer {width} {scheme}")
    page = office.page("chen", "/customers/", viewport={"width": width, "height": 800}, color_scheme=scheme)
    for path in ("/customers/", str(page.locator("#found .row").first.get_attribute("href"))):
        page.goto(path)
        page.wait_for_selector("#desk[data-ready=yes]")
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in SERIOUS] == []
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
