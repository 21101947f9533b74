"""Reading a long conversation: from its end, part by part, without what is read moving."""

import re
from contextlib import suppress
from math import ceil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Locator, Route, expect

from heed.files.tests.samples import pdf
from tests.browser.desk import SECONDS, Office
from tests.browser.wire import within

pytestmark = pytest.mark.browser
PRESS_FOR_EARLIER = (
    "document.querySelector('#older a')?.click()"  # in one go: the link is replaced by what it brings
)


def test_a_long_history_comes_in_parts_and_what_is_read_stays(office: Office) -> None:
    number = office.conversation("A long story")
    ids = office.hands.do("long_history", number=number, count=70)
    page = office.page("amara", f"/inbox/all-open/{number}/")
    expect(page.locator(f"#m{ids[-1]}")).to_be_in_viewport()
    expect(page.locator(f"#m{ids[20]}")).to_have_count(0)
    entry = page.locator(f"#m{ids[45]}")
    entry.scroll_into_view_if_needed()
    before = entry.bounding_box()
    page.evaluate(PRESS_FOR_EARLIER)  # if scrolling has not done it
    expect(page.locator(f"#m{ids[20]}")).to_have_count(1)
    assert within(5, lambda: entry.bounding_box() == before), "what is read does not move"
    page.locator("#timeline").evaluate("one => { one.scrollTop = -one.scrollHeight; }")
    expect(page.locator(f"#m{ids[0]}")).to_have_count(1)
    shown = page.locator("#timeline .message").evaluate_all("all => all.map(one => one.id)")
    assert shown[-70:] == [f"m{one}" for one in ids], "each once and in order"
    newest = office.hands.do("long_history", number=number, count=1)[0]
    expect(page.locator(f"#m{newest}")).to_have_count(1)
    expect(page.locator(f"#m{ids[0]}")).to_have_count(1)
    shown = page.locator("#timeline .message").evaluate_all("all => all.map(one => one.id)")
    assert shown[-71:] == [f"m{one}" for one in [*ids, newest]]


def test_a_part_that_is_asked_for_while_something_new_comes_moves_nobody_elsewhere(office: Office) -> None:
    number = office.conversation("Asked for meanwhile")
    ids = office.hands.do("long_history", number=number, count=70)
    page = office.page("amara", f"/inbox/all-open/{number}/")
    held: list[Route] = []

    def hold_first(route: Route) -> None:
        if held:
            route.continue_()
        held.append(route)

    page.route("**/timeline/?before=*", hold_first)
    with page.expect_request("**/timeline/?before=*"):
        page.evaluate(PRESS_FOR_EARLIER)
    begins = page.locator("#older a").get_attribute("href")
    newest = office.hands.do("long_history", number=number, count=1)[0]
    expect(page.locator(f"#m{newest}")).to_have_count(1)
    older = page.locator("#older a")
    expect(older).not_to_have_attribute("href", str(begins))  # the part begins elsewhere now
    held[0].continue_()
    expect(page.locator(f"#m{ids[20]}")).to_have_count(1)
    shown = page.locator("#timeline .message").evaluate_all("all => all.map(one => one.id)")
    expected = [f"m{one}" for one in [*ids, newest]]
    assert shown == expected[-len(shown) :], "each once and in order, on the same page"
    assert len(shown) > 50


