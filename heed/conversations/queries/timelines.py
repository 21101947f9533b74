"""What was said and done in a conversation, oldest first, read from its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from heed.conversations import sql
from heed.conversations.models import (
    Conversation,
    Message,
    Tag,
)
from heed.conversations.queries.access import can_see
from heed.eventlog import reader as log
from heed.eventlog.kinds import (
    ConversationAssigned,
    ConversationDueChanged,
    ConversationMoved,
    ConversationOpened,
    ConversationShared,
    ConversationTagged,
    ConversationUntagged,
    Kind,
    MailDownloaded,
    MessageQueued,
    MessageReceived,
    MessageSent,
    NoteAdded,
)
from heed.eventlog.reader import Event, events_of
from heed.kernel.errors import NotFound
from heed.kernel.words import ActorKind, MessageId
from heed.people.models import Agent, Team
from heed.people.policy import Actor

ENTRIES = 30  # of a timeline
# A message stands in the timeline itself; these events add nothing that a person wants to read there.
UNSAID: tuple[type[Kind], ...] = (
    ConversationDueChanged,
    MailDownloaded,
    MessageQueued,
    MessageReceived,
    MessageSent,
    NoteAdded,
)


@dataclass(frozen=True, slots=True)
class Names:
    """What to call those whom events name by id."""

    agents: Mapping[int, str] = field(default_factory=dict)
    teams: Mapping[int, str] = field(default_factory=dict)
    tags: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Part of what was said and done in a conversation, oldest first. `before` leads to earlier ones; empty: none."""

    entries: Sequence[Message | Event]
    names: Names
    before: str = ""
    older_messages: int = 0  # how many messages stand before this part


def timeline(actor: Actor, conversation: Conversation, *, before: str = "", limit: int = ENTRIES) -> Timeline:
    """The newest `limit` entries, messages and events together, before an earlier part's `before`.

    Messages come with attachments, raws, agent and customer. At most eight queries. Raises NotFound.
    """
    if not can_see(actor, conversation.pk):
        raise NotFound
    place, event_id = _read_before(before)
    messages = conversation.messages.select_related("agent", "customer").order_by("-at", "-id")
    if place is not None:
        messages = messages.filter(Q(at__lt=place.at) | Q(at=place.at, pk__lt=place.id), at__lte=place.at)
    said = list(messages.prefetch_related("attachments", "raws")[: limit + 1])
    done = events_of(conversation.pk, limit=limit + 1, before=event_id, without=UNSAID)[::-1]
    entries = _newest(said, done, limit)
    taken = [entry for entry in entries if isinstance(entry, Message)]
    is_more = len(said) + len(done) > len(entries)
    older = 0
    if is_more and len(said) > len(taken):
        oldest = taken[-1] if taken else None
        end = sql.Place(oldest.at, oldest.pk) if oldest else place
        older = (
            messages.filter(Q(at__lt=end.at) | Q(at=end.at, pk__lt=end.id)).count()
            if end
            else messages.count()
        )
    return Timeline(
        entries=entries[::-1],
        names=_names([entry for entry in entries if isinstance(entry, Event)]),
        before=_write_before(entries, place, event_id) if is_more else "",
        older_messages=older,
    )


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


def _names(events: Sequence[Event]) -> Names:
    agents: set[int | None] = {event.actor_id for event in events if event.actor_kind is ActorKind.AGENT}
    teams: set[int | None] = set()
    tags: set[int | None] = set()
    for event in events:
        match event.data:
            case ConversationAssigned(previous=before, current=after):
                agents |= {before, after}
            case ConversationMoved(previous=before_team, current=after_team):
                teams |= {before_team, after_team}
            case ConversationOpened(team=team) | ConversationShared(team=team):
                teams.add(team)
            case ConversationTagged(tag=tag) | ConversationUntagged(tag=tag):
                tags.add(tag)
    return Names(agents=_named(Agent, agents), teams=_named(Team, teams), tags=_named(Tag, tags))


def _named(model: type[Agent] | type[Team] | type[Tag], keys: set[int | None]) -> dict[int, str]:
    known = [key for key in keys if key is not None]
    return dict(model._default_manager.filter(pk__in=known).values_list("pk", "name")) if known else {}


def newest_message(actor: Actor, conversation: Conversation) -> MessageId | None:
    """The newest message that is not a note: what a writer has seen. One query, for one who was let in already."""
    if actor.kind is ActorKind.NOBODY:
        raise NotFound
    found = (
        conversation.messages.exclude(direction="note").order_by("-pk").values_list("pk", flat=True).first()
    )
    return None if found is None else MessageId(found)


def last_event(actor: Actor, conversation: Conversation) -> int:
    """The newest event of a conversation, for one who was let in already; one query."""
    if actor.kind is ActorKind.NOBODY:
        raise NotFound
    newest = events_of(conversation.pk, limit=1)
    return newest[-1].id if newest else 0


def said_since(actor: Actor, conversation: Conversation, event_id: int) -> list[MessageId]:
    """Messages that others wrote after that event, oldest first, for one who was let in already; one query."""
    if actor.kind is ActorKind.NOBODY:
        raise NotFound
    return log.said_since(conversation.pk, event_id, but=actor)
