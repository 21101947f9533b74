"""The main journeys by keyboard alone, as Chromium's accessibility tree tells them. Writes docs/walkthrough.md.

    make walkthrough            write the file anew

Runs a desk of its own. tests/browser/test_walkthrough.py fails when the file and the desk differ.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect

from heed.testing.world import PASSWORD
from tests.browser.chromium import own_chromium, started_chromium
from tests.browser.desk import Office, opened_office
from tests.browser.telling import Teller
from tools.databases import ready_database

FILE = Path(__file__).resolve().parents[2] / "docs" / "walkthrough.md"
HEAD = """\
# The main journeys, as a screen reader may tell them

Written from Chromium's accessibility tree, **not from a screen reader**: nobody has listened to these pages with one.
Each step is a key, then the role, name and states of what has the focus, and what live regions say that they did
not say before. A screen reader would put it into its own words and its own order, and would read on by itself where
it says “Read on from there”. What changes with the clock stands as “(time)”.

`make walkthrough` writes this file; a test fails when the desk says something else.
"""
Journey = Callable[[Office, Teller], None]


def log_in(office: Office, told: Teller) -> None:
    """Log in"""
    told.opens("/")
    told.types("amara@desk.example")
    told.press("Tab")
    told.types(PASSWORD)
    told.press("Enter")


def read_list(office: Office, told: Teller) -> None:
    """Read the list"""
    told.press("Tab")
    told.press("Enter")
    told.tab_to("Unassigned", key="Shift+Tab")
    told.press("Enter")
    told.reads("#list")
    told.press("j")
    told.press("j")
    told.press("k")


def open_and_reply(office: Office, told: Teller) -> None:
    """Open a conversation, read it and reply"""
    told.press("Enter")
    told.reads("#timeline")
    told.press("r")
    told.types("Hello Dalia, the chain is on its way.")
    told.press("Control+Enter")
    expect(told.page.locator(".entries li.message.ours")).to_contain_text("on its way")


def note(office: Office, told: Teller) -> None:
    """Write a note that calls a colleague"""
    told.press("Escape")
    told.press("n")
    told.types("Can you look at this, @edd", awaits="#offers [role=option]:has-text('Edda')")
    told.press("Enter")
    told.press("Control+Enter")


def assign(office: Office, told: Teller) -> None:
    """Assign it"""
    told.press("Escape")
    told.press("a")
    told.types(" edda")
    told.press("Enter")
    expect(told.page.locator("#told")).to_contain_text("Edda")


def snooze(office: Office, told: Teller) -> None:
    """Snooze it"""
    told.press("s")
    told.types(" tomorrow")
    told.press("Enter")
    expect(told.page.locator("#told")).to_contain_text("snoozed")


def search(office: Office, told: Teller) -> None:
    """Search"""
    told.press("/")
    told.types("brake from:ines", awaits="#found-summary:has-text('1 conversation')")
    told.press("Enter")
    told.reads("#found")
    told.press("Escape")
    told.press("j")
    told.press("Enter")


def palette(office: Office, told: Teller) -> None:
    """Go anywhere with the palette"""
    told.press("Control+k")
    told.types("customers")
    told.press("Enter")


def customer(office: Office, told: Teller) -> None:
    """Look at a customer"""
    told.tab_to("Dalia Haddad")
    told.press("Enter")
    told.reads("#main")


def settings(office: Office, told: Teller) -> None:
    """Find a setting"""
    told.opens("/settings/")
    told.tab_to("Find a setting")
    told.types("business hours", awaits="#settings-found li")
    told.tab_to("Opening hours, Linden Bikes")
    told.press("Enter")


def first_hour(office: Office, told: Teller) -> None:
    """The first hour of a new desk"""
    told.opens("/settings/first-hour/")
    told.reads(".first-steps", at_most=12)
    told.tab_to("That’s right")
    told.press("Enter")
    told.tab_to("Where mail comes from")
    told.tab_to("Leave this out")
    told.press("Enter")


AGENT: tuple[Journey, ...] = (
    log_in,
    read_list,
    open_and_reply,
    note,
    assign,
    snooze,
    search,
    palette,
    customer,
)
ADMIN: tuple[Journey, ...] = (settings, first_hour)


def tell(office: Office) -> str:
    """Walk all journeys in a new desk; the text of the file."""
    office.hands.do("first_hour")
    office.hands.do("undo_seconds", agent="Amara", seconds=0)
    office.conversation("The chain slips", text="It slips when I climb.")
    office.conversation(
        "Brake pads", text="Which brake pads fit the Model 7?", sender=("Ines Ortega", "ines@example.org")
    )
    parts = [HEAD]
    for journeys, page in (
        (AGENT, office.context().new_page()),
        (ADMIN, office.agent("chen").new_page()),
    ):
        told = Teller(page)
        for journey in journeys:
            told.lines.clear()
            try:
                journey(office, told)
            except BaseException as error:
                error.add_note("told so far:\n" + "\n".join(told.lines))
                raise
            parts.append("\n".join([f"## {journey.__doc__}", "", *told.lines, ""]))
    office.tidy()
    return "\n".join(parts)


def told_by(browser: Browser, folder: Path) -> str:
    """What a new desk in this folder tells."""
    with ready_database(folder) as url, opened_office(browser, url, folder) as office:
        return tell(office)


def main() -> int:
    """Write the file."""
    with (
        tempfile.TemporaryDirectory(prefix="heed-walkthrough-") as folder,
        started_chromium(own_chromium()) as browser,
    ):
        FILE.write_text(told_by(browser, Path(folder)), encoding="utf-8")
    print(f"{FILE.relative_to(Path.cwd())} is written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
