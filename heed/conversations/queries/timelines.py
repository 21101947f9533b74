"""What was said and done in a conversation, oldest first, read from its end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from heed.conversations import sql
from heed.conversations.models import (
    Attachment,
    Conversation,
    HeldAnswer,
    Mention,
    Message,
    RawMail,
)
from heed.conversations.queries.access import Opened, unshown
from heed.conversations.queries.event_names import Names, names_in
from heed.eventlog import reader as log
from heed.eventlog.kinds import (
    KINDS,
    AddressReleased,
    AddressResubscribed,
    AddressSuppressed,
    AddressUnsubscribed,
    AsideReceived,
    AsideSaid,
    ConversationAbsorbed,
    ConversationAssigned,
    ConversationCustomerChanged,
    ConversationLinked,
    ConversationMerged,
    ConversationMoved,
    ConversationNoted,
    ConversationOpened,
    ConversationParticipantsChanged,
    ConversationPriorityChanged,
    ConversationQuarantined,
    ConversationReleased,
    ConversationRestored,
    ConversationSplit,
    ConversationStatusChanged,
    ConversationTagged,
    ConversationTopicChanged,
    ConversationTrashed,
    ConversationUnlinked,
    ConversationUnmerged,
    ConversationUnquarantined,
    ConversationUntagged,
    Kind,
    MailDownloaded,
    MessageAdmitted,
    MessageBounced,
    MessageFailed,
    MessageRejected,
    SideBegun,
    SideFinished,
)
from heed.eventlog.reader import Event, events_of, events_since, newest_until
from heed.kernel.errors import NotFound
from heed.kernel.prepared import Limit, prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import ActorKind, DeliveryState, Direction, MessageId
from heed.people.policy import Actor, may_download_what_is_seen

ENTRIES = 30  # of a timeline
# Those that a timeline has lines for. A message stands there itself; of what becomes of it its own state tells.
SAID: frozenset[type[Kind]] = frozenset(
    {
        AddressReleased,
        AddressResubscribed,
        AddressSuppressed,
        AddressUnsubscribed,
        AsideReceived,
        AsideSaid,
        ConversationAbsorbed,
        ConversationAssigned,
        ConversationCustomerChanged,
        ConversationLinked,
        ConversationMerged,
        ConversationMoved,
        ConversationNoted,
        ConversationOpened,
        ConversationParticipantsChanged,
        ConversationPriorityChanged,
        ConversationQuarantined,
        ConversationReleased,
        ConversationRestored,
        ConversationSplit,
        ConversationStatusChanged,
        ConversationTagged,
        ConversationTopicChanged,
        ConversationTrashed,
        ConversationUnlinked,
        ConversationUnmerged,
        ConversationUnquarantined,
        ConversationUntagged,
        MailDownloaded,
        MessageAdmitted,
        MessageBounced,
        MessageFailed,
        MessageRejected,
        SideBegun,
        SideFinished,
    }
)
FOR_LEADERS: frozenset[type[Kind]] = frozenset({MailDownloaded})  # said to those who run the desk alone
_UNSAID = tuple(kind for kind in KINDS.values() if kind not in SAID)
_UNSAID_TO_OTHERS = (*_UNSAID, *FOR_LEADERS)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Part of what was said and done in a conversation, oldest first. `before` leads to earlier ones; empty: none."""

    entries: Sequence[Message | Event]
    names: Names
    files: Mapping[int, Sequence[Attachment]] = field(default_factory=dict)  # by message
    raws: Mapping[int, str] = field(default_factory=dict)  # by message, the hash of its first raw mail
    mentions: Mapping[int, Sequence[str]] = field(
        default_factory=dict
    )  # by note, the words that call somebody
    before: str = ""
    since: str = ""  # leads to later ones, where this is a part in the middle; empty: none
    older_messages: int = 0  # how many messages stand before this part
    is_part: bool = False  # what stands after it is not told

    @property
    def said(self) -> list[Message]:
        """The messages alone."""
        return [entry for entry in self.entries if isinstance(entry, Message)]


@prepared
def _said(
    *, conversation: int, at: datetime | None, pk: int | None, limit: Limit
) -> "QuerySet[Message, Message]":
    rows = Message.objects.filter(conversation_id=conversation, side__isnull=True)
    rows = rows.select_related("agent", "customer", "forwarded_by").defer(*unshown("agent", "forwarded_by"))
    if at is not None:
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)
    return rows.order_by("-at", "-id")[:limit]


