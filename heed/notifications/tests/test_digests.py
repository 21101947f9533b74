"""What was not read comes by one mail, which can be answered by the one who got it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
import time_machine

from heed.brands.models import Inbox
from heed.channels.email.authentication.results import NOT_CHECKED, Source, Verdict
from heed.channels.email.notice_address import NoticeAddress
from heed.conversations.actions.answering import Answer, add_note
from heed.conversations.actions.restricting import restrict
from heed.conversations.actions.sides import Asked, begin_side
from heed.conversations.actions.state import assign
from heed.conversations.models import Conversation, Message
from heed.delivery.tests.sink import Sink
from heed.eventlog import due
from heed.intake.checks import findings
from heed.intake.forwarding import store_files
from heed.intake.letters import Opened, open_letter
from heed.intake.models import Receipt
from heed.intake.notice_answers import AnswerRefused, notice_of, take_answer
from heed.intake.receipts import accepted_now, keep, raw_of
from heed.kernel import clock
from heed.kernel.errors import Refused
from heed.kernel.notice_words import NotificationChannel, NotificationKind
from heed.kernel.words import AgentId, Direction, Origin, ReceiptState, SuppressReason, TeamId
from heed.notifications import digests
from heed.notifications.actions import mark_read_about
from heed.notifications.actions.choosing import choose_notifications
from heed.notifications.choices import DEFAULTS, Wanted
from heed.notifications.models import Digest, Notification
from heed.people.actions import set_mail_server
from heed.people.actions.agents import switch_off
from heed.people.actions.standings import suppress
from heed.people.policy import SYSTEM
from heed.testing.world import Colleague, World

SOON = timedelta(minutes=16)
EVERYTHING = Wanted({kind: frozenset(NotificationChannel) for kind in DEFAULTS})


@pytest.fixture
def sink(world: World) -> Iterator[Sink]:
    """The server that Linden's help inbox sends through."""
    with Sink() as server:
        set_mail_server(world.help, url=f"smtp://127.0.0.1:{server.port}", by=SYSTEM)
        yield server


def mention(world: World, who: Colleague, row: Conversation | None = None) -> Conversation:
    found = row or world.conversation(subject="A wobbly saddle")
    add_note(found, text=f"@{who.row.name} look", sent_once="", files=(), by=world.amara.actor)
    world.read_log()
    return found


def later(after: timedelta = SOON) -> None:
    """Let the worker look as late as that."""
    with time_machine.travel(clock.now() + after):
        digests.step()


