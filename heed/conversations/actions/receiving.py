"""Verbs that take a message in: a conversation opens, a mail joins it, two turn out to be one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from heed.brands.models import Inbox
from heed.channels.email.mailboxes import key_of
from heed.conversations.actions.file_texts import expect_text
from heed.conversations.actions.state import change_status, circle_id, is_listed, team_id
from heed.conversations.actions.trashing import bring_back
from heed.conversations.documents import document_of
from heed.conversations.incoming import Incoming
from heed.conversations.invitations import to_row
from heed.conversations.models import (
    Attachment,
    Blob,
    Conversation,
    Message,
    Participant,
    RawMail,
    SideConversation,
    ThreadKey,
)
from heed.eventlog.kinds import (
    AsideFound,
    AsideReceived,
    ConversationOpened,
    ConversationParticipantsChanged,
    MessageFound,
    MessageReceived,
    NoteAdded,
    SideBegun,
    SideReopened,
)
from heed.eventlog.unit import add, change, current, lock, lock_many, record, verb
from heed.kernel.errors import NotAllowedNow
from heed.kernel.prepared import prepared
from heed.kernel.words import (
    HELD_BACK,
    Automatic,
    DeliveryState,
    Direction,
    Flag,
    Hold,
    InboxId,
    JoinedBy,
    MessageId,
    Origin,
    Priority,
    RecipientRole,
    SideId,
    Status,
)
from heed.people.policy import Actor

REOPENED_BY_MAIL = (Status.WAITING, Status.SNOOZED, Status.SOLVED)


class ThreadsChanged(NotAllowedNow):
    """Another mail of the same Message-ID was recorded since it was decided where this one belongs: decide again."""

    code = "threads_changed"


@verb
def open_conversation(
    inbox: Inbox, *, team: int | None, mail: Incoming, by: Actor, circle: int | None = None
) -> Conversation:
    """Afterwards a new conversation stands in the inbox, with no message yet; receive adds it.

    Imported history is closed from the start. Records conversation.opened. A conversation without a customer has low
    priority: nobody waits for an answer. With a circle, only its people see it.
    """
    imported = current().origin is Origin.IMPORT
    conversation = Conversation(
        brand_id=inbox.brand_id,
        inbox=inbox,
        team_id=team,
        customer_id=mail.customer,
        circle_id=circle,
        status=Status.CLOSED if imported else Status.OPEN,
        priority=Priority.NORMAL if mail.customer is not None else Priority.LOW,
        subject=mail.subject,
        language=mail.language,
        opened_at=mail.at if imported else mail.received_at,
        last_message_at=_came_at(mail),
    )
    add(conversation)
    record(
        ConversationOpened(
            inbox=InboxId(inbox.pk),
            team=team_id(conversation),
            assignee=None,
            status=Status(conversation.status),
            priority=Priority(conversation.priority),
            customer=mail.customer,
            circle=circle_id(conversation),
        ),
        on=conversation.pk,
    )
    return conversation


def _came_at(mail: Incoming) -> datetime:
    """What lists and reading marks go by: when we had it, so that no slow clock or line makes news look old."""
    return mail.at if current().origin is Origin.IMPORT else mail.received_at


@verb
def receive(conversation: Conversation, *, mail: Incoming, by: Actor) -> Message:
    """Afterwards the mail is a message of the conversation, with its people, files, thread keys and search document.

    What a person wrote opens a conversation that waited, slept or was solved, and brings it back out of the trash;
    automatic mail changes no status, and nothing does while the conversation is in quarantine.
    Of a mail that an agent passed on, the agent's own words are a note. Records message.received, note.added for
    those, and participants_changed when someone new is in the address lines. Raises ThreadsChanged.
    """
    held = lock(conversation)
    message = _add_message(held, mail)
    _add_files(message, mail)
    _add_thread_keys(held, message, mail)
    _add_participants(held, mail)
    if mail.storm_rule is not None:
        change(held, gathered=held.gathered + 1)
    came_at = _came_at(mail)
    if came_at > held.last_message_at:
        change(held, last_message_at=came_at)
    record(
        MessageReceived(
            message=MessageId(message.pk),
            customer=mail.customer,
            automatic=mail.automatic,
            joined_by=mail.joined_by,
            flagged=bool(mail.flag),
            may_acknowledge=mail.may_acknowledge,
        ),
        on=held.pk,
    )
    if mail.forwarder_words:
        _note_from_forwarder(held, mail)
    _let_it_stand(held, mail, by)
    return message


def _let_it_stand(held: Conversation, mail: Incoming, by: Actor) -> None:
    """What a person writes brings a conversation back: out of the trash, and to where somebody sees that it waits."""
    if (
        current().origin is not Origin.LIVE
        or mail.automatic is not Automatic.NO
        or held.quarantined_at is not None
    ):
        return
    bring_back(held)
    if held.status in REOPENED_BY_MAIL:
        change_status(held, to=Status.OPEN, by=by)


@verb
def receive_own(conversation: Conversation, *, mail: Incoming, by: Actor) -> Message:
    """Afterwards a mail of ours that left past the desk is a message of ours, sent already: it is never sent again.

    What a person of ours wrote answers what came before it: an open conversation waits then, unless its customer wrote
    since. Records message.found, and participants_changed when someone new is in the address lines. Raises
    ThreadsChanged.
    """
    held = lock(conversation)
    message = _add_message(held, mail)
    change(
        message,
        direction=Direction.OUT,
        state=DeliveryState.SENT,
        state_at=mail.at,
        customer=None,
        hold=Hold.NONE,
        flag=Flag.NONE,
    )
    _add_files(message, mail)
    _add_thread_keys(held, message, mail)
    _add_participants(held, mail)
    came_at = _came_at(mail)
    if came_at > held.last_message_at:
        change(held, last_message_at=came_at)
    record(
        MessageFound(
            message=MessageId(message.pk),
            agent=mail.agent,
            automatic=mail.automatic,
            joined_by=mail.joined_by,
        ),
        on=held.pk,
    )
    is_answer = current().origin is Origin.LIVE and mail.automatic is Automatic.NO
    if is_answer and held.status == Status.OPEN and is_listed(held):
        since = held.messages.filter(direction=Direction.IN, automatic=Automatic.NO, at__gt=mail.at)
        if not since.exists():
            change_status(held, to=Status.WAITING, by=by)
    return message


@verb
def receive_aside(conversation: Conversation, *, mail: Incoming, by: Actor) -> Message:
    """Afterwards what somebody outside answered stands in the side conversation that it answers, for agents alone.

    Nobody takes part by it, no customer is quoted or shown it, and nothing is owed sooner or later because of it. What
    a person wrote is news there, until one of us answers or says that it is done; it brings the conversation back out
    of waiting, sleep and the trash, so that somebody sees it. Records aside.received. Raises ThreadsChanged.
    """
    held = lock(conversation)
    message, side = _join_aside(held, mail, Direction.ASIDE_IN)
    record(
        AsideReceived(
            message=MessageId(message.pk),
            side=side_id(side),
            automatic=mail.automatic,
            joined_by=mail.joined_by,
            flagged=bool(mail.flag),
        ),
        on=held.pk,
    )
    if mail.automatic is Automatic.NO and current().origin is Origin.LIVE:
        change(side, answered_at=mail.received_at)
        if side.done_at is not None:
            change(side, done_at=None)
            record(SideReopened(side=side_id(side)), on=held.pk)
    if held.status in (Status.WAITING, Status.SNOOZED) or held.trashed_at is not None:
        _let_it_stand(held, mail, by)
    return message


@verb
def receive_own_aside(conversation: Conversation, *, mail: Incoming, by: Actor) -> Message:
    """Afterwards an aside of ours that left past the desk stands in its side conversation, sent already.

    It stops no clock. Records aside.found. Raises ThreadsChanged.
    """
    held = lock(conversation)
    message, side = _join_aside(held, mail, Direction.ASIDE_OUT)
    change(message, state=DeliveryState.SENT, state_at=mail.at, customer=None, flag=Flag.NONE)
    change(side, answered_at=None)
    record(AsideFound(message=MessageId(message.pk), side=side_id(side), agent=mail.agent), on=held.pk)
    return message


def side_id(side: SideConversation) -> SideId:
    """As events name it."""
    return SideId(side.pk)


def _join_aside(held: Conversation, mail: Incoming, direction: Direction) -> tuple[Message, SideConversation]:
    side = _side_of(held, mail)
    message = _add_message(held, mail)
    # It is shown to no customer, so there is nothing to hold it back from.
    change(message, direction=direction, side=side, hold=Hold.NONE)
    _add_files(message, mail)
    _add_thread_keys(held, message, mail)
    came_at = _came_at(mail)
    for row in (held, side):
        if came_at > row.last_message_at:
            change(row, last_message_at=came_at)
    return message, side


def _side_of(held: Conversation, mail: Incoming) -> SideConversation:
    """The side conversation that a mail answers; one of its own where the mail answers nothing that is here."""
    found = SideConversation.objects.filter(conversation=held, messages=mail.answers or 0).first()
    if found is not None:
        return lock(found)
    side = SideConversation(
        conversation=held,
        subject=mail.subject,
        begun_by_id=mail.agent,
        begun_at=mail.received_at,
        last_message_at=_came_at(mail),
    )
    record(SideBegun(side=side_id(add(side)), team=None), on=held.pk)
    return side


def _note_from_forwarder(conversation: Conversation, mail: Incoming) -> None:
    """What the agent wrote above the mail that they passed on: said to the team, not to the customer."""
    note = add(
        Message(
            conversation=conversation,
            brand_id=conversation.brand_id,
            direction=Direction.NOTE,
            automatic=Automatic.NO,
            at=mail.received_at,
            received_at=mail.received_at,
            agent_id=mail.forwarded_by,
            text=mail.forwarder_words,
        )
    )
    add_search_document(note, names=[])
    record(NoteAdded(message=MessageId(note.pk)), on=conversation.pk)


def _add_message(conversation: Conversation, mail: Incoming) -> Message:
    message = add(
        Message(
            conversation=conversation,
            brand_id=conversation.brand_id,
            direction=Direction.IN,
            automatic=mail.automatic,
            at=mail.at,
            received_at=mail.received_at,
            agent_id=mail.agent,
            customer_id=mail.customer,
            from_name=mail.from_name,
            from_address=mail.from_address,
            to=mail.to,
            cc=mail.cc,
            subject=mail.subject,
            text=mail.text,
            signature=mail.signature,
            forwarded_by_id=mail.forwarded_by,
            quoted=mail.quoted,
            html=mail.html,
            invitation=to_row(mail.invitation),
            message_id=mail.message_id,
            answers_id=mail.answers,
            joined_by=mail.joined_by,
            storm_rule=mail.storm_rule,
            flag=mail.flag,
            confidence=mail.confidence,
            because=mail.because,
            path=mail.path,
            reply_to=mail.reply_to,
            hold=Hold.HELD if mail.flag in HELD_BACK else Hold.NONE,
            same_key=mail.same_key,
        )
    )
    add(RawMail(message=message, sha256=mail.raw_sha256))
    add_search_document(message, names=[mail.from_name, mail.from_address])
    return message


def add_search_document(message: Message, *, names: Iterable[str], files: Iterable[str] = ()) -> None:
    """Inside a verb: what search will find of this message, and of those of its files that were read already."""
    add(document_of(message, names=names, files=files))


def _add_files(message: Message, mail: Incoming) -> None:
    if not mail.files:
        return
    blobs = lock_many(Blob, sorted({file.sha256 for file in mail.files}))
    for file in mail.files:
        blob = blobs.get(file.sha256)
        if blob is None:
            blob = blobs[file.sha256] = add(Blob(sha256=file.sha256, size=file.size))
        change(blob, uses=blob.uses + 1)
        row = add(
            Attachment(
                message=message,
                blob=blob,
                filename=file.filename,
                content_type=file.content_type,
                content_id=file.content_id,
                is_inline=file.is_inline,
                size=file.size,
            )
        )
        expect_text(row)


def _add_thread_keys(conversation: Conversation, message: Message, mail: Incoming) -> None:
    wanted = dict.fromkeys(key for key in (mail.own_key, *mail.referred_keys) if key)
    if not wanted:
        return
    known: dict[str, ThreadKey] = {}
    doubtful = [key for key in wanted if key not in mail.free_keys]
    if doubtful:
        rows = ThreadKey.objects.filter(brand_id=conversation.brand_id, key__in=doubtful)
        known = {row.key: row for row in rows}
    for key in wanted:
        row = known.get(key)
        if row is None:
            seen = message if key == mail.own_key else None
            add(ThreadKey(brand_id=conversation.brand_id, key=key, conversation=conversation, message=seen))
        elif key == mail.own_key and row.message_id is None:
            change(row, message=message, conversation=conversation)
        elif key == mail.own_key:
            raise ThreadsChanged  # who decided knew no other mail of this Message-ID


def _opens(conversation: Conversation, mail: Incoming) -> bool:
    """Whether nothing of it is there yet: a later mail of the same batch finds people and keys buffered."""
    return mail.joined_by is JoinedBy.NEW and conversation.pk in current().new.get(Conversation, ())


def _add_participants(conversation: Conversation, mail: Incoming) -> None:
    if not mail.participants:
        return
    known: dict[str, Participant] = {}
    if not _opens(conversation, mail):
        addresses = [address for address, _, _ in mail.participants]
        known = {row.address: row for row in _people(conversation=conversation.pk, addresses=addresses)}
    asked = _asked_aside(conversation, mail, known)
    joined = flagged = 0
    for address, name, role in mail.participants:
        if address in asked:
            continue
        if address in known:
            _came_again(known[address], mail, role)
            continue
        is_flagged = mail.flag in HELD_BACK
        known[address] = add(
            Participant(
                conversation=conversation,
                address=address,
                name=name,
                role=role,
                customer_id=mail.customer if role == RecipientRole.FROM else None,
                is_flagged=is_flagged,
                confidence=mail.confidence if role == RecipientRole.FROM else "",
                joined_at=mail.received_at,
            )
        )
        joined, flagged = joined + 1, flagged + is_flagged
    if joined and not _opens(conversation, mail):
        record(ConversationParticipantsChanged(joined=joined, left=0, flagged=flagged), on=conversation.pk)


def _asked_aside(
    conversation: Conversation, mail: Incoming, known: Mapping[str, Participant]
) -> frozenset[str]:
    """Those in its lines to whom something was said aside: whoever put them there, our answers are nothing for them."""
    new = {a for a, _, role in mail.participants if a not in known and role != RecipientRole.FROM}
    if not new or _opens(conversation, mail):
        return frozenset()
    lines = _lines_aside(conversation=conversation.pk)
    return frozenset(new & {key_of(address) for some in lines for line in some for _, address in line})


@prepared
def _lines_aside(*, conversation: int) -> "QuerySet[Message, tuple[list[list[str]], ...]]":
    asides = Message.objects.filter(conversation_id=conversation, direction=Direction.ASIDE_OUT)
    return asides.values_list("to", "cc", "bcc")


@prepared
def _people(*, conversation: int, addresses: Sequence[str]) -> "QuerySet[Participant, Participant]":
    return Participant.objects.filter(conversation_id=conversation, address__in=addresses)


def _came_again(person: Participant, mail: Incoming, role: str) -> None:
    """Somebody known here: back in the lines if they had left, unless the mail that says so is held."""
    is_held = mail.flag in HELD_BACK
    if person.left_at is not None and not is_held:
        change(person, left_at=None, role=role)
    if role == RecipientRole.FROM and person.confidence != mail.confidence and not is_held:
        change(person, confidence=mail.confidence)


@verb
def keep_raw(message: Message, *, sha256: str, by: Actor) -> None:
    """Afterwards this raw, another copy of the same mail, is kept on the message too, once."""
    if not RawMail.objects.filter(message=message, sha256=sha256).exists():
        add(RawMail(message=message, sha256=sha256))


@verb
def note_raw_blobs(blobs: Sequence[tuple[str, int]], *, by: Actor) -> None:
    """Afterwards each of these blobs, (sha256, size in bytes), is counted as used once more.

    By a receipt, or by a mail of ours that left.
    """
    held = lock_many(Blob, sorted({sha256 for sha256, _ in blobs}))
    for sha256, size in blobs:
        row = held.get(sha256)
        if row is None:
            row = held[sha256] = add(Blob(sha256=sha256, size=size))
        change(row, uses=row.uses + 1)
