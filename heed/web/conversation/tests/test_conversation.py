"""One conversation in the browser: what was said and done in words, and every change that the page offers."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from heed.conversations.actions.answering import add_note
from heed.conversations.actions.labels import tag
from heed.conversations.actions.merging import merge, merge_thread
from heed.conversations.actions.splitting import split
from heed.conversations.actions.state import assign, change_status, link
from heed.conversations.actions.unmerging import unmerge
from heed.conversations.models import Attachment, Conversation, Draft, Message
from heed.intake.tests.letters import letter, received
from heed.kernel import clock
from heed.kernel.words import DeliveryState, Direction, Flag, LinkReason, Priority, Status
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World

HTMX = {"HX-Request": "true"}


def here(row: Conversation) -> str:
    return f"/inbox/all-open/{row.pk}/"


def page(who: Colleague, row: Conversation, query: str = "") -> str:
    response = who.get(here(row) + query)
    assert response.status_code == 200
    return response.content.decode()


def form(who: Colleague, row: Conversation) -> dict[str, Any]:
    """The fields of the answer form as the page gives them."""
    _, _, text = page(who, row).partition(f'action="{here(row)}reply/"')
    fields: dict[str, Any] = {
        name: re.findall(f'name="{name}" value="([^"]*)"', text) for name in ("to", "cc", "bcc")
    }
    for name in ("key", "seen"):
        fields[name] = re.findall(f'name="{name}" value="([^"]*)"', text)[0]
    return {**fields, "kind": "reply", "then": "waiting", "send": "1"}


def send(who: Colleague, row: Conversation, **fields: Any) -> HttpResponse:
    return who.post(f"{here(row)}reply/", {**form(who, row), **fields})


def sent() -> list[Message]:
    return list(Message.objects.filter(direction=Direction.OUT).order_by("pk"))


def test_an_answer_goes_to_everybody_in_copy_and_becomes_the_writers(world: World) -> None:
    row = world.conversation()
    world.writes(row, participants=(("dalia@example.org", "Dalia", "from"), ("pat@example.net", "Pat", "cc")))
    assert send(world.amara, row, text="We look at it.").status_code == 303
    [message] = sent()
    assert (message.to, message.cc) == ([["Dalia Haddad", "dalia@example.org"]], [["Pat", "pat@example.net"]])
    after = world.reload(row)
    assert (after.status, after.assignee) == (Status.WAITING, world.amara.row)
    assert "We look at it." in page(world.amara, row)


def test_a_form_posted_twice_sends_once(world: World) -> None:
    row = world.conversation()
    fields = {**form(world.amara, row), "text": "Once."}
    for _ in range(2):
        assert world.amara.post(f"{here(row)}reply/", fields).status_code == 303
    assert len(sent()) == 1


def test_an_answer_that_came_meanwhile_is_shown_before_sending(world: World) -> None:
    row = world.conversation()
    fields = {**form(world.amara, row), "text": "Mine."}
    world.answered(row, by=world.chen, text="Theirs.")
    response = world.amara.post(f"{here(row)}reply/", fields)
    assert response.status_code == 409
    text = response.content.decode()
    assert "answered at" in text
    assert "New since you began" in text
    assert "Mine." in text
    assert [message.text for message in sent()] == ["Theirs."]
    confirm = re.search(r'name="confirm" value="(\d+)"', text)
    assert confirm is not None
    assert world.amara.post(f"{here(row)}reply/", {**fields, "confirm": confirm[1]}).status_code == 303
    assert [message.text for message in sent()] == ["Theirs.", "Mine."]


def test_a_form_sent_again_with_other_words_says_that_the_first_ones_left(world: World) -> None:
    row = world.conversation()
    fields = form(world.amara, row)
    assert world.amara.post(f"{here(row)}reply/", {**fields, "text": "Tomorrow."}).status_code == 303
    again = world.amara.post(f"{here(row)}reply/", {**fields, "text": "On Friday."})
    assert again.status_code == 409
    assert "An earlier text of this form was sent already" in again.content.decode()
    assert [message.text for message in sent()] == ["Tomorrow."]
    text = again.content.decode()
    assert "On Friday." in text
    fresh = re.search(r'name="key" value="([^"]+)"', text)
    assert fresh is not None
    assert fresh[1] != fields["key"]


def test_the_line_of_an_acknowledgement_says_by_when_a_person_answers(world: World) -> None:
    world.mail_from(world.dalia)
    world.settle()
    row = Conversation.objects.get()
    assert row.next_due_at is not None
    said = row.messages.get(direction="out")
    assert said.answer_by_at == row.next_due_at
    assert "Acknowledged automatically: a person answers by" in page(world.amara, row)


def test_our_own_acknowledgement_in_the_meantime_stops_nobody(world: World) -> None:
    world.mail_from(world.dalia)
    world.settle()
    row = Conversation.objects.get()
    fields = form(world.amara, row)
    assert world.amara.post(f"{here(row)}reply/", {**fields, "text": "Now.", "seen": "0"}).status_code == 409
    newest = world.events(row)[-1].id
    assert (
        world.amara.post(f"{here(row)}reply/", {**fields, "text": "Now.", "seen": newest}).status_code == 303
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": "  "}, "This is still empty"),
        ({"to": [], "cc": [], "bcc": []}, "Nobody would get this"),
        ({"add_cc": "not an address"}, "is not an e-mail address"),
        ({"add_cc": "help@linden.example"}, "is one of our own addresses"),
        ({"text": "x" * 200_001}, "This is too long"),
    ],
)
def test_a_form_that_cannot_be_sent_says_why_and_keeps_the_text(
    world: World, change: dict[str, Any], words: str
) -> None:
    row = world.conversation()
    response = send(world.amara, row, **{"text": "Kept.", **change})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not sent()


def test_files_are_kept_while_a_form_comes_back_and_leave_with_the_answer(world: World) -> None:
    row = world.conversation()
    fields = {
        **form(world.amara, row),
        "files": SimpleUploadedFile("a.txt", b"hello", "text/plain"),
        "text": "",
    }
    back = world.amara.post(f"{here(row)}reply/", fields).content.decode()
    kept = re.search(r'name="kept" value="(\d+)"', back)
    assert kept is not None
    assert send(world.amara, row, text="Here it is.", kept=[kept[1]]).status_code == 303
    assert Attachment.objects.get().message == sent()[0]
    assert "a.txt" in page(world.amara, row)


def test_a_note_is_for_the_team_and_reaches_no_customer(world: World) -> None:
    row = world.conversation()
    assert send(world.amara, row, kind="note", note="Slow bank today.").status_code == 303
    assert not sent()
    assert "Slow bank today." in page(world.chen, row)
    assert world.reload(row).status == Status.OPEN


def test_a_draft_of_each_kind_survives_and_is_gone_once_sent(world: World) -> None:
    row = world.conversation()
    fields = {**form(world.amara, row), "text": "Half a reply", "note": "Half a note"}
    del fields["send"]
    assert world.amara.post(f"{here(row)}reply/", {**fields, "draft": "1"}).status_code == 303
    text = page(world.amara, row)
    assert "Half a reply" in text
    assert "Half a note" in text
    assert "Half a reply" not in page(world.chen, row)
    send(world.amara, row, text="A whole reply")
    assert [draft.text for draft in Draft.objects.all()] == ["Half a note"]


def test_status_priority_team_assignee_and_tags_change_by_their_forms(world: World) -> None:
    row = world.conversation()
    changes = (
        ("priority/", {"priority": "high"}),
        ("assign/", {"assignee": str(world.chen.row.pk)}),
        ("tags/", {"add": "Bank Partner"}),
        ("status/", {"status": "snoozed", "until_at": f"{clock.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"}),
        ("status/", {"status": "solved"}),
    )
    for path, fields in changes:
        assert world.amara.post(here(row) + path, fields, **HTMX).status_code == 200
    after = world.reload(row)
    assert (after.priority, after.assignee, after.status) == (Priority.HIGH, world.chen.row, Status.SOLVED)
    text = page(world.amara, row)
    for words in (
        "set the priority to",
        "to Chen",
        "added the tag “bank partner”",
        "snoozed this until",
        "solved this",
    ):
        assert words in text, words


def test_moving_to_a_team_one_is_not_in_leads_back_to_the_list(world: World) -> None:
    row = world.conversation()
    response = world.amara.post(f"{here(row)}team/", {"team": str(world.repairs.pk)})
    assert (response.status_code, response["Location"]) == (303, "/inbox/all-open/")
    assert world.amara.get(here(row)).status_code == 404
    assert world.bruno.get(here(row)).status_code == 200


def test_a_viewer_reads_and_changes_nothing(world: World) -> None:
    row = world.conversation()
    assert "you need the role agent" in page(world.farid, row)
    assert world.farid.post(f"{here(row)}status/", {"status": "solved"}).status_code == 403
    assert world.reload(row).status == Status.OPEN


def test_a_closed_conversation_offers_a_new_one(world: World) -> None:
    row = world.conversation(status=Status.CLOSED)
    assert "Write to them in a new conversation" in page(world.amara, row)
    assert 'id="composer"' not in page(world.amara, row)


def test_a_merged_conversation_says_where_it_goes_on(world: World) -> None:
    one, two = world.conversation(), world.conversation()
    merge_thread(two, into=one, by=SYSTEM)
    assert f"/inbox/all-open/{one.pk}/" in page(world.amara, two)


def test_both_sides_tell_of_merge_undo_and_split(world: World) -> None:
    one, two = world.conversation(), world.conversation()
    merge(two, into=one, by=world.amara.actor)
    assert "You merged this into" in page(world.amara, two)
    assert "You merged into this" in page(world.amara, one)
    unmerge(two, by=world.amara.actor)
    assert "undid the merge: this stands for itself again" in page(world.edda, two)
    assert "undid the merge with" in page(world.edda, one)
    split(one, messages=[world.writes(one).pk], subject="", by=world.amara.actor)
    assert "split messages off into" in page(world.edda, one)


def test_a_stranger_is_named_and_left_out_of_nothing_silently(world: World) -> None:
    row = world.conversation()
    people = (("mallory@else.example", "Mallory", "from"),)
    world.writes(
        row, from_name="Mallory", from_address="mallory@else.example", flag=Flag.STRANGER, participants=people
    )
    text = page(world.amara, row)
    assert "was not in this conversation before" in text
    assert "Until you let them in, they get no answer of ours" in text


def test_a_failed_answer_says_why_and_offers_another_try(world: World) -> None:
    row = world.conversation()
    message = world.answered(row)
    Message.objects.filter(pk=message.pk).update(state=DeliveryState.FAILED, trouble="550 5.1.1 no such user")
    text = page(world.amara, row)
    assert "does not exist" in text
    assert f"/messages/{message.pk}/retry/" in text
    Message.objects.filter(pk=message.pk).update(state=DeliveryState.SENT, trouble="")


def test_links_are_shown_and_lead_only_where_one_may_go(world: World) -> None:
    row, other = world.conversation(), world.conversation(inbox=world.workshop)
    link(row, other=other, reason=LinkReason.MENTIONS_NUMBER, by=SYSTEM)
    assert f"#{other.pk}" in page(world.amara, row)
    assert world.amara.get(f"/conversations/{other.pk}/").status_code == 404


def test_what_was_said_is_escaped(world: World) -> None:
    row = world.conversation(subject="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    add_note(row, text="<b>bold</b>", sent_once="", files=(), by=world.amara.actor)
    text = page(world.amara, row)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;b&gt;bold" in text


def test_a_long_history_is_shown_by_its_end_and_costs_the_same(world: World) -> None:
    row = world.conversation()
    for number in range(5):
        world.writes(row, text=f"Mail {number}")
    world.amara.get(here(row))
    with assert_queries(at_most=12) as few:
        world.amara.get(here(row))
    allowed = len(few)
    for number in range(5, 60):
        world.writes(row, text=f"Mail {number}")
    world.amara.get(here(row))  # the first look marks it read
    with assert_queries(at_most=allowed):
        text = page(world.amara, row)
    assert "Mail 59" in text
    assert "Mail 3<" not in text
    older = re.search(r'href="([^"]+\?before=[^"]+)"', text)
    assert older is not None
    part = world.amara.get(older[1].replace("&amp;", "&")).content.decode()
    assert "Mail 20" in part
    assert "Show the newest entries" in part
    assert "Mail 59<" not in part


def test_a_link_to_an_old_message_opens_the_part_that_ends_with_it(world: World) -> None:
    row = world.conversation()
    messages = [world.writes(row, text=f"Mail {number}") for number in range(60)]
    world.amara.get(here(row))
    old = messages[10]
    way = world.amara.get(f"/conversations/{row.pk}/?message={old.pk}").headers["Location"]
    text = world.amara.get(way).content.decode()
    assert f'id="m{old.pk}"' in text
    assert f'id="m{messages[11].pk}"' not in text
    with assert_queries(at_most=12):
        world.amara.get(f"{here(row)}?message={old.pk}")
    newest = world.amara.get(f"{here(row)}?message={messages[50].pk}").content.decode()
    assert f'id="m{messages[59].pk}"' in newest, "what stands among the newest is shown there"
    for strange in ("x", "0", "999999999", str(2**70)):
        assert (
            f'id="m{messages[59].pk}"' in world.amara.get(f"{here(row)}?message={strange}").content.decode()
        )


def test_a_part_does_not_count_as_read_to_the_end_and_answers_the_newest(world: World) -> None:
    row = world.conversation(customer=world.dalia)
    old = [world.writes(row, text=f"Mail {number}") for number in range(40)][3]
    world.writes(row, customer=world.ines, text="The newest")
    text = world.amara.get(f"{here(row)}?message={old.pk}").content.decode()
    assert "The newest<" not in text
    to = re.search(r'name="to" value="([^"]+@[^"]+)"', text)
    assert to is not None
    assert to[1] == world.ines.address
    assert "row unread" in world.amara.get("/inbox/all-open/").content.decode()


def test_what_is_new_since_the_reader_looked_stands_below_a_line(world: World) -> None:
    row = world.conversation(text="Read before")
    assert "New since you looked" not in page(world.amara, row), "to who never looked all is new"
    add_note(row, text="My own", sent_once="", files=(), by=world.amara.actor)
    assert "New since you looked" not in page(world.amara, row)
    world.writes(row, text="Unread mail")
    text = page(world.amara, row)
    assert text.index("Read before") < text.index("New since you looked") < text.index("Unread mail")
    assert "New since you looked" not in page(world.amara, row)


def test_changes_in_a_row_are_one_line_that_says_whose_they_are(world: World) -> None:
    row = world.conversation()
    for name in ("a", "b", "c"):
        tag(row, name=name, by=world.edda.actor)
    assign(row, to=world.amara.agent, by=SYSTEM)
    text = " ".join(page(world.amara, row).split())
    assert "4 changes by Edda and the desk" in text
    assert "5 changes by Edda and the desk" not in text


def test_reading_marks_it_read_for_this_agent_only(world: World) -> None:
    row = world.conversation()
    page(world.amara, row)
    assert "row unread" not in world.amara.get("/inbox/all-open/").content.decode()
    assert "row unread" in world.chen.get("/inbox/all-open/").content.decode()
    change_status(row, to=Status.WAITING, by=SYSTEM)


def test_of_a_very_long_text_the_page_shows_the_beginning_and_where_the_rest_is(world: World) -> None:
    conversation = world.conversation(assignee=world.amara)
    message = world.writes(conversation, text=f"It begins. {'And on. ' * 20_000}It ends.")
    shown = world.amara.get(f"/inbox/my-turn/{conversation.pk}/").content.decode()
    assert "It begins." in shown
    assert "It ends." not in shown
    assert f"/messages/{message.pk}/text/" in shown
    assert "It ends." in world.amara.get(f"/messages/{message.pk}/text/").content.decode()


def test_a_mail_in_chinese_is_opened_like_any_other(world: World) -> None:
    received(
        world,
        letter(
            "zh@x",
            sender="Wang Li <wang@example.net>",
            text="您好，我的订单还没有到。请问什么时候可以收到退款？谢谢。",
        ),
    )
    row = Conversation.objects.get()
    assert row.language == "zh"
    assert "Chinese" in page(world.amara, row)
