"""What is passed on to somebody outside, and what they answer, stays between them and the team."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from heed.conversations import queries
from heed.conversations.actions import holding
from heed.conversations.actions.answering import (
    Answer,
    AnsweredMeanwhile,
    ConversationIsClosed,
    MailTooLarge,
    Wait,
    add_note,
    reply,
)
from heed.conversations.actions.beforehand import TakenBack
from heed.conversations.actions.quarantining import quarantine
from heed.conversations.actions.receiving import ThreadsChanged, receive, receive_aside, receive_own_aside
from heed.conversations.actions.sending import mark_failed, mark_sent, try_again
from heed.conversations.actions.sides import TakesPart, forward, say_aside
from heed.conversations.actions.splitting import split
from heed.conversations.actions.state import change_status
from heed.conversations.actions.taking_part import SuppressedRecipients
from heed.conversations.documents import key_of
from heed.conversations.incoming import Incoming, StoredFile
from heed.conversations.models import Attachment, Blob, Conversation, Draft, Message, SearchDocument
from heed.delivery.models import Delivery
from heed.eventlog.kinds import AsideQueued, AsideReceived, AsideSent, MessageQueued, MessageSent
from heed.eventlog.reader import events_of
from heed.kernel import clock
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import (
    Automatic,
    DeliveryState,
    Direction,
    EventId,
    HeldFor,
    JoinedBy,
    MessageId,
    ParkReason,
    SpamReason,
    Status,
    SuppressReason,
)
from heed.people.actions.standings import suppress
from heed.people.policy import SYSTEM
from heed.testing.world import World

CARRIER = ("Swift Parcels", "claims@carrier.example")


def words(text: str = "Where is it?", **more: object) -> Answer:
    values: dict[str, object] = {"to": (CARRIER,), **more}
    return Answer(text=text, **values)  # type: ignore[arg-type]  # fields of Answer


def asked(world: World, **more: object) -> tuple[Conversation, Message]:
    row = world.conversation(**more)  # type: ignore[arg-type]  # as above
    return row, row.messages.get()


def passed_on(world: World, message: Message, **more: object) -> Message:
    return forward(message, answer=words(**more), keeping=(), by=world.amara.actor)  # type: ignore[arg-type]  # as above


def carrier_answers(world: World, row: Conversation, aside: Message, **more: Any) -> Message:
    mail = world.incoming(
        customer=None,
        text="It left today.",
        from_name=CARRIER[0],
        from_address=CARRIER[1],
        joined_by=JoinedBy.REPLY_ADDRESS,
        answers=MessageId(aside.pk),
        **more,
    )
    return receive_aside(row, mail=mail, by=SYSTEM)


def test_a_message_passed_on_is_queued_and_the_customer_waits_as_before(world: World) -> None:
    row, message = asked(world, due_at=clock.now() + timedelta(hours=2))
    due = row.next_due_at
    written = passed_on(world, message)
    world.check()
    row = world.reload(row)
    assert (written.direction, written.state) == (Direction.ASIDE_OUT, DeliveryState.QUEUED)
    assert (written.forwards, written.answers) == (message, None)
    assert written.subject == "Fwd: The chain slips"
    assert (row.status, row.next_due_at, row.assignee) == (Status.OPEN, due, world.amara.row)
    assert AsideQueued.name in world.kinds(row)
    assert MessageQueued.name not in world.kinds(row)


def test_nobody_takes_part_by_an_aside(world: World) -> None:
    row, message = asked(world)
    passed_on(world, message)
    assert [person.address for person in row.participants.all()] == [world.dalia.address]


def test_an_aside_is_no_first_reply(world: World) -> None:
    row, message = asked(world)
    passed_on(world, message)
    reply(row, answer=world.answer(), by=world.amara.actor)
    queued = [event.data for event in world.events(row) if isinstance(event.data, MessageQueued)]
    assert [event.first_reply for event in queued] == [True]


@pytest.mark.parametrize(("who", "error"), [("bruno", NotFound), ("farid", Refused), ("nobody", NotFound)])
def test_only_those_who_may_answer_may_pass_on(world: World, who: str, error: type[Exception]) -> None:
    _, message = asked(world)
    with pytest.raises(error):
        forward(message, answer=words(), keeping=(), by=world.colleague(who).actor)
    assert Message.objects.count() == 1


def test_a_form_sent_twice_passes_on_once(world: World) -> None:
    _, message = asked(world)
    first = passed_on(world, message, sent_once="form-1")
    assert passed_on(world, message, sent_once="form-1") == first
    assert Message.objects.filter(direction=Direction.ASIDE_OUT).count() == 1


def test_nothing_is_said_aside_to_who_takes_part(world: World) -> None:
    _, message = asked(world)
    with pytest.raises(TakesPart) as caught:
        passed_on(world, message, to=(("", world.dalia.address), CARRIER))
    assert caught.value.addresses == [world.dalia.address]


def test_a_closed_conversation_passes_nothing_on(world: World) -> None:
    _, message = asked(world, status=Status.CLOSED)
    with pytest.raises(ConversationIsClosed):
        passed_on(world, message)


def test_notes_and_what_has_not_left_are_not_passed_on(world: World) -> None:
    row, _ = asked(world)
    note = add_note(row, text="He is right.", sent_once="", files=(), by=world.amara.actor)
    wait = Wait(clock.now() + timedelta(hours=1), HeldFor.LATER)
    held = reply(row, answer=world.answer(wait=wait), by=world.amara.actor)
    for one in (note, held):
        with pytest.raises(Unusable, match="message"):
            passed_on(world, one)


def test_an_address_that_gave_mail_back_gets_none(world: World) -> None:
    _, message = asked(world)
    suppress(CARRIER[1], reason=SuppressReason.NO_MAILBOX, report=None, on=None, by=SYSTEM)
    with pytest.raises(SuppressedRecipients):
        passed_on(world, message)


def with_file(world: World, *, size: int = 5) -> tuple[Conversation, Message, Attachment]:
    file = StoredFile("c" * 64, size, "invoice.pdf", "application/pdf", content_id="x@y", is_inline=True)
    mail = world.incoming(customer=world.dalia, files=(file,))
    row = world.conversation()
    message = receive(row, mail=mail, by=SYSTEM)
    return row, message, message.attachments.get()


def test_chosen_files_go_along_and_their_bytes_are_counted(world: World) -> None:
    _, message, file = with_file(world)
    written = forward(message, answer=words(), keeping=[file.pk], by=world.amara.actor)
    copy = written.attachments.get()
    assert (copy.filename, copy.blob_id, copy.is_inline) == ("invoice.pdf", file.blob_id, False)
    assert Blob.objects.get(pk=file.blob_id).uses == 2


def test_files_of_other_messages_do_not_go_along(world: World) -> None:
    _, _, file = with_file(world)
    _, other = asked(world)
    with pytest.raises(Unusable, match="files"):
        forward(other, answer=words(), keeping=[file.pk], by=world.amara.actor)


def test_what_is_too_large_is_not_even_queued(world: World) -> None:
    _, message, file = with_file(world, size=60_000_000)
    with pytest.raises(MailTooLarge):
        forward(message, answer=words(), keeping=[file.pk], by=world.amara.actor)
    assert forward(message, answer=words(), keeping=(), by=world.amara.actor).state == DeliveryState.QUEUED


def test_a_message_may_be_passed_on_without_a_word_but_an_answer_needs_some(world: World) -> None:
    row, message = asked(world)
    written = passed_on(world, message, text="")
    theirs = carrier_answers(world, row, written)
    with pytest.raises(Unusable, match="text"):
        say_aside(row.sides.get(), answer=words(" "), by=world.amara.actor)
    with pytest.raises(Unusable, match="message"):
        passed_on(world, theirs)


def test_what_somebody_outside_answers_stays_aside_and_is_news_that_somebody_sees(world: World) -> None:
    row, message = asked(world)
    written = passed_on(world, message)
    reply(row, answer=world.answer(), by=world.amara.actor)
    world.read_log()
    assert world.reload(row).status == Status.WAITING
    theirs = carrier_answers(world, row, written)
    world.check()
    now = world.reload(row)
    assert (theirs.direction, theirs.answers, theirs.hold) == (Direction.ASIDE_IN, written, "")
    assert (now.status, now.customer, now.next_due_at) == (Status.OPEN, world.dalia.row, None)
    assert theirs.side == written.side
    assert row.sides.get().answered_at == theirs.received_at
    assert [person.address for person in row.participants.all()] == [world.dalia.address]
    assert AsideReceived.name in world.kinds(row)


def test_an_answer_to_the_customer_never_answers_or_quotes_an_aside(world: World) -> None:
    row, message = asked(world)
    carrier_answers(world, row, passed_on(world, message))
    assert reply(row, answer=world.answer(), by=world.amara.actor).answers == message


def test_automatic_answers_of_outsiders_open_nothing(world: World) -> None:
    row, message = asked(world, status=Status.WAITING)
    carrier_answers(world, row, passed_on(world, message), automatic=Automatic.AUTO_REPLY)
    world.check()
    assert (world.reload(row).status, world.reload(row).next_due_at) == (Status.WAITING, None)


def test_what_came_aside_while_somebody_wrote_is_shown_before_sending(world: World) -> None:
    row, message = asked(world)
    written = passed_on(world, message)
    seen = EventId(events_of(row.pk, limit=1)[-1].id)
    carrier_answers(world, row, written)
    with pytest.raises(AnsweredMeanwhile):
        reply(row, answer=world.answer(seen=seen), by=world.amara.actor)


def test_an_aside_is_answered_in_its_own_thread(world: World) -> None:
    row, message = asked(world)
    theirs = carrier_answers(world, row, passed_on(world, message))
    again = say_aside(row.sides.get(), answer=words("Thank you."), by=world.amara.actor)
    assert (again.answers, again.forwards, again.subject) == (theirs, None, "Re: Fwd: The chain slips")
    assert (again.side, row.sides.get().answered_at) == (theirs.side, None)


def test_an_aside_of_ours_found_elsewhere_stops_no_clock(world: World) -> None:
    row, message = asked(world, due_at=clock.now() + timedelta(hours=2))
    written = passed_on(world, message)
    mail = world.incoming(customer=None, text="Any news?", answers=MessageId(written.pk))
    found = receive_own_aside(row, mail=mail, by=SYSTEM)
    world.check()
    now = world.reload(row)
    assert (found.direction, found.state) == (Direction.ASIDE_OUT, DeliveryState.SENT)
    assert (now.status, now.next_due_at) == (Status.OPEN, row.next_due_at)


def waiting(seconds: int = 10) -> Wait:
    return Wait(clock.now() + timedelta(seconds=seconds), HeldFor.UNDO)


def test_an_aside_waits_its_seconds_and_leaves_without_a_change_for_the_customer(world: World) -> None:
    row, message = asked(world, status=Status.WAITING)
    written = passed_on(world, message, wait=waiting())
    world.check()
    assert (written.state, AsideQueued.name in world.kinds(row)) == (DeliveryState.HELD, False)
    assert SearchDocument.objects.count() == 1  # of what Dalia wrote
    holding.send_now(written, by=world.amara.actor)
    world.check()
    assert Message.objects.get(pk=written.pk).state == DeliveryState.QUEUED
    assert (world.reload(row).status, world.kinds(row)[-1]) == (Status.WAITING, AsideQueued.name)
    written.refresh_from_db()
    assert SearchDocument.objects.filter(pk=key_of(written)).exists()


def test_an_aside_taken_back_is_no_answer_that_the_customer_could_get(world: World) -> None:
    row, message, file = with_file(world)
    answer = words(subject="Claim 7", wait=waiting(), sent_once="form-1")
    written = forward(message, answer=answer, keeping=[file.pk], by=world.amara.actor)
    holding.take_back(written, by=world.amara.actor)
    draft = Draft.objects.get()
    assert (draft.kind, draft.about, draft.subject) == (Direction.ASIDE_OUT, message, "Claim 7")
    assert (draft.text, draft.lines["to"]) == ("Where is it?", [list(CARRIER)])
    assert Attachment.objects.get(pk__in=draft.files).filename == "invoice.pdf"
    assert queries.drafts(world.amara.actor, row).keys() == {Direction.ASIDE_OUT}
    with pytest.raises(TakenBack):
        forward(message, answer=answer, keeping=(), by=world.amara.actor)


def test_passing_it_on_after_all_forgets_the_draft(world: World) -> None:
    _, message = asked(world)
    holding.take_back(passed_on(world, message, wait=waiting()), by=world.amara.actor)
    assert Draft.objects.exists()
    passed_on(world, message)
    assert not Draft.objects.exists()


def test_an_aside_that_fails_is_tried_again_as_one(world: World) -> None:
    row, message = asked(world)
    written = passed_on(world, message)
    mark_failed(written, reason=ParkReason.REFUSED, smtp_code=550, words="no", by=SYSTEM)
    assert (row.sides.get().trouble, world.reload(row).trouble) == (ParkReason.REFUSED, "")
    try_again(written, by=world.amara.actor)
    assert row.sides.get().trouble == ""
    mark_sent(written, message_id="a@b", attempts=1, by=SYSTEM)
    asides = [kind for kind in world.kinds(row) if kind.startswith("aside.")]
    assert asides == [AsideQueued.name, AsideQueued.name, AsideSent.name]
    assert MessageSent.name not in world.kinds(row)


def of_carrier(world: World, **more: Any) -> Incoming:
    return world.incoming(customer=None, from_name=CARRIER[0], from_address=CARRIER[1], **more)


def test_an_aside_in_the_quarantine_opens_nothing(world: World) -> None:
    row, _ = asked(world, status=Status.WAITING)
    quarantine(row, reason=SpamReason.BY_AGENT, by=SYSTEM)
    receive_aside(row, mail=of_carrier(world), by=SYSTEM)
    world.check()
    assert world.reload(row).status == Status.WAITING


def test_the_same_aside_is_never_taken_in_twice(world: World) -> None:
    row, _ = asked(world)
    mail = of_carrier(world)
    receive_aside(row, mail=mail, by=SYSTEM)
    with pytest.raises((ThreadsChanged, IntegrityError)):
        receive_aside(row, mail=mail, by=SYSTEM)
    assert row.messages.filter(direction=Direction.ASIDE_IN).count() == 1


def test_the_same_aside_of_ours_is_never_taken_in_twice(world: World) -> None:
    row, _ = asked(world)
    mail = of_carrier(world)
    receive_own_aside(row, mail=mail, by=SYSTEM)
    with pytest.raises((ThreadsChanged, IntegrityError)):
        receive_own_aside(row, mail=mail, by=SYSTEM)
    assert row.messages.filter(direction=Direction.ASIDE_OUT).count() == 1


def test_an_aside_of_ours_found_in_a_solved_conversation_leaves_it_solved(world: World) -> None:
    row, _ = asked(world, status=Status.SOLVED)
    receive_own_aside(row, mail=of_carrier(world), by=SYSTEM)
    world.check()
    assert world.reload(row).status == Status.SOLVED


def test_an_aside_of_ours_found_is_never_delivered(world: World) -> None:
    row, _ = asked(world)
    receive_own_aside(row, mail=of_carrier(world), by=SYSTEM)
    world.settle()
    assert not Delivery.objects.exists()


def test_asides_alone_can_not_be_split_off_as_what_somebody_wrote(world: World) -> None:
    row, _ = asked(world)
    theirs = receive_aside(row, mail=of_carrier(world), by=SYSTEM)
    with pytest.raises(Unusable, match="messages"):
        split(row, messages=[theirs.pk], subject="", by=world.amara.actor)


def test_what_waits_aside_is_not_answered_and_can_still_be_taken_back(world: World) -> None:
    row, message = asked(world)
    first = passed_on(world, message)
    side = first.side
    assert side is not None
    later = Wait(clock.now() + timedelta(hours=3), HeldFor.LATER)
    unsaid = say_aside(side, answer=words("Forget it, we pay.", wait=later), by=world.amara.actor)
    written = say_aside(side, answer=words("Any news?"), by=world.amara.actor)
    assert written.answers == first
    holding.take_back(unsaid, by=world.amara.actor)
    world.check()
    assert not row.messages.filter(pk=unsaid.pk).exists()


@pytest.mark.parametrize("is_closed", [True, False])
def test_an_aside_that_waits_leaves_though_the_conversation_is_closed_or_the_customer_writes(
    world: World, is_closed: bool
) -> None:
    row, message = asked(world)
    side = passed_on(world, message).side
    assert side is not None
    wait = Wait(clock.now() + timedelta(hours=3), HeldFor.LATER)
    written = say_aside(side, answer=words("Any news?", wait=wait), by=world.amara.actor)
    if is_closed:
        change_status(row, to=Status.SOLVED, by=world.amara.actor)
        change_status(row, to=Status.CLOSED, by=SYSTEM)
    else:
        world.writes(row, text="And?")
    with clock.at(clock.now() + timedelta(hours=4)):
        world.settle()
    written.refresh_from_db()
    assert written.state == DeliveryState.SENT
