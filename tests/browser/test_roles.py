"""Two browsers: a role is made and holds at once; what is restricted vanishes from a colleague's screen."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Office

pytestmark = pytest.mark.browser
SECONDS = 5_000  # milliseconds


def test_what_is_restricted_vanishes_from_the_list_and_screen_of_a_colleague(office: Office) -> None:
    number = office.conversation("About somebody's health")
    amara = office.page("amara", f"/inbox/unassigned/{number}/")
    expect(amara.locator(f"#row-{number}")).to_be_visible()
    expect(amara.locator("#conversation")).to_contain_text("About somebody's health")

    edda = office.page("edda", f"/inbox/unassigned/{number}/")
    edda.goto(edda.url.replace(f"/{number}/", f"/{number}/restrict/"))
    expect(edda.get_by_role("heading", name="Who sees this conversation")).to_be_visible()
    edda.get_by_role("checkbox", name="Chen").check()
    edda.get_by_role("button", name="Show it to these alone").click()
    edda.wait_for_url(f"**/inbox/unassigned/{number}/")
    expect(edda.locator("#panel-restricted")).to_contain_text("Restricted to some people")

    expect(amara.locator(f"#row-{number}")).to_have_count(0, timeout=SECONDS)
    expect(amara.locator("#conversation")).not_to_contain_text("About somebody's health", timeout=SECONDS)
    assert amara.request.get(f"/inbox/unassigned/{number}/").status == 404
    assert amara.request.get(f"/conversations/{number}/").status == 404

    edda.goto(edda.url + "restrict/")
    edda.get_by_role("button", name="Show it to the whole team again").click()
    edda.wait_for_url(f"**/inbox/unassigned/{number}/")
    expect(amara.locator(f"#row-{number}")).to_be_visible(timeout=SECONDS)


def test_a_role_is_made_given_and_taken_in_hand_at_once(office: Office) -> None:
    theirs = office.conversation("For the workshop", to="workshop@linden.example")
    bruno = office.page("bruno", "/inbox/unassigned/")
    expect(bruno.locator(f"#row-{theirs}")).to_be_visible()

    chen = office.page("chen", "/settings/roles/")
    chen.get_by_role("link", name="Viewer").click()
    chen.get_by_role("textbox", name="Name").fill("Only answers what is theirs")
    chen.get_by_role("checkbox", name="See conversations of their own teams").uncheck()
    chen.get_by_role("checkbox", name="Answer customers").check()
    chen.get_by_role("button", name="Make the role").click()
    expect(chen.locator("[role=status].notice")).to_contain_text("Saved")

    chen.goto(chen.url.partition("/settings/")[0] + "/settings/people/")
    chen.get_by_role("link", name="Bruno").click()
    chen.get_by_label("Role").select_option(label="Only answers what is theirs")
    chen.get_by_role("button", name="Save").click()
    expect(chen.locator("[role=status].notice")).to_contain_text("Saved")

    expect(bruno.locator(f"#row-{theirs}")).to_have_count(0, timeout=SECONDS)
    assert bruno.request.get(f"/inbox/unassigned/{theirs}/").status == 404

    chen.get_by_label("Role").select_option(label="Agent")
    chen.get_by_role("button", name="Save").click()
    expect(bruno.locator(f"#row-{theirs}")).to_be_visible(timeout=SECONDS)


def test_the_list_of_a_team_that_one_has_left_vanishes_from_the_screen(office: Office) -> None:
    number = office.conversation("For those of the workshop", to="workshop@linden.example")
    had = office.hands.do("teams", agent="Bruno", names=["Repairs", "Payments"])
    bruno = office.page("bruno", f"/inbox/unassigned/{number}/")
    bruno.goto(str(bruno.locator("#nav-links").get_by_role("link", name="Repairs").get_attribute("href")))
    expect(bruno.locator(f"#row-{number}")).to_be_visible()

    office.hands.do("teams", agent="Bruno", names=["Payments"])
    expect(bruno.locator(f"#row-{number}")).to_have_count(0, timeout=SECONDS)
    expect(bruno.locator("#list-live")).to_contain_text("This is no longer here.")
    expect(bruno.locator("#nav-links").get_by_role("link", name="Repairs")).to_have_count(0, timeout=SECONDS)
    bruno.locator("#list-live").get_by_role("button", name="Close").click()
    expect(bruno.locator("#list-live")).to_be_empty()
    office.hands.do("teams", agent="Bruno", names=had)


def test_one_says_from_any_page_that_one_is_away(office: Office) -> None:
    gita = office.page("gita", "/inbox/my-turn/")
    gita.locator(".availability summary").click()
    gita.get_by_role("button", name="Away").click()
    expect(gita.locator(".availability summary")).to_contain_text("Away")
    assert "/inbox/my-turn/" in gita.url
