"""Answers leave once, after what others wrote was seen; what is begun is never lost and never crosses over."""

import re
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.desk import PATIENCE, Office, log_in, send, write
from tests.browser.wire import Wire, wired, within

pytestmark = pytest.mark.browser


@pytest.fixture
def wire(office: Office) -> Iterator[Wire]:
    with wired(office.desk.ports[0]) as line:
        yield line
        office.tidy()


def through(wire: Wire, office: Office, name: str, number: int) -> Page:
    """A conversation that an agent has open over this line, with its stream."""
    page = office.agent(name).new_page()
    page.goto(f"{wire.url}/inbox/unassigned/{number}/")
    page.wait_for_selector("#desk[data-ready=yes]")
    assert within(5, lambda: wire.streams == 1)
    return page


def written(page: Page, kind: str = "text") -> str:
    return page.input_value(f"#composer textarea[name={kind}]")


def test_a_missed_answer_is_shown_before_sending(office: Office, wire: Wire) -> None:
    number = office.conversation("Answered twice?")
    amara = through(wire, office, "amara", number)
    write(amara, "Mine, from before the tunnel.")
    wire.cut()
    edda = office.page("edda", f"/inbox/unassigned/{number}/")
    write(edda, "I have answered this already.")
    send(edda)
    expect(edda.locator(".entries")).to_contain_text("I have answered this already.")

    expect(amara.locator("#composer [data-send]:visible")).to_be_disabled()
    wire.mend()
    send(amara)  # waits until the page says that it is connected
    expect(amara.locator("#meanwhile")).to_contain_text("Edda answered")
    expect(amara.locator(".entries")).to_contain_text("I have answered this already.")
    assert written(amara) == "Mine, from before the tunnel."
    assert office.hands.do("said", number=number) == [["reply", "I have answered this already."]]

    amara.click("#composer button[name=confirm]")
    expect(amara.locator("#meanwhile")).to_have_count(0)
    expect(amara.locator(".entries")).to_contain_text("Mine, from before the tunnel.")
    assert written(amara) == ""
    assert office.hands.do("caught", number=number, words="from before the tunnel") == 1


def test_without_the_stream_too_the_missed_answer_is_shown_first(office: Office) -> None:
    number = office.conversation("Old page")
    amara = office.page("amara", f"/inbox/unassigned/{number}/", java_script_enabled=False)
    amara.fill("#composer textarea[name=text]", "From an old page.")
    edda = office.page("edda", f"/inbox/unassigned/{number}/")
    write(edda, "Newer than that page.")
    send(edda)
    expect(edda.locator(".entries")).to_contain_text("Newer than that page.")

    amara.locator("#composer [name=send]:visible").click()
    expect(amara.locator("#meanwhile")).to_contain_text("Edda answered")
    assert amara.input_value("#composer textarea[name=text]") == "From an old page."
    assert len(office.hands.do("said", number=number)) == 1
    amara.click("#composer button[name=confirm]")
    expect(amara.locator(".entries")).to_contain_text("From an old page.")
    assert len(office.hands.do("said", number=number)) == 2


def test_a_double_click_sends_once(office: Office) -> None:
    number = office.conversation("Clicked twice")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    write(page, "Once is enough.")
    page.locator("#composer [data-send]:visible").dblclick()
    expect(page.locator(".entries")).to_contain_text("Once is enough.")
    assert office.hands.do("caught", number=number, words="Once is enough.") == 1
    assert len(office.hands.do("said", number=number)) == 1

    plain = office.page("amara", f"/inbox/my-turn/{number}/", java_script_enabled=False)
    plain.fill("#composer textarea[name=text]", "Without scripts too.")
    plain.locator("#composer [name=send]:visible").dblclick()
    expect(plain.locator(".entries")).to_contain_text("Without scripts too.")
    assert office.hands.do("caught", number=number, words="Without scripts too.") == 1
    assert len(office.hands.do("said", number=number)) == 2


