"""Verbs by which the desk speaks: reply, note, new conversation, automatic answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from heed.brands.models import Inbox
from heed.brands.queries import addresses_of, most_bytes_of
from heed.channels.email.sizes import mail_size
from heed.conversations.actions.beforehand import beforehand, sent_before
from heed.conversations.actions.file_texts import texts_of
from heed.conversations.actions.forming import forget_sheet, form_to_keep
from heed.conversations.actions.mentioning import note_mentions
from heed.conversations.actions.receiving import add_search_document
from heed.conversations.actions.state import assign, change_status, hold_conversation, start_silence
from heed.conversations.actions.taking_part import (
    Line,
    require_open,
    set_participants,
    take_files,
)
from heed.conversations.gaps import require_no_gaps
from heed.conversations.models import (
    Attachment,
    Conversation,
    Draft,
    HeldAnswer,
    Message,
)
from heed.conversations.richtext import files_in, stored
from heed.conversations.senders import usual_sender
from heed.eventlog.kinds import (
    ConversationOpened,
    MessageHeld,
    MessageQueued,
    NoteAdded,
)
from heed.eventlog.reader import said_since
from heed.eventlog.unit import add, change, lock, record, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, Unusable, require
from heed.kernel.permissions import Permission
from heed.kernel.words import (
    AgentId,
    Automatic,
    BrandId,
    CustomerId,
    DeliveryState,
    Direction,
    EventId,
    HeldFor,
    InboxId,
    MessageId,
    Priority,
    Status,
    TeamId,
)
from heed.people.models import Agent, Team
from heed.people.policy import Actor, agent_of, may_write_as
from heed.people.standing_queries import suppressed_among

TEXT_CHARACTERS = 200_000
RECIPIENTS = 100


class AnsweredMeanwhile(NotAllowedNow):
    """Someone wrote in this conversation since the page was read; show it and ask before sending."""

    code = "answered_meanwhile"


class AnsweredElsewhere(AnsweredMeanwhile):
    """Another brand answered the same mail since the page was read; show it and ask before sending."""

    code = "answered_elsewhere"


class FlaggedRecipients(NotAllowedNow):
    """These came by a mail that nobody has let in, and the writer has not said that they may get the answer."""

    code = "flagged_recipients"

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__()
        self.addresses = addresses


class ConversationIsClosed(NotAllowedNow):
    """A closed conversation takes no more messages; begin a linked one."""

    code = "conversation_closed"


class MailTooLarge(Unusable):
    """The mail would be larger than may leave its inbox: send less, or a link. Says how large, and how much may."""

    code = "mail_too_large"

    def __init__(self, size: int, limit: int) -> None:
        """Both in bytes, attachments encoded."""
        super().__init__("files", "mail_too_large")
        self.size = size
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Wait:
    """How long an answer waits before it leaves, and why."""

    until: datetime
    held_for: HeldFor


@dataclass(frozen=True, slots=True)
class Answer:
    """What an agent sends. Lines are (name, address) pairs, addresses normalised. Files are ids of uploads.

    seen_elsewhere: the newest answer of another brand to the same mail that the writer saw.
    vouched: addresses of people who came by a held mail, to whom the writer sends all the same.
    sent_once: the form's key, by which a retried request sends once. seen: the newest event that the writer saw,
    None to send whatever came in between.
    """

    text: str
    to: Line
    cc: Line = ()
    bcc: Line = ()
    files: Sequence[int] = ()
    then: Status = Status.WAITING
    sent_once: str = ""
    seen: EventId | None = None
    subject: str = field(default="")
    vouched: frozenset[str] = frozenset()
    seen_elsewhere: EventId | None = None
    wait: Wait | None = None  # None: it leaves at once
    sender: str = ""  # one of the inbox's addresses; '': the one that the customer wrote to
    html: str = ""  # with its form; the text is made of it then
    sheet: str = ""  # the form of its own that it was written in, whose draft is done with (sheets.py)

    @property
    def recipients(self) -> frozenset[str]:
        """The addresses of all lines."""
        return frozenset(address for line in (self.to, self.cc, self.bcc) for _, address in line)


@verb
def reply(conversation: Conversation, *, answer: Answer, by: Actor) -> Message:
    """Afterwards the answer is queued for delivery, and the conversation is the writer's if it was nobody's.

    It stands then as `answer.then`. The same `sent_once` by the same agent returns the message queued before. Records
    message.queued; message.held for one that waits, which changes nothing else before its time. Raises
    AnsweredMeanwhile, AnsweredElsewhere, FlaggedRecipients, SuppressedRecipients, ConversationIsClosed, MailTooLarge,
    TakenBack, and Unusable for an empty text, no recipient or too many.
    """
    held = hold_conversation(conversation, by)
    known = beforehand(held, answer.recipients, key=answer.sent_once, seen=answer.seen, by=by)
    if known.sent_before is not None:
        return known.sent_before
    answer = with_form(answer, by)
    check(answer)
    check_size(held.inbox, answer)
    require_open(known.suppressed)
    if held.status == Status.CLOSED:
        raise ConversationIsClosed
    if known.said:
        raise AnsweredMeanwhile
    _check_elsewhere(known.elsewhere, answer, by)
    _check_flagged(known.flagged, answer)
    if answer.wait is not None:
        message = _hold_back(held, answer, answer.wait, answered=known.answered, by=by)
        take_charge(held, by)
        _drop_draft(held, by)
        return message
    if held.status == Status.SOLVED and answer.then is not Status.SOLVED:
        change_status(held, to=Status.OPEN, by=by)
    message = _queue(
        held, answer, answered=known.answered, by=by, automatic=Automatic.NO, is_first=known.is_first
    )
    take_charge(held, by)
    change(held, trouble="")
    if held.status != answer.then:
        change_status(held, to=answer.then, by=by)
    elif held.status == Status.SOLVED:
        start_silence(held)
    _drop_draft(held, by)
    return message


def take_charge(conversation: Conversation, by: Actor) -> None:
    """Inside a verb: it is the writer's, if it was nobody's."""
    if conversation.assignee_id is None and by.agent_id is not None:
        assign(conversation, to=Agent.objects.get(pk=by.agent_id), by=by)


def _drop_draft(conversation: Conversation, by: Actor) -> None:
    Draft.objects.filter(agent_id=agent_of(by), conversation=conversation, kind=Direction.OUT).delete()


@verb
def start(
    inbox: Inbox, *, answer: Answer, team: Team | None, customer: CustomerId | None, by: Actor
) -> Message:
    """Afterwards a new conversation of the writer's stands in the inbox, with this first message of ours queued.

    Records conversation.opened, message.queued. Raises Refused when the writer isn't of that team, Unusable as reply.
    """
    team_key = None if team is None else TeamId(team.pk)
    require(may_write_as(by, team_key, BrandId(inbox.brand_id)))
    hold_writer(by)
    before = sent_before(answer.sent_once, by)
    if before is not None:
        return before
    answer = with_form(answer, by)
    check(answer)
    check_size(inbox, answer)
    require_open(suppressed_among(answer.recipients))
    if not answer.subject.strip():
        raise Unusable("subject", "missing")
    forget_sheet(answer.sheet, by)
    conversation = begin(inbox, subject=answer.subject, team=team, customer=customer, assignee=by.agent_id)
    if answer.wait is not None:
        return _hold_back(conversation, answer, answer.wait, answered=None, by=by)
    message = _queue(conversation, answer, answered=None, by=by, automatic=Automatic.NO, is_first=True)
    if answer.then is not Status.OPEN:
        change_status(conversation, to=answer.then, by=by)
    return message


def begin(
    inbox: Inbox, *, subject: str, team: Team | None, customer: CustomerId | None, assignee: AgentId | None
) -> Conversation:
    """Inside a verb: a conversation of ours begins. Records conversation.opened."""
    now = clock.now()
    conversation = add(
        Conversation(
            brand_id=inbox.brand_id,
            inbox=inbox,
            team=team,
            assignee_id=assignee,
            customer_id=customer,
            status=Status.OPEN,
            subject=subject,
            opened_at=now,
            last_message_at=now,
        )
    )
    record(
        ConversationOpened(
            inbox=InboxId(inbox.pk),
            team=None if team is None else TeamId(team.pk),
            assignee=assignee,
            status=Status.OPEN,
            priority=Priority.NORMAL,
            customer=customer,
        ),
        on=conversation.pk,
    )
    return conversation


@verb
def send_automatic(
    conversation: Conversation, *, answers: Message, text: str, to: Line, answer_by: datetime, by: Actor
) -> Message:
    """Afterwards an acknowledgement of a message is queued, which says that a person answers by then.

    It changes no status. Records message.queued.
    """
    held, answer = lock(conversation), Answer(text=text, to=to)
    message = _queue(
        held, answer, answered=answers, by=by, automatic=Automatic.ACKNOWLEDGEMENT, is_first=False
    )
    change(message, answer_by_at=answer_by)
    return message


def hold_writer(by: Actor) -> None:
    """Where no conversation is held yet: a form that was sent twice waits here for itself."""
    if by.agent_id is not None:
        lock(Agent(pk=by.agent_id))


def hold_to_write(
    conversation: Conversation, sent_once: str, by: Actor, what: Permission = Permission.ANSWER
) -> tuple[Conversation, Message | None]:
    """The conversation, held for a writer, and what this form of theirs has sent already."""
    return hold_conversation(conversation, by, what), sent_before(sent_once, by)


def check(answer: Answer) -> None:
    """Raise Unusable for an empty or too long text, a gap that is left, no recipient or too many."""
    check_text(answer.text)
    require_no_gaps(answer.text)
    check_lines(answer)


def with_form(answer: Answer, by: Actor) -> Answer:
    """The answer with the words of its form, and no images but the writer's own. Raises Unusable for one too long."""
    text, html = form_to_keep(answer.text, answer.html, by)
    return replace(answer, text=text, html=html)


