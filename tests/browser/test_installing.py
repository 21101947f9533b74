"""The desk as an app: a browser would install it, and without the desk it says so in words of ours."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Office, log_in, write
from tests.browser.wire import Wire, wired

pytestmark = pytest.mark.browser

CONTROLLED = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


@pytest.fixture
def wire(office: Office) -> Iterator[Wire]:
    with wired(office.desk.ports[0]) as line:
        yield line


def devtools(page: Page, question: str) -> dict[str, Any]:
    answer: dict[str, Any] = page.context.new_cdp_session(page).send(question)
    return answer


def test_a_browser_finds_nothing_wrong_with_the_manifest(office: Office) -> None:
    page = office.page("amara", "/inbox/my-turn/")
    said = devtools(page, "Page.getAppManifest")
    assert said["url"].endswith("/manifest.webmanifest")
    assert said["errors"] == []
    assert '"Linden Bikes \\u00b7 Heed"' in said["data"]
    found = devtools(page, "Page.getInstallabilityErrors")["installabilityErrors"]
    assert [
        one for one in found if one["errorId"] != "in-incognito"
    ] == []  # a test's browser is a private one


def test_without_the_desk_its_own_page_stands_there_and_goes_when_it_is_back(
    office: Office, wire: Wire
) -> None:
    number = office.conversation("Away for a while")
    page = office.page("amara", f"{wire.url}/inbox/unassigned/{number}/")
    page.wait_for_function(CONTROLLED)
    page.goto(f"{wire.url}/inbox/unassigned/{number}/")
    write(page, "The bell is on its way.")
    expect(page.locator("#composer [data-saved]")).to_have_text("Saved")
    wire.cut()
    write(page, "The bell is on its way, and a lamp.")
    expect(page.locator("#composer [data-saved]")).to_contain_text("Kept on this device")

    page.evaluate(
        "(key) => localStorage.setItem(key, JSON.stringify({ text: 'Theirs', at: Date.now() }))",
        f"heed-draft-999999-{number}-note",  # of somebody who was logged in here before
    )
    page.goto(f"{wire.url}/inbox/my-turn/")
    expect(page.locator("h1")).to_have_text("The desk can’t be reached")
    expect(page.locator("#kept li")).to_have_count(1)
    expect(page.locator("#kept li")).to_contain_text(f"#{number}, answer")
    assert page.evaluate("getComputedStyle(document.querySelector('#again')).minHeight") == "44px"
    assert "Away for a while" not in page.content()
    page.click("#again")
    expect(page.locator("h1")).to_have_text("The desk can’t be reached")
    wire.mend()
    page.wait_for_selector("#desk[data-ready=yes]", timeout=20_000)  # it looked again by itself
    page.goto(f"{wire.url}/inbox/unassigned/{number}/")
    expect(page.locator("#composer textarea[name=text]")).to_have_value("The bell is on its way, and a lamp.")


def test_nothing_of_the_desk_is_kept_in_a_browser(office: Office) -> None:
    number = office.conversation("Kept nowhere")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    page.wait_for_function(CONTROLLED)
    for path in ("/inbox/my-turn/", f"/inbox/unassigned/{number}/", "/settings/you/"):
        page.goto(path)
    kept = page.evaluate(
        "(async () => { const found = []; for (const name of await caches.keys())"
        " for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);"
        " return found })()"
    )
    assert "/offline/" in kept
    assert [one for one in kept if one != "/offline/" and not one.startswith("/static/heed/")] == []


def test_logging_out_takes_away_what_was_open_and_asks_about_words_that_are_nowhere_else(
    office: Office,
) -> None:
    page = office.context().new_page()
    page.goto("/accounts/login/")
    log_in(page, "edda")
    page.wait_for_url("**/inbox/my-turn/")
    number = office.conversation("Words on a shared telephone")
    page.goto(f"/inbox/unassigned/{number}/")
    page.wait_for_selector("#desk[data-ready=yes]")
    me = page.get_attribute("#desk", "data-me")
    page.evaluate(
        "(key) => localStorage.setItem(key, JSON.stringify({ text: 'Mine', at: 1 }))",
        f"heed-draft-{me}-{number + 1}-reply",  # as one that could not be saved
    )
    ours = "Object.keys(localStorage).filter((key) => /^heed-(draft|sheet|recent|me)/.test(key))"
    assert f"heed-recent-{me}" in page.evaluate(ours)
    page.goto("/new/")
    page.wait_for_selector("#desk[data-ready=yes]")
    page.route("**/writing/begun/", lambda route: route.abort())  # nor this
    page.fill("#new-conversation input[name=subject]", "Her refund")
    page.wait_for_function("(key) => key in localStorage", arg=f"heed-sheet-{me}-new")

    page.click("#nav-me > a")
    expect(page.locator("#left-here")).to_be_visible()
    page.check("#take-away")
    page.click("main button[type=submit]")
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate(ours) == []


def test_the_button_to_install_stands_where_the_browser_offers_it_and_words_elsewhere(office: Office) -> None:
    page = office.page("amara", "/settings/you/")
    words, button = page.locator("#app-by-browser"), page.locator("#app-install")
    expect(words).to_be_visible()
    expect(button).to_be_hidden()
    # A test's browser is a private one, which offers nothing: the event is ours, what the page does with it is not.
    page.evaluate(
        """() => dispatchEvent(Object.assign(new Event("beforeinstallprompt", { cancelable: true }), {
          prompt: async () => { document.body.dataset.asked = "1"; },
          userChoice: Promise.resolve({ outcome: "accepted" }),
        }))"""
    )
    expect(button).to_be_visible()
    expect(words).to_be_hidden()
    button.click()
    expect(page.locator("body")).to_have_attribute("data-asked", "1")
    expect(page.locator("#app-is-it")).to_be_visible()
    expect(button).to_be_hidden()


def test_a_setting_is_found_from_another_page_and_its_field_has_the_next_key(office: Office) -> None:
    page = office.page("chen", "/settings/access/")
    page.keyboard.press("/")
    field = page.get_by_label("Find a setting")
    expect(field).to_be_focused()
    field.fill("auto close")
    found = page.locator("#settings-found a")
    expect(found.first).to_contain_text("Days until a solved conversation closes")
    found.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/brands/*/#closing")
    expect(page.locator("#closing")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.locator("[name=close_after_days]")).to_be_focused()
