"""An admin sets the hours of a brand, sees the acknowledgement as it would leave, and customers get just that."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Office

pytestmark = pytest.mark.browser


def test_hours_and_words_are_previewed_while_they_are_typed_and_kept_when_saved(office: Office) -> None:
    page = office.page("chen", "/settings/brands/")
    page.locator("ul.things a", has_text="Kestrel Maps").click()
    page.wait_for_selector("#brand-form")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), (
        "the page scrolls, not the desk"
    )
    words = page.get_by_label("Words in French")
    before = words.input_value()
    preview = page.locator("#brand-preview")
    expect(preview).to_contain_text("Merci d’avoir écrit à Kestrel Maps")

    words.fill("Bonjour {name?}, votre numéro est {reference}. Réponse {when}.")
    expect(preview).to_contain_text("Bonjour Dana Novak, votre numéro est #4821. Réponse ")
    expect(preview).to_contain_text("(Europe/Paris)")
    page.get_by_label("Time zone").select_option("Pacific/Auckland")
    expect(preview).to_contain_text("(Pacific/Auckland)")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        page.get_by_label(day).fill("")
    expect(preview).to_contain_text("without opening hours")
    page.get_by_label("Saturday").fill("25-26")
    expect(preview).to_contain_text("when everything above can be read")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("all that you typed is still here")
    expect(words).to_have_value(re.compile("votre numéro"))
    expect(page.get_by_label("Saturday")).to_have_attribute("aria-invalid", "true")

    page.get_by_label("Saturday").fill("10:00–14:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Saturday")).to_have_value("10:00–14:00")
    expect(preview).to_contain_text("(Pacific/Auckland)")

    plain = office.page("chen", page.url, java_script_enabled=False)
    plain.get_by_label("Saturday").fill("")
    plain.get_by_label("Words in French").fill(before)
    plain.get_by_role("button", name="Show the preview").click()
    expect(plain.locator("#brand-preview")).to_contain_text("without opening hours")
    plain.reload()