def test_an_answer_whose_reception_was_lost_is_sent_once(office: Office, wire: Wire) -> None:
    number = office.conversation("Lost on the way back")
    page = through(wire, office, "amara", number)
    write(page, "Did this arrive?")
    wire.loses = b"/reply/"
    send(page)
    expect(page.locator("#live")).to_contain_text("did not reach the desk")
    assert wire.lost >= 1  # the desk has it, perhaps several times; the browser knows nothing
    assert written(page) == "Did this arrive?"

    wire.loses = b""
    send(page)
    expect(page.locator("#composer textarea[name=text]")).to_have_value("")
    expect(page.locator(".entries li.message.ours")).to_have_count(1)
    assert office.hands.do("caught", number=number, words="Did this arrive?") == 1
    assert len(office.hands.do("said", number=number)) == 1


def test_a_note_whose_reception_was_lost_is_kept_once(office: Office, wire: Wire) -> None:
    number = office.conversation("Lost note")
    page = through(wire, office, "amara", number)
    write(page, "Only for us.", kind="note")
    wire.loses = b"/reply/"
    send(page)
    expect(page.locator("#live")).to_contain_text("did not reach the desk")
    wire.loses = b""
    send(page)
    expect(page.locator("#composer textarea[name=note]")).to_have_value("")
    assert office.hands.do("said", number=number) == [["note", "Only for us."]]


FILES: dict[str, FilePayload] = {
    kind: {"name": f"{kind}.txt", "mimeType": "text/plain", "buffer": kind.encode()}
    for kind in ("reply", "note")
}


def test_drafts_of_two_kinds_two_conversations_and_two_browsers_stay_apart(office: Office) -> None:
    first, second = office.conversation("First of two"), office.conversation("Second of two")
    amara = office.page("amara", f"/inbox/unassigned/{first}/")
    edda = office.page("edda", f"/inbox/unassigned/{first}/")
    write(amara, "amara reply 1")
    write(amara, "amara note 1", kind="note")
    write(edda, "edda reply 1")
    amara.click(f"#row-{second} a")
    expect(amara.locator("#composer")).to_have_attribute("data-number", str(second))
    assert (written(amara), written(amara, "note")) == ("", "")
    write(amara, "amara reply 2")

    amara.reload()
    expect(amara.locator("#composer textarea[name=text]")).to_have_value("amara reply 2")
    amara.click(f"#row-{first} a")
    expect(amara.locator("#composer textarea[name=text]")).to_have_value("amara reply 1")
    assert written(amara, "note") == "amara note 1"
    edda.reload()
    expect(edda.locator("#composer textarea[name=text]")).to_have_value("edda reply 1")
    assert written(edda, "note") == ""

    other = office.page("amara", f"/inbox/unassigned/{first}/")  # her second browser, at home

    def both_are_there() -> (
        bool
    ):  # what was saved a moment ago may still be on its way when the page is asked for
        found = (written(other), written(other, "note")) == ("amara reply 1", "amara note 1")
        return found or not other.reload()

    assert within(PATIENCE / 1_000, both_are_there)

    write(amara, "amara reply 1")
    send(amara)
    expect(amara.locator(".entries")).to_contain_text("amara reply 1")
    assert written(amara, "note") == "amara note 1"
    assert office.hands.do("said", number=first) == [["reply", "amara reply 1"]]
    assert office.hands.do("said", number=second) == []


def test_files_stay_with_what_they_were_attached_to(office: Office) -> None:
    number = office.conversation("Two files")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    write(page, "The note.", kind="note")
    page.set_input_files("#composer [name=note_files]", FILES["note"])
    write(page, "The reply.")
    page.set_input_files("#composer [name=files]", FILES["reply"])
    send(page)
    expect(page.locator(".entries li.message.ours")).to_contain_text("reply.txt")
    assert office.hands.do("files", number=number) == [["reply", "reply.txt"]]

    write(page, "The note.", kind="note")
    expect(page.locator("#composer [data-files=note_files]")).to_contain_text("note.txt")
    send(page)
    expect(page.locator(".entries li.message.note")).to_contain_text("note.txt")
    assert office.hands.do("files", number=number) == [["note", "note.txt"], ["reply", "reply.txt"]]


