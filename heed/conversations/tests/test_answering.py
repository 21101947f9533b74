"""What the desk says: replies, notes, new conversations, and what became of a mail that was sent."""

from collections.abc import Callable

import pytest

from heed.conversations import queries
from heed.conversations.actions.answering import (
    AnsweredMeanwhile,
    ConversationIsClosed,
    add_note,
    reply,
    send_automatic,
    start,
)
from heed.conversations.actions.downloading import note_download
from heed.conversations.actions.labels import save_draft
from heed.conversations.actions.sending import mark_bounced, mark_failed, mark_sent, try_again
from heed.conversations.actions.state import assign, change_status
from heed.conversations.actions.taking_part import SuppressedRecipients
from heed.conversations.actions.uploads import upload
from heed.conversations.documents import key_of
from heed.conversations.models import Attachment, Conversation, Draft, Message, SearchDocument
from heed.eventlog.kinds import (
    ConversationAssigned,
    ConversationOpened,
    ConversationParticipantsChanged,
    ConversationStatusChanged,
    MailDownloaded,
    MessageBounced,
    MessageFailed,
    MessageQueued,
    MessageSent,
    NoteAdded,
)
from heed.eventlog.reader import last_event_id
from heed.kernel import clock
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import Automatic, DeliveryState, EventId, ParkReason, Status, SuppressReason
from heed.people.actions import leave_team
from heed.people.actions.standings import lift, suppress
from heed.people.policy import SYSTEM
from heed.testing.world import World

STRANGERS = [("bruno", NotFound), ("gita", NotFound), ("nobody", NotFound), ("farid", Refused)]


def test_a_reply_is_queued_and_waits_for_the_customer(world: World) -> None:
    conversation = world.conversation()
    message = reply(conversation, answer=world.answer(text="Try the other gear."), by=world.amara.actor)
    row = world.reload(conversation)
    assert (row.status, row.assignee) == (Status.WAITING, world.amara.row)
    assert (message.state, message.subject, message.answers) == (
        DeliveryState.QUEUED,
        row.subject,
        row.messages.first(),
    )
    assert world.kinds(conversation)[-3:] == [
        MessageQueued.name,
        ConversationAssigned.name,
        ConversationStatusChanged.name,
    ]


def test_the_first_reply_of_a_person_is_called_so(world: World) -> None:
    conversation = world.conversation()
    send_automatic(
        conversation,
        answers=conversation.messages.get(),
        text="Thanks.",
        to=(("", "dalia@example.org"),),
        answer_by=clock.now(),
        by=SYSTEM,
    )
    for _ in range(2):
        reply(conversation, answer=world.answer(), by=world.amara.actor)
    queued = [event.data for event in world.events(conversation) if isinstance(event.data, MessageQueued)]
    assert [data.first_reply for data in queued] == [False, True, False]


def test_a_reply_that_is_sent_twice_is_one_message(world: World) -> None:
    conversation = world.conversation()
    answer = world.answer(sent_once="form 1")
    first = reply(conversation, answer=answer, by=world.amara.actor)
    assert reply(conversation, answer=answer, by=world.amara.actor) == first
    assert conversation.messages.filter(direction="out").count() == 1
    assert reply(conversation, answer=answer, by=world.edda.actor) != first, "the key is the writer's own"


def test_a_reply_asks_again_when_someone_answered_meanwhile(world: World) -> None:
    conversation = world.conversation()
    seen = EventId(last_event_id())
    reply(conversation, answer=world.answer(), by=world.edda.actor)
    with pytest.raises(AnsweredMeanwhile):
        reply(conversation, answer=world.answer(seen=seen), by=world.amara.actor)
    reply(conversation, answer=world.answer(seen=EventId(last_event_id())), by=world.amara.actor)
    assert conversation.messages.filter(direction="out").count() == 2