def mail(sink: Sink, number: int = -1) -> EmailMessage:
    found = message_from_bytes(sink.mails[number].raw, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def words(found: EmailMessage) -> str:
    body = found.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def answered(
    world: World, asked: EmailMessage, text: str, *, who: str = "edda@desk.example", **more: str
) -> Receipt:
    """An answer to a mail comes by SMTP, as the agent's mail program writes it."""
    found = EmailMessage(policy=SMTP)
    to = str(asked["Reply-To"] or asked["From"].addresses[0].addr_spec)
    found["From"], found["To"] = who, to
    found["Subject"] = f"Re: {asked['Subject']}"
    found["Message-ID"] = f"<{len(text)}.{who}>"
    found["In-Reply-To"], found["Date"] = asked["Message-ID"], asked["Date"]
    for name, value in more.items():
        found[name.replace("_", "-")] = value
    quoted = "\n".join(f"> {line}" for line in words(asked).splitlines())
    found.set_content(
        f"{text}\n\nOn Mon, Nov 2, 2026 at 10:00 AM Heed <help@linden.example> wrote:\n{quoted}\n"
    )
    found.add_attachment(b"1,2", maintype="text", subtype="csv", filename="figures.csv")
    found.set_boundary("figures")  # a copy has the same bytes
    kept = accepted_now(found.as_bytes(), mail_from=who, recipients=[to])
    return keep([kept], origin=Origin.LIVE, by=SYSTEM)[0]


def test_several_are_told_in_one_mail_and_never_again(world: World, sink: Sink) -> None:
    first, second = mention(world, world.edda), mention(world, world.edda)
    assert digests.step() == 0
    later()
    assert len(sink.mails) == 1
    told = words(mail(sink))
    assert "Amara mentioned you" in told
    assert f"#{first.pk} A wobbly saddle, Dalia Haddad" in told
    assert f"/conversations/{second.pk}/" in told
    assert "Don’t answer this mail as a whole" in told
    assert mail(sink)["Auto-Submitted"] is not None
    assert sink.mails[0].sender == "<>"
    later(timedelta(days=1))
    assert len(sink.mails) == 1


def test_what_was_read_meanwhile_is_not_told_by_mail(world: World, sink: Sink) -> None:
    row = mention(world, world.edda)
    mark_read_about(row, by=world.edda.actor)
    later()
    assert sink.mails == []
    assert Digest.objects.get().due_at is None


def test_what_one_may_not_see_when_it_leaves_is_not_in_it(world: World, sink: Sink) -> None:
    shut, shown = mention(world, world.farid), mention(world, world.farid)
    restrict(shut, agents=[AgentId(world.edda.row.pk)], teams=[], by=world.edda.actor)
    later()
    told = words(mail(sink))
    assert f"#{shown.pk}" in told
    assert f"#{shut.pk}" not in told


def test_in_quiet_hours_nothing_leaves_until_they_are_over(world: World, sink: Sink) -> None:
    mention(world, world.edda)
    now = clock.now()
    minute = now.hour * 60 + now.minute
    quiet = Wanted(quiet_from=minute, quiet_to=(minute + 120) % 1440)
    choose_notifications(quiet, by=world.edda.actor)
    later()
    assert sink.mails == []
    later(timedelta(minutes=121))
    assert len(sink.mails) == 1


def test_nothing_leaves_to_a_suppressed_address_or_a_desk_without_a_server(world: World, sink: Sink) -> None:
    suppress("edda@desk.example", reason=SuppressReason.NO_MAILBOX, report=None, on=None, by=SYSTEM)
    mention(world, world.edda)
    later()
    assert sink.mails == []
    set_mail_server(world.help, url="", by=SYSTEM)
    mention(world, world.farid)
    later()
    assert sink.mails == []
    assert not Notification.objects.filter(wants_mail=True).exists()


def test_a_server_in_trouble_is_asked_again(world: World, sink: Sink) -> None:
    set_mail_server(world.help, url="smtp://127.0.0.1:1", by=SYSTEM)
    mention(world, world.edda)
    later()
    set_mail_server(world.help, url=f"smtp://127.0.0.1:{sink.port}", by=SYSTEM)
    later(timedelta(minutes=18))
    assert len(sink.mails) == 1


# Answers -----------------------------------------------------------------------------------------------------------


def test_an_answer_to_a_mention_is_a_note_with_its_files(world: World, sink: Sink) -> None:
    row = mention(world, world.edda)
    later()
    assert "becomes a NOTE" in words(mail(sink)).splitlines()[0]
    receipt = answered(world, mail(sink), "It is the bank.")
    world.settle()
    note = row.messages.order_by("-pk")[0]
    assert (note.direction, note.agent_id, note.text) == (
        Direction.NOTE,
        world.edda.row.pk,
        "It is the bank.",
    )
    assert [file.filename for file in note.attachments.all()] == ["figures.csv"]
    receipt.refresh_from_db()
    assert receipt.state == ReceiptState.READ
    assert Conversation.objects.count() == 1
    assert list(findings()) == []


def told_of_answer(world: World, sink: Sink) -> Conversation:
    """Edda is responsible, and a mail told her that Dalia wrote."""
    choose_notifications(EVERYTHING, by=world.edda.actor)
    row = world.conversation()
    assign(row, to=world.edda.row, by=world.edda.actor)
    world.read_log()
    world.writes(row, text="Is anybody there?")
    world.read_log()
    later()
    return row


def test_an_answer_to_what_a_customer_wrote_goes_to_them(world: World, sink: Sink) -> None:
    row = told_of_answer(world, sink)
    assert "goes TO THE CUSTOMER" in words(mail(sink)).splitlines()[0]
    answered(world, mail(sink), "We are.")
    world.settle()
    said = Message.objects.get(direction=Direction.OUT, text="We are.")
    assert (said.conversation_id, said.agent_id) == (row.pk, world.edda.row.pk)
    assert said.to == [["Dalia Haddad", "dalia@example.org"]]
    assert b"We are." in sink.mails[-1].raw
    assert b"Is anybody there?" not in said.text.encode()


def test_when_somebody_wrote_meanwhile_it_is_a_note_and_its_writer_is_told(world: World, sink: Sink) -> None:
    row = told_of_answer(world, sink)
    asked = mail(sink)
    world.answered(row, by=world.chen)
    answered(world, asked, "We are.")
    world.settle()
    note = Message.objects.get(text="We are.")
    assert note.direction == Direction.NOTE
    kept = Notification.objects.get(kind=NotificationKind.KEPT)
    assert (kept.agent_id, kept.message_id) == (world.edda.row.pk, note.pk)


def test_the_same_answer_twice_is_said_once(world: World, sink: Sink) -> None:
    told_of_answer(world, sink)
    asked = mail(sink)
    for _ in range(2):
        answered(world, asked, "We are.")
        world.settle()
    assert Message.objects.filter(text="We are.").count() == 1


@pytest.mark.parametrize("who", ["mallory@example.com", "amara@desk.example"])
def test_nobody_else_is_obeyed_there_and_no_customer_gets_it(world: World, sink: Sink, who: str) -> None:
    row = told_of_answer(world, sink)
    before = row.messages.count()
    receipt = answered(world, mail(sink), "Pay to this account.", who=who)
    world.settle()
    receipt.refresh_from_db()
    assert (receipt.state, receipt.reason, receipt.detail) == ("parked", "answer", "somebody_else")
    assert row.messages.count() == before
    assert Conversation.objects.count() == 1
    assert "No customer got it." in world.chen.get("/settings/parked/").content.decode()


def test_who_may_not_see_it_any_more_is_not_obeyed(world: World, sink: Sink) -> None:
    row = mention(world, world.farid)
    later()
    restrict(row, agents=[AgentId(world.edda.row.pk)], teams=[], by=world.edda.actor)
    receipt = answered(world, mail(sink), "Let me see.", who="farid@desk.example")
    world.settle()
    receipt.refresh_from_db()
    assert receipt.state == ReceiptState.PARKED
    assert not Message.objects.filter(text="Let me see.").exists()


def test_an_answer_to_several_at_once_is_parked(world: World, sink: Sink) -> None:
    mention(world, world.edda)
    mention(world, world.edda)
    later()
    receipt = answered(world, mail(sink), "Which?")
    world.settle()
    receipt.refresh_from_db()
    assert (receipt.state, receipt.detail) == ("parked", "several")


def test_an_answer_to_what_was_said_aside_is_parked_and_no_new_mail_for_a_whole_team(
    world: World, sink: Sink
) -> None:
    choose_notifications(EVERYTHING, by=world.bruno.actor)
    question = Answer(text="Is a pump covered?", to=(), subject="Warranty")
    asked = Asked(team=TeamId(world.repairs.pk))
    begin_side(world.conversation(), answer=question, asked=asked, by=world.amara.actor)
    world.read_log()
    later()
    assert "Is a pump covered?" in words(mail(sink))
    assert "can’t be answered" in words(mail(sink)).splitlines()[0]
    receipt = answered(world, mail(sink), "It is not.", who="bruno@desk.example")
    world.settle()
    receipt.refresh_from_db()
    assert (receipt.state, receipt.detail) == ("parked", "several")
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize(("octets", "is_answered"), [(30, True), (50, False)])
def test_what_answers_a_mail_of_an_inbox_with_a_long_name_never_comes_to_it_as_new(
    world: World, sink: Sink, octets: int, is_answered: bool
) -> None:
    Inbox.objects.filter(pk=world.help.pk).update(address=f"{'a' * octets}@linden.example")
    row = told_of_answer(world, sink)
    asked = mail(sink)
    assert ("goes TO THE CUSTOMER" in words(asked)) is is_answered
    assert ("can’t be answered" in words(asked)) is not is_answered
    if not is_answered:
        assert asked["Reply-To"] == "edda@desk.example"  # whoever answers all the same writes to themselves
        return
    answered(world, asked, "We are.")
    world.settle()
    assert row.messages.filter(direction=Direction.OUT, text="We are.").exists()
    assert Conversation.objects.count() == 1


def test_a_forged_address_is_mail_like_any_other(world: World, sink: Sink) -> None:
    row = told_of_answer(world, sink)
    asked = mail(sink)
    signed = str(asked["Reply-To"])
    asked.replace_header("Reply-To", signed.replace(".r.", ".n."))
    answered(world, asked, "We are.")
    world.settle()
    assert not row.messages.filter(text="We are.").exists()


def test_what_an_absent_agents_mailbox_says_is_forgotten(world: World, sink: Sink) -> None:
    row = told_of_answer(world, sink)
    before = row.messages.count()
    receipt = answered(world, mail(sink), "I am away.", Auto_Submitted="auto-replied")
    world.settle()
    receipt.refresh_from_db()
    assert receipt.state == ReceiptState.PURGED
    assert row.messages.count() == before
    assert Conversation.objects.count() == 1


def opened(world: World, sink: Sink) -> tuple[Receipt, Opened, NoticeAddress]:
    """A claimed receipt with what stands in it."""
    told_of_answer(world, sink)
    answered(world, mail(sink), "We are.")
    [receipt] = due.claim(Receipt, limit=1, lease_seconds=60)
    found = open_letter(receipt, raw_of([receipt.pk])[receipt.pk])
    notice = notice_of(found)
    assert notice is not None
    store_files([found])
    return receipt, found, notice


def test_taking_an_answer_is_the_desks(world: World, sink: Sink) -> None:
    receipt, found, notice = opened(world, sink)
    for by in (world.edda.actor, world.nobody.actor):
        with pytest.raises(Refused):
            take_answer(receipt, opened=found, notice=notice, by=by)
    said = take_answer(receipt, opened=found, notice=notice, by=SYSTEM)
    assert said is not None
    assert said.text == "We are."


def test_an_answer_is_taken_once(world: World, sink: Sink) -> None:
    receipt, found, notice = opened(world, sink)
    take_answer(receipt, opened=found, notice=notice, by=SYSTEM)
    with pytest.raises(due.ClaimLost):
        take_answer(receipt, opened=found, notice=notice, by=SYSTEM)


def test_an_answer_of_who_fails_their_check_is_refused(world: World, sink: Sink) -> None:
    receipt, found, notice = opened(world, sink)
    failing = replace(NOT_CHECKED, domain="desk.example", source=Source.OURS, dmarc=Verdict.FAIL)
    doubted = replace(found, letter=replace(found.letter, checks=failing))
    with pytest.raises(AnswerRefused, match="not_proven"):
        take_answer(receipt, opened=doubted, notice=notice, by=SYSTEM)


def test_an_answer_of_who_is_switched_off_is_refused(world: World, sink: Sink) -> None:
    receipt, found, notice = opened(world, sink)
    switch_off(world.edda.row, by=SYSTEM)
    with pytest.raises(AnswerRefused, match="somebody_else"):
        take_answer(receipt, opened=found, notice=notice, by=SYSTEM)
