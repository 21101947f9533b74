"""The Sent folder: answers written elsewhere are ours, and the desk's answers stand there too. On a real Dovecot."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from heed.conversations.actions.answering import reply
from heed.conversations.actions.receiving import ThreadsChanged, receive_own
from heed.conversations.models import Conversation, Message, RawMail
from heed.delivery.models import CaughtMail, Delivery
from heed.eventlog.kinds import MessageFound, MessageQueued
from heed.eventlog.unit import unit
from heed.intake.models import Receipt
from heed.intake.receipts import accepted_now, keep, keep_own
from heed.kernel import clock
from heed.kernel.words import DeliveryState, Direction, Origin, ReceiptState, Status
from heed.mailboxes.actions.accounts import add_mailbox
from heed.mailboxes.actions.filings import TRIES, file_later, note_filed
from heed.mailboxes.models import Filing, Mailbox
from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot
from heed.mailboxes.tests.post_office import handling, letter
from heed.people.models import Customer
from heed.people.policy import SYSTEM
from heed.testing.world import World


def connect(world: World, post: Dovecot, **more: object) -> Mailbox:
    with post.looked_into(folder="") as line:
        line.create_folder("Sent")
    how = handling(sent_folder="Sent", **more)
    return add_mailbox(world.help, account=post.account(), handling=how, password=PASSWORD, by=SYSTEM)


def look_again(world: World) -> None:
    Mailbox.objects.update(due_at=clock.now())
    world.settle()


def own(number: int, **headers: str) -> bytes:
    """A mail from the inbox to Dalia, as another program writes it."""
    told = {
        "Return_Path": "",
        "From": "Linden Bikes <help@linden.example>",
        "To": "Dalia Haddad <dalia@example.org>",
        "Subject": "Re: Order 1",
        "Message_ID": f"<elsewhere-{number}@linden.example>",
        "In_Reply_To": "<order-1@example.org>",
        "References": "<order-1@example.org>",
    }
    return letter(number, text="We sent it today.", **{**told, **headers})


def test_an_answer_from_elsewhere_is_ours_stops_the_clock_and_is_not_sent_again(
    world: World, post: Dovecot
) -> None:
    post.put(letter(1))
    connect(world, post)
    world.settle()
    row = Conversation.objects.get()
    assert row.next_due_at is not None
    caught = CaughtMail.objects.count()
    post.put(own(2), folder="Sent")
    look_again(world)
    row.refresh_from_db()
    assert row.status == Status.WAITING
    assert world.reload(row).next_due_at is None
    found = row.messages.order_by("-pk")[0]
    assert (found.direction, found.state, found.customer_id) == (Direction.OUT, DeliveryState.SENT, None)
    assert MessageFound.name in world.kinds(row)
    assert CaughtMail.objects.count() == caught
    assert not Delivery.objects.filter(message=found).exists()
    assert not Customer.objects.filter(identities__value="help@linden.example").exists()
    post.put(letter(3, In_Reply_To="<elsewhere-2@linden.example>", References="<elsewhere-2@linden.example>"))
    look_again(world)
    assert Conversation.objects.get().status == Status.OPEN


def test_an_answer_that_an_agent_sent_under_their_own_name_is_the_agents(world: World, post: Dovecot) -> None:
    post.put(letter(1))
    connect(world, post)
    world.settle()
    post.put(own(2, From="Amara <amara@desk.example>"), folder="Sent")
    look_again(world)
    found = Message.objects.get(message_id="elsewhere-2@linden.example")
    assert found.agent == world.amara.row


def test_an_answer_found_late_leaves_what_the_customer_wrote_since_open(world: World, post: Dovecot) -> None:
    then = clock.now() - timedelta(hours=2)
    post.put(letter(1, Date=(then - timedelta(hours=1)).strftime("%a, %d %b %Y %H:%M:%S +0000")))
    post.put(letter(3, In_Reply_To="<order-1@example.org>", References="<order-1@example.org>"))
    connect(world, post)
    world.settle()
    post.put(own(2, Date=then.strftime("%a, %d %b %Y %H:%M:%S +0000")), folder="Sent")
    look_again(world)
    row = Conversation.objects.get()
    assert row.messages.filter(direction=Direction.OUT, message_id="elsewhere-2@linden.example").exists()
    assert row.status == Status.OPEN


def test_what_somebody_began_elsewhere_is_a_conversation_that_waits_for_its_customer(
    world: World, post: Dovecot
) -> None:
    connect(world, post)
    fresh = own(2, To="Petra <petra@example.org>", Subject="Your bike", In_Reply_To="", References="")
    post.put(fresh, folder="Sent")
    world.settle()
    row = Conversation.objects.get()
    assert (row.subject, row.status) == ("Your bike", Status.WAITING)
    assert row.customer is not None
    assert row.customer.name == "Petra"
    assert [person.address for person in row.participants.all()] == ["petra@example.org"]
    assert not CaughtMail.objects.exists()


def test_history_of_the_sent_folder_closes_nothing_and_opens_nothing(world: World, post: Dovecot) -> None:
    connect(world, post, work_from_on=clock.now().date())
    post.put(letter(1))
    post.put(own(2), folder="Sent", at=clock.now() - timedelta(days=30))
    world.settle()
    row = Conversation.objects.get()
    assert row.messages.count() == 3  # with the acknowledgement
    assert row.status == Status.OPEN


def test_the_desks_answer_is_filed_once_and_known_when_it_is_seen_there(world: World, post: Dovecot) -> None:
    post.put(letter(1))
    connect(world, post, wants_sent_filed=True)
    world.settle()
    row = Conversation.objects.get()
    message = reply(row, answer=world.answer(text="It is on its way."), by=world.amara.actor)
    world.settle()
    look_again(world)
    look_again(world)
    assert post.count(folder="Sent") == 1
    with post.looked_into(folder="Sent") as line:
        raw = line.fetch([1], ["BODY.PEEK[]"])[1][b"BODY[]"]
    assert b"It is on its way." in raw
    message.refresh_from_db()
    assert f"<{message.message_id}>".encode() in raw
    assert row.messages.filter(direction=Direction.OUT).count() == 2  # with the acknowledgement
    assert RawMail.objects.filter(message=message).count() == 1
    assert not Filing.objects.filter(due_at__isnull=False).exists()


def test_a_copy_that_the_provider_filed_is_not_filed_again(world: World, post: Dovecot) -> None:
    post.put(letter(1))
    connect(world, post, wants_sent_filed=True)
    world.settle()
    message = reply(Conversation.objects.get(), answer=world.answer(), by=world.amara.actor)
    world.settle()
    caught = CaughtMail.objects.get(message=message)
    post.put(bytes(caught.raw), folder="Sent")
    look_again(world)
    assert post.count(folder="Sent") == 1


def test_a_copy_under_another_message_id_is_known_by_our_signed_address(world: World, post: Dovecot) -> None:
    post.put(letter(1))
    connect(world, post)
    world.settle()
    message = reply(Conversation.objects.get(), answer=world.answer(), by=world.amara.actor)
    world.settle()
    raw = bytes(CaughtMail.objects.get(message=message).raw)
    message.refresh_from_db()
    post.put(raw.replace(message.message_id.encode(), b"rewritten@provider.example"), folder="Sent")
    look_again(world)
    assert Message.objects.filter(direction=Direction.OUT, agent=world.amara.row).count() == 1


def test_who_only_claims_our_address_does_not_speak_for_us(world: World) -> None:
    row = world.conversation()
    known = row.messages.get().message_id
    forged = own(9, In_Reply_To=f"<{known}>", References=f"<{known}>")
    accepted = accepted_now(forged, mail_from="help@linden.example", recipients=["help@linden.example"])
    keep([accepted], origin=Origin.LIVE, by=SYSTEM)
    world.settle()
    assert not Message.objects.filter(direction=Direction.OUT, state=DeliveryState.SENT).exists()
    assert world.reload(row).status == Status.OPEN


@pytest.mark.parametrize("origin", [Origin.LIVE, Origin.IMPORT])
def test_own_mail_is_kept_as_own(world: World, origin: Origin) -> None:
    accepted = accepted_now(own(1), mail_from="", recipients=["help@linden.example"])
    keep_own([accepted], origin=origin, by=SYSTEM)
    keep_own([accepted], origin=origin, by=SYSTEM)
    world.settle()
    assert set(Receipt.objects.values_list("is_own", "state")) == {(True, ReceiptState.READ)}
    assert Message.objects.get().direction == Direction.OUT


def test_own_mail_to_nobody_outside_has_no_customer(world: World) -> None:
    accepted = accepted_now(
        own(1, To="workshop@linden.example"), mail_from="", recipients=["help@linden.example"]
    )
    keep_own([accepted], origin=Origin.LIVE, by=SYSTEM)
    world.settle()
    assert Conversation.objects.get().customer is None


def test_own_mail_that_can_not_be_read_is_parked_like_any_other(world: World) -> None:
    deep = b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\nx\r\n" * 300
    keep_own(
        [accepted_now(deep, mail_from="", recipients=["help@linden.example"])], origin=Origin.LIVE, by=SYSTEM
    )
    world.settle()
    assert Receipt.objects.get().state == ReceiptState.PARKED


def test_a_message_of_ours_joins_as_one_that_is_sent(world: World) -> None:
    row = world.conversation()
    mail = world.incoming(customer=world.dalia, text="We sent it.")
    with unit():
        message = receive_own(row, mail=mail, by=SYSTEM)
    assert (message.direction, message.state) == (Direction.OUT, DeliveryState.SENT)
    assert world.reload(row).status == Status.WAITING
    assert MessageQueued.name not in world.kinds(row)


@pytest.mark.parametrize("status", [Status.SOLVED, Status.CLOSED, Status.WAITING, Status.SNOOZED])
def test_a_message_of_ours_wakes_nothing_that_rests(world: World, status: Status) -> None:
    row = world.conversation(status=status)
    receive_own(row, mail=world.incoming(customer=world.dalia), by=SYSTEM)
    assert world.reload(row).status == status


def test_the_same_message_of_ours_is_not_there_twice(world: World) -> None:
    row = world.conversation()
    mail = world.incoming(customer=world.dalia)
    receive_own(row, mail=mail, by=SYSTEM)
    with pytest.raises((ThreadsChanged, IntegrityError)):
        receive_own(row, mail=mail, by=SYSTEM)


def test_an_automatic_message_of_ours_answers_nobody(world: World) -> None:
    row = world.conversation()
    receive_own(row, mail=world.incoming(customer=world.dalia, automatic="auto_reply"), by=SYSTEM)  # type: ignore[arg-type]  # its code
    assert world.reload(row).status == Status.OPEN


def filing(world: World, post: Dovecot) -> Filing:
    connect(world, post, wants_sent_filed=True)
    Mailbox.objects.update(due_at=clock.now() + timedelta(days=1))
    reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    world.settle()
    return Filing.objects.get()


def test_what_is_filed_is_done(world: World, post: Dovecot) -> None:
    row = filing(world, post)
    assert row.due_at is not None
    note_filed(row, by=SYSTEM)
    note_filed(row, by=SYSTEM)
    file_later(row, words="x", by=SYSTEM)
    assert Filing.objects.get().due_at is None


def test_what_can_not_be_filed_is_tried_later_and_given_up_with_the_servers_words(
    world: World, post: Dovecot
) -> None:
    row = filing(world, post)
    for _ in range(TRIES):
        assert Filing.objects.get().due_at is not None
        file_later(row, words="over quota", by=SYSTEM)
    found = Filing.objects.get()
    assert (found.due_at, found.words, found.attempts) == (None, "over quota", TRIES)
    file_later(row, words="x", by=SYSTEM)
    note_filed(row, by=SYSTEM)
    assert Filing.objects.get().words == "over quota"


def test_a_copy_that_failed_once_is_filed_the_next_time(world: World, post: Dovecot) -> None:
    row = filing(world, post)
    file_later(row, words="try again", by=SYSTEM)
    Filing.objects.update(due_at=clock.now())
    look_again(world)
    found = Filing.objects.get()
    assert (found.due_at, found.words) == (None, "")
    assert post.count(folder="Sent") == 1


def test_a_full_mailbox_takes_no_copy_and_loses_no_answer(world: World, full_post: Dovecot) -> None:
    with full_post.looked_into(folder="") as line:
        line.create_folder("Fill")
        line.append("Fill", b"Subject: x\r\n\r\n" + b"x" * 80_000)
    connect(world, full_post, wants_sent_filed=True)
    row = world.conversation()
    text = "A long answer. " * 2_500
    message = reply(row, answer=world.answer(text=text), by=world.amara.actor)
    world.settle()
    look_again(world)
    found = Filing.objects.get()
    assert found.attempts >= 1
    assert "uota" in found.words
    assert Mailbox.objects.get().reason == ""
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT
    with full_post.looked_into(folder="Fill") as line:
        line.delete_messages([1])
        line.expunge()
    Filing.objects.update(due_at=clock.now())
    look_again(world)
    assert full_post.count(folder="Sent") == 1
    note_filed(found, by=SYSTEM)
    file_later(found, words="x", by=SYSTEM)


def test_what_is_filed_by_one_is_not_filed_by_another(world: World, post: Dovecot) -> None:
    row = filing(world, post)
    note_filed(row, by=SYSTEM)
    look_again(world)
    assert post.count(folder="Sent") == 0
