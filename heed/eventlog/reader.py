"""The one reader: takes events in order, hands each to the consumers in order, and moves the cursor with them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from heed.eventlog.encoding import decode
from heed.eventlog.kinds import (
    AsideReceived,
    Kind,
    KindUnknown,
    MessageHeld,
    MessageQueued,
    MessageRecalled,
    MessageReceived,
)
from heed.eventlog.models import Cursor, EventRow, ParkedEvent
from heed.eventlog.unit import By, Cause, Commit, add, caused_by, change, lock_many, remove, savepoint, unit
from heed.kernel import clock, rows
from heed.kernel.errors import HeedError
from heed.kernel.errors import describe as describe  # what callers of parked work say too
from heed.kernel.prepared import Limit, prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import ActorKind, ConversationId, EventId, MessageId, Origin, Visibility

READER = "reader"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, as consumers and streams see it."""

    id: EventId
    at: datetime
    conversation_id: ConversationId | None
    actor_kind: ActorKind
    actor_id: int | None
    cause_id: EventId | None
    depth: int
    origin: Origin
    visibility: Visibility
    data: Kind


@dataclass(frozen=True, slots=True)
class Consumer:
    """A function that hears the listed kinds. Prepare may lock the rows of a whole batch in one query."""

    name: str
    hears: tuple[type[Kind], ...]
    on_event: Callable[[Event], None]
    prepare: Callable[[Sequence[Event]], None] | None = None


class EventUnreadable(HeedError):
    """A newer version wrote this event: it is parked until a version that knows its kind replays it."""

    code = "event_unreadable"


def _event(row: EventRow) -> Event:
    return Event(
        id=EventId(row.pk),
        at=row.at,
        conversation_id=None if row.conversation_id is None else ConversationId(row.conversation_id),
        actor_kind=ActorKind(row.actor_kind),
        actor_id=row.actor_id,
        cause_id=None if row.cause_id is None else EventId(row.cause_id),
        depth=row.depth,
        origin=Origin(row.origin),
        visibility=Visibility(row.visibility),
        data=decode(row.kind, row.data),
    )


def read_after(event_id: int, *, limit: int) -> list[Event]:
    """Up to `limit` events after this one, in commit order; none is ever skipped by reading on from the last."""
    return [_event(row) for row in _after(event=event_id, limit=Limit(limit))]


@prepared
def _after(*, event: int, limit: Limit) -> "QuerySet[EventRow, EventRow]":
    return EventRow.objects.filter(pk__gt=event).order_by("pk")[:limit]


@prepared
def _of_one(
    *, conversation: int, before: int | None, without: Sequence[str], limit: Limit
) -> "QuerySet[EventRow, EventRow]":
    rows = EventRow.objects.filter(conversation_id=conversation).exclude(kind__in=without)
    return (rows if before is None else rows.filter(pk__lt=before)).order_by("-pk")[:limit]


@prepared
def _of_one_since(
    *, conversation: int, since: int, without: Sequence[str], limit: Limit
) -> "QuerySet[EventRow, EventRow]":
    rows = EventRow.objects.filter(conversation_id=conversation, pk__gte=since).exclude(kind__in=without)
    return rows.order_by("pk")[:limit]


@in_steps
def events_since(
    conversation_id: int, *, limit: int, since: int, without: Sequence[type[Kind]] = ()
) -> Steps[list[Event]]:
    """The oldest `limit` events of one conversation from an event id on, oldest first, some kinds left out."""
    names = [kind.name for kind in without]
    rows = asked(_of_one_since, conversation=conversation_id, since=since, without=names, limit=Limit(limit))
    yield [rows]
    return [_event(row) for row in rows.value]


@in_steps
def events_of(
    conversation_id: int, *, limit: int, before: int | None = None, without: Sequence[type[Kind]] = ()
) -> Steps[list[Event]]:
    """The newest `limit` events of one conversation before an event id, oldest first, some kinds left out."""
    names = [kind.name for kind in without]
    rows = asked(_of_one, conversation=conversation_id, before=before, without=names, limit=Limit(limit))
    yield [rows]
    return [_event(row) for row in reversed(rows.value)]


def newest_until(conversation: str, at: str) -> Subquery:
    """A column of another read: the newest event about the conversation of that column, up to the time of that."""
    rows = EventRow.objects.filter(conversation_id=OuterRef(conversation), at__lte=OuterRef(at))
    return Subquery(rows.order_by("-pk").values("pk")[:1])


@prepared
def _newest(*, conversations: Sequence[int], kind: str) -> "QuerySet[EventRow, EventRow]":
    return EventRow.objects.filter(conversation_id__in=conversations, kind=kind).order_by("pk")