def test_a_reply_to_something_solved_opens_it_and_to_something_closed_is_refused(world: World) -> None:
    solved, closed = world.conversation(status=Status.SOLVED), world.conversation(status=Status.CLOSED)
    reply(solved, answer=world.answer(), by=world.amara.actor)
    assert world.reload(solved).status == Status.WAITING
    with pytest.raises(ConversationIsClosed):
        reply(closed, answer=world.answer(), by=world.amara.actor)


@pytest.mark.parametrize("text", [" ", "x" * 200_001])
def test_a_reply_needs_words_and_not_too_many(world: World, text: str) -> None:
    with pytest.raises(Unusable) as refused:
        reply(world.conversation(), answer=world.answer(text=text), by=world.amara.actor)
    assert refused.value.field == "text"


def test_a_reply_that_can_not_stand_leaves_nothing(world: World) -> None:
    conversation = world.conversation()
    size = world.log_size()
    with pytest.raises(Unusable):
        reply(conversation, answer=world.answer(then=Status.SNOOZED), by=world.amara.actor)
    assert conversation.messages.count() == 1
    assert world.log_size() == size


@pytest.mark.parametrize(("who", "error"), STRANGERS)
def test_only_those_who_may_reply_note_or_upload(world: World, who: str, error: type[Exception]) -> None:
    conversation = world.conversation()
    actor = world.colleague(who).actor
    with pytest.raises(error):
        reply(conversation, answer=world.answer(), by=actor)
    with pytest.raises(error):
        add_note(conversation, text="Look.", sent_once="", files=(), by=actor)
    assert conversation.messages.count() == 1


def test_a_reply_takes_people_in_and_out_of_copy(world: World) -> None:
    conversation = world.conversation()
    jonas = (("Jonas", "jonas@example.com"),)
    reply(conversation, answer=world.answer(cc=jonas), by=world.amara.actor)
    assert ConversationParticipantsChanged.name in world.kinds(conversation)
    reply(conversation, answer=world.answer(), by=world.amara.actor)
    left = conversation.participants.get(address="jonas@example.com")
    assert left.left_at is not None
    assert conversation.participants.get(address="dalia@example.org").left_at is None


def test_a_draft_is_gone_when_its_reply_is_sent(world: World) -> None:
    conversation = world.conversation()
    save_draft(conversation, kind="out", text="Dear", by=world.amara.actor)
    save_draft(conversation, kind="note", text="Hm", by=world.amara.actor)
    reply(conversation, answer=world.answer(), by=world.amara.actor)
    assert list(Draft.objects.values_list("kind", flat=True)) == ["note"]


def test_a_note_is_for_the_team_and_changes_no_status(world: World) -> None:
    conversation = world.conversation(status=Status.WAITING)
    note = add_note(conversation, text="Frame number 4711", sent_once="n1", files=(), by=world.amara.actor)
    assert (note.direction, note.state) == ("note", DeliveryState.NONE)
    assert world.reload(conversation).status == Status.WAITING
    assert world.events(conversation)[-1].visibility == "agent"
    assert world.kinds(conversation)[-1] == NoteAdded.name


def test_a_note_that_is_added_twice_is_one(world: World) -> None:
    conversation = world.conversation()
    notes = {
        add_note(conversation, text="x", sent_once="n", files=(), by=world.amara.actor).pk for _ in range(2)
    }
    assert len(notes) == 1


def test_an_empty_note_is_unusable(world: World) -> None:
    with pytest.raises(Unusable):
        add_note(world.conversation(), text="\n", sent_once="", files=(), by=world.amara.actor)


def start_one(world: World, **more: object) -> Message:
    answer = world.answer(subject="Your order", **more)  # type: ignore[arg-type]  # fields of an answer
    return start(
        world.help, answer=answer, team=world.payments, customer=world.dalia.id, by=world.amara.actor
    )


def test_a_new_conversation_is_the_writers(world: World) -> None:
    message = start_one(world)
    row = message.conversation
    assert (row.assignee_id, world.reload(row).status, row.customer_id) == (
        world.amara.row.pk,
        Status.WAITING,
        world.dalia.id,
    )
    assert world.kinds(row)[0] == ConversationOpened.name
    assert MessageQueued.name in world.kinds(row)