@prepared
def _said_since(
    *, conversation: int, at: datetime | None, pk: int | None, limit: Limit
) -> "QuerySet[Message, Message]":
    rows = Message.objects.filter(conversation_id=conversation)
    rows = rows.select_related("agent", "customer", "forwarded_by").defer(*unshown("agent", "forwarded_by"))
    if at is not None:
        rows = rows.filter(Q(at__gt=at) | Q(at=at, pk__gte=pk), at__gte=at)
    return rows.order_by("at", "id")[:limit]


@prepared
def _files(*, messages: Sequence[int]) -> "QuerySet[Attachment, Attachment]":
    return Attachment.objects.filter(message_id__in=messages).order_by("pk")


@prepared
def _raws(*, messages: Sequence[int]) -> "QuerySet[RawMail, tuple[int, str]]":
    return RawMail.objects.filter(message_id__in=messages).order_by("-pk").values_list("message_id", "sha256")


@in_steps
def timeline(here: Opened, *, before: str = "", limit: int = ENTRIES) -> Steps[Timeline]:
    """The newest `limit` entries, messages and events together, before an earlier part's `before`.

    Messages come with files, agent and customer, and for who may take them with their raw mails. Two queries.
    """
    place, event_id = _read_before(before)
    said = asked(
        _said,
        conversation=here.row.pk,
        at=place.at if place else None,
        pk=place.id if place else None,
        limit=Limit(limit + 1),
    )
    unsaid = _UNSAID if may_download_what_is_seen(here.actor) else _UNSAID_TO_OTHERS
    done = events_of.later(here.row.pk, limit=limit + 1, before=event_id, without=unsaid)
    yield said, done
    entries = _newest(said.value, done.value[::-1], limit)
    is_more = len(said.value) + len(done.value) > len(entries)
    taken = sum(isinstance(entry, Message) for entry in entries)
    part = _told.later(here, entries[::-1], place=place, counts_older=len(said.value) > taken)
    yield [part]
    earlier = _write_before(entries, place, event_id) if is_more else ""
    return replace(part.value, before=earlier, since=before, is_part=bool(before))


@in_steps
def part_since(here: Opened, since: str, *, limit: int = ENTRIES) -> Steps[Timeline]:
    """The oldest `limit` entries from an earlier part's `since` on; at last `since` is empty. Two queries."""
    place, event_id = _read_before(since)
    said = asked(
        _said_since,
        conversation=here.row.pk,
        at=place.at if place else None,
        pk=place.id if place else None,
        limit=Limit(limit + 1),
    )
    unsaid = _UNSAID if may_download_what_is_seen(here.actor) else _UNSAID_TO_OTHERS
    done = events_since.later(here.row.pk, limit=limit + 1, since=event_id or 0, without=unsaid)
    yield [*([said] if place else []), *([done] if event_id else [])]
    messages, events = said.value if place else [], done.value if event_id else []
    entries = _oldest(messages, events, limit)
    part = _told.later(here, entries, place=place, counts_older=True)
    yield [part]
    is_more = len(messages) + len(events) > len(entries)
    later = _write_since(entries, place, event_id) if is_more else ""
    return replace(part.value, before=since, since=later, is_part=True)


@in_steps
def _told(
    here: Opened, entries: Sequence[Message | Event], *, place: sql.Place | None, counts_older: bool
) -> Steps[Timeline]:
    """Entries, oldest first, with what is shown of them. One query, two with how many messages stand before."""
    taken = [entry for entry in entries if isinstance(entry, Message)]
    numbers = [message.pk for message in taken]
    files = asked(_files, messages=numbers)
    raws = asked(_raws, messages=numbers if may_download_what_is_seen(here.actor) else [])
    end = sql.Place(taken[0].at, taken[0].pk) if taken else place
    older = asked(_older, conversation=here.row.pk, at=end.at if end else None, pk=end.id if end else None)
    names = names_in.later(here, [entry for entry in entries if isinstance(entry, Event)])
    calls = asked(_calls, messages=[m.pk for m in taken if m.direction == Direction.NOTE and "@" in m.text])
    yield files, raws, names, calls, *([older] if counts_older else [])
    return Timeline(
        entries=entries,
        names=names.value,
        files=by_message(files.value),
        raws=dict(raws.value),
        mentions=_by_note(calls.value),
        older_messages=sum(older.value) if counts_older else 0,
    )


@prepared
def _when(*, conversation: int, message: int) -> "QuerySet[Message, tuple[datetime, int | None]]":
    rows = Message.objects.filter(conversation_id=conversation, pk=message, side__isnull=True)
    return rows.values_list("at", newest_until("conversation_id", "at"))


@in_steps
def part_to(here: Opened, message: int) -> Steps[Timeline]:
    """The entries up to a message, which is the last of them; the newest ones where it is not of this conversation.

    Three queries.
    """
    found = asked(_when, conversation=here.row.pk, message=message)
    yield [found]
    before = ""
    if found.value:
        at, event = found.value[0]
        before = f"{sql.Place(at, message + 1)}~{(event or 0) + 1}"
    part = timeline.later(here, before=before)
    yield [part]
    return part.value