@in_steps
def newest_changes(conversations: Sequence[int], kind: type[Kind]) -> Steps[dict[int, Event]]:
    """By conversation, the newest event of this kind; one query."""
    found = asked(_newest, conversations=conversations, kind=kind.name)
    yield [found]
    rows = {row.conversation_id: row for row in found.value}
    return {number: _event(row) for number, row in rows.items() if number is not None}


def newest_about(kind: type[Kind], *, limit: int, **fields: int | Sequence[int]) -> list[Event]:
    """The newest `limit` events of a kind outside conversations whose payload holds these ids, newest first."""
    wanted = {f"data__{name}": value for name, value in fields.items() if isinstance(value, int)}
    among = {f"data__{name}__in": list(value) for name, value in fields.items() if not isinstance(value, int)}
    rows = EventRow.objects.filter(conversation_id__isnull=True, kind=kind.name, **wanted, **among)
    return [_event(row) for row in rows.order_by("-pk")[:limit]]


def newest_of_the_desk(
    kinds: Mapping[type[Kind], Mapping[str, Sequence[str | int]] | None],
    *,
    limit: int,
    before: int | None = None,
    by: int | None = None,
) -> list[Event]:
    """The newest `limit` events outside conversations of these kinds before an id, newest first; one query.

    With a kind stand the values that fields of its payload may have; None: all events of it. By: the agent who acted.
    """
    wanted = Q(pk__in=())
    for kind, fields in kinds.items():
        among = {f"data__{name}__in": list(values) for name, values in (fields or {}).items()}
        wanted |= Q(kind=kind.name, **among)
    rows = EventRow.objects.filter(wanted, conversation_id__isnull=True)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if by is not None:
        rows = rows.filter(actor_kind=ActorKind.AGENT, actor_id=by)
    return [_event(row) for row in rows.order_by("-pk")[:limit]]


@prepared
def _said_after(*, conversation: int, event: int, kind: str, actor: int | None) -> "QuerySet[EventRow, Any]":
    kinds = (MessageReceived.name, AsideReceived.name, MessageQueued.name, MessageHeld.name)
    rows = EventRow.objects.filter(conversation_id=conversation, pk__gt=event, kind__in=kinds)
    by_the_desk = Q(kind=MessageQueued.name, actor_kind=ActorKind.SYSTEM)
    said = rows.exclude(by_the_desk | Q(actor_kind=kind, actor_id=actor)).order_by("pk")
    return said.values_list("data", flat=True)


@prepared
def _known_before(*, conversation: int, event: int) -> "QuerySet[EventRow, Any]":
    rows = EventRow.objects.filter(conversation_id=conversation).filter(
        Q(kind=MessageHeld.name, pk__lte=event) | Q(kind=MessageRecalled.name)
    )
    return rows.values_list("data", flat=True)


@in_steps
def said_since(conversation_id: int, event_id: int, *, but: By) -> Steps[list[MessageId]]:
    """Messages received, queued or held in it after that event, oldest first; not those by this actor or by the desk.

    What somebody outside said aside counts: the answer may rest on it. An answer that was seen while it waited is not
    news when it leaves, and one that was taken back was never said.
    """
    said = asked(_said_after, conversation=conversation_id, event=event_id, kind=but.kind, actor=but.id)
    yield [said]
    found = dict.fromkeys(data["message"] for data in said.value)
    if not found:
        return []
    known = asked(_known_before, conversation=conversation_id, event=event_id)
    yield [known]
    known_ids = {data["message"] for data in known.value}
    return [MessageId(message) for message in found if message not in known_ids]


def happened_since(conversation_id: int, at: datetime, kind: type[Kind]) -> list[Event]:
    """Events of one kind about a conversation that were recorded after an instant, oldest first."""
    rows = EventRow.objects.filter(conversation_id=conversation_id, kind=kind.name, at__gt=at)
    return [_event(row) for row in rows.order_by("pk")]


def has_followed(conversation_id: int, event_id: int, kind: type[Kind]) -> bool:
    """Whether an event of this kind about a conversation was recorded after that event; one query."""
    rows = EventRow.objects.filter(conversation_id=conversation_id, pk__gt=event_id, kind=kind.name)
    return rows.exists()


def events_of_many(conversation_ids: Sequence[int], *, kinds: Sequence[type[Kind]]) -> Iterator[Event]:
    """All events of these kinds about these conversations, in order."""
    names = [kind.name for kind in kinds]
    rows = EventRow.objects.filter(conversation_id__in=conversation_ids, kind__in=names).order_by("pk")
    return map(_event, rows.iterator())


@prepared
def _last() -> "QuerySet[EventRow, int]":
    return EventRow.objects.order_by("-pk").values_list("pk", flat=True)[:1]


@in_steps
def last_event_id() -> Steps[int]:
    """The id of the newest event; 0 for an empty log."""
    newest = asked(_last)
    yield [newest]
    return next(iter(newest.value), 0)


