"""Views that people make and many conversations at once, in a real browser: by keyboard alone, by the mouse, live."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk import Office

pytestmark = pytest.mark.browser


def make_view(page: Page, name: str, words: str) -> None:
    """The form of a new view, with keys alone: a name, words, saved with Enter."""
    page.goto("/views/new/?q=is:open")
    page.wait_for_selector("#desk[data-ready=yes]")
    page.locator("#view-form [name=name]").focus()
    page.keyboard.type(name)
    page.locator("#view-form [name=words]").focus()
    page.keyboard.type(words)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what is looked for has the focus."""
    for _ in range(60):
        if page.evaluate("(css) => document.activeElement.matches(css)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {selector} by keys")


def check(page: Page) -> None:
    """Axe finds nothing serious, in either scheme."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        serious = [one for one in found if one["impact"] in ("serious", "critical")]
        assert [f"{one['id']}: {one['nodes'][0]['html']}" for one in serious] == []


def picked(page: Page) -> list[str]:
    """The numbers that are picked."""
    return [
        str(one) for one in page.eval_on_selector_all(".pick :checked", "all => all.map((one) => one.value)")
    ]


def test_a_view_is_made_shared_and_deleted_by_keys_alone(office: Office) -> None:
    number = office.conversation("A wombat", text="The wombat is late.")
    page = office.page("amara", "/inbox/my-turn/")
    page.locator("#nav-new-view").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/views/new/")
    page.wait_for_selector("#desk[data-ready=yes]")
    expect(page.locator("#view-form [name=name]")).to_be_focused()
    page.keyboard.type("Wombats, late")
    tab_to(page, "#add-condition")
    page.keyboard.type("Assignee")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#condition-0 [name=value-0]")).to_be_focused()
    page.keyboard.type("nobody")
    tab_to(page, "[name=words]")
    page.keyboard.type("wombat")
    expect(page.locator("#view-preview h3")).to_have_text("1 conversation now")
    expect(page.locator("#view-preview")).to_contain_text("A wombat")
    tab_to(page, "#view-form select[name=team]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#view-form .actions .primary")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/inbox/view-[0-9]+/$"))
    expect(page.locator(f"#row-{number}")).to_be_visible()
    expect(page.locator(".list-head")).to_contain_text("shared with Payments")
    theirs = office.page("edda", "/inbox/my-turn/").locator("#nav-made")
    expect(theirs).to_contain_text("Wombats, late")

    page.wait_for_selector("#desk[data-ready=yes]")
    page.locator("#list-options summary").focus()
    page.keyboard.press("Enter")
    tab_to(page, "[data-edit-view]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/")
    page.wait_for_selector("#desk[data-ready=yes]")
    tab_to(page, "[formaction]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/my-turn/?deleted=*")
    page.wait_for_selector("#desk[data-ready=yes]")
    expect(page.locator("#nav-made")).not_to_contain_text("Wombats, late")
    page.keyboard.press("z")
    page.wait_for_url(re.compile("/inbox/view-[0-9]+/$"))
    expect(page.locator("#nav-made")).to_contain_text("Wombats, late")


def test_many_are_changed_and_put_back_by_keys_alone(office: Office) -> None:
    numbers = [office.conversation(f"Ocelot {place}", text="The ocelot sleeps.") for place in range(4)]
    page = office.page("chen", "/inbox/my-turn/")
    make_view(page, "Ocelots", "ocelot")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/view-*/")
    page.wait_for_selector("#desk[data-ready=yes]")
    expect(page.locator("#rows > li")).to_have_count(4)
    keys = page.keyboard
    keys.press("j")
    keys.press("x")
    assert len(picked(page)) == 1
    keys.press("j")
    keys.press("j")
    keys.press("Shift+X")
    assert len(picked(page)) == 3
    expect(page.locator("#bulk-count")).to_have_text("3 selected")
    keys.press("*")
    assert len(picked(page)) == 4
    keys.press("x")
    chosen = picked(page)
    assert len(chosen) == 3
    page.wait_for_selector("#bulk-choices details")
    keys.press("b")
    expect(page.locator("#bulk-choices button").first).to_be_focused()
    tab_to(page, "#bulk-choices [value='status:solved']")
    keys.press("Enter")
    expect(page.locator("#bulk-said")).to_contain_text("3 conversations: Solved.")
    expect(page.locator("#rows > li")).to_have_count(1)
    assert sorted(office.hands.do("status", number=number) for number in numbers) == ["open", *["solved"] * 3]
    office.hands.do("bring", number=int(chosen[0]), status="open")
    keys.press("z")
    expect(page.locator("#bulk-said")).to_contain_text("2 conversations are as before.")
    expect(page.locator("#bulk-said")).to_contain_text(f"#{chosen[0]}")
    expect(page.locator("#bulk-said")).to_contain_text("changed since")
    expect(page.locator("#rows > li")).to_have_count(4)
    assert {office.hands.do("status", number=number) for number in numbers} == {"open"}


def test_picked_rows_stay_picked_while_mail_arrives(office: Office) -> None:
    number = office.conversation("Quokka first", text="A quokka here.")
    page = office.page("amara", "/inbox/unassigned/")
    page.locator(f"#row-{number} .pick").click()
    assert picked(page) == [str(number)]
    office.answer(number, "And one more thing about it.")
    other = office.conversation("Quokka second", text="Another quokka.")
    expect(page.locator(f"#row-{other}")).to_be_visible()
    assert picked(page) == [str(number)]
    page.keyboard.press("Escape")
    assert picked(page) == []
    expect(page.locator("#bulk")).not_to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_many_are_changed_without_scripts(office: Office, width: int) -> None:
    numbers = [office.conversation(f"Numbat {width} {place}", text=f"numbat{width}") for place in range(2)]
    states = office.agent("edda").storage_state()
    page = office.context(
        java_script_enabled=False, storage_state=states, viewport={"width": width, "height": 900}
    ).new_page()
    page.goto("/views/new/?q=is:open")
    page.fill("#view-form [name=name]", "Numbats")
    page.fill("#view-form [name=words]", f"numbat{width}")
    page.click("#view-form .actions .primary")
    page.wait_for_url("**/inbox/view-*/")
    for number in numbers:
        page.check(f"#row-{number} .pick input", force=True)
    page.click("#bulk-choices button")
    page.click("#bulk-choices [value='status:solved']")
    expect(page.locator("#bulk-said")).to_contain_text("2 conversations: Solved.")
    page.click("[data-undo]")
    expect(page.locator("#bulk-said")).to_contain_text("2 conversations are as before.")
    assert {office.hands.do("status", number=number) for number in numbers} == {"open"}


@pytest.mark.parametrize("width", [1440, 390])
def test_a_view_and_what_is_picked_have_no_faults_for_axe(office: Office, width: int) -> None:
    number = office.conversation(f"Axed {width}", text=f"axed{width}")
    size = {"width": width, "height": 900}
    page = office.page(
        "edda", "/inbox/my-turn/", viewport=size, reduced_motion="reduce"
    )  # no colour half way
    make_view(page, "طويل " * 12, f"axed{width}")
    expect(page.locator("#view-preview h3")).to_have_text("1 conversation now")
    check(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/view-*/")
    page.wait_for_selector("#desk[data-ready=yes]")
    page.locator(f"#row-{number} .pick").click()
    page.wait_for_selector("#bulk-choices details")
    page.locator("#bulk-choices summary").last.click()
    check(page)
    page.get_by_role("button", name="Priority: Urgent").click()
    expect(page.locator("#bulk-said")).to_contain_text("1 conversation has this priority now: Urgent.")
    check(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
