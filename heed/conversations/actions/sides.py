"""Verbs about side conversations: with somebody outside by mail, or with another team here. No customer sees them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from heed.channels.email.mailboxes import key_of
from heed.conversations.actions.answering import (
    Answer,
    AnsweredMeanwhile,
    ConversationIsClosed,
    check_lines,
    check_size,
    check_text,
    hold_to_write,
    take_charge,
    with_form,
    write,
)
from heed.conversations.actions.beforehand import sent_before
from heed.conversations.actions.file_texts import expect_text, texts_of
from heed.conversations.actions.forming import forget_sheet
from heed.conversations.actions.receiving import add_search_document, side_id
from heed.conversations.actions.state import is_listed, require_listed, share
from heed.conversations.actions.taking_part import require_open
from heed.conversations.gaps import require_no_gaps
from heed.conversations.models import (
    Attachment,
    Blob,
    Conversation,
    Draft,
    HeldAnswer,
    Message,
    SideConversation,
)
from heed.conversations.scope import scope_of
from heed.conversations.sides import (
    FORWARDED_CHARACTERS,
    QUOTED_MESSAGES,
    SUBJECT_CHARACTERS,
    answer_subject,
    forward_subject,
    may_be_forwarded,
    may_be_quoted,
    with_quotes,
)
from heed.eventlog.kinds import AsideHeld, AsideQueued, AsideSaid, SideBegun, SideFinished, SideReopened
from heed.eventlog.unit import add, change, lock, lock_many, record, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, NotFound, Unusable, require, require_visible
from heed.kernel.words import Automatic, BrandId, DeliveryState, Direction, MessageId, Status, TeamId
from heed.people.models import Identity, IdentityKind, Team
from heed.people.policy import Actor, agent_of, may_ask, may_change_what_is_seen, may_see, may_see_side
from heed.people.standing_queries import suppressed_among


class TakesPart(NotAllowedNow):
    """These take part in the conversation: they are answered, and nothing is said to them aside."""

    code = "takes_part"

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__()
        self.addresses = addresses


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a side conversation asks, and what of the conversation it is shown.

    Team: one of the desk; None: those in the lines of the mail. Quoting: ids of messages whose words stand below ours.
    Keeping: ids of their files, which go along. May read: the team may open the conversation itself from now on.
    """

    team: TeamId | None = None
    quoting: Sequence[int] = ()
    keeping: Sequence[int] = ()
    may_read: bool = False


@verb
def begin_side(conversation: Conversation, *, answer: Answer, asked: Asked, by: Actor) -> Message:
    """Afterwards a side conversation stands beside the conversation, with its first message: a mail or words to a team.

    The customer gets nothing, and the conversation stands as it stood, the writer's if it was nobody's. The same
    `sent_once` by the same agent returns what was said before. Records side.begun with aside.queued or aside.said;
    aside.held for a mail that waits. Raises TakesPart, SuppressedRecipients, ConversationIsClosed, MailTooLarge,
    TakenBack, Refused for a team that may not be asked here, and Unusable for no words, subject or recipient, and for
    messages or files that are not of this conversation.
    """
    held, before = hold_to_write(conversation, answer.sent_once, by)
    if before is not None:
        return before
    if held.status == Status.CLOSED:
        raise ConversationIsClosed
    if not answer.subject.strip() or len(answer.subject) > SUBJECT_CHARACTERS:
        raise Unusable("subject", "too_long" if answer.subject.strip() else "missing")
    quoted = _quotable(held, asked)
    answer = _as_kept(answer, quoted, held, by)
    check_text(answer.text)
    if asked.team is None:
        _check_mail(held, answer, beside=asked.keeping)
    else:
        _check_team(held, asked.team, by)
    side = _new_side(held, answer.subject.strip(), by, team=asked.team)
    written = _write(held, side, answer, answered=None, by=by)
    _let_go_along(written, asked.keeping)
    _say(held, side, written, answer, is_answer=False)
    if asked.team is not None and asked.may_read:
        share(held, team=asked.team, by=by)
    take_charge(held, by)
    _begun_drafts(held, by).delete()
    return written