def test_a_file_comes_back_with_the_draft_and_stays_where_it_was_put(office: Office) -> None:
    first, second = office.conversation("File of the first"), office.conversation("No file here")
    page = office.page("amara", f"/inbox/unassigned/{first}/")
    write(page, "With a file.")
    page.set_input_files("#composer [name=files]", FILES["reply"])
    expect(page.locator("#composer [data-files=files] [name=kept]")).to_have_count(1)
    page.click(f"#row-{second} a")
    expect(page.locator("#composer")).to_have_attribute("data-number", str(second))
    assert page.locator("#composer [data-files] li").count() == 0

    page.click(f"#row-{first} a")
    expect(page.locator("#composer [data-files=files]")).to_contain_text("reply.txt")
    page.reload()
    page.wait_for_selector("#desk[data-ready=yes]")
    expect(page.locator("#composer [data-files=files]")).to_contain_text("reply.txt")
    assert page.locator("#composer [data-files=note_files] li").count() == 0
    send(page)
    expect(page.locator(".entries li.message.ours")).to_contain_text("reply.txt")
    assert office.hands.do("files", number=first) == [["reply", "reply.txt"]]
    page.reload()
    page.wait_for_selector("#desk[data-ready=yes]")
    assert page.locator("#composer [data-files] li").count() == 0


def test_a_field_that_changes_takes_nothing_of_what_is_written(office: Office) -> None:
    number = office.conversation("Sorted while written to")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    write(page, "The note.", kind="note")
    page.set_input_files("#composer [name=note_files]", FILES["note"])
    write(page, "The reply.")
    page.set_input_files("#composer [name=files]", FILES["reply"])
    with page.expect_response(re.compile("/priority/$")):
        page.locator("#panel select[name=priority]").select_option(label="High")
    office.hands.do("give", number=number, to="Edda")  # … and by somebody else
    expect(page.locator("#panel select[name=assignee] option:checked")).to_contain_text("Edda")

    for is_new in (False, True):
        if is_new:
            expect(page.locator("#composer [name=kept]")).to_have_count(1)
            expect(page.locator("#composer [name=note_kept]")).to_have_count(1)
            page.reload()
            page.wait_for_selector("#desk[data-ready=yes]")
        expect(page.locator("#field-priority option:checked")).to_contain_text("High")
        expect(page.locator("#composer textarea[name=text]")).to_have_value("The reply.")
        expect(page.locator("#composer textarea[name=note]")).to_have_value("The note.")
        expect(page.locator("#composer [data-files=files]")).to_contain_text("reply.txt")
        expect(page.locator("#composer [data-files=note_files]")).to_contain_text("note.txt")


def test_what_is_written_survives_the_end_of_the_session(office: Office) -> None:
    number = office.conversation("Gone for lunch")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    write(page, "A long answer,")
    expect(page.locator("#composer [data-saved]")).to_have_text("Saved")
    office.states.pop("amara")
    office.hands.do("log_out", agent="Amara")
    page.locator("#composer .writing:visible").press("End")
    page.keyboard.type(" written on.")
    send(page)
    expect(page.locator("#live")).to_contain_text("You are logged out")
    assert written(page) == "A long answer, written on."
    assert office.hands.do("said", number=number) == []

    page.click("#live >> text=Log in again")
    log_in(page, "amara")
    expect(page.locator("#composer textarea[name=text]")).to_have_value("A long answer, written on.")
    send(page)
    expect(page.locator(".entries li.message.ours")).to_contain_text("written on.")
    assert office.hands.do("caught", number=number, words="A long answer, written on.") == 1