def test_without_scripts_parts_are_pages_and_old_messages_have_addresses(office: Office) -> None:
    number = office.conversation("A long story without scripts")
    ids = office.hands.do("long_history", number=number, count=70)
    page = office.page(
        "amara", f"/conversations/{number}/?message={ids[10]}#m{ids[10]}", java_script_enabled=False
    )
    expect(page.locator(f"#m{ids[10]}")).to_be_in_viewport()
    page.get_by_role("link", name="Show later entries").click()
    expect(page.locator(f"#m{ids[11]}")).to_have_count(1)
    expect(page.locator(f"#m{ids[10]}")).to_have_count(0)
    page.get_by_role("link", name="Show the newest entries").click()
    expect(page.locator(f"#m{ids[-1]}")).to_be_in_viewport()
    page.locator("#older a").click()
    expect(page.locator(f"#m{ids[30]}")).to_have_count(1)
    expect(page.locator(f"#m{ids[-1]}")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
def test_from_a_message_in_the_middle_one_reads_on_to_the_newest(office: Office, width: int) -> None:
    number = office.conversation(f"Read on {width}")
    ids = office.hands.do("long_history", number=number, count=100)
    address = f"/inbox/all-open/{number}/?message={ids[30]}#m{ids[30]}"
    page = office.page("amara", address, viewport={"width": width, "height": 900})
    entry = page.locator(f"#m{ids[30]}")
    expect(entry).to_be_in_viewport()
    newest = office.hands.do("long_history", number=number, count=1)[0]
    expect(page.locator("#live")).to_contain_text("Something new arrived")
    expect(entry).to_be_in_viewport()  # what is read stays, and the newest is no next entry of it
    expect(page.locator(f"#m{newest}")).to_have_count(0)
    page.get_by_role("link", name="Show later entries").evaluate("link => link.focus()")
    before = entry.bounding_box()
    page.keyboard.press("Enter")
    expect(page.locator(f"#m{ids[31]}")).to_have_count(1)
    assert entry.bounding_box() == before, "what is read does not move"
    while page.locator("#newer").count():  # and on, by scrolling
        shown = page.locator("#timeline .message").count()
        page.locator("#timeline").evaluate("one => { one.scrollTop = -2; }")
        page.locator("#timeline").dispatch_event("wheel", {"deltaY": 50, "bubbles": True})
        page.wait_for_function(
            """shown => !document.querySelector("#newer")
                || document.querySelectorAll("#timeline .message").length > shown""",
            arg=shown,
        )
    expect(page.locator(f"#m{newest}")).to_have_count(1)
    shown_ids = page.locator("#timeline .message").evaluate_all("all => all.map(one => one.id)")
    assert shown_ids[-70:] == [f"m{one}" for one in [*ids[31:], newest]], "each once and in order"
    again = office.hands.do("long_history", number=number, count=1)[0]
    expect(page.locator(f"#m{again}")).to_have_count(1)  # from here on it is the newest part, and fresh
    expect(page.locator(f"#m{ids[31]}")).to_have_count(1)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_conversation_is_printed_and_taken_away(office: Office, width: int) -> None:
    number = office.conversation(f"Paper {width}", text="The words on paper.\n\nمرحبا بكم 漢字")
    office.hands.do("long_history", number=number, count=2)
    page = office.page("edda", f"/inbox/all-open/{number}/details/", viewport={"width": width, "height": 900})
    page.get_by_role("link", name="Print, export…").click()
    expect(page.locator(".paper-text").first).to_contain_text("The words on paper.")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    expect(page.get_by_text("Entry 1")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    page.get_by_role("link", name="With internal notes").click()
    expect(page.get_by_text("Entry 1")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".paper-ways")).to_be_hidden()
    page.emulate_media(media="screen")
    with page.expect_download() as begun:
        page.get_by_role("link", name="Save the exact mails").click()
    assert begun.value.suggested_filename == f"conversation-{number}.zip"


def whole_pixels(picture: Locator) -> list[int]:
    """Where it stands; a picture that is there has its own height to the pixel, its place has a part of one."""
    box = picture.bounding_box()
    assert box is not None
    return [round(box["x"]), round(box["y"]), round(box["width"]), ceil(box["height"])]


@pytest.mark.parametrize("width", [1440, 390])
def test_a_pdf_is_looked_at_before_it_is_kept(office: Office, width: int) -> None:
    number = office.conversation(f"A leaflet {width}", attach=("leaflet.pdf", pdf("One", "Two", "Three")))
    page = office.page("amara", f"/inbox/all-open/{number}/", viewport={"width": width, "height": 900})
    turns = [503, 503]

    def busy(route: Route) -> None:  # as the desk answers while other files are drawn
        if turns:
            route.fulfill(status=turns.pop(), headers={"Retry-After": "1"})
        else:
            route.continue_()

    page.route("**/pages/0/", busy)
    page.get_by_role("link", name="leaflet.pdf").first.click()
    first = page.get_by_role("img", name="Page 1 of leaflet.pdf, as a picture")
    page.wait_for_load_state()  # before the style sheets are there, nobody sees anything
    box = whole_pixels(first)
    expect(first).to_have_js_property("naturalWidth", 1000)
    assert whole_pixels(first) == box, "nothing moves when it comes"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    page.get_by_role("link", name="Leave").click()
    page.wait_for_url(f"**/{number}/")
    with page.expect_download() as begun:
        page.get_by_role("link", name="Download leaflet.pdf").click()
    assert begun.value.suggested_filename == "leaflet.pdf"


def test_grey_lines_stand_where_a_slow_conversation_will(office: Office) -> None:
    office.conversation("Stands there already")
    number = office.conversation("Comes slowly")
    page = office.page("amara", "/inbox/unassigned/")
    page.locator("#rows .row").filter(has_text="Stands there already").click()
    expect(page.locator(".conv-title")).to_contain_text("Stands there already")
    slow: list[Route] = []
    page.route(re.compile(rf"/{number}/$"), lambda route: slow.append(route))
    row = page.locator(f"#row-{number} .row")
    row.click()

    expect(page.locator("#told")).to_have_text("Loading…")
    expect(page.locator("#conversation")).to_have_css("visibility", "hidden")  # it is another's
    assert (
        page.locator("#conversation").evaluate("e => getComputedStyle(e, '::after').visibility") == "visible"
    )
    assert page.locator("#conversation").evaluate("e => getComputedStyle(e).animationDelay") == "0.3s"
    assert row.evaluate("e => getComputedStyle(e).boxShadow") != "none"

    slow.pop().abort()
    expect(page.locator("#conversation")).to_have_css("visibility", "visible")
    expect(page.locator("#told")).to_be_empty()  # nothing is loading any more
    expect(page.locator(".conv-title")).to_contain_text("Stands there already")
    page.get_by_role("button", name="Try now").click()
    expect(page.locator("#conversation")).to_have_css("visibility", "hidden")
    expect(page.locator("#told")).to_have_text("Loading…")
    slow.pop().continue_()
    expect(page.locator(".conv-title")).to_contain_text("Comes slowly")
    expect(page.locator("#conversation")).to_have_css("visibility", "visible")
    expect(page.locator("#told")).to_be_empty()


def test_one_who_clicks_twice_or_goes_back_meanwhile_is_neither_told_of_loading_nor_thrown_forward(
    office: Office,
) -> None:
    first, second, third = (office.conversation(f"Opened {word}") for word in ("first", "second", "last"))
    page = office.page("amara", "/inbox/unassigned/")
    for number, words in ((first, "Opened first"), (second, "Opened second")):
        page.locator(f"#row-{number} .row").dblclick()
        expect(page.locator(".conv-title")).to_contain_text(words)
    page.wait_for_timeout(400)  # after 0.3 s it would be said that it loads
    expect(page.locator("#told")).to_be_empty()

    slow: list[Route] = []
    page.route(re.compile(rf"/{third}/$"), lambda route: slow.append(route))
    page.locator(f"#row-{third} .row").click()
    expect(page.locator("#told")).to_have_text("Loading…")
    page.go_back()
    expect(page.locator(".conv-title")).to_contain_text("Opened first")
    expect(page.locator("#conversation")).to_have_css("visibility", "visible", timeout=SECONDS)
    expect(page.locator("#told")).to_be_empty(timeout=SECONDS)
    with suppress(Error):  # nobody waits for it any more
        slow.pop().continue_()
    page.wait_for_timeout(500)
    expect(page.locator(".conv-title")).to_contain_text("Opened first")
    assert page.url.endswith(f"/{first}/")
