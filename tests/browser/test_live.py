"""Two people at one desk: what one does, and what customers write, the other sees without asking."""

import json
import os
import signal
import threading
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import SECONDS, WORKSHOP, Office, send, write
from tests.browser.wire import STREAM, Wire, wired, within

pytestmark = pytest.mark.browser


@pytest.fixture
def wire(office: Office) -> Iterator[Wire]:
    with wired(office.desk.ports[0]) as line:
        yield line
        office.tidy()


def entry(page: Page, words: str) -> Locator:
    """The message with these words in the open conversation."""
    return page.locator(".entries > li.message").filter(has_text=words)


def waiting_unassigned(page: Page) -> int:
    """The count beside Unassigned."""
    number = page.locator("#nav-inboxunassigned .number")
    return int(number.inner_text().split()[0]) if number.count() else 0


@pytest.mark.smoke
def test_what_a_colleague_does_is_seen_without_asking(office: Office) -> None:
    number = office.conversation("Seen at once")
    amara = office.page("amara", f"/inbox/unassigned/{number}/")
    edda = office.page("edda", f"/inbox/unassigned/{number}/")

    write(edda, "For us: it is the derailleur.", kind="note")
    send(edda)
    expect(entry(amara, "it is the derailleur")).to_be_visible(timeout=SECONDS)

    write(edda, "We will look at it.")
    send(edda)
    expect(entry(amara, "We will look at it.")).to_be_visible(timeout=SECONDS)
    expect(amara.locator(".conv-meta")).to_contain_text("Waiting", timeout=SECONDS)
    expect(amara.locator(f"#rows #row-{number}")).to_have_count(0, timeout=SECONDS)

    edda.locator("#panel select[name=assignee]").select_option(label="Amara")
    expect(amara.locator("#panel select[name=assignee] option:checked")).to_contain_text(
        "Amara", timeout=SECONDS
    )
    edda.locator("[data-solve]").click()
    expect(amara.locator(".conv-meta")).to_contain_text("Solved", timeout=SECONDS)


def test_what_one_has_unfolded_or_begun_to_write_stays_when_a_colleague_changes_the_same_part(
    office: Office,
) -> None:
    number = office.conversation("Two at once in the panel")
    amara = office.page("amara", f"/inbox/unassigned/{number}/")
    amara.locator("#panel-fields summary", has_text="Add tag").click()
    amara.locator("#tag-add").fill("gear")
    amara.locator("#spam summary").click()
    menu = amara.get_by_role("button", name="Mark as spam", exact=True)
    expect(menu).to_be_visible()

    office.hands.do("give", number=number, to="Edda")
    expect(amara.locator("#panel select[name=assignee] option:checked")).to_have_text("Edda")
    expect(amara.locator("#tag-add")).to_have_value("gear")
    expect(menu).to_be_visible()
    amara.locator("#tag-add").press("Enter")
    expect(amara.locator("#panel-fields .tag")).to_contain_text("gear")
    expect(amara.locator("#tag-add")).to_be_hidden()  # it has done what it was unfolded for


@pytest.mark.smoke
def test_a_mail_by_smtp_stands_in_list_counts_and_conversation(office: Office) -> None:
    number = office.conversation("Rings twice")
    office.hands.do("give", number=number, to="Amara")
    amara = office.page("amara", f"/inbox/my-turn/{number}/")
    before = waiting_unassigned(amara)
    asked: list[str] = []
    amara.on("request", lambda request: asked.append(urlsplit(request.url).path))
    office.answer(number, "It rings again, at night.")
    expect(entry(amara, "It rings again, at night.")).to_be_visible(timeout=SECONDS)

    office.mail("A bell without a sound")
    expect(amara.locator("#nav-inboxunassigned .number")).to_contain_text(str(before + 1), timeout=SECONDS)
    assert "/inbox/my-turn/" in asked
    assert "/menu/" not in asked, "the list brought the counts along"
    search = office.page("amara", "/search/")
    office.mail("A bell of glass")
    expect(search.locator("#nav-inboxunassigned .number")).to_contain_text(str(before + 2), timeout=SECONDS)
    amara.click("#nav-inboxunassigned")
    expect(amara.locator("#rows")).to_contain_text("A bell without a sound")
    office.mail("A bell with a crack")
    expect(amara.locator("#rows")).to_contain_text("A bell with a crack", timeout=SECONDS)


class Listener:
    """Reads an agent's event stream as a program would."""

    def __init__(self, office: Office, name: str) -> None:
        cookies = office.agent(name).cookies()
        header = "; ".join(f"{one['name']}={one['value']}" for one in cookies)
        request = urllib.request.Request(f"{office.url}/events", headers={"Cookie": header})
        self.heard: list[int | None] = []
        self._stream = urllib.request.urlopen(request, timeout=60)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._stream:
            if line.startswith(b"data: ") and b'"kind"' in line:
                self.heard.append(json.loads(line[6:])["conversation"])


