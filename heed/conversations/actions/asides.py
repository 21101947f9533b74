"""Verbs about asides: a message passed on to somebody outside, and what is said to them. No customer sees any of it."""

from collections.abc import Sequence
from dataclasses import replace

from heed.channels.email.mailboxes import key_of
from heed.conversations.actions.answering import (
    Answer,
    ConversationIsClosed,
    check_lines,
    check_size,
    check_text,
    hold_to_write,
    take_charge,
    with_form,
    write,
)
from heed.conversations.actions.file_texts import expect_text, texts_of
from heed.conversations.actions.receiving import add_search_document
from heed.conversations.actions.taking_part import require_open_addresses
from heed.conversations.asides import FORWARDED_CHARACTERS, is_answered, may_be_forwarded, subject_for
from heed.conversations.gaps import require_no_gaps
from heed.conversations.models import Attachment, Blob, Conversation, Draft, HeldAnswer, Message
from heed.eventlog.kinds import AsideHeld, AsideQueued
from heed.eventlog.unit import add, change, lock_many, record, verb
from heed.kernel.errors import NotAllowedNow, NotFound, Unusable
from heed.kernel.words import Automatic, DeliveryState, Direction, MessageId, Status
from heed.people.models import Identity, IdentityKind
from heed.people.policy import Actor, agent_of


class TakesPart(NotAllowedNow):
    """These take part in the conversation: they are answered, and nothing is said to them aside."""

    code = "takes_part"

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__()
        self.addresses = addresses


@verb
def forward(message: Message, *, answer: Answer, keeping: Sequence[int], by: Actor) -> Message:
    """Afterwards a message is queued for somebody outside: the words of `answer`, this message, its files in `keeping`.

    A message that was said aside is answered rather than passed on. The customer gets nothing, and the conversation
    stands as it stood, the writer's if it was nobody's. The same `sent_once` by the same agent returns what was queued
    before. Records aside.queued; aside.held for one that waits. Raises TakesPart, SuppressedRecipients,
    ConversationIsClosed, MailTooLarge, TakenBack, NotFound, and Unusable for a note, a message that has not left,
    unknown files, no recipient or too many; an answer needs words.
    """
    held, before = hold_to_write(Conversation(pk=message.conversation_id), answer.sent_once, by)
    if before is not None:
        return before
    source = lock_many(Message, [message.pk]).get(message.pk)
    if source is None or source.conversation_id != held.pk:
        raise NotFound
    answer = with_form(answer, by)
    _check(held, source, answer, keeping)
    answer = replace(answer, subject=answer.subject.strip() or subject_for(source))
    state = DeliveryState.QUEUED if answer.wait is None else DeliveryState.HELD
    written = write(held, answer, answered=source, by=by, automatic=Automatic.NO, state=state)
    is_answer = is_answered(source)
    change(
        written,
        direction=Direction.ASIDE_OUT,
        answers=source if is_answer else None,
        forwards=None if is_answer else source,
    )
    _let_go_along(written, source, keeping)
    if answer.wait is None:
        announce_aside(held, written)
    else:
        row = HeldAnswer(message=written, due_at=answer.wait.until, held_for=answer.wait.held_for)
        row.held_at, row.then = written.at, held.status
        add(row)
        waits = AsideHeld(MessageId(written.pk), until=answer.wait.until, held_for=answer.wait.held_for)
        record(waits, on=held.pk)
    take_charge(held, by)
    Draft.objects.filter(agent_id=agent_of(by), conversation=held, kind=Direction.ASIDE_OUT).delete()
    return written


def announce_aside(conversation: Conversation, message: Message) -> None:
    """Inside a verb: an aside of ours is said now. It can be found, and it is queued; nobody takes part by it."""
    add_search_document(
        message, names=[address for _, address in (*message.to, *message.cc)], files=texts_of(message)
    )
    change(conversation, last_message_at=message.at)
    forwarded = None if message.forwards_id is None else MessageId(message.forwards_id)
    record(AsideQueued(message=MessageId(message.pk), forwarded=forwarded), on=conversation.pk)


def _check(held: Conversation, source: Message, answer: Answer, keeping: Sequence[int]) -> None:
    if not may_be_forwarded(source):
        raise Unusable("message", "not_to_forward")
    if is_answered(source) or len(answer.text) > 0:
        check_text(answer.text)
    require_no_gaps(answer.text)
    check_lines(answer)
    if set(keeping) - set(source.attachments.values_list("pk", flat=True)):
        raise Unusable("files", "unknown")
    check_size(held.inbox, answer, beside=keeping, text=source.text[:FORWARDED_CHARACTERS])
    require_open_addresses(answer.to, answer.cc, answer.bcc)
    if held.status == Status.CLOSED:
        raise ConversationIsClosed
    inside = _taking_part(held) & {key_of(a) for line in (answer.to, answer.cc, answer.bcc) for _, a in line}
    if inside:
        raise TakesPart(sorted(inside))


def _taking_part(conversation: Conversation) -> set[str]:
    """Whom an answer in the conversation itself reaches, and the customer under all their addresses."""
    people = conversation.participants.filter(left_at__isnull=True, is_flagged=False)
    found = set(people.values_list("address", flat=True))
    if conversation.customer_id is not None:
        theirs = Identity.objects.filter(customer_id=conversation.customer_id, kind=IdentityKind.EMAIL)
        found |= set(theirs.values_list("value", flat=True))
    return found


def _let_go_along(written: Message, source: Message, keeping: Sequence[int]) -> None:
    """The chosen files of the message passed on, as files of the new one: the same bytes, used once more."""
    rows = list(source.attachments.filter(pk__in=keeping).order_by("pk")) if keeping else []
    blobs = lock_many(Blob, sorted({row.blob_id for row in rows}))
    for row in rows:
        blob = blobs[row.blob_id]
        change(blob, uses=blob.uses + 1)
        along = add(
            Attachment(
                message=written,
                blob=blob,
                filename=row.filename,
                content_type=row.content_type,
                size=row.size,
            )
        )
        expect_text(along)
