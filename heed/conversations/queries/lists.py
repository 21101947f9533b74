"""The lists of the inbox, page by page, and what their rows and the menu say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import OuterRef, Q, QuerySet, Subquery

from heed.conversations import sql
from heed.conversations.models import (
    Conversation,
    Count,
    Participant,
    Seen,
)
from heed.conversations.queries.access import unshown
from heed.conversations.queries.event_names import named_agents
from heed.conversations.queries.timelines import Timeline
from heed.eventlog.kinds import (
    ConversationStatusChanged,
)
from heed.eventlog.reader import Event, newest_changes
from heed.kernel.prepared import prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import ActorKind, AgentId, Status, TeamId
from heed.people.policy import Actor, seen_teams, sees_whole_desk, sight

T = TypeVar("T")
PAGE = 50  # rows of a list
SHOWN = ("brand", "assignee", "customer")  # of a row in a list
# Of those, what no row shows: reading so many hours and shifts takes longer than the rest of a page.
UNSHOWN = ("brand__hours", "brand__holidays", "brand__signature", *unshown("assignee"))


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, in its order. `after`, given to the same function, leads to the next ones; empty: none."""

    rows: Sequence[T]
    after: str = ""


def list_teams(actor: Actor, within: Iterable[TeamId] | None = None) -> frozenset[TeamId | None]:
    """The teams whose lists and counts an actor has. None: conversations of inboxes that no team has; admins only."""
    if actor.kind is not ActorKind.AGENT:
        return frozenset()
    teams: frozenset[TeamId | None] = frozenset(seen_teams(actor))
    if within is not None:
        return teams & frozenset(within)
    return teams | {None} if sees_whole_desk(actor) else teams


def admitted_to(actor: Actor) -> sql.Admitted:
    """What is restricted in the lists that an actor has."""
    view = sight(actor)
    return sql.Admitted(None if view.in_all_circles else view.circles)


@prepared
def _rows(*, numbers: Sequence[int]) -> "QuerySet[Conversation, Conversation]":
    return Conversation.objects.filter(pk__in=numbers).select_related(*SHOWN).defer(*UNSHOWN)


def _page(
    walks: Sequence[sql.Walk],
    *,
    owners: Iterable[TeamId | AgentId | None],
    owner: str,
    after: str,
    limit: int,
    place: Callable[[Conversation], sql.Place],
    admitted: sql.Admitted,
) -> Steps[Page[Conversation]]:
    numbers = sql.ids.later(
        walks, owners=owners, owner=owner, after=after, limit=limit + 1, admitted=admitted
    )
    yield [numbers]
    found = numbers.value
    if not found:
        return Page(())
    read = asked(_rows, numbers=found[:limit])
    yield [read]
    known = {row.pk: row for row in read.value}
    rows = [known[pk] for pk in found[:limit] if pk in known]
    return Page(rows, str(place(rows[-1])) if len(found) > limit and rows else "")


def _by_due(row: Conversation) -> sql.Place:
    return sql.Place(row.next_due_at, row.pk)


def _by_message(row: Conversation) -> sql.Place:
    return sql.Place(row.last_message_at, row.pk)


@in_steps
def my_turn(actor: Actor, *, after: str = "", limit: int = PAGE) -> Steps[Page[Conversation]]:
    """Open and this agent's, overdue first, then by due time, then what has none. Two queries."""
    owners = [] if actor.agent_id is None else [actor.agent_id]
    return (
        yield from _page(
            [sql.MY_TURN],
            owners=owners,
            owner="assignee_id",
            after=after,
            limit=limit,
            place=_by_due,
            admitted=admitted_to(actor),
        )
    )


@in_steps
def unassigned(
    actor: Actor, *, after: str = "", limit: int = PAGE, within: Iterable[TeamId] | None = None
) -> Steps[Page[Conversation]]:
    """Open and nobody's, in the actor's teams, by due time. Two queries. Within: these teams only."""
    owners = list_teams(actor, within)
    return (
        yield from _page(
            [sql.UNASSIGNED],
            owners=owners,
            owner="team_id",
            after=after,
            limit=limit,
            place=_by_due,
            admitted=admitted_to(actor),
        )
    )