def test_a_new_conversation_that_is_begun_twice_is_one(world: World) -> None:
    assert start_one(world, sent_once="f") == start_one(world, sent_once="f")
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize(("who", "error"), [("bruno", Refused), ("farid", Refused), ("nobody", Refused)])
def test_only_those_of_the_team_start_in_its_inbox(world: World, who: str, error: type[Exception]) -> None:
    answer = world.answer(subject="Your order")
    with pytest.raises(error):
        start(world.help, answer=answer, team=world.payments, customer=None, by=world.colleague(who).actor)
    assert not Conversation.objects.exists()


def test_a_new_conversation_needs_a_subject(world: World) -> None:
    with pytest.raises(Unusable):
        start(world.help, answer=world.answer(), team=world.payments, customer=None, by=world.amara.actor)


def acknowledge(world: World, conversation: Conversation) -> Message:
    to = (("Dalia", "dalia@example.org"),)
    return send_automatic(
        conversation,
        answers=conversation.messages.get(),
        text="We have it.",
        to=to,
        answer_by=clock.now(),
        by=SYSTEM,
    )


def test_an_acknowledgement_changes_no_status_and_is_not_searched(world: World) -> None:
    conversation = world.conversation()
    message = acknowledge(world, conversation)
    assert (message.automatic, message.state) == (Automatic.ACKNOWLEDGEMENT, DeliveryState.QUEUED)
    assert world.reload(conversation).status == Status.OPEN
    assert not SearchDocument.objects.filter(pk=key_of(message)).exists()
    assert world.reload(conversation).assignee is None


def test_a_failed_acknowledgement_changes_nothing_else(world: World) -> None:
    conversation = world.conversation(status=Status.WAITING)
    message = acknowledge(world, conversation)
    mark_failed(message, reason=ParkReason.REFUSED, smtp_code=550, words="no such user", by=SYSTEM)
    row = world.reload(conversation)
    assert (row.status, row.next_due_at, row.trouble) == (Status.WAITING, None, "")
    assert world.kinds(conversation)[-1] == MessageFailed.name


def test_a_bounced_acknowledgement_changes_nothing_else(world: World) -> None:
    conversation = world.conversation(status=Status.WAITING)
    message = acknowledge(world, conversation)
    mark_bounced(message, report=message, words="no such user", by=SYSTEM)
    assert world.reload(conversation).status == Status.WAITING
    assert world.kinds(conversation)[-1] == MessageBounced.name


def test_a_message_is_sent_once(world: World) -> None:
    conversation = world.conversation()
    message = reply(conversation, answer=world.answer(), by=world.amara.actor)
    for _ in range(2):
        mark_sent(message, message_id="m@linden.example", attempts=1, by=SYSTEM)
    assert world.kinds(conversation).count(MessageSent.name) == 1
    assert Message.objects.get(pk=message.pk).message_id == "m@linden.example"


Trouble = Callable[[Message], Message]


def fail(message: Message) -> Message:
    return mark_failed(message, reason=ParkReason.REFUSED, smtp_code=550, words="no such user", by=SYSTEM)


def bounce(message: Message) -> Message:
    return mark_bounced(message, report=message, words="mailbox full", by=SYSTEM)


@pytest.mark.parametrize("trouble", [fail, bounce])
def test_an_answer_that_did_not_arrive_opens_the_conversation_now(world: World, trouble: Trouble) -> None:
    conversation = world.conversation()
    message = world.answered(conversation)
    before = clock.now()
    trouble(message)
    row = world.reload(conversation)
    assert (row.status, row.assignee) == (Status.OPEN, world.amara.row)
    assert row.next_due_at is not None
    assert row.next_due_at >= before
    assert row.trouble
    size = world.log_size()
    trouble(message)
    assert world.log_size() == size, "told twice is once"


