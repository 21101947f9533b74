"""The recipient line shows exactly who will get the answer, and says what a careful person would look at."""

from typing import Any

import pytest

from heed.channels.email.parse import parse
from heed.conversations.actions.answering import AnsweredElsewhere, FlaggedRecipients, reply
from heed.conversations.models import Conversation, Message
from heed.conversations.recipients import company_domain, is_outside_of
from heed.delivery.actions.setup import add_inbox_address
from heed.delivery.models import CaughtMail
from heed.intake.tests.letters import arrives, letter
from heed.kernel.words import Because, Confidence, Direction, EventId, Flag, Hold, RecipientRole
from heed.people.actions import join_team
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World


def page_of(row: Conversation) -> str:
    return f"/inbox/all-open/{row.pk}/"


def line(*people: tuple[str, RecipientRole]) -> tuple[tuple[str, str, str], ...]:
    return tuple((address, "", str(role)) for address, role in people)


def a_stranger(world: World, row: Conversation, address: str = "mallory@elsewhere.example") -> Message:
    mail: dict[str, Any] = {
        "from_name": "Mallory",
        "from_address": address,
        "customer": None,
        "flag": Flag.STRANGER,
        "confidence": Confidence.FAILED,
        "because": Because.DMARC_FAILED,
        "participants": line((address, RecipientRole.FROM)),
        "text": "Let me in",
    }
    return world.writes(row, **mail)


def chips(html: str, name: str) -> list[str]:
    part = f'<input type="hidden" name="{name}" value="'
    return [piece.partition('"')[0] for piece in html.split(part)[1:]]


def test_the_line_follows_a_customer_change_a_bcc_and_a_removed_copy(world: World) -> None:
    """A customer change, a hidden copy and a removed one."""
    row = world.conversation()
    world.writes(
        row,
        participants=line((world.dalia.address, RecipientRole.FROM), ("ben@example.org", RecipientRole.CC)),
    )
    answer = world.answer(cc=(("Ben", "ben@example.org"),), bcc=(("", "boss@linden.example"),))
    reply(row, answer=answer, by=world.amara.actor)
    world.writes(
        row,
        customer=world.ines,
        participants=line((world.ines.address, RecipientRole.FROM), ("zoe@example.net", RecipientRole.CC)),
    )
    html = world.amara.get(page_of(row)).content.decode()
    assert chips(html, "to") == [world.ines.address]  # who wrote last
    assert set(chips(html, "cc")) == {world.dalia.address, "ben@example.org", "zoe@example.net"}
    assert chips(html, "bcc") == []  # a hidden copy is never repeated by itself
    assert html.count("is new here.") == 2
    assert "Got our last answer, but not this one:" in html
    assert "boss@linden.example" in html.partition("Got our last answer")[2].partition("</p>")[0]
    form = {"text": "x", "to": world.ines.address, "cc": ["zoe@example.net"], "send": "1", "key": "k"}
    world.amara.post(f"{page_of(row)}reply/", form)
    sent = Message.objects.filter(direction=Direction.OUT).latest("pk")
    assert ([a for _, a in sent.to], [a for _, a in sent.cc]) == ([world.ines.address], ["zoe@example.net"])
    html = world.amara.get(page_of(row)).content.decode()
    assert "ben@example.org" not in chips(html, "cc")
    assert "boss@linden.example" not in html.partition('id="composer"')[2]


def test_a_newcomer_of_another_company_is_called_so(world: World) -> None:
    row = world.conversation()
    world.answered(row)
    world.writes(
        row,
        participants=line((world.dalia.address, RecipientRole.FROM), ("eve@other.example", RecipientRole.CC)),
    )
    html = world.amara.get(page_of(row)).content.decode()
    assert "They are not at example.org, as the customer is." in html
    assert company_domain(["a@mail.example.org", "b@example.org", "c@gmail.com"]) == "example.org"
    assert company_domain(["a@gmail.com"]) == ""
    assert company_domain(["a@one.example", "b@two.example"]) == ""
    assert not is_outside_of("x@shop.example.org", "example.org")
    assert not is_outside_of("x@anywhere.example", "")