@verb
def forward(message: Message, *, answer: Answer, keeping: Sequence[int], by: Actor) -> Message:
    """Afterwards a side conversation begins by passing a message on: the words of `answer`, it, its files in `keeping`.

    The same as begin_side, but for words, which it may go without, and a subject, which it has. Raises Unusable for a
    note, for what was said aside and for a message that has not left.
    """
    held, before = hold_to_write(Conversation(pk=message.conversation_id), answer.sent_once, by)
    if before is not None:
        return before
    source = lock_many(Message, [message.pk]).get(message.pk)
    if source is None or source.conversation_id != held.pk:
        raise NotFound
    if not may_be_forwarded(source):
        raise Unusable("message", "not_to_forward")
    if held.status == Status.CLOSED:
        raise ConversationIsClosed
    if set(keeping) - set(source.attachments.values_list("pk", flat=True)):
        raise Unusable("files", "unknown")
    answer = _as_kept(answer, (), held, by)
    if answer.text:
        check_text(answer.text)
    along = source.text[:FORWARDED_CHARACTERS]
    _check_mail(held, answer, beside=keeping, text=along)
    answer = replace(answer, subject=answer.subject.strip() or forward_subject(source))
    side = _new_side(held, answer.subject, by, team=None)
    written = _write(held, side, answer, answered=None, by=by)
    change(written, forwards=source)
    _let_go_along(written, keeping)
    _say(held, side, written, answer, is_answer=False)
    take_charge(held, by)
    _begun_drafts(held, by).delete()
    return written


@verb
def say_aside(side: SideConversation, *, answer: Answer, by: Actor, seen: MessageId | None = None) -> Message:
    """Afterwards this stands in a side conversation: a mail to the lines of `answer`, or words between two teams here.

    One that was done goes on. The team that is asked may write without seeing the conversation; whether that was closed
    does not matter. `seen`: the newest message that the writer saw. The same `sent_once` by the same agent returns what
    was said before. Records aside.queued, aside.held or aside.said, and side.reopened. Raises AnsweredMeanwhile, and as
    begin_side.
    """
    held, mine = hold_side(side, by)
    require_listed(held)
    before = sent_before(answer.sent_once, by)
    if before is not None:
        return before
    newest = mine.messages.exclude(state=DeliveryState.HELD).order_by("-pk").first()  # what waits is not said
    others = mine.messages.filter(pk__gt=seen or 0).exclude(agent_id=agent_of(by))
    if seen is not None and others.exists():
        raise AnsweredMeanwhile
    answer = _as_kept(answer, (), held, by)
    check_text(answer.text)
    if mine.team_id is None:
        _check_mail(held, answer)
    again = replace(answer, subject=answer_subject(mine.subject))
    written = _write(held, mine, again, answered=newest, by=by)
    team = _team(mine)
    is_asked = team is not None and (team in by.teams or not may_see(by, scope_of(held)))
    is_answer = is_asked and by.agent_id != mine.begun_by_id
    _say(held, mine, written, answer, is_answer=is_answer)
    Draft.objects.filter(agent_id=agent_of(by), side=mine).delete()
    return written


@verb
def finish_side(side: SideConversation, *, by: Actor) -> SideConversation:
    """Afterwards a side conversation is done, and what was said in it is news no more. Records side.finished, once."""
    held, mine = hold_side(side, by)
    if mine.done_at is None:
        change(mine, done_at=clock.now(), answered_at=None, trouble="")
        record(SideFinished(side=side_id(mine)), on=held.pk)
    return mine


@verb
def reopen_side(side: SideConversation, *, by: Actor) -> SideConversation:
    """Afterwards a side conversation that was done goes on. Records side.reopened, once."""
    held, mine = hold_side(side, by)
    if mine.done_at is not None:
        change(mine, done_at=None)
        record(SideReopened(side=side_id(mine)), on=held.pk)
    return mine


def announce_aside(conversation: Conversation, message: Message) -> None:
    """Inside a verb: an aside of ours is said now. It can be found, and it is queued; nobody takes part by it."""
    side = lock(SideConversation(pk=message.side_id))
    _announce_beginning(conversation, side, message)
    add_search_document(
        message, names=[address for _, address in (*message.to, *message.cc)], files=texts_of(message)
    )
    change(conversation, last_message_at=message.at)
    change(side, last_message_at=message.at)
    forwarded = None if message.forwards_id is None else MessageId(message.forwards_id)
    queued = AsideQueued(message=MessageId(message.pk), side=side_id(side), forwarded=forwarded)
    record(queued, on=conversation.pk)


def _announce_beginning(conversation: Conversation, side: SideConversation, message: Message) -> None:
    said = side.messages.exclude(pk=message.pk).exclude(state=DeliveryState.HELD)
    if not said.exists():
        record(SideBegun(side=side_id(side), team=_team(side)), on=conversation.pk)


def hold_side(side: SideConversation, by: Actor) -> tuple[Conversation, SideConversation]:
    """Inside a verb: conversation and side, held, for one who may write there. Raises NotFound, Refused."""
    held = lock_many(Conversation, [side.conversation_id]).get(side.conversation_id)
    mine = lock_many(SideConversation, [side.pk]).get(side.pk)
    if held is None or mine is None or mine.conversation_id != held.pk:
        raise NotFound
    scope = scope_of(held)
    is_there = may_see(by, scope) or is_listed(held)
    require_visible(is_there and may_see_side(by, scope, _team(mine)))
    require(may_change_what_is_seen(by))
    return held, mine