@pytest.mark.parametrize("trouble", [fail, bounce])
def test_an_answer_that_did_not_arrive_is_its_writers_unless_they_left(
    world: World, trouble: Trouble
) -> None:
    rows = world.conversation(), world.conversation()
    messages = [world.answered(row, by=who) for row, who in zip(rows, (world.amara, world.edda), strict=True)]
    for row in rows:
        assign(row, to=None, by=SYSTEM)
    leave_team(world.payments, agent=world.amara.row, by=world.chen.actor)
    for message in messages:
        trouble(message)
    assert [world.reload(row).status for row in rows] == [Status.OPEN, Status.OPEN]
    assert [world.reload(row).assignee for row in rows] == [None, world.edda.row]


def test_a_failed_answer_can_be_tried_again(world: World) -> None:
    conversation = world.conversation()
    message = world.answered(conversation)
    size = world.log_size()
    assert try_again(message, by=world.amara.actor).state == DeliveryState.SENT
    assert world.log_size() == size, "what was sent is not sent again"
    mark_bounced(message, report=message, words="full", by=SYSTEM)
    assert try_again(message, by=world.amara.actor).state == DeliveryState.QUEUED
    assert world.reload(conversation).trouble == ""
    assert world.kinds(conversation)[-1] == MessageQueued.name


@pytest.mark.parametrize(("who", "error"), STRANGERS)
def test_only_those_who_may_try_again(world: World, who: str, error: type[Exception]) -> None:
    message = world.answered(world.conversation())
    mark_failed(message, reason=ParkReason.EXHAUSTED, smtp_code=0, words="timed out", by=SYSTEM)
    with pytest.raises(error):
        try_again(message, by=world.colleague(who).actor)
    assert Message.objects.get(pk=message.pk).state == DeliveryState.FAILED


def test_trying_again_twice_is_once(world: World) -> None:
    conversation = world.conversation()
    message = world.answered(conversation)
    mark_failed(message, reason=ParkReason.REFUSED, smtp_code=550, words="no", by=SYSTEM)
    mark_sent(message, message_id="late@linden.example", attempts=2, by=SYSTEM)
    assert try_again(message, by=world.amara.actor).state == DeliveryState.SENT


def file(name: str = "bell.jpg", sha: str = "b" * 64) -> Attachment:
    return Attachment(blob_id=sha, filename=name, content_type="image/jpeg", size=3)


def test_an_upload_is_its_owners_until_it_is_sent(world: World) -> None:
    amara = world.amara.actor
    uploaded = upload(file(), by=amara)
    assert queries.attachment(amara, uploaded.pk) == uploaded
    with pytest.raises(NotFound):
        queries.attachment(world.edda.actor, uploaded.pk)
    message = reply(world.conversation(), answer=world.answer(files=[uploaded.pk]), by=amara)
    assert queries.attachment(world.edda.actor, uploaded.pk).message == message


def test_the_same_bytes_uploaded_twice_are_one_blob_used_twice(world: World) -> None:
    first, second = (upload(file(), by=world.amara.actor) for _ in range(2))
    assert first.blob_id == second.blob_id
    assert Attachment.objects.get(pk=second.pk).blob.uses == 2


def test_nobody_uploads(world: World) -> None:
    with pytest.raises(Refused):
        upload(file(), by=world.nobody.actor)
    assert not Attachment.objects.exists()


def test_someone_elses_upload_can_not_be_sent(world: World) -> None:
    uploaded = upload(file(), by=world.edda.actor)
    with pytest.raises(Unusable):
        add_note(world.conversation(), text="See", sent_once="", files=[uploaded.pk], by=world.amara.actor)
    assert Attachment.objects.get().message is None


@pytest.mark.parametrize("who", ["amara", "farid", "bruno", "hugo", "nobody"])
def test_only_leads_and_admins_take_exact_bytes_off_the_desk(world: World, who: str) -> None:
    conversation = world.conversation()
    with pytest.raises(NotFound):
        note_download(conversation.messages.get(), by=world.colleague(who).actor)
    assert MailDownloaded.name not in world.kinds(conversation)


