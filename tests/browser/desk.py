"""A whole desk to look at in browsers: real processes, the company of heed.testing.world, mail by SMTP."""

import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from itertools import count
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from heed.kernel import clock
from heed.testing.world import PASSWORD
from tests.browser.hands import Hands
from tests.journeys.desk import Desk

HELP, WORKSHOP, HELLO = "help@linden.example", "workshop@linden.example", "hello@kestrel.example"
PATIENCE = 20_000  # milliseconds; a machine may be busy, and what must be quick says so itself
SELECTION_SETTLED = "new Promise((done) => setTimeout(done, 25))"
_numbers = count(1)


def _slowness() -> float:
    """How much longer than alone we need on a machine that others use, too: time that passes by time that we get."""
    passing, working = time.monotonic(), time.process_time()
    while time.process_time() - working < 0.1:
        pass
    return max(1.0, (time.monotonic() - passing) / 0.1)


SECONDS = (
    5_000 * _slowness()
)  # milliseconds within which others see what happened, long before a page looks again by itself


@dataclass
class Office:
    """The desk, and those who look at it. One for all tests; each begins conversations of its own."""

    desk: Desk
    hands: Hands
    browser: Browser
    states: dict[str, Any] = field(default_factory=dict)
    opened: list[BrowserContext] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.desk.ports[0]}"

    def context(self, **options: Any) -> BrowserContext:
        """A browser of nobody. What scripts or the content policy complain of is kept in `wrong`."""
        context = self.browser.new_context(
            base_url=options.pop("base_url", self.url),
            viewport=options.pop("viewport", {"width": 1440, "height": 900}),
            **options,
        )
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        context.on("console", self._hear)
        self.opened.append(context)
        return context

    def _hear(self, said: Any) -> None:
        if "Content Security Policy" in said.text or "Content-Security-Policy" in said.text:
            self.wrong.append(f"policy: {said.text}")

    def agent(self, name: str, **options: Any) -> BrowserContext:
        """A browser in which an agent is logged in."""
        if name not in self.states:
            context = self.context()
            page = context.new_page()
            page.goto("/")
            log_in(page, name)
            self.states[name] = context.storage_state()
            context.close()
        return self.context(storage_state=self.states[name], **options)

    def page(self, name: str, path: str, **options: Any) -> Page:
        """A page that an agent has open in a browser of its own, live."""
        page = self.agent(name, **options).new_page()
        page.goto(path)
        if options.get("java_script_enabled", True):
            page.wait_for_selector("#desk[data-ready=yes]")
        return page

    def mail(
        self,
        subject: str,
        *,
        to: str = HELP,
        text: str = "It slips when I climb.",
        html: str = "",
        sender: tuple[str, str] = ("Dalia Haddad", "dalia@example.org"),
        answers: str = "",
        attach: tuple[str, bytes] | None = None,
    ) -> None:
        """A customer writes by SMTP; accepted when this returns."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = formataddr(sender)
        mail["To"] = to
        mail["Subject"] = subject
        mail["Date"] = format_datetime(clock.now())
        mail["Message-ID"] = f"<{next(_numbers)}@mail.example.org>"
        if answers:
            mail["In-Reply-To"] = mail["References"] = f"<{answers}>"
        mail.set_content(text)
        if html:
            mail.add_alternative(html, subtype="html")
        if attach:
            mail.add_attachment(attach[1], maintype="application", subtype="pdf", filename=attach[0])
        with smtplib.SMTP("127.0.0.1", self.desk.ports[1], timeout=10) as door:
            door.send_message(mail, sender[1], [to])

    def conversation(self, subject: str, **mail: Any) -> int:
        """The number of a conversation that a customer's mail has begun."""
        self.mail(subject, **mail)
        number: int = self.hands.do("conversation", subject=subject)
        return number

    def answer(self, number: int, text: str, *, to: str = HELP) -> None:
        """The customer answers in a conversation that exists."""
        known = self.hands.do("message_ids", number=number)
        self.mail("Re: it", to=to, text=text, answers=known[-1])

    def tidy(self) -> None:
        """Close every browser that a test opened."""
        while self.opened:
            self.opened.pop().close()


@contextmanager
def opened_office(browser: Browser, database_url: str, folder: Path) -> Iterator[Office]:
    """A desk that runs in a migrated database, with its company in it; its files lie in the folder."""
    home = folder / "home"
    home.mkdir()
    desk = Desk(home, database_url, sink_url="")
    hands = Hands(desk.environment)
    try:
        hands.do("company")
        with desk.serving():
            yield Office(desk, hands, browser)
    finally:
        hands.rest()


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Fill in the log-in form and send it."""
    page.fill("input[autocomplete=username]", f"{name}@desk.example")
    page.fill("input[autocomplete=current-password]", password)
    page.click("button[type=submit]")


def editor(page: Page, kind: str = "reply") -> Locator:
    """The open conversation's form, unfolded with the editor of a reply or a note in it, which has the focus."""
    page.locator("#composer .writing:visible").click()  # the form unfolds when it is used
    page.locator("#composer label", has=page.locator(f"input[name=kind][value={kind}]")).click()
    page.locator("#composer .writing:visible").focus()
    found = page.locator(f"#composer .rich.for-{kind} [contenteditable]")
    found.focus()
    expect(found).to_be_focused()
    page.evaluate(
        SELECTION_SETTLED
    )  # 20 ms after the focus came the editor's library puts its selection there
    return found


def write(page: Page, text: str, kind: str = "reply") -> None:
    """Write into the open conversation's form, as a reply or a note."""
    editor(page, kind).fill(text)


def has_focus_in(page: Page, selector: str) -> None:
    """Wait until the focus is on this element or in it: it goes there once an answer stands on the page."""
    page.wait_for_function(
        "(css) => document.querySelector(css)?.contains(document.activeElement)", arg=selector
    )


def is_inert(page: Page, selector: str, expected: bool) -> None:
    """Wait until nothing in this element can be used, or all of it can."""
    page.wait_for_function(
        "([css, is]) => document.querySelector(css).inert === is", arg=[selector, expected]
    )


def send(page: Page) -> None:
    """Press the button that sends."""
    page.locator("#composer [data-send]:visible").first.click()