def check_text(text: str) -> None:
    """Raise Unusable for an empty or too long text."""
    if not text.strip():
        raise Unusable("text", "missing")
    if len(text) > TEXT_CHARACTERS:
        raise Unusable("text", "too_long")


def check_lines(answer: Answer) -> None:
    """Raise Unusable for no recipient, or too many."""
    if not (answer.to or answer.cc or answer.bcc):
        raise Unusable("to", "missing")
    if len(answer.to) + len(answer.cc) + len(answer.bcc) > RECIPIENTS:
        raise Unusable("to", "too_many")


def _check_elsewhere(elsewhere: Sequence[int], answer: Answer, by: Actor) -> None:
    """The same mail may have been answered for another brand; who may not see that conversation is told nothing."""
    seen = EventId(max(answer.seen or 0, answer.seen_elsewhere or 0))
    for other in elsewhere:
        said = said_since(other, seen, but=by)
        if said and Message.objects.filter(pk__in=said, direction=Direction.OUT).exists():
            raise AnsweredElsewhere


def _check_flagged(flagged: Sequence[str], answer: Answer) -> None:
    wanted = [address for address in flagged if address not in answer.vouched]
    if wanted:
        raise FlaggedRecipients(wanted)


def check_size(inbox: Inbox, answer: Answer, *, beside: Sequence[int] = (), text: str = "") -> None:
    """Raise MailTooLarge for files, and further ones of `beside`, with a further text, that may not leave together."""
    numbers = [*answer.files, *files_in(answer.html), *beside]
    if not numbers:
        return
    sizes = Attachment.objects.filter(pk__in=numbers).values_list("size", flat=True)
    size, limit = mail_size(answer.text + answer.html + text, sizes), most_bytes_of(inbox)
    if size > limit:
        raise MailTooLarge(size, limit)


