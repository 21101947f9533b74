"""Search in a real browser: by a key, while one types, without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Office, log_in

pytestmark = pytest.mark.browser


def test_a_conversation_is_found_while_one_types(office: Office) -> None:
    number = office.conversation("Nothing special", text="Un problème with the zyxophone, please.")
    page = office.page("amara", "/inbox/my-turn/")
    page.keyboard.press("/")
    page.wait_for_url("**/search/")
    page.wait_for_selector("#desk[data-ready=yes]")
    expect(page.locator("#search-q")).to_be_focused()
    page.keyboard.type("probleme zyx")
    expect(page.locator("#found mark")).to_have_text(["problème", "zyxophone"])
    expect(page.locator("#found-summary")).to_have_text("1 conversation")
    page.wait_for_url(re.compile("/search/.q=probleme(%20|[+])zyx$"))
    expect(page.locator("#search-q")).to_be_focused()
    page.keyboard.type("zzz")
    expect(page.locator("#found-nothing")).to_contain_text("Nothing found for")
    page.get_by_role("link", name="Without zyxzzz").click()
    page.wait_for_selector("#desk[data-ready=yes]")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/**")
    page.go_back()
    page.wait_for_url("**/search/**")
    page.keyboard.press("/")
    expect(page.locator("#search-q")).to_be_focused()
    page.keyboard.type("zyxophone")
    page.keyboard.press("Enter")
    expect(page.locator(f"#found-{number}")).to_be_visible()


def test_others_find_nothing_of_it(office: Office) -> None:
    office.conversation("Secret", text="The word is quagga.")
    expect(office.page("amara", "/search/?q=quagga").locator("#found mark")).to_have_text("quagga")
    expect(office.page("gita", "/search/?q=quagga").locator("#found-nothing")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_search_needs_no_scripts(office: Office, width: int) -> None:
    number = office.conversation(f"Plain {width}", text=f"A hippogriff{width} was here.")
    page = office.context(java_script_enabled=False, viewport={"width": width, "height": 800}).new_page()
    page.goto("/search/")
    log_in(page, "edda")
    page.wait_for_url("**/search/")
    page.fill("#search-q", f"hippogriff{width}")
    page.locator(".search-form .btn").click()
    expect(page.locator(f"#found-{number} mark")).to_have_text(f"hippogriff{width}")
    page.locator(f"#found-{number} a").click()
    expect(page.locator(".entries")).to_contain_text("was here.")
    page.goto("/search/")
    if width == 390:
        page.locator(".to-menu").click()
        expect(page.locator("#nav-links")).to_be_visible()
