"""What an agent is told: seen live in the page, opened with keys, chosen away; and what a device shows of it."""

import json
from itertools import count
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk import SECONDS, Office, send, write

pytestmark = pytest.mark.browser

CHOICES = "/settings/you/notifications/"
SHOWN = (
    "navigator.serviceWorker.ready.then((worker) => worker.getNotifications())"
    ".then((all) => all.map((one) => [one.title, one.body, one.tag, one.data.href]))"
)


_numbers = count(1)


def mentions_amara(office: Office, subject: str) -> int:
    """Edda calls Amara in a note of a new conversation."""
    number = office.conversation(f"{subject} {next(_numbers)}")
    edda = office.page("edda", f"/inbox/unassigned/{number}/")
    write(edda, f"@Amara look at {subject}", kind="note")
    send(edda)
    expect(edda.locator(".entries li.message.note")).to_be_visible(timeout=SECONDS)
    return number


def test_a_mention_is_seen_live_opened_with_keys_and_read(office: Office) -> None:
    amara = office.page("amara", "/inbox/my-turn/")
    unread = amara.locator("#nav-notifications .number")
    number = mentions_amara(office, "A bell that rings")
    expect(unread).to_be_visible(timeout=SECONDS)
    amara.goto("/notifications/")
    row = amara.locator("#notifications-rows li").filter(has_text=f"#{number},")
    expect(row).to_contain_text("Edda mentioned you, unread")
    row.get_by_role("link").first.focus()
    amara.keyboard.press("Enter")
    amara.wait_for_selector(f"#reading[data-number='{number}']")
    amara.goto("/notifications/")
    expect(row).to_be_visible()
    expect(row).not_to_contain_text("unread")


def test_what_is_switched_off_is_not_told_and_quiet_hours_are_kept(office: Office) -> None:
    amara = office.page("amara", CHOICES)
    mentions = amara.locator("input[name=mention]")
    for index in range(3):
        mentions.nth(index).uncheck()
    amara.fill("input[name=quiet_from]", "20:00")
    amara.fill("input[name=quiet_to]", "07:30")
    amara.locator("#told-of button.primary").click()
    expect(amara.locator("[role=status]").filter(has_text="Saved.")).to_be_visible()
    expect(amara.locator("input[name=quiet_to]")).to_have_value("07:30")
    for index in range(3):
        expect(mentions.nth(index)).not_to_be_checked()
    number = mentions_amara(office, "A bell that is silent")
    office.hands.do("give", number=number, to="Amara")  # heard after the note: then the note was heard, too
    amara.goto("/notifications/")
    told = amara.locator("#notifications-rows li").filter(has_text=f"#{number},")
    expect(told.filter(has_text="mentioned you")).to_have_count(0)
    amara.goto(CHOICES)
    for index in range(3):
        mentions.nth(index).check()
    amara.fill("input[name=quiet_from]", "")
    amara.fill("input[name=quiet_to]", "")
    amara.locator("#told-of button.primary").click()
    expect(amara.locator("[role=status]").filter(has_text="Saved.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_list_and_choices_have_no_faults_for_axe(office: Office, width: int, scheme: str) -> None:
    page = office.page("amara", CHOICES, viewport={"width": width, "height": 800}, color_scheme=scheme)
    for path in (CHOICES, "/notifications/"):
        page.goto(path)
        page.wait_for_selector("#desk[data-ready=yes]")
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0


def pushed(page: Page, origin: str, message: dict[str, str]) -> None:
    """The browser gets a push of this desk, as if its push service had brought it and it were decrypted."""
    devtools: Any = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    devtools.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    [registration] = {one["registrationId"] for one in found if one["scopeURL"].startswith(origin)}
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": registration, "data": json.dumps(message)},
    )


# A click on what a device shows, with what it opens told in place of a window.
CLICK = """async () => {
  const [shown] = await self.registration.getNotifications();
  const opened = new Promise((done) => { self.clients.openWindow = async (href) => done(href); });
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification: shown }));
  return opened;
}"""
# What a browser that reaches its push service makes; its keys are those of the standard's example.
SUBSCRIBED = """([point, secret]) => {
  const read = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
  };
  const keys = { p256dh: read(point), auth: read(secret) };
  PushManager.prototype.subscribe = async (asked) => {
    if (!asked.userVisibleOnly || asked.applicationServerKey.length !== 65) throw new TypeError("not as asked");
    return { endpoint: "https://push.example.net/chromium", getKey: (name) => keys[name] };
  };
}"""
KEYS = [
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "BTBZMqHH6r4Tts7J_aSIgg",
]


def test_a_device_shows_what_it_is_told_and_a_click_leads_there(office: Office) -> None:
    """Chromium reaches no push service here: the message comes by its debugging protocol, already decrypted.

    Without a screen there is nothing to click: the worker gets the event, and a window of nobody's click would not be
    allowed to open, so that its address is taken down in place of it.
    """
    context = office.agent("amara")
    context.grant_permissions(["notifications"], origin=office.url)
    page = context.new_page()
    page.goto(CHOICES)
    page.wait_for_selector("#desk[data-ready=yes]")
    href = "/conversations/1/"
    message = {"title": "You were mentioned", "body": "#1", "href": href, "tag": "mention-1"}
    for _ in range(2):  # the second stands in place of the first
        pushed(page, f"{office.url}/", message)
        page.wait_for_function(f"{SHOWN}.then((all) => all.length === 1)")
    assert page.evaluate(SHOWN) == [["You were mentioned", "#1", "mention-1", href]]
    [worker] = context.service_workers
    assert worker.evaluate(CLICK) == f"{office.url}{href}"
    page.wait_for_function(f"{SHOWN}.then((all) => all.length === 0)")


def test_a_browser_is_added_and_removed_and_one_that_may_not_be_told_says_so(office: Office) -> None:
    """Chromium's own subscribing fails here, since it reaches no push service: the page says so.

    What it would make with one is given to the page in place of it; the rest of the way is real.
    """
    context = office.agent("edda")
    context.grant_permissions(["notifications"], origin=office.url)
    page = context.new_page()
    page.goto(CHOICES)
    page.wait_for_selector("#desk[data-ready=yes]")
    page.click("#device-add button")
    expect(page.locator("#device-refused")).to_be_visible()
    page.evaluate(SUBSCRIBED, KEYS)
    page.click("#device-add button")
    line = page.locator("#devices .held-back-row")
    expect(line).to_contain_text("Chrome")
    line.get_by_role("button").click()
    expect(page.locator("#devices")).to_contain_text("No device tells you anything yet.")
