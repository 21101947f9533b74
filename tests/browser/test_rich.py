"""The editor: what is written with a form is sent, kept and shown with it."""

import pytest
from playwright.sync_api import Page, Route, expect

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


PASTE = """([html, text, image]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  if (text) data.setData("text/plain", text);
  if (image) {
    const bytes = Uint8Array.from(atob(image), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], "bell.png", { type: "image/png" }));
  }
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(event);
}"""
DROP = """(target) => {
  const data = new DataTransfer();
  data.items.add(new File(["of bells"], "list.txt", { type: "text/plain" }));
  for (const name of ["dragover", "drop"]) {
    target.dispatchEvent(new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}"""
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
WORD = (
    "<html><head><style>p.MsoNormal{margin:0}</style></head><body><!--StartFragment-->"
    '<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">1.</span>First</p>'
    '<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">2.</span>Second</p>'
    '<p class="MsoNormal">Then <b>bold</b><o:p></o:p> <img src="https://spy.example/pixel.gif"></p>'
    '<table width="300" style="width:300px"><tr><td style="color:red">A1</td><td>B1</td></tr></table></body></html>'
)


def asked_for(page: Page) -> list[str]:
    """The scripts that a page has loaded."""
    return page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")  # type: ignore[no-any-return]  # a list of addresses


def test_what_is_pasted_and_dropped_is_cleaned_and_goes_along(office: Office) -> None:
    number = office.conversation("Pasted")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    assert not [name for name in asked_for(page) if "editor" in name]  # it comes with the first focus
    text = editor(page)
    assert [name for name in asked_for(page) if "editor" in name]
    page.evaluate(PASTE, [WORD, "First Second", ""])
    expect(text.locator("ol li")).to_have_text(["First", "Second"])
    expect(text.locator("strong")).to_have_text("bold")
    expect(text.locator("td")).to_have_text(["A1", "B1"])
    expect(text.locator("img:not(.ProseMirror-separator)")).to_have_count(0)
    page.keyboard.press("Control+End")
    page.evaluate(PASTE, ["", "", PIXEL])
    picture = text.locator('img[alt="bell.png"]')
    expect(picture).to_be_visible()
    page.locator("#composer").evaluate(DROP)
    expect(page.locator("#composer [data-files=files] li")).to_contain_text("list.txt")

    expect(page.locator("#composer [data-saved]")).to_have_text("Saved")
    other = office.page("amara", f"/inbox/unassigned/{number}/")  # on another device it is all there
    expect(other.locator('#composer .rich img[alt="bell.png"]')).to_be_visible()
    expect(other.locator("#composer .rich ol li")).to_have_text(["First", "Second"])
    expect(other.locator("#composer [data-files=files] li")).to_contain_text("list.txt")

    other.locator("[data-preview]:visible").click()
    seen = other.frame_locator("dialog.previewed iframe")
    expect(seen.locator("body")).to_contain_text("dalia@example.org")
    expect(seen.locator("ol li").first).to_have_text("First")
    expect(seen.locator("img")).to_have_js_property("naturalWidth", 1)
    other.locator("dialog.previewed button").click()
    send(other)
    ours = other.locator(".entries li.message.ours")
    expect(ours.locator('.formed img[alt="bell.png"]')).to_have_js_property("naturalWidth", 1)
    expect(ours.locator(".attachments")).to_contain_text("list.txt")
    assert office.hands.do("files", number=number) == [["reply", "bell.png"], ["reply", "list.txt"]]


def test_the_editor_is_worked_by_keys_alone(office: Office) -> None:
    number = office.conversation("Keys only", text="The bell slips when I climb.")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    keys = page.keyboard
    keys.press("q")
    text = page.locator("#composer .rich.for-reply [contenteditable]")
    expect(text.locator("blockquote")).to_contain_text("The bell slips when I climb.")
    expect(text).to_be_focused()
    keys.type("our page")
    keys.press("Control+Shift+ArrowLeft")
    keys.press("Control+k")
    keys.type("linden.example/bells")
    keys.press("Enter")
    expect(text.locator("a")).to_have_attribute("href", "https://linden.example/bells")
    expect(text).to_be_focused()
    keys.press("Tab")
    toolbar = page.get_by_role("toolbar", name="Form of the text").locator("visible=true")
    expect(toolbar.get_by_role("button", name="Bold")).to_be_focused()
    keys.press("ArrowRight")
    italic = toolbar.get_by_role("button", name="Italic")
    expect(italic).to_be_focused()
    keys.press("Enter")
    expect(italic).to_have_attribute("aria-pressed", "true")
    expect(text).to_be_focused()
    toolbar.get_by_role("button", name="Emoji").click()
    expect(page.get_by_label("Look for an emoji").locator("visible=true")).to_be_focused()
    keys.type("tada")
    expect(page.locator("[data-symbols] button").first).to_have_attribute("aria-label", "tada")
    keys.press("Enter")
    expect(text).to_contain_text("\N{PARTY POPPER}")
    expect(text).to_be_focused()
    keys.press("Control+Shift+Enter")
    expect(page.locator(".conv-meta")).to_contain_text("Solved")
    said = office.hands.do("said", number=number)[0][1]
    assert "(https://linden.example/bells)" in said
    assert said.startswith("> The bell slips when I climb.")


