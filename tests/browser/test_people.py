"""Somebody leaves: an admin switches them off, and within a second their open page has nothing to show any more."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Office
from tests.browser.wire import wired, within

pytestmark = pytest.mark.browser
SECOND = 1_000  # milliseconds
GOES_BACK = re.compile(r"\d+ conversations? that (is|are) theirs goe?s? back")
TELLS_WHEN_IT_ENDS = """
window.streams = 0;
window.EventSource = class extends EventSource {
  constructor(...given) {
    super(...given);
    this.addEventListener("open", () => { window.streams = 1; });
    this.addEventListener("error", () => { window.streams = 0; });
  }
};
"""


def test_who_is_switched_off_sees_nothing_a_second_later_and_can_come_back(office: Office) -> None:
    number = office.conversation("Whose is this?", to="workshop@linden.example")
    office.hands.do("give", number=number, to="Bruno")
    admin = office.page("chen", "/settings/people/")
    with wired(office.desk.ports[0]) as wire:
        bruno = office.agent("bruno").new_page()
        bruno.add_init_script(TELLS_WHEN_IT_ENDS)
        bruno.goto(f"{wire.url}/inbox/my-turn/{number}/")
        bruno.wait_for_selector("#desk[data-ready=yes]")
        assert within(5, lambda: wire.streams == 1)
        bruno.wait_for_function("window.streams === 1")

        admin.get_by_role("link", name="Bruno").click()
        expect(admin.locator("#leaving")).to_contain_text(GOES_BACK)
        admin.get_by_role("button", name="Switch Bruno off").click()
        expect(admin.locator("[role=status].notice")).to_contain_text("Nothing is shown to them any more")
        bruno.wait_for_function("window.streams === 0", timeout=SECOND)
        answer = bruno.request.get(f"{wire.url}/inbox/my-turn/{number}/", max_redirects=0)
        assert (answer.status, "/accounts/login/" in answer.headers["location"]) == (302, True)
        bruno.goto(f"{wire.url}/inbox/my-turn/")
        expect(bruno.locator("input[autocomplete=username]")).to_be_visible()

    unassigned = office.page("chen", f"/inbox/unassigned/{number}/")
    expect(unassigned.locator(".entries")).to_contain_text("went back to the team")

    admin.get_by_role("button", name="Switch on again").click()
    admin.get_by_role("button", name="Make a link").click()
    address = admin.locator("#made-link").input_value()
    his = office.context().new_page()
    his.goto(address[address.index("/accounts/") :])
    for field in his.locator("input[autocomplete=new-password]").all():
        field.fill("walks by the canal")
    his.get_by_role("button", name="Set the password").click()
    expect(his.get_by_text("Your password is set")).to_be_visible()
    office.states.pop("bruno", None)  # the session from before is of no use
    back = office.page("bruno", "/inbox/my-turn/")
    expect(back.locator("#nav-me")).to_contain_text("Bruno")
