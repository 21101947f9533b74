"""The lists of the inbox, page by page, and what their rows and the menu say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Min, Q

from heed.conversations import sql
from heed.conversations.models import (
    Conversation,
    Count,
    Draft,
    Participant,
    Seen,
)
from heed.conversations.queries.timelines import _named
from heed.eventlog.kinds import (
    ConversationStatusChanged,
)
from heed.eventlog.reader import newest_changes
from heed.kernel.words import ActorKind, AgentId, Role, Status, TeamId
from heed.people.models import Agent
from heed.people.policy import Actor

T = TypeVar("T")
PAGE = 50  # rows of a list
ROW = ("brand", "inbox", "team", "assignee", "customer")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, in its order. `after`, given to the same function, leads to the next ones; empty: none."""

    rows: Sequence[T]
    after: str = ""


def list_teams(actor: Actor, within: Iterable[TeamId] | None = None) -> frozenset[TeamId | None]:
    """The teams whose lists and counts an actor has. None: conversations of inboxes that no team has; admins only."""
    if actor.kind is not ActorKind.AGENT:
        return frozenset()
    teams: frozenset[TeamId | None] = actor.teams | actor.led_teams
    if within is not None:
        return teams & frozenset(within)
    return teams | {None} if actor.role is Role.ADMIN else teams


def _page(
    walks: Sequence[sql.Walk],
    *,
    owners: Iterable[TeamId | AgentId | None],
    owner: str,
    after: str,
    limit: int,
    place: Callable[[Conversation], sql.Place],
) -> Page[Conversation]:
    found = sql.ids(walks, owners=owners, owner=owner, after=after, limit=limit + 1)
    if not found:
        return Page(())
    known = Conversation.objects.select_related(*ROW).in_bulk(found[:limit])
    rows = [known[pk] for pk in found[:limit] if pk in known]
    return Page(rows, str(place(rows[-1])) if len(found) > limit and rows else "")


def _by_due(row: Conversation) -> sql.Place:
    return sql.Place(row.next_due_at, row.pk)


def _by_message(row: Conversation) -> sql.Place:
    return sql.Place(row.last_message_at, row.pk)


def my_turn(actor: Actor, *, after: str = "", limit: int = PAGE) -> Page[Conversation]:
    """Open and this agent's, overdue first, then by due time, then what has none. Two queries."""
    owners = [] if actor.agent_id is None else [actor.agent_id]
    return _page([sql.MY_TURN], owners=owners, owner="assignee_id", after=after, limit=limit, place=_by_due)


def unassigned(
    actor: Actor, *, after: str = "", limit: int = PAGE, within: Iterable[TeamId] | None = None
) -> Page[Conversation]:
    """Open and nobody's, in the actor's teams, by due time. Two queries. Within: these teams only."""
    owners = list_teams(actor, within)
    return _page([sql.UNASSIGNED], owners=owners, owner="team_id", after=after, limit=limit, place=_by_due)


def waiting(
    actor: Actor, *, after: str = "", limit: int = PAGE, within: Iterable[TeamId] | None = None
) -> Page[Conversation]:
    """Waiting for the customer, in the actor's teams, newest message first. Two queries."""
    walks = [sql.by_status(Status.WAITING)]
    owners = list_teams(actor, within)
    return _page(walks, owners=owners, owner="team_id", after=after, limit=limit, place=_by_message)


def solved(
    actor: Actor, *, after: str = "", limit: int = PAGE, within: Iterable[TeamId] | None = None
) -> Page[Conversation]:
    """Solved or closed, in the actor's teams, newest message first. Two queries."""
    walks = [sql.by_status(Status.SOLVED), sql.by_status(Status.CLOSED)]
    owners = list_teams(actor, within)
    return _page(walks, owners=owners, owner="team_id", after=after, limit=limit, place=_by_message)


def all_open(
    actor: Actor, *, after: str = "", limit: int = PAGE, within: Iterable[TeamId] | None = None
) -> Page[Conversation]:
    """Everything not solved or closed, snoozed ones included, in the actor's teams, by due time. Two queries."""
    owners = list_teams(actor, within)
    return _page([sql.ALL_OPEN], owners=owners, owner="team_id", after=after, limit=limit, place=_by_due)


