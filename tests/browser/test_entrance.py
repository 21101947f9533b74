"""Logging in and out, and what protects every page."""

import pytest
from playwright.sync_api import expect

from heed.testing.world import PASSWORD
from tests.browser.desk import Office, log_in

pytestmark = pytest.mark.browser


def test_one_logs_in_and_out(office: Office) -> None:
    context = office.context()
    page = context.new_page()
    page.goto("/inbox/my-turn/")
    assert "/accounts/login/" in page.url
    assert page.get_attribute("[autocomplete=username]", "type") == "email"
    assert page.get_attribute("[autocomplete=current-password]", "type") == "password"
    log_in(page, "edda")
    page.wait_for_url("**/inbox/my-turn/")

    cookies = {one["name"]: one for one in context.cookies()}
    session = cookies["sessionid"]
    assert session["httpOnly"]
    assert session["sameSite"] == "Lax"
    assert "sessionid" not in page.evaluate("document.cookie")

    page.click("#nav-me > a")
    page.click("main button[type=submit]")
    page.goto("/inbox/my-turn/")
    assert "/accounts/login/" in page.url
    page.go_back()
    page.reload()
    assert page.locator("#desk").count() == 0
    assert context.request.get("/events").status == 401


def test_a_wrong_password_and_an_unknown_address_hear_the_same_words(office: Office) -> None:
    page = office.context().new_page()
    said = []
    for name, password in (("gita", "not this one"), ("nobody", PASSWORD)):
        page.goto("/accounts/login/")
        log_in(page, name, password)
        expect(page.locator("[role=alert]:visible")).to_have_count(1)
        said.append(page.inner_text("[role=alert]"))
        assert page.input_value("[autocomplete=username]") == f"{name}@desk.example"
        assert page.evaluate("document.activeElement.name") == "password"

    assert said[0] == said[1]
    assert "password" in said[0].lower()


def test_guessing_is_slowed_down_in_words(office: Office) -> None:
    guessed = "farid"  # who logs in nowhere else: for five minutes nobody can under this name
    page = office.context().new_page()
    page.goto("/accounts/login/")
    for _ in range(6):
        log_in(page, guessed, "guess")
        expect(page.locator("[role=alert]:visible")).to_have_count(1)

    expect(page.locator("[role=alert]:visible")).to_contain_text("Too many")
    log_in(page, guessed)
    expect(page.locator("[role=alert]:visible")).to_contain_text("Too many")


PATHS = (
    "/inbox/my-turn/",
    "/inbox/all-open/",
    "/inbox/all-open/menu/",
    "/new/",
    "/settings/parked/",
    "/catcher/",
    "/menu/",
    "/no-such-page/",
    "/accounts/password/change/",
    "/accounts/logout/",
)


def test_no_page_breaks_its_own_policy(office: Office) -> None:
    number = office.conversation("Policy", html="<p style='color: red'>red</p>")
    context = office.agent("chen")
    page = context.new_page()
    for path in (*PATHS, f"/inbox/unassigned/{number}/", f"/inbox/unassigned/{number}/details/"):
        answer = page.goto(path)
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert page.locator("body").inner_text() != ""
    assert office.wrong == []  # what the console said of it; looked at after every other test too
