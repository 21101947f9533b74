"""The editor: what is written with a form is sent, kept and shown with it."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Office, editor, send

pytestmark = pytest.mark.browser


def test_markdown_becomes_form_while_one_types(office: Office) -> None:
    number = office.conversation("With a form")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    text = editor(page)
    keys = page.keyboard
    keys.type("It is **very** good, `x = 1`.\n")
    keys.type("- one\ntwo\n\n")
    keys.type("> said\n\n")
    expect(text.locator("strong")).to_have_text("very")
    expect(text.locator("ul li")).to_have_text(["one", "two"])
    expect(text.locator("blockquote")).to_have_text("said")
    send(page)
    sent = page.locator(".entries li.message.ours .formed")
    expect(sent.locator("strong")).to_have_text("very")
    expect(sent.locator("code")).to_have_text("x = 1")
    assert office.hands.do("said", number=number) == [
        ["reply", "It is very good, x = 1.\n\n- one\n- two\n\n> said"]
    ]
