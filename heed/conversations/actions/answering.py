"""Verbs by which the desk speaks: reply, note, new conversation, automatic answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from heed.brands.models import Inbox
from heed.conversations.actions.receiving import add_search_document
from heed.conversations.actions.state import assign, change_status, hold_conversation, start_silence
from heed.conversations.models import Attachment, Blob, Conversation, Draft, Message, Participant
from heed.conversations.queries.access import same_mail_elsewhere
from heed.conversations.scope import scope_of
from heed.eventlog.kinds import (
    ConversationOpened,
    ConversationParticipantsChanged,
    MailDownloaded,
    MessageQueued,
    MessageReceived,
    NoteAdded,
)
from heed.eventlog.reader import said_since
from heed.eventlog.unit import add, change, lock, lock_many, record, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, Unusable, require, require_visible
from heed.kernel.words import (
    AgentId,
    Automatic,
    BrandId,
    CustomerId,
    DeliveryState,
    Direction,
    EventId,
    Hold,
    InboxId,
    JoinedBy,
    MessageId,
    Priority,
    RecipientRole,
    Status,
    TeamId,
)
from heed.people.models import Agent, Team
from heed.people.policy import Actor, agent_of, may_download_raw, may_write_as

Line = tuple[tuple[str, str], ...]
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


@verb
def reply(conversation: Conversation, *, answer: Answer, by: Actor) -> Message:
    """Afterwards the answer is queued for delivery, and the conversation is the writer's if it was nobody's.

    It stands then as `answer.then`. The same `sent_once` by the same agent returns the message queued before. Records
    message.queued. Raises AnsweredMeanwhile, AnsweredElsewhere, FlaggedRecipients, ConversationIsClosed, and Unusable
    for an empty text, no recipient or too many.
    """
    held, before = _hold_to_write(conversation, answer.sent_once, by)
    if before is not None:
        return before
    _check(answer)
    if held.status == Status.CLOSED:
        raise ConversationIsClosed
    if answer.seen is not None and said_since(held.pk, answer.seen, but=by):
        raise AnsweredMeanwhile
    _check_elsewhere(held, answer, by)
    _check_flagged(held, answer)
    if held.status == Status.SOLVED and answer.then is not Status.SOLVED:
        change_status(held, to=Status.OPEN, by=by)
    message = _queue(held, answer, answered=_last_written(held), by=by, automatic=Automatic.NO)
    if held.assignee_id is None and by.agent_id is not None:
        assign(held, to=Agent.objects.get(pk=by.agent_id), by=by)
    change(held, trouble="")
    if held.status != answer.then:
        change_status(held, to=answer.then, by=by)
    elif held.status == Status.SOLVED:
        start_silence(held)
    Draft.objects.filter(agent_id=agent_of(by), conversation=held, kind=Direction.OUT).delete()
    return message


@verb
def start(
    inbox: Inbox, *, answer: Answer, team: Team | None, customer: CustomerId | None, by: Actor
) -> Message:
    """Afterwards a new conversation of the writer's stands in the inbox, with this first message of ours queued.

    Records conversation.opened, message.queued. Raises Refused when the writer isn't of that team, Unusable as reply.
    """
    team_key = None if team is None else TeamId(team.pk)
    require(may_write_as(by, team_key, BrandId(inbox.brand_id)))
    _hold_writer(by)
    before = _sent_before(answer.sent_once, by)
    if before is not None:
        return before
    _check(answer)
    if not answer.subject.strip():
        raise Unusable("subject", "missing")
    conversation = _begin(inbox, subject=answer.subject, team=team, customer=customer, assignee=by.agent_id)
    message = _queue(conversation, answer, answered=None, by=by, automatic=Automatic.NO)
    if answer.then is not Status.OPEN:
        change_status(conversation, to=answer.then, by=by)
    return message


def _begin(
    inbox: Inbox, *, subject: str, team: Team | None, customer: CustomerId | None, assignee: AgentId | None
) -> Conversation:
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
def take_down(inbox: Inbox, *, told: Answer, team: Team | None, customer: CustomerId, by: Actor) -> Message:
    """Afterwards what a customer told the writer elsewhere stands in a new conversation as the customer's message.

    `told.to` is that customer; nothing is mailed. It is nobody's yet and waits for an answer, as a mail would. Records
    conversation.opened, message.received. Raises Refused when the writer isn't of that team, Unusable as start.
    """
    team_key = None if team is None else TeamId(team.pk)
    require(may_write_as(by, team_key, BrandId(inbox.brand_id)))
    _hold_writer(by)
    before = _sent_before(told.sent_once, by)
    if before is not None:
        return before
    _check(told)
    if len(told.to) != 1 or told.cc or told.bcc:
        raise Unusable("to", "too_many")
    if not told.subject.strip():
        raise Unusable("subject", "missing")
    conversation = _begin(inbox, subject=told.subject, team=team, customer=customer, assignee=None)
    message = _write_down(conversation, told, inbox=inbox, customer=customer, by=by)
    record(
        MessageReceived(
            message=MessageId(message.pk),
            customer=customer,
            automatic=Automatic.NO,
            joined_by=JoinedBy.NEW,
            flagged=False,
            may_acknowledge=False,
        ),
        on=conversation.pk,
    )
    return message


def _write_down(
    conversation: Conversation, told: Answer, *, inbox: Inbox, customer: CustomerId, by: Actor
) -> Message:
    now = clock.now()
    (name, address) = told.to[0]
    message = add(
        Message(
            conversation=conversation,
            brand_id=conversation.brand_id,
            direction=Direction.IN,
            automatic=Automatic.NO,
            at=now,
            received_at=now,
            agent_id=by.agent_id,
            customer_id=customer,
            from_name=name,
            from_address=address,
            to=[["", inbox.address]],
            subject=told.subject,
            text=told.text,
            sent_once=told.sent_once if by.agent_id is not None else "",
        )
    )
    add_search_document(message, names=[name, address])
    add(
        Participant(
            conversation=conversation,
            address=address,
            name=name,
            role=RecipientRole.FROM,
            customer_id=customer,
            joined_at=now,
        )
    )
    _take_files(message, told.files, by)
    return message


@verb
def note_download(message: Message, *, by: Actor) -> None:
    """Afterwards the log says that `by` took a mail's exact bytes off the desk. Records mail.downloaded, each time.

    Raises NotFound for a message that `by` may not see, and for one who is no lead or admin.
    """
    require_visible(may_download_raw(by, scope_of(message.conversation)))
    record(MailDownloaded(message=MessageId(message.pk), receipt=None), on=message.conversation_id)


@verb
def send_automatic(
    conversation: Conversation, *, answers: Message, text: str, to: Line, answer_by: datetime, by: Actor
) -> Message:
    """Afterwards an acknowledgement of a message is queued, which says that a person answers by then.

    It changes no status. Records message.queued.
    """
    held, answer = lock(conversation), Answer(text=text, to=to)
    message = _queue(held, answer, answered=answers, by=by, automatic=Automatic.ACKNOWLEDGEMENT)
    change(message, answer_by_at=answer_by)
    return message


def _last_written(conversation: Conversation) -> Message | None:
    """What an answer answers: the newest that a person wrote; of machines' mail only where there is no other.

    Never what is held: it would be quoted to people who should not see it.
    """
    came = conversation.messages.filter(direction=Direction.IN, hold__in=(Hold.NONE, Hold.ADMITTED))
    came = came.order_by("-at", "-id")
    return came.filter(automatic=Automatic.NO).first() or came.first()


def _hold_writer(by: Actor) -> None:
    """Where no conversation is held yet: a form that was sent twice waits here for itself."""
    if by.agent_id is not None:
        lock(Agent(pk=by.agent_id))


def _hold_to_write(
    conversation: Conversation, sent_once: str, by: Actor
) -> tuple[Conversation, Message | None]:
    """The conversation, held for a writer, and what this form of theirs has sent already."""
    return hold_conversation(conversation, by), _sent_before(sent_once, by)


def _sent_before(key: str, by: Actor) -> Message | None:
    if not key or by.agent_id is None:
        return None
    return Message.objects.filter(agent_id=by.agent_id, sent_once=key).first()


def _check(answer: Answer) -> None:
    if not answer.text.strip():
        raise Unusable("text", "missing")
    if len(answer.text) > TEXT_CHARACTERS:
        raise Unusable("text", "too_long")
    if not (answer.to or answer.cc or answer.bcc):
        raise Unusable("to", "missing")
    if len(answer.to) + len(answer.cc) + len(answer.bcc) > RECIPIENTS:
        raise Unusable("to", "too_many")


def _check_elsewhere(conversation: Conversation, answer: Answer, by: Actor) -> None:
    """The same mail may have been answered for another brand; who may not see that conversation is told nothing."""
    if answer.seen is None:
        return
    seen = max(answer.seen, answer.seen_elsewhere or 0)
    for other in same_mail_elsewhere(by, conversation):
        said = said_since(other, seen, but=by)
        if said and Message.objects.filter(pk__in=said, direction=Direction.OUT).exists():
            raise AnsweredElsewhere


def _check_flagged(conversation: Conversation, answer: Answer) -> None:
    wanted = {address for line in (answer.to, answer.cc, answer.bcc) for _, address in line} - answer.vouched
    flagged = conversation.participants.filter(is_flagged=True, address__in=wanted)
    addresses = list(flagged.order_by("address").values_list("address", flat=True))
    if addresses:
        raise FlaggedRecipients(addresses)


def _queue(
    conversation: Conversation, answer: Answer, *, answered: Message | None, by: Actor, automatic: Automatic
) -> Message:
    now = clock.now()
    first = automatic is Automatic.NO and not _has_human_reply(conversation)
    message = add(
        Message(
            conversation=conversation,
            brand_id=conversation.brand_id,
            direction=Direction.OUT,
            automatic=automatic,
            at=now,
            received_at=now,
            agent_id=by.agent_id,
            to=answer.to,
            cc=answer.cc,
            bcc=answer.bcc,
            subject=answer.subject
            or (answered.subject if answered and answered.subject else conversation.subject),
            text=answer.text,
            answers=answered,
            state=DeliveryState.QUEUED,
            state_at=now,
            sent_once=answer.sent_once if by.agent_id is not None else "",
        )
    )
    if automatic is Automatic.NO:
        add_search_document(message, names=[address for _, address in (*answer.to, *answer.cc)])
        _set_participants(conversation, answer, now)
        _take_files(message, answer.files, by)
        change(conversation, last_message_at=now)
    record(
        MessageQueued(message=MessageId(message.pk), automatic=automatic, first_reply=first),
        on=conversation.pk,
    )
    return message


def _has_human_reply(conversation: Conversation) -> bool:
    return conversation.messages.filter(direction=Direction.OUT, automatic=Automatic.NO).exists()


def _take_files(message: Message, files: Sequence[int], by: Actor) -> None:
    if not files:
        return
    rows = list(
        Attachment.objects.filter(pk__in=files, message__isnull=True, uploaded_by_id=agent_of(by)).order_by(
            "pk"
        )
    )
    if len(rows) != len(set(files)):
        raise Unusable("files", "unknown")
    for row in rows:
        change(row, message=message, uploaded_by=None)


def _set_participants(conversation: Conversation, answer: Answer, now: datetime) -> None:
    wanted = {
        address: (name, role)
        for line, role in (
            (answer.bcc, RecipientRole.BCC),
            (answer.cc, RecipientRole.CC),
            (answer.to, RecipientRole.TO),
        )
        for name, address in line
    }
    people = list(conversation.participants.all())
    # Whoever wrote stays; where nobody did, so do those whom we wrote to: without them there is nobody to answer.
    stays = {RecipientRole.FROM}
    if not any(person.role == RecipientRole.FROM for person in people):
        stays.add(RecipientRole.TO)
    joined = left = 0
    for person in people:
        given = wanted.pop(person.address, None)
        if given is None:
            if person.left_at is None and person.role not in stays:
                change(person, left_at=now)
                left += 1
        elif person.left_at is not None:
            change(person, left_at=None, role=given[1])
            joined += 1
        elif person.role not in (given[1], RecipientRole.FROM):
            change(person, role=given[1])
    for address, (name, role) in wanted.items():
        add(Participant(conversation=conversation, address=address, name=name, role=role, joined_at=now))
        joined += 1
    if joined or left:
        record(ConversationParticipantsChanged(joined=joined, left=left, flagged=0), on=conversation.pk)


@verb
def add_note(
    conversation: Conversation, *, text: str, sent_once: str, files: Sequence[int], by: Actor
) -> Message:
    """Afterwards the team can read this note; no customer ever does. Records note.added.

    The same `sent_once` by the same agent returns the note added before. Raises Unusable for an empty or too long text.
    """
    held, before = _hold_to_write(conversation, sent_once, by)
    if before is not None:
        return before
    if not text.strip():
        raise Unusable("text", "missing")
    if len(text) > TEXT_CHARACTERS:
        raise Unusable("text", "too_long")
    now = clock.now()
    note = add(
        Message(
            conversation=held,
            brand_id=held.brand_id,
            direction=Direction.NOTE,
            automatic=Automatic.NO,
            at=now,
            received_at=now,
            agent_id=by.agent_id,
            text=text,
            sent_once=sent_once,
        )
    )
    add_search_document(note, names=[])
    _take_files(note, files, by)
    change(held, last_message_at=now)
    record(NoteAdded(message=MessageId(note.pk)), on=held.pk)
    Draft.objects.filter(agent_id=agent_of(by), conversation=held, kind=Direction.NOTE).delete()
    return note


@verb
def upload(file: Attachment, *, by: Actor) -> Attachment:
    """Afterwards a file, whose bytes are in blob storage under blob_id, can be sent by the one who uploaded it."""
    file.uploaded_by_id = agent_of(by)
    blob = lock_many(Blob, [file.blob_id]).get(file.blob_id) or add(Blob(sha256=file.blob_id, size=file.size))
    change(blob, uses=blob.uses + 1)
    return add(file)