def test_a_held_writer_stands_in_no_line_until_an_agent_lets_them_in(world: World) -> None:
    row = world.conversation()
    held = a_stranger(world, row)
    html = world.amara.get(page_of(row)).content.decode()
    assert chips(html, "to") == [world.dalia.address]
    assert chips(html, "cc") == []
    assert "Until you let them in" in html
    assert "Sender not proven: the checks failed" in html
    answer = world.amara.post(f"/messages/{held.pk}/admit/")
    assert answer.status_code == 303
    html = world.amara.get(page_of(row)).content.decode()
    assert chips(html, "to") == ["mallory@elsewhere.example"]
    assert "Until you let them in" not in html
    assert "You let in a message that was held" in html
    world.amara.post(f"/messages/{held.pk}/reject/")
    html = world.amara.get(page_of(row)).content.decode()
    assert "mallory@elsewhere.example" not in chips(html, "to") + chips(html, "cc")
    assert "Let it in after all" in html


def test_sending_to_a_held_writer_is_asked_about_once(world: World) -> None:
    row = world.conversation()
    a_stranger(world, row)
    form = {"text": "Who are you?", "to": "mallory@elsewhere.example", "send": "1", "key": "k"}
    asked = world.amara.post(f"{page_of(row)}reply/", form)
    assert asked.status_code == 409
    html = asked.content.decode()
    assert "Send to them too" in html
    assert 'name="vouched" value="mallory@elsewhere.example"' in html
    assert not Message.objects.filter(direction=Direction.OUT).exists()
    answer = world.amara.post(f"{page_of(row)}reply/", {**form, "vouched": "mallory@elsewhere.example"})
    assert answer.status_code == 303
    assert Message.objects.get(direction=Direction.OUT).to == [["", "mallory@elsewhere.example"]]


def test_vouching_counts_only_for_those_who_were_shown(world: World) -> None:
    row = world.conversation()
    a_stranger(world, row)
    a_stranger(world, row, "eve@elsewhere.example")
    both = (("", "mallory@elsewhere.example"), ("", "eve@elsewhere.example"))
    answer = world.answer(cc=both, vouched=frozenset({"mallory@elsewhere.example"}))
    with pytest.raises(FlaggedRecipients) as refused:
        reply(row, answer=answer, by=world.amara.actor)
    assert refused.value.addresses == ["eve@elsewhere.example"]


@pytest.mark.parametrize(
    ("confidence", "because", "words"),
    [
        (Confidence.PROVEN, Because.DMARC, "Sender proven"),
        (Confidence.LIKELY, Because.USUAL_PATH, "It came by way of hosting.example"),
        (Confidence.UNKNOWN, Because.FORM, "whoever filled it in typed this address"),
        (Confidence.UNKNOWN, Because.TEMPORARY, "Name servers did not answer"),
        (Confidence.FORGED_OURS, Because.SPF_FAILED, "the checks failed"),
    ],
)
def test_the_head_of_a_message_says_how_sure_the_desk_is_and_why(
    world: World, confidence, because, words
) -> None:
    row = world.conversation()
    world.writes(row, confidence=confidence, because=because, path="hosting.example")
    assert words in world.amara.get(page_of(row)).content.decode()


def test_where_nobody_looked_nothing_is_said(world: World) -> None:
    row = world.conversation()
    world.writes(row, confidence=Confidence.UNKNOWN, because=Because.NOT_CHECKED)
    assert "Sender " not in world.amara.get(page_of(row)).content.decode()


def test_another_address_for_answers_is_shown(world: World) -> None:
    row = world.conversation()
    world.writes(row, reply_to=(("", "other@evil.example"),))
    html = world.amara.get(page_of(row)).content.decode()
    assert "The mail asks for answers at another address:" in html
    assert "other@evil.example" not in chips(html, "to") + chips(html, "cc")


@pytest.mark.parametrize("flag", [flag for flag in Flag if flag])
@pytest.mark.parametrize("hold", list(Hold))
def test_every_flag_has_its_words(world: World, flag: Flag, hold: Hold) -> None:
    row = world.conversation()
    message = world.writes(row, flag=flag)
    Message.objects.filter(pk=message.pk).update(hold=hold)
    html = world.amara.get(page_of(row))
    assert html.status_code == 200
    assert "Read this with care." not in html.content.decode()


# --- the same mail to two brands (scenario 7) ------------------------------------------------------------------


def two_brands(world: World) -> tuple[Conversation, Conversation]:
    raw = letter("a@x", to="help@linden.example, hello@kestrel.example")
    arrives(raw, to=["help@linden.example", "hello@kestrel.example"])
    world.settle()
    here = Conversation.objects.get(brand=world.linden)
    there = Conversation.objects.get(brand=world.kestrel)
    join_team(world.charts, agent=world.edda.row, by=SYSTEM)
    return here, there