def by_message(files: Iterable[Attachment]) -> Mapping[int, Sequence[Attachment]]:
    """Files by the message that they came or go with."""
    found: dict[int, list[Attachment]] = {}
    for file in files:
        found.setdefault(file.message_id or 0, []).append(file)
    return found


def _by_note(calls: Iterable[tuple[int, str]]) -> Mapping[int, Sequence[str]]:
    found: dict[int, list[str]] = {}
    for note, words in calls:
        found.setdefault(note, []).append(words)
    return found


@prepared
def _calls(*, messages: Sequence[int]) -> "QuerySet[Mention, tuple[int, str]]":
    """The words of notes that call somebody."""
    return Mention.objects.filter(message_id__in=messages).order_by("pk").values_list("message_id", "words")


@prepared
def _older(*, conversation: int, at: datetime | None, pk: int | None) -> "QuerySet[Message, int]":
    """How many messages stand before a place; all of them without one."""
    rows = Message.objects.filter(conversation_id=conversation, side__isnull=True)
    if at is not None:
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    return rows.order_by().values("conversation_id").annotate(size=Count("pk")).values_list("size", flat=True)


def _newest(said: list[Message], done: list[Event], limit: int) -> list[Message | Event]:
    """Two lists, each newest first, as one; each keeps its own order, so that both can be continued."""
    entries: list[Message | Event] = []
    s = d = 0
    while len(entries) < limit and (s < len(said) or d < len(done)):
        if d == len(done) or (s < len(said) and said[s].at > done[d].at):
            entries.append(said[s])
            s += 1
        else:
            entries.append(done[d])
            d += 1
    return entries


def _oldest(said: list[Message], done: list[Event], limit: int) -> list[Message | Event]:
    """The same from the other end: two lists, each oldest first, as one in the order that _newest gives them."""
    entries: list[Message | Event] = []
    s = d = 0
    while len(entries) < limit and (s < len(said) or d < len(done)):
        if d == len(done) or (s < len(said) and said[s].at <= done[d].at):
            entries.append(said[s])
            s += 1
        else:
            entries.append(done[d])
            d += 1
    return entries


def _write_since(entries: Sequence[Message | Event], place: sql.Place | None, event_id: int | None) -> str:
    for entry in entries:
        if isinstance(entry, Message):
            place = sql.Place(entry.at, entry.pk + 1)
        else:
            event_id = entry.id + 1
    return f"{place or ''}~{event_id or ''}"


def _read_before(before: str) -> tuple[sql.Place | None, int | None]:
    if not before:
        return None, None
    place, _, event = before.rpartition("~")
    end = sql.Place.read(f"~{event}").id if event else None
    return (sql.Place.read(place) if place else None), end


def _write_before(entries: Sequence[Message | Event], place: sql.Place | None, event_id: int | None) -> str:
    for entry in entries:
        if isinstance(entry, Message):
            place = sql.Place(entry.at, entry.pk)
        else:
            event_id = entry.id
    return f"{place or ''}~{event_id or ''}"


def newest_message(actor: Actor, conversation: Conversation) -> MessageId | None:
    """The newest message that is not a note: what a writer has seen. One query, for one who was let in already."""
    if actor.kind is ActorKind.NOBODY:
        raise NotFound
    found = (
        conversation.messages.exclude(direction="note").order_by("-pk").values_list("pk", flat=True).first()
    )
    return None if found is None else MessageId(found)


@in_steps
def last_event(here: Opened) -> Steps[int]:
    """The newest event of a conversation; one query."""
    newest = events_of.later(here.row.pk, limit=1)
    yield [newest]
    return newest.value[-1].id if newest.value else 0


@prepared
def _held(*, messages: Sequence[int]) -> "QuerySet[HeldAnswer, HeldAnswer]":
    return HeldAnswer.objects.filter(pk__in=messages)


@in_steps
def held_answers(here: Opened, said: Iterable[Message]) -> Steps[Mapping[int, HeldAnswer]]:
    """By message, how long each of these waits that is held; no query where none is."""
    held = asked(_held, messages=[message.pk for message in said if message.state == DeliveryState.HELD])
    yield [held]
    return {one.pk: one for one in held.value}


def said_since(actor: Actor, conversation: Conversation, event_id: int) -> list[MessageId]:
    """Messages that others wrote after that event, oldest first, for one who was let in already; one or two queries."""
    if actor.kind is ActorKind.NOBODY:
        raise NotFound
    return log.said_since(conversation.pk, event_id, but=actor)
