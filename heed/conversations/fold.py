"""Rows say what is, the log says what happened: this folds the events of each conversation and compares.

Used after every test of a verb and by `heed check` on real data, so it streams: pages of rows, each with its events,
in one snapshot.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime

from django.db.models import Count as Number

from heed.conversations.consumer import HEARS, Place, move_of
from heed.conversations.models import LISTED, Conversation, Count
from heed.eventlog import reader
from heed.eventlog.kinds import (
    ConversationAssigned,
    ConversationDueChanged,
    ConversationMerged,
    ConversationMoved,
    ConversationOpened,
    ConversationPriorityChanged,
    ConversationQuarantined,
    ConversationRestored,
    ConversationRestricted,
    ConversationStatusChanged,
    ConversationTopicChanged,
    ConversationTrashed,
    ConversationUnmerged,
    ConversationUnquarantined,
)
from heed.eventlog.reader import Event
from heed.kernel.rows import snapshot
from heed.kernel.words import AgentId, CircleId, ConversationId, Priority, Status, TeamId, TopicId

GOVERNING = (*HEARS, ConversationPriorityChanged, ConversationDueChanged, ConversationTopicChanged)
PAGE = 500


@dataclass(frozen=True, slots=True)
class Governed:
    """The fields of a conversation that only events may change."""

    status: Status
    priority: Priority
    team: TeamId | None
    assignee: AgentId | None
    snoozed_until: datetime | None = None
    next_due_at: datetime | None = None
    merged_into: ConversationId | None = None
    is_quarantined: bool = False
    is_trashed: bool = False
    circle: CircleId | None = None
    topic: TopicId | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as the log tells it: where, which field, what stands there, what should."""

    conversation: ConversationId | None
    field: str
    found: object
    expected: object

    def __str__(self) -> str:
        where = f"conversation {self.conversation}: " if self.conversation is not None else ""
        return f"{where}{self.field} is {self.found}, the log says {self.expected}"


def fold(events: Iterable[Event]) -> Governed | None:
    """What the events of one conversation, in order, make of it; None when none of them opened it."""
    state: Governed | None = None
    for event in events:
        state = _after(state, event)
    return state


def _after(state: Governed | None, event: Event) -> Governed | None:
    if isinstance(event.data, ConversationOpened):
        opened = event.data
        return Governed(opened.status, opened.priority, opened.team, opened.assignee, circle=opened.circle)
    if state is None:
        return None
    match event.data:
        case ConversationAssigned(current=current):
            return replace(state, assignee=current)
        case ConversationMoved(current=current):
            return replace(state, team=current)
        case ConversationStatusChanged(current=current, until=until):
            return replace(state, status=current, snoozed_until=until)
        case ConversationPriorityChanged(current=current):
            return replace(state, priority=current)
        case ConversationDueChanged(current=current):
            return replace(state, next_due_at=current)
        case ConversationRestricted(current=current):
            return replace(state, circle=current)
        case ConversationTopicChanged(current=current):
            return replace(state, topic=current)
        case ConversationMerged(into=into):
            return replace(state, merged_into=into)
        case ConversationQuarantined():
            return replace(state, is_quarantined=True)
        case ConversationUnquarantined():
            return replace(state, is_quarantined=False)
        case ConversationTrashed():
            return replace(state, is_trashed=True)
        case ConversationRestored():
            return replace(state, is_trashed=False)
        case ConversationUnmerged():
            return replace(state, merged_into=None)
    return state


def governed(row: Conversation) -> Governed:
    """The same facts as they stand in the row."""
    return Governed(
        status=Status(row.status),
        priority=Priority(row.priority),
        team=None if row.team_id is None else TeamId(row.team_id),
        assignee=None if row.assignee_id is None else AgentId(row.assignee_id),
        snoozed_until=row.snoozed_until,
        next_due_at=row.next_due_at,
        merged_into=None if row.merged_into_id is None else ConversationId(row.merged_into_id),
        is_quarantined=row.quarantined_at is not None,
        is_trashed=row.trashed_at is not None,
        circle=None if row.circle_id is None else CircleId(row.circle_id),
        topic=None if row.topic_id is None else TopicId(row.topic_id),
    )


def findings(*, page: int = PAGE) -> Iterator[Finding]:
    """Every difference between rows and log: conversations in pages of `page`, then the counts of the menu.

    Each page is one snapshot, so that work going on meanwhile is no finding. On SQLite writers wait for a page.
    """
    last = 0
    while True:
        with snapshot():
            rows = list(Conversation.objects.filter(pk__gt=last).order_by("pk")[:page])
            if not rows:
                break
            last = rows[-1].pk
            told = defaultdict(list)
            for event in reader.events_of_many([row.pk for row in rows], kinds=GOVERNING):
                told[event.conversation_id].append(event)
        for row in rows:
            yield from differences(row, told[ConversationId(row.pk)])
    yield from _count_findings()


def differences(row: Conversation, events: Iterable[Event]) -> Iterator[Finding]:
    """Where one row is not what its events make of it."""
    number = ConversationId(row.pk)
    expected = fold(events)
    if expected is None:
        yield Finding(number, "opened", "no event", "an event")
        return
    found = governed(row)
    for spec in fields(Governed):
        here, there = getattr(found, spec.name), getattr(expected, spec.name)
        if here != there:
            yield Finding(number, spec.name, here, there)


def recount() -> Counter[Place]:
    """How many conversations stand in each place, counted from their rows: one pass over all."""
    found = (
        Conversation.objects.filter(LISTED)
        .values_list("team_id", "assignee_id", "status", "circle_id")
        .annotate(n=Number("pk"))
    )
    return Counter({_place(*where): n for *where, n in found.order_by()})


def _place(team: int | None, assignee: int | None, status: str, circle: int | None) -> Place:
    return Place(
        None if team is None else TeamId(team),
        None if assignee is None else AgentId(assignee),
        Status(status),
        None if circle is None else CircleId(circle),
    )


def _count_findings() -> Iterator[Finding]:
    """Counts as the reader keeps them, and what it has yet to read, against a recount."""
    with snapshot():
        kept: Counter[Place] = Counter()
        for row in Count.objects.all():
            kept[_place(row.team_id, row.assignee_id, row.status, row.circle_id)] += row.number
        position = reader.position()
        while events := reader.read_after(position, limit=1000):
            for event in events:
                before, after = move_of(event)
                kept.subtract([before] if before else [])
                kept.update([after] if after else [])
            position = events[-1].id
        counted = recount()
    for place in sorted({*kept, *counted}, key=lambda one: one.key):
        if kept[place] != counted[place]:
            yield Finding(None, f"count {place.key}", kept[place], counted[place])