def quarantined(actor: Actor, *, after: str = "", limit: int = PAGE) -> Page[Conversation]:
    """What was taken for spam, in the actor's teams, newest first. Two queries."""
    owners = list_teams(actor)

    def place(row: Conversation) -> sql.Place:
        return sql.Place(row.quarantined_at, row.pk)

    return _page([sql.QUARANTINE], owners=owners, owner="team_id", after=after, limit=limit, place=place)


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of the menu, exact. Doors show them to 999."""

    my_turn: int = 0
    unassigned: int = 0
    waiting: int = 0
    solved: int = 0  # closed ones too
    all_open: int = 0


def counts(actor: Actor) -> Counts:
    """How long each list is, from the rows that the reader keeps; one query."""
    teams = list_teams(actor)
    if actor.agent_id is None:
        return Counts()
    here = Q(team_id__in=[team for team in teams if team is not None])
    if None in teams:
        here |= Q(team_id__isnull=True)
    mine = Q(assignee_id=actor.agent_id, status=Status.OPEN)
    kept = Count.objects.filter(here | mine).values_list("team_id", "assignee_id", "status", "number")
    sums = dict.fromkeys((field.name for field in fields(Counts)), 0)
    for (
        team,
        assignee,
        status,
        number,
    ) in kept:  # summed here: the aggregates take longer to write than to add up
        if assignee == actor.agent_id and status == Status.OPEN:
            sums["my_turn"] += number
        if team not in teams:
            continue
        if status == Status.OPEN and not assignee:
            sums["unassigned"] += number
        if status == Status.WAITING:
            sums["waiting"] += number
        sums["solved" if status in (Status.SOLVED, Status.CLOSED) else "all_open"] += number
    return Counts(**sums)


@dataclass(frozen=True, slots=True)
class Marks:
    """What an agent's rows in a list carry."""

    seen: Mapping[int, datetime] = field(default_factory=dict)  # by conversation: read up to
    drafts: frozenset[int] = frozenset()  # conversations with something begun

    def is_unread(self, row: Conversation) -> bool:
        """Whether something was said since this agent looked."""
        return row.pk not in self.seen or self.seen[row.pk] < row.last_message_at


def marks(actor: Actor, rows: Sequence[Conversation]) -> Marks:
    """How far this agent has read these conversations, and where a draft waits; two queries."""
    if actor.agent_id is None or not rows:
        return Marks()
    which = {"agent_id": actor.agent_id, "conversation_id__in": [row.pk for row in rows]}
    seen = dict(Seen.objects.filter(**which).values_list("conversation_id", "message_at"))
    drafts = Draft.objects.filter(**which).values_list("conversation_id", flat=True)
    return Marks(seen, frozenset(drafts))


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote to us first in a conversation; for one that we began, the first whom we wrote to."""

    name: str
    address: str


def writers(actor: Actor, rows: Sequence[Conversation]) -> Mapping[int, Writer]:
    """By conversation, for rows that were read for this actor; one query."""
    if actor.kind is ActorKind.NOBODY or not rows:
        return {}
    people = Participant.objects.filter(conversation_id__in=[row.pk for row in rows]).order_by()
    first = (
        people.values("conversation_id").annotate(first=Min("pk")).values("first")
    )  # a mail may name a thousand
    found = Participant.objects.filter(pk__in=first).values_list("conversation_id", "name", "address")
    return {number: Writer(name, address) for number, name, address in found}


@dataclass(frozen=True, slots=True)
class Rest:
    """When a conversation came to the status it has, and by whom (empty: the desk itself)."""

    at: datetime
    agent: AgentId | None
    by: str


def rests(actor: Actor, rows: Sequence[Conversation]) -> Mapping[int, Rest]:
    """By conversation, for solved and closed rows that were read for this actor; two queries at most."""
    resting = [row.pk for row in rows if row.status in (Status.SOLVED, Status.CLOSED)]
    if actor.kind is ActorKind.NOBODY or not resting:
        return {}
    changes = newest_changes(resting, ConversationStatusChanged)
    agents = {change.actor_id for change in changes.values() if change.actor_kind is ActorKind.AGENT}
    names = _named(Agent, agents)
    return {
        number: Rest(
            event.at,
            AgentId(event.actor_id) if event.actor_kind is ActorKind.AGENT and event.actor_id else None,
            names.get(event.actor_id or 0, "") if event.actor_kind is ActorKind.AGENT else "",
        )
        for number, event in changes.items()
    }
