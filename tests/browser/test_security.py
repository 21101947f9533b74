"""A passkey is made and used in a real browser, with an authenticator of Chromium's own; sessions end at once."""

import pytest
from playwright.sync_api import CDPSession, Page, expect

from heed.testing.world import PASSWORD
from tests.browser.desk import Office, log_in

pytestmark = pytest.mark.browser
HERE = "/settings/you/security/"


def local(office: Office) -> str:
    """Where the pages are for passkeys, which belong to a name and never to a number."""
    return office.url.replace("127.0.0.1", "localhost")


def with_authenticator(page: Page) -> CDPSession:
    """Let the page's device keep passkeys, unlocked by a finger that is always there."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def prove(page: Page) -> None:
    page.fill("input[autocomplete=current-password]", PASSWORD)
    page.get_by_role("button", name="Continue").click()


def test_a_passkey_is_made_logs_in_alone_and_is_removed(office: Office) -> None:
    page = office.context(base_url=local(office)).new_page()
    with_authenticator(page)
    page.goto("/")
    log_in(page, "gita")
    page.goto(HERE)
    page.get_by_role("link", name="Add a passkey").click()
    prove(page)
    page.get_by_label("Its name").fill("Gita’s laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator("[role=status].notice")).to_contain_text("log in with it alone")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    code = page.locator(".recovery-codes li").first.inner_text()

    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Log out").click()
    page.goto("/accounts/login/?next=/settings/you/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/settings/you/")

    # after the password a second factor is asked for, and the passkey is one
    other = office.context(base_url=local(office)).new_page()
    other.goto("/")
    log_in(other, "gita")
    other.wait_for_url("**/accounts/second-factor/")
    other.fill("input[autocomplete=one-time-code]", code)
    other.get_by_role("button", name="Log in").click()
    other.wait_for_url("**/inbox/my-turn/")

    page.goto(HERE)
    page.get_by_role("button", name="Remove Gita’s laptop").click()
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("[role=status].notice")).to_contain_text("Removed.")
    expect(page.get_by_text("Recovery codes")).to_have_count(0)


def test_a_passkey_of_nobody_lets_nobody_in(office: Office) -> None:
    page = office.context(base_url=local(office)).new_page()
    with_authenticator(page)
    page.goto("/accounts/login/")
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The browser gave no passkey")).to_be_visible()
    expect(page.locator("input[autocomplete=username]")).to_be_visible()


def test_a_session_that_is_ended_shows_nothing_a_second_later(office: Office) -> None:
    here, there = (office.context().new_page() for _ in range(2))
    for page in (here, there):
        page.goto("/")
        log_in(page, "hugo")
        page.wait_for_url("**/inbox/my-turn/", wait_until="commit")
    there.wait_for_selector("#desk[data-ready=yes]")
    here.goto(HERE)
    here.locator("#sessions").get_by_role("button", name="End all others").click()
    expect(here.locator("[role=status].notice")).to_contain_text("You are logged in here alone")
    expect(there.get_by_text("logged out").first).to_be_visible()
    there.goto("/inbox/my-turn/")
    expect(there.locator("input[autocomplete=username]")).to_be_visible()
    here.goto("/inbox/my-turn/")
    expect(here.locator("#nav-me")).to_contain_text("Hugo")