@in_steps
def waiting(
    actor: Actor, *, after: str = "", limit: int = PAGE, within: Iterable[TeamId] | None = None
) -> Steps[Page[Conversation]]:
    """Waiting for the customer, in the actor's teams, who has waited longest first. Two queries."""
    walks = [sql.WAITING]
    owners = list_teams(actor, within)
    return (
        yield from _page(
            walks,
            owners=owners,
            owner="team_id",
            after=after,
            limit=limit,
            place=_by_message,
            admitted=admitted_to(actor),
        )
    )


@in_steps
def solved(
    actor: Actor, *, after: str = "", limit: int = PAGE, within: Iterable[TeamId] | None = None
) -> Steps[Page[Conversation]]:
    """Solved or closed, in the actor's teams, newest message first. Two queries."""
    walks = [sql.by_status(Status.SOLVED), sql.by_status(Status.CLOSED)]
    owners = list_teams(actor, within)
    return (
        yield from _page(
            walks,
            owners=owners,
            owner="team_id",
            after=after,
            limit=limit,
            place=_by_message,
            admitted=admitted_to(actor),
        )
    )


@in_steps
def all_open(
    actor: Actor, *, after: str = "", limit: int = PAGE, within: Iterable[TeamId] | None = None
) -> Steps[Page[Conversation]]:
    """Everything not solved or closed, snoozed ones included, in the actor's teams, by due time. Two queries."""
    owners = list_teams(actor, within)
    return (
        yield from _page(
            [sql.ALL_OPEN],
            owners=owners,
            owner="team_id",
            after=after,
            limit=limit,
            place=_by_due,
            admitted=admitted_to(actor),
        )
    )