def test_undo_of_sending_brings_the_form_back(office: Office) -> None:
    number = office.conversation("Taken back with its form")
    office.hands.do("undo_seconds", agent="Amara", seconds=60)
    try:
        page = office.page("amara", f"/inbox/unassigned/{number}/")
        editor(page)
        page.keyboard.type("It is **mine**.")
        send(page)
        page.locator("[data-undo] button").first.click()
        expect(page.locator("#composer .rich.for-reply strong")).to_have_text("mine")
    finally:
        office.hands.do("undo_seconds", agent="Amara", seconds=0)


PRESSED = """(field, key) => {
  field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  return [document.activeElement.isContentEditable, String(getSelection())];
}"""


def test_a_link_leaves_the_selection_and_the_focus_where_they_were(office: Office) -> None:
    number = office.conversation("A link by keys")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    text = editor(page)
    keys = page.keyboard
    keys.type("see our page")
    for _ in range(2):
        keys.press("Shift+Control+ArrowLeft")
    keys.press("Control+k")
    page.keyboard.type("linden.example")
    field = page.locator("#composer .rich.for-reply [data-link] input")
    assert field.evaluate(PRESSED, "Enter") == [True, "our page"]  # at once: what is typed next belongs there
    expect(text.locator("a")).to_have_text("our page")
    keys.press("Control+k")
    assert field.evaluate(PRESSED, "Escape") == [True, "our page"]
    keys.press("Control+b")
    expect(text.locator("strong")).to_have_text("our page")


def test_what_is_typed_until_the_editor_is_there_keeps_each_space(office: Office) -> None:
    number = office.conversation("Typed at once")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    held: list[Route] = []
    page.route("**/writing/bar/", lambda route: held.append(route))
    with page.expect_request("**/writing/bar/"):
        page.locator("#composer textarea:visible").focus()
    page.keyboard.type("So  far ")
    held[0].continue_()
    text = page.locator("#composer .rich.for-reply [contenteditable]")
    expect(text).to_be_focused()
    page.keyboard.type("@ Edda")
    expect(page.locator("#composer textarea[name=text]")).to_have_value("So  far @ Edda")


def test_what_was_done_can_be_undone_and_done_again(office: Office) -> None:
    number = office.conversation("Undone", text="The bell rings twice.")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    text = editor(page)
    bar = page.locator("#composer .rich.for-reply .bar")
    undo, redo = bar.locator("[data-do=undo]"), bar.locator("[data-do=redo]")
    expect(undo).to_have_attribute("aria-disabled", "true")
    page.keyboard.type("one")
    bar.locator("[data-do=quote]").click()  # what came last, as nothing is selected
    expect(text.locator("blockquote")).to_have_text("The bell rings twice.")
    undo.click()
    expect(text.locator("blockquote")).to_have_count(0)
    page.keyboard.press("Control+y")
    expect(text.locator("blockquote")).to_have_text("The bell rings twice.")
    page.keyboard.press("Control+z")
    expect(text.locator("blockquote")).to_have_count(0)
    expect(redo).to_have_attribute("aria-disabled", "false")
    redo.click()
    expect(text.locator("blockquote")).to_have_text("The bell rings twice.")
    expect(page.locator("#composer textarea[name=text]")).to_have_value("one\n\nThe bell rings twice.\n\n")


def test_what_is_too_long_for_the_desk_says_so_and_how_long_it_may_be(office: Office) -> None:
    number = office.conversation("Too long")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    editor(page)
    page.evaluate("(text) => document.execCommand('insertText', false, text)", "word " * 41_000)
    expect(page.locator("#composer [data-saved]")).to_have_text(
        "Too long for the desk: at most 200,000 characters. It is kept on this device alone."
    )
