"""A new desk, from `heed init` to the first test mail; and a setting that is found by a word for it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import Office
from tests.journeys.desk import Desk

pytestmark = pytest.mark.browser
PASSWORD = "walks by the canal"
LINK = re.compile("/accounts/password/reset/key/")


@pytest.fixture
def new_desk(tmp_path: Path, database_url: str) -> Iterator[Desk]:
    """A desk as `heed init` makes it, running."""
    desk = Desk(tmp_path, database_url, sink_url="", more={"HEED_ADMIN_PASSWORD": PASSWORD})
    desk.sink_url = f"smtp://127.0.0.1:{desk.ports[1]}"  # what leaves comes back in by its own door
    brand = ("--brand", "Juniper Tea", "--inbox", "help@juniper.example")
    desk.heed("init", *brand, "--admin", "ada@juniper.example")
    with desk.serving():
        yield desk


def open_step(page: Page, name: str) -> None:
    """Unfold a step that is not the next one."""
    step = page.locator(f"#step-{name} details")
    if step.get_attribute("open") is None:
        step.locator("summary").click()


def test_a_new_admin_is_led_through_the_first_hour(new_desk: Desk, browser: Browser) -> None:
    page = browser.new_context(base_url=f"http://127.0.0.1:{new_desk.ports[0]}").new_page()
    page.goto("/")
    page.fill("input[autocomplete=username]", "ada@juniper.example")
    page.fill("input[autocomplete=current-password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/settings/first-hour/")
    expect(page.get_by_text("Welcome, Ada. 5 steps are left")).to_be_visible()

    page.locator("#step-brand").get_by_label("Name, as customers see it").fill("Juniper Teas")
    page.get_by_role("button", name="That’s right").click()
    expect(page.get_by_text("4 steps are left")).to_be_visible()

    open_step(page, "mailbox")
    page.locator("#step-mailbox").get_by_role("button", name="Leave this out").click()
    expect(page.get_by_text("3 steps are left")).to_be_visible()

    open_step(page, "people")
    step = page.locator("#step-people")
    step.get_by_label("Name, as colleagues").fill("Bo")
    step.get_by_label("E-mail address they log in with").fill("bo@juniper.example")
    step.get_by_role("button", name="Invite").click()
    expect(page.locator("#made-link")).to_have_value(LINK)
    expect(page.get_by_text("2 steps are left")).to_be_visible()

    open_step(page, "hours")
    page.get_by_role("button", name="These are our hours").click()
    expect(page.get_by_text("1 step is left")).to_be_visible()

    open_step(page, "test_mail")
    page.get_by_role("button", name="Send a test mail").click()
    expect(page.locator("#round-trip-state")).to_contain_text("It arrived", timeout=30_000)
    page.goto("/settings/first-hour/")
    expect(page.get_by_text("All steps are taken")).to_be_visible()
    page.goto("/accounts/logout/")


def test_a_setting_is_found_while_it_is_typed_and_jumped_to(office: Office) -> None:
    page = office.page("chen", "/settings/")
    page.get_by_label("Find a setting").press_sequentially("business ho")
    hit = page.locator("#settings-found").get_by_role("link", name="Opening hours").first
    hit.click()
    page.wait_for_url("**/settings/brands/*/#hours-part")
    expect(page.locator("#hours-part")).to_be_in_viewport()
    page.get_by_role("link", name="Who changed this, and when").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