def test_what_one_may_not_see_does_not_arrive(office: Office) -> None:
    theirs = office.conversation("The secret of the workshop", to=WORKSHOP)
    listener = Listener(office, "amara")
    amara = office.page("amara", "/inbox/all-open/")
    bruno = office.page("bruno", f"/inbox/unassigned/{theirs}/")

    write(bruno, "Nobody else reads this.")
    send(bruno)
    expect(entry(bruno, "Nobody else reads this.")).to_be_visible()
    office.answer(theirs, "Thank you, workshop.", to=WORKSHOP)
    expect(entry(bruno, "Thank you, workshop.")).to_be_visible(timeout=SECONDS)
    ours = office.conversation("For payments too")
    expect(amara.locator(f"#row-{ours}")).to_be_visible(timeout=SECONDS)

    assert within(10, lambda: ours in listener.heard)
    assert theirs not in listener.heard
    assert "workshop" not in amara.inner_text("#list")
    for path in (f"/inbox/unassigned/{theirs}/", f"/inbox/unassigned/{theirs}/timeline/"):
        assert amara.request.get(path).status == 404


def test_ten_tabs_share_one_stream(office: Office, wire: Wire) -> None:
    number = office.conversation("In ten tabs")
    context = office.agent("amara")
    tabs = [context.new_page() for _ in range(10)]
    for tab in tabs:
        tab.goto(f"{wire.url}/inbox/unassigned/{number}/")
    for tab in tabs:
        tab.wait_for_selector("#desk[data-ready=yes]")
    assert within(10, lambda: wire.streams == 1)

    office.answer(number, "Now in all of them.")
    for tab in tabs:
        expect(entry(tab, "Now in all of them.")).to_be_visible(timeout=2 * SECONDS)
    assert wire.streams == 1

    tabs[0].close()
    assert within(10, lambda: wire.streams == 1)
    office.answer(number, "And after the first was closed.")
    expect(entry(tabs[-1], "And after the first was closed.")).to_be_visible(timeout=2 * SECONDS)


def test_after_a_lost_line_nothing_is_missing(office: Office, wire: Wire) -> None:
    number = office.conversation("Cut off")
    page = office.agent("amara").new_page()
    page.goto(f"{wire.url}/inbox/unassigned/{number}/")
    page.wait_for_selector("#desk[data-ready=yes]")
    assert within(10, lambda: wire.streams == 1)
    wire.cut()
    expect(page.locator("#live")).to_contain_text("No connection since", timeout=8_000)

    office.answer(number, "While you were away.")
    other = office.conversation("Also while you were away")
    wire.mend()
    expect(entry(page, "While you were away.")).to_be_visible(timeout=15_000)
    expect(page.locator(f"#row-{other}")).to_be_visible()
    expect(page.locator("#live")).to_contain_text("Connected again")


def test_where_only_the_stream_is_kept_out_one_works_on_and_news_come_by_looking(
    office: Office, wire: Wire
) -> None:
    number = office.conversation("A proxy in between")
    wire.loses = STREAM
    page = office.agent("amara").new_page()
    page.goto(f"{wire.url}/inbox/unassigned/{number}/")
    page.wait_for_selector("#desk[data-ready=yes]")
    expect(page.locator("#live")).to_contain_text(
        "Live updates don’t get through. The page looks for news every 15 seconds instead."
    )

    write(page, "Sent all the same.")
    send(page)
    expect(entry(page, "Sent all the same.")).to_be_visible()
    office.answer(number, "Found by looking.")
    expect(entry(page, "Found by looking.")).to_be_visible(timeout=30_000)

    write(page, "Begun before the line went dead.")
    wire.cut()
    page.get_by_role("button", name="Try now").click()
    expect(page.locator("#live")).to_contain_text("No connection since", timeout=30_000)
    expect(page.locator("#composer [data-send]:visible")).to_be_disabled()
    wire.loses = b""
    wire.mend()
    expect(page.locator("#live")).to_contain_text("Connected again", timeout=45_000)
    expect(page.locator("#composer [data-send]:visible")).to_be_enabled()


def test_killed_doors_come_back_and_nothing_is_missing(office: Office) -> None:
    number = office.conversation("Killed")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    pid = dict(office.desk.children())["doors"]
    os.kill(pid, signal.SIGKILL)
    office.answer(number, "In the gap.")
    expect(entry(page, "In the gap.")).to_be_visible(timeout=20_000)

    office.desk.await_all_roles()
    assert dict(office.desk.children())["doors"] != pid


def test_an_offline_browser_catches_up(office: Office) -> None:
    number = office.conversation("Under a bridge")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    page.context.set_offline(True)
    office.answer(number, "Written meanwhile.")
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    expect(entry(page, "Written meanwhile.")).to_be_visible(timeout=10_000)