def _queue(
    conversation: Conversation,
    answer: Answer,
    *,
    answered: Message | None,
    by: Actor,
    automatic: Automatic,
    is_first: bool,
) -> Message:
    message = write(
        conversation, answer, answered=answered, by=by, automatic=automatic, state=DeliveryState.QUEUED
    )
    if automatic is Automatic.NO:
        announce(conversation, message, answer, is_first=is_first)
    else:
        record(
            MessageQueued(message=MessageId(message.pk), automatic=automatic, first_reply=False),
            on=conversation.pk,
        )
    return message


def _hold_back(
    conversation: Conversation, answer: Answer, wait: Wait, *, answered: Message | None, by: Actor
) -> Message:
    message = write(
        conversation, answer, answered=answered, by=by, automatic=Automatic.NO, state=DeliveryState.HELD
    )
    add(
        HeldAnswer(
            message=message,
            due_at=wait.until,
            held_for=wait.held_for,
            held_at=message.at,
            then=answer.then,
        )
    )
    record(
        MessageHeld(message=MessageId(message.pk), until=wait.until, held_for=wait.held_for),
        on=conversation.pk,
    )
    return message


def write(
    conversation: Conversation,
    answer: Answer,
    *,
    answered: Message | None,
    by: Actor,
    automatic: Automatic,
    state: DeliveryState,
) -> Message:
    """Inside a verb: a message of ours, with its files; nothing is recorded of it yet."""
    now = clock.now()
    message = add(
        Message(
            conversation=conversation,
            brand_id=conversation.brand_id,
            direction=Direction.OUT,
            automatic=automatic,
            at=now,
            received_at=now,
            agent_id=by.agent_id,
            from_address=_sender(conversation, answer, answered),
            to=answer.to,
            cc=answer.cc,
            bcc=answer.bcc,
            subject=answer.subject
            or (answered.subject if answered and answered.subject else conversation.subject),
            text=answer.text,
            html=stored(answer.html),
            answers=answered,
            state=state,
            state_at=now,
            sent_once=answer.sent_once if by.agent_id is not None else "",
        )
    )
    if automatic is Automatic.NO:
        take_files(message, [*answer.files, *files_in(answer.html)], by)
    return message


