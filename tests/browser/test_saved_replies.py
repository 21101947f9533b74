"""From the settings to a customer: a saved reply is written with its preview, used with keys, put away and back."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Office

pytestmark = pytest.mark.browser


def test_a_reply_is_written_with_its_preview_used_and_put_away_with_undo(office: Office) -> None:
    number = office.conversation("Shown on this one")
    page = office.page("edda", "/settings/saved-replies/new/")
    page.fill("input[name=name]", "Parcel lost")
    page.fill("input[name=folder]", "Parcels")
    page.select_option("select[name=sharing]", label="The team Payments")
    page.fill("textarea[name=text-en]", "Dear {{ customer.first_name }}, {{ customer.shoe }}")
    preview = page.locator("#reply-preview")
    expect(preview).to_contain_text("customer.shoe")
    page.fill("textarea[name=text-en]", "Dear {{ customer.first_name }}, about {{ conversation.number }}")
    expect(preview.locator("select[name=on]")).to_be_visible()
    preview.locator("select[name=on]").select_option(str(number))
    expect(preview.locator(".as-typed")).to_have_text(f"Dear Dalia, about #{number}")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[role=status]").filter(has_text="Saved.")).to_be_visible()

    amara = office.page("amara", f"/inbox/unassigned/{number}/")
    amara.locator("#conversation").focus()
    amara.keyboard.press("r")
    amara.locator("#composer .rich.for-reply [data-do=savedReply]").click()  # as if / had been typed
    amara.keyboard.type("lost")  # no name begins so, but one of its words does
    expect(amara.locator("#offers [role=option]")).to_have_count(1)
    amara.keyboard.press("Tab")
    text = amara.locator("#composer textarea[name=text]")
    expect(text).to_have_value(f"Dear Dalia, about #{number}")

    page.get_by_role("button", name="Put away").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("input[name=name]")).to_have_value("Parcel lost")
    page.locator(".versions summary").first.click()
    expect(page.locator(".versions")).to_contain_text("Brought back")
