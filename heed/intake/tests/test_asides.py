"""What comes back to a mail that was passed on stays aside: by its signed address, by its Message-ID, by whomever."""

import pytest

from heed.channels.email.address import sign
from heed.channels.email.parse import parse
from heed.conversations.actions.answering import Answer
from heed.conversations.actions.sides import forward
from heed.conversations.actions.state import change_status
from heed.conversations.models import Conversation, Message
from heed.conversations.senders import last_written
from heed.delivery.models import CaughtMail
from heed.intake.tests.letters import HELP, arrives, letter
from heed.intake.tests.test_bounces import report
from heed.kernel.config import config
from heed.kernel.words import (
    Automatic,
    DeliveryState,
    Direction,
    Flag,
    JoinedBy,
    Origin,
    Status,
)
from heed.people.policy import SYSTEM
from heed.testing.world import World

CARRIER = "claims@carrier.example"
SENDER = f"Swift Parcels <{CARRIER}>"


def passed_on(world: World) -> tuple[Conversation, Message]:
    """Dalia's mail, passed on to the carrier; it has left."""
    row = world.conversation()
    answer = Answer(text="Where is it?", to=(("Swift Parcels", CARRIER),))
    written = forward(row.messages.get(), answer=answer, keeping=(), by=world.amara.actor)
    world.settle()
    written.refresh_from_db()
    assert written.state == DeliveryState.SENT
    return row, written


def signed(row: Conversation, message: Message) -> str:
    return sign(HELP, conversation=row.pk, message=message.pk, secret=config.secret_bytes())


def comes(world: World, raw: bytes, *, to: str = HELP, mail_from: str = CARRIER) -> Message:
    arrives(raw, to=[to], mail_from=mail_from)
    world.settle()
    world.check()
    newest = Message.objects.order_by("-pk").first()
    assert newest is not None
    return newest


def test_the_mail_asks_for_answers_at_its_own_signed_address(world: World) -> None:
    row, written = passed_on(world)
    mail = parse(bytes(CaughtMail.objects.get(message=written).raw))
    assert [one.address for one in mail.reply_to] == [signed(row, written)]
    assert (mail.in_reply_to, mail.references) == ((), ())


def test_an_answer_to_the_signed_address_is_kept_from_the_customer(world: World) -> None:
    row, written = passed_on(world)
    to = signed(row, written)
    came = comes(world, letter("c1@carrier.example", sender=SENDER, to=to), to=to)
    assert (came.conversation, came.direction, came.answers) == (row, Direction.ASIDE_IN, written)
    assert (came.joined_by, came.flag, came.hold) == (JoinedBy.REPLY_ADDRESS, "", "")
    assert [one.address for one in row.participants.all()] == [world.dalia.address]
    acknowledged = row.messages.filter(automatic=Automatic.ACKNOWLEDGEMENT)
    assert not acknowledged.exists()


def test_an_answer_that_only_refers_to_it_is_kept_from_the_customer_too(world: World) -> None:
    row, written = passed_on(world)
    first = comes(world, letter("c1@carrier.example", sender=SENDER, refers=[written.message_id]))
    again = comes(
        world, letter("c2@carrier.example", sender=SENDER, refers=[written.message_id, "c1@carrier.example"])
    )
    assert (first.conversation, first.direction, first.joined_by) == (
        row,
        Direction.ASIDE_IN,
        JoinedBy.REFERENCES,
    )
    assert (again.conversation, again.direction, again.answers) == (row, Direction.ASIDE_IN, first)


def test_two_answers_read_together_both_stay_aside(world: World) -> None:
    row, written = passed_on(world)
    to = signed(row, written)
    arrives(letter("c1@carrier.example", sender=SENDER, to=to), to=[to], mail_from=CARRIER)
    comes(world, letter("c2@carrier.example", sender=SENDER, refers=["c1@carrier.example"]))
    assert row.messages.filter(direction=Direction.ASIDE_IN).count() == 2


def test_whoever_else_knows_the_address_is_flagged_and_stays_aside(world: World) -> None:
    row, written = passed_on(world)
    to = signed(row, written)
    raw = letter("m1@elsewhere.example", sender="Mallory <mallory@elsewhere.example>", to=to)
    came = comes(world, raw, to=to, mail_from="mallory@elsewhere.example")
    assert (came.direction, came.flag, came.hold) == (Direction.ASIDE_IN, Flag.STRANGER, "")
    assert [one.address for one in row.participants.all()] == [world.dalia.address]


def test_the_customers_own_words_are_the_customers_wherever_they_were_sent(world: World) -> None:
    row, written = passed_on(world)
    to = signed(row, written)
    came = comes(world, letter("d9@example.org", to=to), to=to, mail_from=world.dalia.address)
    assert (came.conversation, came.direction, came.customer) == (row, Direction.IN, world.dalia.row)


def test_an_absence_outside_is_no_absence_of_the_customer(world: World) -> None:
    row, written = passed_on(world)
    change_status(row, to=Status.WAITING, by=SYSTEM)
    to = signed(row, written)
    raw = letter("c1@carrier.example", sender=SENDER, to=to, more="Auto-Submitted: auto-replied")
    came = comes(world, raw, to=to)
    assert (came.direction, came.automatic) == (Direction.ASIDE_IN, Automatic.AUTO_REPLY)
    assert world.reload(row).status == Status.WAITING


