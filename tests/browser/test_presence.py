"""Two people in one conversation see each other, and whoever may not see it sees nobody."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk import WORKSHOP, Office, send, write

pytestmark = pytest.mark.browser

SOON = 4_000  # milliseconds


@pytest.mark.smoke
def test_who_looks_and_who_writes_is_seen_by_a_colleague_and_in_lists(office: Office) -> None:
    number = office.conversation("Two at once")
    amara = office.page("amara", f"/inbox/unassigned/{number}/")
    edda = office.page("edda", "/inbox/unassigned/")
    row = edda.locator(f"#row-{number} [data-typing]")
    expect(row).to_have_text("")

    edda.click(f"#row-{number} a")
    expect(amara.locator("#presence")).to_have_text("Edda is looking", timeout=SOON)
    expect(edda.locator("#presence")).to_have_text("Amara is looking", timeout=SOON)

    write(amara, "Dear Dalia")
    expect(edda.locator("#presence")).to_have_text("Amara is writing", timeout=SOON)
    expect(row).to_have_text("Amara is writing", timeout=SOON)
    expect(amara.locator("#presence")).to_have_text("Edda is looking")
    violations = Axe().run(edda, options={"resultTypes": ["violations"]}).response["violations"]
    assert [one["id"] for one in violations if one["impact"] in ("serious", "critical")] == []

    write(edda, "I know this one.", kind="note")
    expect(amara.locator("#presence")).to_have_text("Edda is writing", timeout=SOON)
    send(edda)
    expect(amara.locator("#presence")).to_have_text("Edda is looking", timeout=SOON)
    expect(amara.locator("#composer textarea[name=text]")).to_have_value("Dear Dalia")

    edda.context.close()
    office.opened.remove(edda.context)
    expect(amara.locator("#presence")).to_have_text("", timeout=SOON)


def test_pausing_and_going_elsewhere_is_seen_within_seconds(office: Office) -> None:
    number, other = office.conversation("Left again"), office.conversation("Gone on to")
    amara = office.page("amara", f"/inbox/unassigned/{number}/")
    edda = office.page("edda", f"/inbox/unassigned/{number}/")
    write(edda, "Dear")
    expect(amara.locator("#presence")).to_have_text("Edda is writing", timeout=SOON)
    expect(amara.locator("#presence")).to_have_text("Edda is looking", timeout=12_000)
    edda.click(f"#row-{other} a")
    expect(amara.locator("#presence")).to_have_text("", timeout=SOON)


def test_what_one_may_not_see_shows_nobody(office: Office) -> None:
    theirs = office.conversation("Behind the workshop", to=WORKSHOP)
    ours = office.conversation("Before the workshop")
    bruno = office.page("bruno", f"/inbox/unassigned/{theirs}/")
    chen = office.page("chen", f"/inbox/unassigned/{theirs}/")
    amara = office.page("amara", f"/inbox/unassigned/{ours}/")
    amara.evaluate(
        "() => { window.heard = [];"
        " new BroadcastChannel('heed-live').onmessage = ({ data }) => heard.push(JSON.stringify(data)); }"
    )

    write(bruno, "Only for us.")
    expect(chen.locator("#presence")).to_have_text("Bruno is writing", timeout=SOON)
    edda = office.page("edda", f"/inbox/unassigned/{ours}/")
    expect(amara.locator("#presence")).to_have_text("Edda is looking", timeout=SOON)
    amara.wait_for_function("() => heard.some((said) => said.includes('Edda'))")
    heard: list[str] = amara.evaluate("heard")
    assert not any("Bruno" in said or str(theirs) in said for said in heard)
    assert amara.request.post(
        "/presence/", form={"conversation": str(theirs), "doing": "looking"}
    ).status in (
        403,
        404,
    )
    edda.close()
