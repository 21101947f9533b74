"""Reads of the log for the command line: what waits, what is parked. They show ids and kinds only."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import models

from heed.eventlog.kinds import (
    AgentChanged,
    AgentNotified,
    ConversationAssigned,
    ConversationMoved,
    ConversationRestricted,
    RoleChanged,
)
from heed.eventlog.models import EventRow, ParkedEvent
from heed.eventlog.reader import position


def waiting() -> int:
    """How many events the reader has not handed on yet."""
    return EventRow.objects.filter(pk__gt=position()).count()


def parked_events(event_id: int | None = None) -> list[ParkedEvent]:
    """Parked events in the order of the log; of one event only, when its id is given."""
    found = ParkedEvent.objects.order_by("event_id", "consumer")
    return list(found if event_id is None else found.filter(event_id=event_id))


def count_parked() -> int:
    """How many events are parked, counted once for each consumer."""
    return ParkedEvent.objects.count()


def pages(model: type[models.Model], *fields: str, size: int = 1000) -> Iterator[list[tuple[object, ...]]]:
    """All rows of a table as tuples of its key and these fields, in the order of the key, a page at a time.

    Each page is a query of its own that begins after the last key, so nothing is held in memory or in a transaction.
    """
    after: object = None
    while True:
        rows = model._base_manager.order_by("pk").values_list("pk", *fields)
        page = list((rows if after is None else rows.filter(pk__gt=after))[:size])
        if not page:
            return
        yield page
        after = page[-1][0]


class Change(NamedTuple):
    """An event as the stream tells it: that it happened and where, not how."""

    id: int
    kind: str
    conversation_id: int | None
    left_team: int | None = None  # in whose lists the conversation no longer stands
    left_agent: int | None = None
    about_agent: int | None = None  # who may be logged in less, or elsewhere, than before
    left_circle: int | None = None  # to whom it was restricted until now
    is_restriction: bool = False  # others see it than before
    is_about_roles: bool = False  # anybody may be allowed more or less than before
    told_agent: int | None = None  # who alone is told of it
    side: int | None = (
        None  # the side conversation it happened in, which others may see than the conversation
    )


def changes_after(event_id: int, *, limit: int, until: int | None = None) -> list[Change]:
    """Up to `limit` events after one, in commit order, of kinds that this version may not even know."""
    rows = EventRow.objects.filter(pk__gt=event_id)
    if until is not None:
        rows = rows.filter(pk__lte=until)
    return [
        _change(*row)
        for row in rows.order_by("pk").values_list("pk", "kind", "conversation_id", "data")[:limit]
    ]


def _change(pk: int, kind: str, conversation_id: int | None, data: dict[str, int | None]) -> Change:
    team = data["previous"] if kind == ConversationMoved.name else None
    agent = data["previous"] if kind == ConversationAssigned.name else None
    about = data["agent"] if kind == AgentChanged.name else None
    if kind == AgentNotified.name:
        return Change(pk, kind, conversation_id, told_agent=data["agent"])
    if kind == ConversationRestricted.name:
        left = (data["team"], data["assignee"], None, data["previous"])
        return Change(pk, kind, conversation_id, *left, is_restriction=True)
    is_about_roles = kind == RoleChanged.name
    side = data.get("side")
    return Change(pk, kind, conversation_id, team, agent, about, is_about_roles=is_about_roles, side=side)


class Parking(NamedTuple):
    """A parked event with what its row in the log says."""

    parked: ParkedEvent
    kind: str
    conversation_id: int | None


def parkings(*, before: int | None = None, limit: int) -> list[Parking]:
    """The newest parked events, or those before this key of one, with kind and conversation; two queries."""
    rows = ParkedEvent.objects.order_by("-pk")
    found = list((rows if before is None else rows.filter(pk__lt=before))[:limit])
    told = EventRow.objects.in_bulk({row.event_id for row in found})
    return [
        Parking(row, told[row.event_id].kind, told[row.event_id].conversation_id)
        for row in found
        if row.event_id in told
    ]


def parking(parked_id: int) -> Parking | None:
    """One parked event by its key; None when it is not parked any more."""
    return next(
        (found for found in parkings(before=parked_id + 1, limit=1) if found.parked.pk == parked_id), None
    )