@pytest.mark.parametrize("who", ["edda", "chen"])
def test_each_download_is_recorded(world: World, who: str) -> None:
    conversation = world.conversation()
    for _ in range(2):
        note_download(conversation.messages.get(), by=world.colleague(who).actor)
    assert world.kinds(conversation).count(MailDownloaded.name) == 2


def test_a_download_is_no_line_for_the_customer(world: World) -> None:
    conversation = world.conversation()
    note_download(conversation.messages.get(), by=world.edda.actor)
    assert world.events(conversation)[-1].visibility == "agent"


def test_a_download_of_another_brand_is_refused(world: World) -> None:
    conversation = world.conversation(inbox=world.hello)
    with pytest.raises(NotFound):
        note_download(conversation.messages.get(), by=world.edda.actor)


def test_what_became_of_a_mail_is_told_in_any_order(world: World) -> None:
    conversation = world.conversation()
    message = reply(conversation, answer=world.answer(), by=world.amara.actor)
    mark_failed(message, reason=ParkReason.EXHAUSTED, smtp_code=0, words="timed out", by=SYSTEM)
    mark_sent(message, message_id="a@linden.example", attempts=9, by=SYSTEM)
    mark_bounced(message, report=message, words="mailbox full", by=SYSTEM)
    told = Message.objects.get(pk=message.pk)
    assert (told.state, told.trouble) == (DeliveryState.BOUNCED, "mailbox full")
    kinds = [kind for kind in world.kinds(conversation) if kind.startswith("message.")]
    assert kinds[-3:] == [MessageFailed.name, MessageSent.name, MessageBounced.name]


def test_a_closed_conversation_stays_closed_when_its_answer_comes_back(world: World) -> None:
    conversation = world.conversation()
    message = world.answered(conversation)
    for status in (Status.SOLVED, Status.CLOSED):
        change_status(conversation, to=status, by=SYSTEM)
    mark_bounced(message, report=message, words="gone", by=SYSTEM)
    row = world.reload(conversation)
    assert (row.status, row.trouble, row.next_due_at) == (Status.CLOSED, "bounced", None)


def test_an_acknowledgement_leaves_drafts_people_and_order_alone(world: World) -> None:
    conversation = world.conversation()
    before = (conversation.last_message_at, conversation.participants.count())
    save_draft(conversation, kind="out", text="Dear", by=world.amara.actor)
    said, to = conversation.messages.get(), (("", "other@example.org"),)
    send_automatic(conversation, answers=said, text="We have it.", to=to, answer_by=clock.now(), by=SYSTEM)
    assert Draft.objects.exists()
    assert (world.reload(conversation).last_message_at, conversation.participants.count()) == before


def test_a_failed_acknowledgement_can_be_sent_after_all(world: World) -> None:
    conversation = world.conversation()
    said, to = conversation.messages.get(), (("", "dalia@example.org"),)
    message = send_automatic(
        conversation, answers=said, text="We have it.", to=to, answer_by=clock.now(), by=SYSTEM
    )
    mark_failed(message, reason=ParkReason.EXHAUSTED, smtp_code=0, words="timed out", by=SYSTEM)
    mark_sent(message, message_id="b@linden.example", attempts=2, by=SYSTEM)
    assert Message.objects.get(pk=message.pk).trouble == ""
    assert world.reload(conversation).status == Status.OPEN


def test_nothing_is_sent_to_an_address_that_mail_came_back_from(world: World) -> None:
    conversation = world.conversation()
    standing = suppress("boss@example.net", reason=SuppressReason.NO_MAILBOX, report=None, on=None, by=SYSTEM)
    before = world.log_size()
    with pytest.raises(SuppressedRecipients) as refused:
        reply(conversation, answer=world.answer(cc=(("", "boss@example.net"),)), by=world.amara.actor)
    assert refused.value.addresses == ["boss@example.net"]
    assert world.log_size() == before
    reply(conversation, answer=world.answer(), by=world.amara.actor)
    lift(standing, why="They have it again.", on=None, by=world.amara.actor)
    reply(conversation, answer=world.answer(cc=(("", "boss@example.net"),)), by=world.amara.actor)