def _team(side: SideConversation) -> TeamId | None:
    return None if side.team_id is None else TeamId(side.team_id)


def _quotable(held: Conversation, asked: Asked) -> list[Message]:
    """The messages that are quoted, oldest first; the files that go along are of these, or of any that could be."""
    if len(set(asked.quoting)) > QUOTED_MESSAGES:
        raise Unusable("quoting", "too_many")
    rows = list(held.messages.filter(pk__in=asked.quoting).select_related("brand").order_by("at", "pk"))
    if len(rows) != len(set(asked.quoting)) or not all(map(may_be_quoted, rows)):
        raise Unusable("quoting", "unknown")
    files = Attachment.objects.filter(pk__in=asked.keeping, message_id__in=[row.pk for row in rows])
    if files.count() != len(set(asked.keeping)):
        raise Unusable("files", "unknown")
    return rows


def _as_kept(answer: Answer, quoted: Sequence[Message], held: Conversation, by: Actor) -> Answer:
    answer = with_form(answer, by)
    require_no_gaps(answer.text)
    if not quoted:
        return answer
    text, html = with_quotes(answer.text, answer.html, quoted, zone=ZoneInfo(held.brand.time_zone))
    return replace(answer, text=text, html=html)


def _check_team(held: Conversation, team: TeamId, by: Actor) -> None:
    brand = Team.objects.filter(pk=team).values_list("brand_id", flat=True).first()
    require_visible(brand is not None)
    require(may_ask(by, scope_of(held), team=team, brand=BrandId(brand or 0)))


def _check_mail(held: Conversation, answer: Answer, *, beside: Sequence[int] = (), text: str = "") -> None:
    check_lines(answer)
    check_size(held.inbox, answer, beside=beside, text=text)
    require_open(suppressed_among(answer.recipients))
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


def _new_side(held: Conversation, subject: str, by: Actor, *, team: TeamId | None) -> SideConversation:
    now = clock.now()
    return add(
        SideConversation(
            conversation=held,
            team_id=team,
            subject=subject,
            begun_by_id=by.agent_id,
            begun_at=now,
            last_message_at=now,
        )
    )


def _write(
    held: Conversation, side: SideConversation, answer: Answer, *, answered: Message | None, by: Actor
) -> Message:
    if side.team_id is not None:  # it has no mail's lines, and nothing of it leaves
        answer = replace(answer, to=(), cc=(), bcc=(), sender="", wait=None)
    is_held = answer.wait is not None
    state = DeliveryState.HELD if is_held else DeliveryState.QUEUED
    written = write(held, answer, answered=answered, by=by, automatic=Automatic.NO, state=state)
    change(written, side=side, direction=Direction.ASIDE_OUT)
    forget_sheet(answer.sheet, by)
    if side.team_id is not None:
        change(written, direction=Direction.ASIDE_HERE, state=DeliveryState.NONE, from_address="")
    return written


def _say(
    held: Conversation, side: SideConversation, written: Message, answer: Answer, *, is_answer: bool
) -> None:
    """It is said now, or waits for its time. An answer is news to who asked; otherwise who is asked has the word."""
    team = _team(side)
    change(side, answered_at=written.at if is_answer else None, trouble="")
    if side.done_at is not None:
        change(side, done_at=None)
        record(SideReopened(side=side_id(side)), on=held.pk)
    number = MessageId(written.pk)
    if team is not None:
        _announce_beginning(held, side, written)
        add_search_document(written, names=(), files=texts_of(written))
        change(held, last_message_at=written.at)
        change(side, last_message_at=written.at)
        said = AsideSaid(message=number, side=side_id(side), team=team, is_answer=is_answer)
        record(said, on=held.pk)
    elif answer.wait is None:
        announce_aside(held, written)
    else:
        row = HeldAnswer(message=written, due_at=answer.wait.until, held_for=answer.wait.held_for)
        row.held_at, row.then = written.at, held.status
        add(row)
        waits = AsideHeld(
            message=number, side=side_id(side), until=answer.wait.until, held_for=answer.wait.held_for
        )
        record(waits, on=held.pk)


def _begun_drafts(held: Conversation, by: Actor) -> "QuerySet[Draft, Draft]":
    return Draft.objects.filter(
        agent_id=agent_of(by), conversation=held, kind=Direction.ASIDE_OUT, side__isnull=True
    )


def _let_go_along(written: Message, keeping: Iterable[int]) -> None:
    """The chosen files of messages of the conversation, as files of the new one: the same bytes, used once more."""
    numbers = list(keeping)
    rows = list(Attachment.objects.filter(pk__in=numbers).order_by("pk")) if numbers else []
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