@in_steps
def quarantined(actor: Actor, *, after: str = "", limit: int = PAGE) -> Steps[Page[Conversation]]:
    """What was taken for spam, in the actor's teams, newest first. Two queries."""
    owners = list_teams(actor)

    def place(row: Conversation) -> sql.Place:
        return sql.Place(row.quarantined_at, row.pk)

    return (
        yield from _page(
            [sql.QUARANTINE],
            owners=owners,
            owner="team_id",
            after=after,
            limit=limit,
            place=place,
            admitted=admitted_to(actor),
        )
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of the menu, exact. Doors show them to 999."""

    my_turn: int = 0
    unassigned: int = 0
    waiting: int = 0
    solved: int = 0  # closed ones too
    all_open: int = 0


@prepared
def _kept(
    *, agent: int, teams: Iterable[TeamId], is_admin: bool
) -> "QuerySet[Count, tuple[int | None, int | None, str, int | None, int]]":
    here = Q(team_id__in=teams) | Q(assignee_id=agent, status=Status.OPEN)
    if is_admin:
        here |= Q(team_id__isnull=True)
    return Count.objects.filter(here).values_list("team_id", "assignee_id", "status", "circle_id", "number")


@in_steps
def counts(actor: Actor) -> Steps[Counts]:
    """How long each list is, from the rows that the reader keeps; one query."""
    teams = list_teams(actor)
    if actor.agent_id is None:
        return Counts()
    known = [team for team in teams if team is not None]
    admitted = admitted_to(actor).circles
    kept = asked(_kept, agent=actor.agent_id, teams=known, is_admin=None in teams)
    yield [kept]
    sums = dict.fromkeys((field.name for field in fields(Counts)), 0)
    for (
        team,
        assignee,
        status,
        circle,
        number,
    ) in kept.value:  # summed here: the aggregates take longer to write than to add up
        if assignee == actor.agent_id and status == Status.OPEN:
            sums["my_turn"] += number
        if team not in teams or not (circle is None or admitted is None or circle in admitted):
            continue
        if status == Status.OPEN and not assignee:
            sums["unassigned"] += number
        if status == Status.WAITING:
            sums["waiting"] += number
        sums["solved" if status in (Status.SOLVED, Status.CLOSED) else "all_open"] += number
    return Counts(**sums)


@dataclass(frozen=True, slots=True)
class Marks:
    """How far an agent has read."""

    seen: Mapping[int, datetime] = field(default_factory=dict)  # by conversation: read up to

    def is_unread(self, row: Conversation) -> bool:
        """Whether something was said since this agent looked."""
        return row.pk not in self.seen or self.seen[row.pk] < row.last_message_at


@prepared
def _seen(*, agent: int, numbers: Sequence[int]) -> "QuerySet[Seen, tuple[int, datetime]]":
    return Seen.objects.filter(agent_id=agent, conversation_id__in=numbers).values_list(
        "conversation_id", "message_at"
    )


@in_steps
def marks(actor: Actor, rows: Sequence[Conversation]) -> Steps[Marks]:
    """How far this agent has read these conversations; one query."""
    if actor.agent_id is None or not rows:
        return Marks()
    seen = asked(_seen, agent=actor.agent_id, numbers=[row.pk for row in rows])
    yield [seen]
    return Marks(dict(seen.value))


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote to us first in a conversation; for one that we began, the first whom we wrote to."""

    name: str
    address: str


@prepared
def _writers(*, numbers: Sequence[int]) -> "QuerySet[Participant, tuple[int, str, str]]":
    """The first participant of each alone: a mail may name a thousand."""
    here = Participant.objects.filter(conversation_id=OuterRef("pk")).order_by("pk").values("pk")[:1]
    first = Conversation.objects.filter(pk__in=numbers).values(first=Subquery(here))
    return Participant.objects.filter(pk__in=first).values_list("conversation_id", "name", "address")


@in_steps
def writers(actor: Actor, rows: Sequence[Conversation]) -> Steps[Mapping[int, Writer]]:
    """By conversation, for rows that were read for this actor; one query."""
    if actor.kind is ActorKind.NOBODY or not rows:
        return {}
    found = asked(_writers, numbers=[row.pk for row in rows])
    yield [found]
    return {number: Writer(name, address) for number, name, address in found.value}


@dataclass(frozen=True, slots=True)
class Rest:
    """When a conversation came to the status it has, and by whom (empty: the desk itself)."""

    at: datetime
    agent: AgentId | None
    by: str


@in_steps
def rests(actor: Actor, rows: Sequence[Conversation]) -> Steps[Mapping[int, Rest]]:
    """By conversation, for solved and closed rows that were read for this actor; two queries at most."""
    resting = [row.pk for row in rows if row.status in (Status.SOLVED, Status.CLOSED)]
    if actor.kind is ActorKind.NOBODY or not resting:
        return {}
    changes = newest_changes.later(resting, ConversationStatusChanged)
    yield [changes]
    agents = [one.actor_id for one in changes.value.values() if one.actor_kind is ActorKind.AGENT]
    names = named_agents.later(agents)
    yield [names]
    return {number: _rest(event, names.value) for number, event in changes.value.items()}


@in_steps
def rest_of(actor: Actor, row: Conversation, told: Timeline) -> Steps[Rest | None]:
    """The same for one row, from its timeline where that tells of the change."""
    if row.status in (Status.SOLVED, Status.CLOSED) and not told.is_part:
        for event in reversed(told.entries):
            if isinstance(event, Event) and isinstance(event.data, ConversationStatusChanged):
                return _rest(event, told.names.agents)
    found = rests.later(actor, [row])
    yield [found]
    return found.value.get(row.pk)


def _rest(event: Event, names: Mapping[int, str]) -> Rest:
    if event.actor_kind is not ActorKind.AGENT or event.actor_id is None:
        return Rest(event.at, None, "")
    return Rest(event.at, AgentId(event.actor_id), names.get(event.actor_id, ""))