def test_an_answer_after_the_conversation_was_closed_is_news_there_and_begins_no_other(world: World) -> None:
    row, written = passed_on(world)
    change_status(row, to=Status.SOLVED, by=SYSTEM)
    change_status(row, to=Status.CLOSED, by=SYSTEM)
    to = signed(row, written)
    came = comes(world, letter("c1@carrier.example", sender=SENDER, to=to), to=to)
    assert (came.conversation, came.direction, came.side) == (row, Direction.ASIDE_IN, written.side)
    assert (Conversation.objects.count(), world.reload(row).status) == (1, Status.CLOSED)
    assert row.sides.get().answered_at is not None
    assert not Message.objects.filter(automatic=Automatic.ACKNOWLEDGEMENT).exists()


@pytest.mark.parametrize("by", ["address", "message id"])
def test_a_mail_passed_on_that_comes_back_says_so_at_that_mail(world: World, by: str) -> None:
    row, written = passed_on(world)
    due = world.reload(row).next_due_at
    to = signed(row, written) if by == "address" else HELP
    raw = report(to=to, message_id=written.message_id if by == "message id" else "other@mx")
    arrives(raw.replace(b"dalia@example.org", CARRIER.encode()), to=[to], mail_from="")
    world.settle()
    world.check()
    written.refresh_from_db()
    assert written.state == DeliveryState.BOUNCED
    assert (row.sides.get().trouble, world.reload(row).next_due_at) == ("bounced", due)
    told = row.messages.get(automatic=Automatic.BOUNCE)
    assert (told.direction, told.side) == (Direction.ASIDE_IN, written.side)
    assert last_written(row) == row.messages.get(direction=Direction.IN)


def test_what_they_wrote_among_themselves_first_changes_no_side(world: World) -> None:
    row, written = passed_on(world)
    refers = [written.message_id, "f1@carrier.example", "b1@carrier.example"]
    for number in (1, 2):
        came = comes(world, letter(f"c{number}@carrier.example", sender=SENDER, refers=refers))
        assert (came.conversation, came.direction) == (row, Direction.ASIDE_IN)
    assert [one.address for one in row.participants.all()] == [world.dalia.address]


@pytest.mark.parametrize("how", ["history", "robot"])
def test_what_opens_nothing_stays_aside_of_what_was_closed(world: World, how: str) -> None:
    row, written = passed_on(world)
    change_status(row, to=Status.SOLVED, by=SYSTEM)
    change_status(row, to=Status.CLOSED, by=SYSTEM)
    to = signed(row, written)
    more = "Auto-Submitted: auto-replied" if how == "robot" else ""
    origin = Origin.IMPORT if how == "history" else Origin.LIVE
    raw = letter("c1@carrier.example", sender=SENDER, to=to, more=more)
    arrives(raw, to=[to], mail_from=CARRIER, origin=origin)
    world.settle()
    came = Message.objects.latest("pk")
    assert (came.conversation, came.direction) == (row, Direction.ASIDE_IN)
    assert [one.address for one in row.participants.all()] == [world.dalia.address]


def test_a_copy_of_the_mail_itself_is_no_second_one(world: World) -> None:
    row, written = passed_on(world)
    raw = bytes(CaughtMail.objects.get(message=written).raw)
    arrives(raw, to=[HELP], mail_from=HELP)
    world.settle()
    assert row.messages.filter(direction=Direction.ASIDE_OUT).count() == 1


def test_what_quotes_everything_and_has_the_customer_in_copy_is_aside_and_changes_nothing_there(
    world: World,
) -> None:
    row, written = passed_on(world)
    before = world.reload(row)
    to = signed(row, written)
    raw = letter(
        "c1@carrier.example",
        sender=SENDER,
        to=to,
        refers=[written.message_id],
        cc=f"Dalia <{world.dalia.address}>",
        text="It left today.\n\n> Where is it?\n> It slips when I climb.",
    )
    came = comes(world, raw, to=to)
    now = world.reload(row)
    assert (came.conversation, came.side, came.direction) == (row, written.side, Direction.ASIDE_IN)
    assert (now.next_due_at, now.customer) == (before.next_due_at, world.dalia.row)
    assert [one.address for one in row.participants.all()] == [world.dalia.address]
    assert not row.messages.filter(automatic=Automatic.ACKNOWLEDGEMENT).exists()


def test_the_customer_who_answers_all_does_not_take_the_partner_into_our_answers(world: World) -> None:
    row, written = passed_on(world)
    to = signed(row, written)
    raw = letter("d9@example.org", to=to, cc=SENDER)
    came = comes(world, raw, to=to, mail_from=world.dalia.address)
    assert (came.conversation, came.direction, came.customer) == (row, Direction.IN, world.dalia.row)
    assert [one.address for one in row.participants.all()] == [world.dalia.address]


def test_a_partner_who_is_a_customer_too_is_not_one_here(world: World) -> None:
    row = world.conversation()
    answer = Answer(text="Where is it?", to=(("Ines", world.ines.address),))
    written = forward(row.messages.get(), answer=answer, keeping=(), by=world.amara.actor)
    world.settle()
    to = signed(row, written)
    raw = letter("i1@example.org", sender=f"Ines <{world.ines.address}>", to=to)
    came = comes(world, raw, to=to, mail_from=world.ines.address)
    assert (came.conversation, came.direction, came.flag) == (row, Direction.ASIDE_IN, "")
    assert world.reload(row).customer == world.dalia.row
    assert Conversation.objects.count() == 1