def test_a_colleague_never_finds_the_draft_on_a_shared_computer(office: Office) -> None:
    number = office.conversation("One computer")
    page = office.page("amara", f"/inbox/unassigned/{number}/")
    write(page, "Only amara's.")
    page.context.set_offline(True)
    page.locator("#composer .writing:visible").press("End")
    page.keyboard.type(" Kept on the device.")
    expect(page.locator("#composer [data-saved]")).to_contain_text("Kept on this device")
    page.context.set_offline(False)
    page.goto("/accounts/logout/")
    page.click("button[type=submit]")
    office.states.pop("amara")
    page.goto("/inbox/")
    log_in(page, "edda")
    page.goto(f"/inbox/unassigned/{number}/")
    page.wait_for_selector("#desk[data-ready=yes]")
    assert written(page) == ""


def test_a_draft_from_another_device_is_shown_with_what_was_answered_since(office: Office) -> None:
    number = office.conversation("Begun on the train")
    train = office.page("amara", f"/inbox/unassigned/{number}/")
    write(train, "From the train.")
    expect(train.locator("#composer [data-saved]")).to_have_text("Saved")
    train.context.close()
    office.opened.remove(train.context)
    edda = office.page("edda", f"/inbox/unassigned/{number}/")
    write(edda, "Answered meanwhile.")
    send(edda)
    expect(edda.locator(".entries")).to_contain_text("Answered meanwhile.")

    desk = office.page("amara", f"/conversations/{number}/")
    expect(desk.locator("#meanwhile")).to_contain_text("Edda answered")
    expect(desk.locator(".entries")).to_contain_text("Answered meanwhile.")
    desk.click("#composer button[name=confirm]")
    expect(desk.locator(".entries")).to_contain_text("From the train.")
    assert [text for _, text in office.hands.do("said", number=number)] == [
        "Answered meanwhile.",
        "From the train.",
    ]


def test_a_press_is_not_lost_when_the_line_goes_dead_in_the_middle_of_it(office: Office, wire: Wire) -> None:
    number = office.conversation("Pressed in the tunnel")
    amara = through(wire, office, "amara", number)
    write(amara, "Pressed, and let go.")
    button = amara.locator("#composer [data-send]:visible")
    button.hover()
    wire.cut()
    amara.mouse.down()
    amara.wait_for_timeout(3_500)  # after three seconds the page would lock what sends
    expect(button).to_be_enabled()
    wire.mend()
    amara.mouse.up()

    expect(amara.locator(".entries")).to_contain_text("Pressed, and let go.")
    assert office.hands.do("said", number=number) == [["reply", "Pressed, and let go."]]


@pytest.mark.parametrize("by", ["mouse", "space bar"])
def test_a_press_is_not_lost_when_what_it_is_on_comes_anew(office: Office, by: str) -> None:
    number = office.conversation(f"Pressed by {by} while it changed")
    amara = office.page("amara", f"/inbox/unassigned/{number}/")
    edda = office.page("edda", f"/inbox/unassigned/{number}/")
    amara.locator("[data-solve]:visible").hover()
    amara.locator("[data-solve]:visible").focus()
    begin, end = (
        (amara.mouse.down, amara.mouse.up)
        if by == "mouse"
        else (partial(amara.keyboard.down, " "), partial(amara.keyboard.up, " "))
    )
    begin()
    with amara.expect_response(re.compile(rf"/inbox/unassigned/{number}/$")):
        edda.locator("#panel select[name=assignee]").select_option(label="Amara")
    amara.wait_for_timeout(300)  # what came would stand there by then
    expect(amara.locator("#panel select[name=assignee] option:checked")).not_to_contain_text("Amara")
    end()

    expect(amara.locator(".conv-meta")).to_contain_text("Solved")
    expect(amara.locator("#panel select[name=assignee] option:checked")).to_contain_text("Amara")
