"""Keeps the counts of the menu: every event that moves a conversation says from where to where."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from heed.conversations.models import Count
from heed.eventlog.kinds import (
    ConversationAssigned,
    ConversationMerged,
    ConversationMoved,
    ConversationOpened,
    ConversationQuarantined,
    ConversationRestored,
    ConversationStatusChanged,
    ConversationTrashed,
    ConversationUnmerged,
    ConversationUnquarantined,
)
from heed.eventlog.reader import Event
from heed.eventlog.unit import add, change, lock_many
from heed.kernel.words import AgentId, Status, TeamId

HEARS = (
    ConversationOpened,
    ConversationAssigned,
    ConversationMoved,
    ConversationStatusChanged,
    ConversationMerged,
    ConversationQuarantined,
    ConversationUnquarantined,
    ConversationUnmerged,
    ConversationTrashed,
    ConversationRestored,
)


class Place(NamedTuple):
    """Where a conversation stands in the lists."""

    team: TeamId | None
    assignee: AgentId | None
    status: Status

    @property
    def key(self) -> str:
        """The key of its count."""
        return f"{self.team or 0}:{self.assignee or 0}:{self.status}"


def move_of(event: Event) -> tuple[Place | None, Place | None]:
    """From which place to which place an event moves its conversation; None: it stood, or stands, nowhere."""
    match event.data:
        case ConversationOpened(team=team, assignee=assignee, status=status):
            return None, Place(team, assignee, status)
        case ConversationAssigned(previous=previous, current=current, team=team, status=status):
            return Place(team, previous, status), Place(team, current, status)
        case ConversationMoved(previous=before, current=after, assignee=assignee, status=status):
            return Place(before, assignee, status), Place(after, assignee, status)
        case ConversationStatusChanged(previous=was, current=now, team=team, assignee=assignee):
            return Place(team, assignee, was), Place(team, assignee, now)
        case ConversationMerged(team=team, assignee=assignee, status=status):
            return Place(team, assignee, status), None
        case ConversationQuarantined(team=team, assignee=assignee, status=status):
            return Place(team, assignee, status), None
        case ConversationUnquarantined(team=team, assignee=assignee, status=status):
            return None, Place(team, assignee, status)
        case ConversationUnmerged(team=team, assignee=assignee, status=status):
            return None, Place(team, assignee, status)
        case ConversationTrashed(team=team, assignee=assignee, status=status):
            return Place(team, assignee, status), None
        case ConversationRestored(team=team, assignee=assignee, status=status):
            return None, Place(team, assignee, status)
    return None, None


def places(events: Iterable[Event]) -> set[Place]:
    """All places that these events touch."""
    return {place for event in events for place in move_of(event) if place is not None}


def prepare(events: Sequence[Event]) -> None:
    """Lock the counts of a whole batch in one query."""
    lock_many(Count, sorted(place.key for place in places(events)))


def on_event(event: Event) -> None:
    """Count one less where it stood and one more where it stands."""
    before, after = move_of(event)
    for place, step in ((before, -1), (after, +1)):
        if place is not None:
            _count(place, step)


def _count(place: Place, step: int) -> None:
    row = lock_many(Count, [place.key]).get(place.key)
    if row is None:
        row = add(
            Count(
                key=place.key, team_id=place.team, assignee_id=place.assignee, status=place.status, number=0
            )
        )
    change(row, number=row.number + step)