def read_to(conversation_ids: Sequence[int]) -> int:
    """The id of the newest event about any of these conversations; 0 for none. Reader's place there: all is heard."""
    rows = EventRow.objects.filter(conversation_id__in=conversation_ids)
    return rows.order_by("-pk").values_list("pk", flat=True).first() or 0


def position() -> int:
    """The id of the last event that the reader has handed on."""
    return next(iter(_position()), 0)


@prepared
def _position() -> "QuerySet[Cursor, int]":
    return Cursor.objects.filter(name=READER).values_list("event_id", flat=True)


def behind() -> bool:
    """True while an event waits for the reader."""
    return last_event_id() > position()


def run(flow: Sequence[Consumer], *, limit: int) -> int:
    """Hand up to `limit` new events to the consumers and move the cursor with their effects, in one transaction.

    Returns how many events were handed on; 0 also while another process reads, so ask behind() before a long sleep.
    When a consumer raises, the batch is undone and done again event by event; its event is parked, the other
    consumers go on. Errors that are the database's own (a deadlock, a full disk) are raised, to try again later.
    """
    if not behind():
        return 0
    try:
        with unit(Commit.LAZY):
            cursor = _take_cursor()
            events = read_after(cursor.event_id, limit=limit) if cursor else []
            if cursor is None or not events:
                return 0
            _prepare(flow, events)
            for event in events:
                for consumer in (UNREADABLE, *flow):
                    _hear(consumer, event)
            change(cursor, event_id=events[-1].id)
            return len(events)
    except Exception:  # border: the consumer savepoint; one by one finds who raised, and parks it
        return _run_singly(flow, limit)


def _run_singly(flow: Sequence[Consumer], limit: int) -> int:
    for done in range(limit):
        with unit(Commit.LAZY):
            cursor = _take_cursor()
            events = read_after(cursor.event_id, limit=1) if cursor else []
            if cursor is None or not events:
                return done
            for consumer in (UNREADABLE, *flow):
                _guarded(consumer, events[0])
            change(cursor, event_id=events[0].id)
    return limit


def _hear(consumer: Consumer, event: Event) -> None:
    if isinstance(event.data, consumer.hears):
        with caused_by(Cause(event.id, event.depth, event.origin)):
            consumer.on_event(event)


def _refuse(event: Event) -> None:
    raise EventUnreadable


UNREADABLE = Consumer(READER, (KindUnknown,), _refuse)


def _guarded(consumer: Consumer, event: Event) -> bool:
    """Hand an event to one consumer; when that raises, undo it and park the event. True: nothing raised."""
    try:
        with savepoint():
            _prepare([consumer], [event])
            _hear(consumer, event)
    except Exception as error:  # border: the consumer savepoint
        if rows.is_passing(error):
            raise
        found = ParkedEvent.objects.filter(event_id=event.id, consumer=consumer.name).first()
        if found is None:
            add(ParkedEvent(event_id=event.id, consumer=consumer.name, error=describe(error), at=clock.now()))
        else:
            change(found, error=describe(error), at=clock.now(), attempts=found.attempts + 1)
        return False
    return True


def _prepare(flow: Sequence[Consumer], events: Sequence[Event]) -> None:
    for consumer in flow:
        heard = [event for event in events if isinstance(event.data, consumer.hears)]
        if consumer.prepare and heard:
            consumer.prepare(heard)


def _take_cursor() -> Cursor | None:
    """The cursor's row, held; None while another process holds it. The first reader ever makes it."""
    cursor = next(iter(_free_cursor()), None)
    if cursor is None and not Cursor.objects.filter(name=READER).exists():
        Cursor.objects.bulk_create([Cursor(name=READER)], ignore_conflicts=True)  # two may come here at once
        cursor = next(iter(_free_cursor()), None)
    return cursor


@prepared
def _free_cursor() -> "QuerySet[Cursor, Cursor]":
    found = Cursor.objects.filter(name=READER)
    return found.select_for_update(skip_locked=True, no_key=True) if rows.is_postgres() else found


def replay(flow: Sequence[Consumer], parked: ParkedEvent) -> bool:
    """Hand a parked event to its consumer again. True: taken in, and no longer parked; False: parked again.

    An event that could not be read goes to all consumers; one of a consumer that is gone stays parked.
    """
    with unit():
        held = lock_many(ParkedEvent, [parked.pk]).get(parked.pk)
        if held is None:
            return True  # someone else was faster
        event = _event(EventRow.objects.get(pk=held.event_id))
        again = [consumer for consumer in (UNREADABLE, *flow) if held.consumer in (READER, consumer.name)]
        if not again or not _guarded(again[0], event):
            return False
        for consumer in again[1:]:
            _guarded(consumer, event)
        remove(held)
        return True