def test_an_answer_of_another_brand_is_shown_before_sending(world: World) -> None:
    here, there = two_brands(world)
    assert "answered the same mail" not in world.edda.get(page_of(here)).content.decode()
    world.answered(there, by=world.gita, text="Kestrel has sent the map.")
    html = world.edda.get(page_of(here)).content.decode()
    assert "Gita answered the same mail for Kestrel Maps" in html
    assert "Kestrel has sent the map." in html
    with assert_queries(at_most=40):
        world.edda.get(page_of(here))


def test_and_stops_one_that_was_written_meanwhile_once(world: World) -> None:
    here, there = two_brands(world)
    seen = world.events(here)[-1].id
    world.answered(there, by=world.gita, text="Kestrel has sent the map.")
    form = {"text": "Ours", "to": world.dalia.address, "send": "1", "key": "k", "seen": str(seen)}
    stopped = world.edda.post(f"{page_of(here)}reply/", form)
    assert stopped.status_code == 409
    html = stopped.content.decode()
    assert "Kestrel has sent the map." in html
    assert "Nothing of yours was sent; your text is kept." in html
    elsewhere = chips(html, "seen_elsewhere")[0]
    confirm = html.partition('name="confirm" value="')[2].partition('"')[0]
    again = world.edda.post(
        f"{page_of(here)}reply/", {**form, "seen_elsewhere": elsewhere, "confirm": confirm}
    )
    assert again.status_code == 303
    assert "answered the same mail" not in world.edda.get(page_of(here)).content.decode()  # ours is newer


def test_who_may_not_see_the_other_brand_is_told_nothing(world: World) -> None:
    here, there = two_brands(world)
    seen = EventId(world.events(here)[-1].id)
    world.answered(there, by=world.gita, text="Kestrel has sent the map.")
    assert "Kestrel" not in world.amara.get(page_of(here)).content.decode()
    with pytest.raises(AnsweredElsewhere):
        reply(here, answer=world.answer(seen=seen), by=world.edda.actor)
    assert reply(here, answer=world.answer(seen=seen), by=world.amara.actor).pk


def test_the_address_an_answer_leaves_from_is_a_choice_only_where_there_are_several(world: World) -> None:
    row = world.conversation()
    href = f"/inbox/all-open/{row.pk}/"
    assert 'name="sender"' not in world.amara.get(href).content.decode()
    add_inbox_address(world.help, address="billing@linden.example", by=SYSTEM)
    shown = world.amara.get(href).content.decode()
    assert '<option value="help@linden.example" selected>' in shown
    data = {
        "text": "Paid.",
        "to": world.dalia.address,
        "key": "k",
        "send": "1",
        "sender": "billing@linden.example",
    }
    assert world.amara.post(f"{href}reply/", data).status_code == 303
    world.settle()
    mail = parse(bytes(CaughtMail.objects.get().raw))
    assert mail.sender is not None
    assert mail.sender.address == "billing@linden.example"
    assert mail.reply_to[0].address.startswith("billing+h")


def test_an_answer_leaves_from_the_address_that_the_customer_wrote_to(world: World) -> None:
    add_inbox_address(world.help, address="billing@linden.example", by=SYSTEM)
    row = world.conversation()
    world.writes(row, to=(("", "billing+h1.x@linden.example"),))
    shown = world.amara.get(f"/inbox/all-open/{row.pk}/").content.decode()
    assert '<option value="billing@linden.example" selected>' in shown


def test_a_choice_of_address_stays_when_the_form_comes_back_and_one_of_others_is_refused(
    world: World,
) -> None:
    add_inbox_address(world.help, address="billing@linden.example", by=SYSTEM)
    row = world.conversation()
    data = {
        "text": " ",
        "to": world.dalia.address,
        "key": "k",
        "send": "1",
        "sender": "billing@linden.example",
    }
    again = world.amara.post(f"/inbox/all-open/{row.pk}/reply/", data)
    assert again.status_code == 422
    assert '<option value="billing@linden.example" selected>' in again.content.decode()
    foreign = world.amara.post(
        f"/inbox/all-open/{row.pk}/reply/", {**data, "text": "x", "sender": "hello@kestrel.example"}
    )
    assert foreign.status_code == 422
    assert not row.messages.filter(direction=Direction.OUT).exists()
