"""A mailbox is connected in a real browser, with a real Dovecot and a real Exim: from its address to the first mail."""

import smtplib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from heed.kernel import clock
from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot, dovecot
from heed.mailboxes.tests.exim import exim
from heed.mailboxes.tests.post_office import letter
from heed.testing.dns import name_server
from heed.testing.greeters import Authority
from tests.browser.desk import HELP, Office
from tests.browser.hands import Hands
from tests.journeys.desk import Desk

pytestmark = pytest.mark.browser

PATIENCE = 60_000  # milliseconds that a mail may take, there and back, on a busy machine
POLLS = 5_000


@dataclass
class PostOffice:
    """Where mail of linden.example is: its servers, and the desk that knows nothing of them yet."""

    office: Office
    post: Dovecot
    smtp: int


@pytest.fixture
def linden(browser: Browser, heed_home: Path, database_url: str, tmp_path: Path) -> Iterator[PostOffice]:
    """The domain says in DNS where its servers are; both show certificates that this desk trusts."""
    authority = Authority(tmp_path)
    shown = authority.certify("localhost")
    with ExitStack() as stack:
        names = stack.enter_context(name_server())
        post = stack.enter_context(dovecot(tls=(shown, shown)))
        smtp = stack.enter_context(exim(post, tls=(shown, shown)))
        names.add("_imap._tcp.linden.example", "SRV", f"0 1 {post.imap} localhost.")
        names.add("_submission._tcp.linden.example", "SRV", f"0 1 {smtp} localhost.")
        settings = {
            "HEED_DNS_SERVER": names.address,
            "SSL_CERT_FILE": str(authority.path),
            "HEED_MAILBOX_POLL_SECONDS": "5",
        }
        desk = Desk(heed_home, database_url, "", more=settings)
        hands = Hands(desk.environment)
        stack.callback(hands.rest)
        hands.do("company")
        stack.enter_context(desk.serving())
        office = Office(desk, hands, browser)
        yield PostOffice(office, post, smtp)
        office.tidy()
        assert office.wrong == []


def find(page: Page) -> None:
    """Type the address that customers write to."""
    page.fill("input[name=address]", HELP)
    page.get_by_role("button", name="Look for its servers").click()
    page.wait_for_selector("#mailbox-form")


def test_from_an_address_to_the_first_conversation(linden: PostOffice) -> None:
    office, post = linden.office, linden.post
    before = clock.now() - timedelta(days=3)
    post.put(letter(1, Subject="Long answered"), at=before)
    page = office.page("chen", "/settings/mailboxes/add/")

    find(page)
    expect(page.locator("#mailbox-form .notice").first).to_contain_text(
        "The domain itself says where its servers are."
    )
    assert page.input_value("input[name=host]") == "localhost"
    assert page.input_value("input[name=port]") == str(post.imap)
    assert page.input_value("input[name=send_port]") == str(linden.smtp)
    assert page.input_value("input[name=user_name]") == HELP

    for field in ("user_name", "send_user"):
        page.fill(f"input[name={field}]", "help")
    page.fill("input[name=password]", "the owl at midnight")
    page.get_by_role("button", name="Test both").click()
    receiving, sending = page.locator("#trial-receiving"), page.locator("#trial-sending")
    expect(receiving).to_contain_text("it refuses the password of help")
    expect(sending).to_contain_text("it refuses the password of help")

    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Test both").click()
    expect(receiving).to_contain_text("Works: the desk can read this mailbox.")
    expect(sending).to_contain_text("Works: the server would take our mail.")

    today = clock.now().date().isoformat()
    page.fill("input[name=work_from_on]", today)
    page.get_by_role("button", name="Connect").click()
    page.wait_for_url("**/settings/mailboxes/*/?saved=1")
    expect(page.locator("#mailbox")).to_contain_text("Saved. The mailbox is looked into now.")

    page.get_by_role("button", name="Send a test mail").click()
    state = page.locator("#round-trip-state")
    expect(state).to_contain_text("It arrived after", timeout=PATIENCE)
    expect(state).to_contain_text("Mail leaves and comes in.")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(POLLS)
    assert [url for url in asked if "round-trips" in url] == []
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []

    with smtplib.SMTP("127.0.0.1", linden.smtp, timeout=20) as line:
        raw = letter(2, Subject="The bell is missing", Return_Path="")
        line.sendmail("dalia@example.org", [HELP], raw)
    number = office.hands.do("conversation", subject="The bell is missing")
    old = office.hands.do("conversation", subject="Long answered")
    page.goto("/inbox/all-open/")
    expect(page.locator(f"#row-{number}")).to_contain_text("The bell is missing")
    expect(page.locator(f"#row-{old}")).to_have_count(0)
    assert page.get_by_text("Test mail of your support desk").count() == 0
    assert office.desk.tells("check")["findings"] == []


def test_without_scripts_it_is_connected_and_tested_all_the_same(linden: PostOffice) -> None:
    page = linden.office.page("chen", "/settings/mailboxes/add/", java_script_enabled=False)
    find(page)
    for field in ("user_name", "send_user"):
        page.fill(f"input[name={field}]", "help")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Connect").click()
    page.wait_for_url("**/settings/mailboxes/*/?saved=1")
    page.get_by_role("button", name="Send a test mail").click()
    page.wait_for_url("**/settings/mail-health/round-trips/*/")
    state = page.locator("#round-trip-state")
    for _ in range(60):
        if "It arrived after" in state.inner_text():
            break
        page.wait_for_timeout(1_000)
        page.get_by_role("link", name="Look again").click()
    expect(state).to_contain_text("It arrived after")
