"""What lies in the trash, for those who could see it before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from heed.conversations.models import Conversation, Purge, Timer
from heed.conversations.queries.access import visible_to
from heed.conversations.queries.event_names import named_agents
from heed.conversations.queries.lists import PAGE, SHOWN, Page
from heed.conversations.sql import Place
from heed.eventlog.kinds import ConversationTrashed
from heed.eventlog.reader import newest_changes
from heed.kernel.errors import Unusable
from heed.kernel.words import ActorKind, AgentId, TimerKind
from heed.people.policy import Actor


def trashed(actor: Actor, *, after: str = "", limit: int = PAGE) -> Page[Conversation]:
    """What lies in the trash and the actor may see, newest first, without what is being removed. One query.

    Raises Unusable for an `after` we never gave.
    """
    going = Purge.objects.filter(pk=OuterRef("pk"))
    rows = Conversation.objects.filter(visible_to(actor), ~Exists(going), trashed_at__isnull=False)
    if after:
        place = Place.read(after)
        if place.at is None:
            raise Unusable("after", "malformed")
        rows = rows.filter(Q(trashed_at__lt=place.at) | Q(trashed_at=place.at, pk__lt=place.id))
    found = list(rows.select_related(*SHOWN).order_by("-trashed_at", "-pk")[: limit + 1])
    page = found[:limit]
    return Page(page, str(Place(page[-1].trashed_at, page[-1].pk)) if len(found) > limit else "")


@dataclass(frozen=True, slots=True)
class Trashing:
    """Who deleted a conversation (empty: the desk), and until when it is kept (None: until it has left)."""

    agent: AgentId | None
    by: str
    until: datetime | None


def trashings(actor: Actor, rows: Sequence[Conversation]) -> Mapping[int, Trashing]:
    """By conversation, for rows of the trash that were read for this actor; three queries, whatever their number."""
    numbers = [row.pk for row in rows if row.trashed_at is not None]
    if actor.kind is ActorKind.NOBODY or not numbers:
        return {}
    events = newest_changes(numbers, ConversationTrashed)
    names = named_agents(event.actor_id for event in events.values() if event.actor_kind is ActorKind.AGENT)
    timers = Timer.objects.filter(conversation_id__in=numbers, kind=TimerKind.PURGE)
    ends = dict(timers.values_list("conversation_id", "due_at"))
    found = {}
    for number in numbers:
        event = events.get(number)
        agent = event.actor_id if event is not None and event.actor_kind is ActorKind.AGENT else None
        by = names.get(agent, "") if agent is not None else ""
        found[number] = Trashing(None if agent is None else AgentId(agent), by, ends.get(number))
    return found


def is_going(actor: Actor, row: Conversation) -> bool:
    """Whether a conversation that was read for this actor is being removed; one query, none for what is not trashed."""
    if actor.kind is ActorKind.NOBODY or row.trashed_at is None:
        return False
    return Purge.objects.filter(pk=row.pk).exists()
