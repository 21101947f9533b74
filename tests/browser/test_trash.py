"""Deleting, taking it back, waking and blocking in a real browser: in place, by keys, and seen by others at once."""

import re

import pytest
from playwright.sync_api import APIResponse, Page, Response, Route, expect

from tests.browser.desk import Office

pytestmark = pytest.mark.browser


def opened(office: Office, name: str, number: int) -> Page:
    """A conversation beside all open ones."""
    page = office.page(name, f"/inbox/all-open/{number}/")
    expect(page.locator(f"#row-{number}")).to_be_visible()
    return page


def test_what_is_deleted_leaves_everybodys_list_and_comes_back_from_its_own_notice(office: Office) -> None:
    number = office.conversation("A saddle to delete")
    other = opened(office, "edda", office.conversation("Another matter"))
    expect(other.locator(f"#row-{number}")).to_be_visible()
    page = opened(office, "amara", number)
    page.locator("#conversation").focus()
    page.keyboard.press("#")
    notice = page.locator("#read-only")
    expect(notice).to_contain_text("This conversation is in the trash. You deleted it.")
    expect(page.locator(f"#row-{number}")).to_have_count(0)
    expect(other.locator(f"#row-{number}")).to_have_count(0)
    expect(page.locator("#composer")).to_have_count(0)
    expect(notice.get_by_role("button", name="Restore")).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator("#composer")).to_be_visible()
    expect(page.locator(f"#row-{number}")).to_be_visible()
    expect(other.locator(f"#row-{number}")).to_be_visible()


def test_an_admin_restores_and_removes_from_the_trash(office: Office) -> None:
    kept, gone = office.conversation("A bell to keep"), office.conversation("A bell to lose")
    for number in (kept, gone):
        page = opened(office, "chen", number)
        page.locator("[data-trash]").click()
        expect(page.locator("#read-only")).to_contain_text("in the trash")
        page.close()
    page = office.page("chen", "/trash/")
    page.get_by_label(re.compile("customer|Dalia|dalia")).first.wait_for()
    page.locator(f"#deleted-{kept}").check()
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("#trash-done")).to_contain_text("1 conversation is back in its list.")
    expect(page.locator("#trash-rows")).not_to_contain_text("A bell to keep")
    page.locator(f"#deleted-{gone}").check()
    page.locator("#trash-purge summary").click()
    page.get_by_role("button", name="Remove them for good").click()
    expect(page.locator("#trash-done")).to_contain_text("being removed for good")
    expect(page.locator("#trash")).not_to_contain_text("A bell to lose")
    page.wait_for_function(
        "number => fetch(`/conversations/${number}/`).then((found) => found.status === 404)", arg=gone
    )


def test_spam_and_block_is_undone_with_one_press(office: Office) -> None:
    number = office.conversation("Cheap watches")
    page = opened(office, "amara", number)
    page.locator("#spam summary").click()
    page.locator("#spam button[value=address]").click()
    notice = page.locator("#read-only")
    expect(notice).to_contain_text("in the quarantine")
    notice.get_by_role("button", name=re.compile("Not spam, and unblock")).click()
    expect(page.locator("#composer")).to_be_visible()
    page.locator("#spam summary").click()
    page.locator("#spam button[value='']").click()
    expect(notice.get_by_role("button", name=re.compile("unblock"))).to_have_count(0)
    notice.get_by_role("button", name="Not spam").click()
    expect(page.locator("#composer")).to_be_visible()


COMPOSER_WAS_BACK = """() => { window.wasBack = false;
  new MutationObserver(() => { window.wasBack ||= Boolean(document.getElementById("composer")); })
    .observe(document.body, { childList: true, subtree: true }); }"""


def test_what_was_asked_for_before_a_deed_does_not_undo_it_on_the_screen(office: Office) -> None:
    number = office.conversation("Cheap bells")
    page = opened(office, "amara", number)
    held: list[tuple[Route, APIResponse]] = []
    page.route(
        f"**/inbox/all-open/{number}/",
        lambda route: held.append((route, route.fetch())),
        times=1,
    )
    office.hands.do("give", number=number, to="Edda")  # the page looks again
    while not held:
        page.wait_for_timeout(10)
    page.locator("#spam summary").click()
    page.locator("#spam button[value='']").click()
    expect(page.locator("#read-only")).to_contain_text("in the quarantine")
    page.evaluate(COMPOSER_WAS_BACK)
    route, answer = held[0]
    looked: list[Response] = []
    page.on("response", lambda one: looked.append(one) if one.url == answer.url else None)
    route.fulfill(response=answer)
    while len(looked) < 2:  # it is asked for again
        page.wait_for_timeout(10)
    expect(page.locator("#read-only")).to_contain_text("in the quarantine")
    assert not page.evaluate("window.wasBack")


def test_a_snooze_is_chosen_in_words_and_ended_by_hand(office: Office) -> None:
    number = office.conversation("Not before Monday")
    page = opened(office, "amara", number)
    page.locator("#snooze summary").click()
    page.locator("#snooze").get_by_role("button", name=re.compile("Tomorrow")).click()
    expect(page.locator("#conv-head")).to_contain_text("Snoozed until tomorrow 09:00")
    expect(page.locator(f"#row-{number}")).to_contain_text("Snoozed until")
    page.get_by_role("button", name="Wake now").click()
    expect(page.locator("#conv-head")).not_to_contain_text("Snoozed until")