def announce(conversation: Conversation, message: Message, answer: Answer, *, is_first: bool) -> None:
    """Inside a verb: an answer of a person is said now. It can be found, its recipients take part, it is queued.

    is_first: no person of ours has answered in the conversation before.
    """
    add_search_document(
        message,
        names=[part for line in (answer.to, answer.cc) for one in line for part in one],
        files=texts_of(message) if answer.files else (),
    )
    set_participants(conversation, to=answer.to, cc=answer.cc, bcc=answer.bcc, now=message.at)
    change(conversation, last_message_at=message.at)
    record(
        MessageQueued(message=MessageId(message.pk), automatic=Automatic.NO, first_reply=is_first),
        on=conversation.pk,
    )


def _sender(conversation: Conversation, answer: Answer, answered: Message | None) -> str:
    """The address that an answer leaves from: the one chosen, else the one that was written to, else the inbox's."""
    inbox = conversation.inbox
    if answer.sender:
        if answer.sender not in addresses_of(inbox):
            raise Unusable("sender", "unknown")
        return answer.sender
    return usual_sender(inbox, answered)


@verb
def add_note(
    conversation: Conversation,
    *,
    text: str,
    sent_once: str,
    files: Sequence[int],
    by: Actor,
    html: str = "",
) -> Message:
    """Afterwards the team can read this note; no customer ever does. Records note.added, mention.added for each call.

    With `html` its words are made of that. The same `sent_once` by the same agent returns the note added before. Raises
    Unusable for an empty or too long text.
    """
    held, before = hold_to_write(conversation, sent_once, by, Permission.NOTE)
    if before is not None:
        return before
    text, html = form_to_keep(text, html, by)
    check_text(text)
    note = add(
        Message(
            conversation=held,
            brand_id=held.brand_id,
            direction=Direction.NOTE,
            automatic=Automatic.NO,
            at=clock.now(),
            received_at=clock.now(),
            agent_id=by.agent_id,
            sent_once=sent_once,
            text=text,
            html=stored(html),
        )
    )
    add_search_document(note, names=[])
    take_files(note, [*files, *files_in(html)], by)
    change(held, last_message_at=note.at)
    record(NoteAdded(message=MessageId(note.pk)), on=held.pk)
    note_mentions(note, by=by)
    Draft.objects.filter(agent_id=agent_of(by), conversation=held, kind=Direction.NOTE).delete()
    return note
