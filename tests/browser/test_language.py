"""An agent chooses their language: pages speak it at once, in its direction, and so does the next log-in elsewhere."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Office, log_in

pytestmark = pytest.mark.browser

HERE = "/settings/you/"
LANGUAGES = (("de", "ltr", "Ich bin dran"), ("es", "ltr", "Mi turno"), ("ar", "rtl", "دوري"))


def choose(page: Page, code: str) -> None:
    """The agent says in their settings which language they read."""
    page.goto(HERE)
    page.locator("select[name=language]").select_option(code)
    page.locator(f"form[action='{HERE}'] .btn.primary").click()


def speaks(page: Page, code: str, direction: str, my_turn: str) -> None:
    """The page has come in this language, and runs in its direction."""
    root = page.locator("html")
    expect(root).to_have_attribute("lang", code)
    expect(root).to_have_attribute("dir", direction)
    expect(page.locator("#nav-inboxmy-turn")).to_contain_text(my_turn)


def test_a_language_holds_at_once_and_after_the_next_log_in(office: Office) -> None:
    page = office.context().new_page()
    page.goto("/")
    log_in(page, "gita")
    speaks(page, "en", "ltr", "My turn")
    for code, direction, my_turn in LANGUAGES:
        choose(page, code)
        speaks(page, code, direction, my_turn)

    elsewhere = office.context().new_page()
    elsewhere.goto("/")
    expect(elsewhere.locator("html")).to_have_attribute("lang", "en")  # it does not know yet who comes
    log_in(elsewhere, "gita")
    speaks(elsewhere, "ar", "rtl", "دوري")

    choose(elsewhere, "")
    speaks(elsewhere, "en", "ltr", "My turn")
