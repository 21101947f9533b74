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
    ConversationRestricted,
    ConversationStatusChanged,
    ConversationTrashed,
    ConversationUnmerged,
    ConversationUnquarantined,
)
from heed.eventlog.reader import Event
from heed.eventlog.unit import add, change, lock_many
from heed.kernel.words import AgentId, CircleId, Status, TeamId

HEARS = (
    ConversationOpened,
    ConversationAssigned,
    ConversationMoved,
    ConversationStatusChanged,
    ConversationMerged,
    ConversationQuarantined,
    ConversationRestricted,
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
    circle: CircleId | None = None

    @property
    def key(self) -> str:
        """The key of its count."""
        of_all = f"{self.team or 0}:{self.assignee or 0}:{self.status}"
        return of_all if self.circle is None else f"{of_all}:{self.circle}"


def move_of(event: Event) -> tuple[Place | None, Place | None]:
    """From which place to which place an event moves its conversation; None: it stood, or stands, nowhere."""
    match event.data:
        case ConversationOpened(team=team, assignee=assignee, status=status, circle=circle):
            return None, Place(team, assignee, status, circle)
        case ConversationAssigned(
            previous=previous, current=current, team=team, status=status, circle=circle, is_listed=True
        ):
            return Place(team, previous, status, circle), Place(team, current, status, circle)
        case ConversationMoved(
            previous=before, current=after, assignee=assignee, status=status, circle=circle
        ):
            return Place(before, assignee, status, circle), Place(after, assignee, status, circle)
        case ConversationStatusChanged(
            previous=was, current=now, team=team, assignee=assignee, circle=circle
        ):
            return Place(team, assignee, was, circle), Place(team, assignee, now, circle)
        case ConversationMerged(team=team, assignee=assignee, status=status, circle=circle):
            return Place(team, assignee, status, circle), None
        case ConversationQuarantined(team=team, assignee=assignee, status=status, circle=circle):
            return Place(team, assignee, status, circle), None
        case ConversationUnquarantined(team=team, assignee=assignee, status=status, circle=circle):
            return None, Place(team, assignee, status, circle)
        case ConversationUnmerged(team=team, assignee=assignee, status=status, circle=circle):
            return None, Place(team, assignee, status, circle)
        case ConversationTrashed(team=team, assignee=assignee, status=status, circle=circle):
            return Place(team, assignee, status, circle), None
        case ConversationRestored(team=team, assignee=assignee, status=status, circle=circle):
            return None, Place(team, assignee, status, circle)
        case ConversationRestricted(
            previous=was, current=now, team=team, assignee=assignee, status=status, is_listed=True
        ):
            return Place(team, assignee, status, was), Place(team, assignee, status, now)
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
                key=place.key,
                team_id=place.team,
                assignee_id=place.assignee,
                status=place.status,
                circle_id=place.circle,
                number=0,
            )
        )
    change(row, number=row.number + step)
