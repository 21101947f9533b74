"""Reads of conversations. Each begins with who is looking; what that one may not see is not there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Exists, OuterRef, Q, Sum

from heed.conversations import sql
from heed.conversations.models import (
    LISTED,
    Attachment,
    Conversation,
    ConversationLink,
    ConversationTeam,
    Count,
    Draft,
    Message,
    Participant,
    Seen,
    Tag,
)
from heed.eventlog import reader as log
from heed.eventlog.kinds import (
    ConversationAssigned,
    ConversationDueChanged,
    ConversationMoved,
    ConversationOpened,
    ConversationShared,
    ConversationStatusChanged,
    ConversationTagged,
    ConversationUntagged,
    Kind,
    MailDownloaded,
    MessageQueued,
    MessageReceived,
    MessageSent,
    NoteAdded,
)
from heed.eventlog.reader import Event, events_of, newest_changes
from heed.kernel.errors import NotFound
from heed.kernel.words import ActorKind, AgentId, ConversationId, LinkReason, MessageId, Role, Status, TeamId
from heed.people.models import Agent, Identity, Team, TeamMember
from heed.people.policy import Actor, sight

T = TypeVar("T")
PAGE = 50  # rows of a list
ENTRIES = 30  # of a timeline
FELLOWS = 200  # agents and teams offered in a panel
TAGS = 200
ROW = ("brand", "inbox", "team", "assignee", "customer")

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
class Page(Generic[T]):
    """Some rows of a list, in its order. `after`, given to the same function, leads to the next ones; empty: none."""

    rows: Sequence[T]
    after: str = ""


def visible_to(actor: Actor, through: str = "") -> Q:
    """The condition on conversations that policy.may_see is for one; `through` is the path to them, as "other__"."""
    view = sight(actor)
    if view.everything:
        return Q()
    shared = ConversationTeam.objects.filter(conversation_id=OuterRef(f"{through}pk"), team_id__in=view.teams)
    seen = Q(**{f"{through}team_id__in": view.teams}) | Q(Exists(shared))
    if view.agent is not None:
        seen |= Q(**{f"{through}assignee_id": view.agent})
    if view.brands_without_team:
        seen |= Q(**{f"{through}team_id__isnull": True, f"{through}brand_id__in": view.brands_without_team})
    return seen


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
    open_here = here & Q(status=Status.OPEN, assignee_id__isnull=True)
    mine = Q(assignee_id=actor.agent_id, status=Status.OPEN)
    sums = Count.objects.filter(here | mine).aggregate(
        my_turn=Sum("number", filter=mine, default=0),
        unassigned=Sum("number", filter=open_here, default=0),
        waiting=Sum("number", filter=here & Q(status=Status.WAITING), default=0),
        solved=Sum("number", filter=here & Q(status__in=[Status.SOLVED, Status.CLOSED]), default=0),
        all_open=Sum("number", filter=here & ~Q(status__in=[Status.SOLVED, Status.CLOSED]), default=0),
    )
    return Counts(**sums)


def conversation(actor: Actor, number: int) -> Conversation:
    """The conversation with this number, merged ones too. Raises NotFound, alike for unknown and unseen. One query."""
    found = Conversation.objects.filter(visible_to(actor), pk=number).select_related(*ROW).first()
    if found is None:
        raise NotFound
    return found


def visible(actor: Actor, numbers: Iterable[int]) -> frozenset[ConversationId]:
    """Those of these conversations that exist for the actor; one query, for streams, exports and search."""
    found = Conversation.objects.filter(visible_to(actor), pk__in=set(numbers)).values_list("pk", flat=True)
    return frozenset(ConversationId(pk) for pk in found)


def can_see(actor: Actor, conversation_id: int) -> bool:
    """Whether this conversation exists for the actor; one query."""
    return Conversation.objects.filter(visible_to(actor), pk=conversation_id).exists()


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


@dataclass(frozen=True, slots=True)
class Linked:
    """Another conversation, and why it is shown beside this one."""

    conversation: Conversation
    reason: LinkReason


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands beside a conversation."""

    tags: Sequence[Tag]
    known_tags: Sequence[str]
    participants: Sequence[Participant]  # those who left too
    identities: Sequence[Identity]  # of the customer
    earlier: Sequence[Conversation]
    linked: Sequence[Linked]
    agents: Sequence[Agent]  # who may be made responsible
    teams: Sequence[Team]  # where it may be moved


def panel(actor: Actor, conversation: Conversation) -> Panel:
    """Everything beside a conversation; eight queries. Raises NotFound."""
    if not can_see(actor, conversation.pk):
        raise NotFound
    carried = Tag.objects.filter(conversationtag__conversation=conversation).order_by("name")
    links = ConversationLink.objects.filter(visible_to(actor, "other__"), conversation=conversation)
    return Panel(
        tags=list(carried),
        known_tags=list(
            Tag.objects.filter(brand_id=conversation.brand_id)
            .order_by("name")
            .values_list("name", flat=True)[:TAGS]
        ),
        participants=list(conversation.participants.select_related("customer").order_by("pk")),
        identities=list(Identity.objects.filter(customer_id=conversation.customer_id).order_by("pk"))
        if conversation.customer_id
        else [],
        earlier=earlier_of_customer(actor, conversation),
        linked=[
            Linked(row.other, LinkReason(row.reason))
            for row in links.select_related("other__assignee").order_by("-pk")[:20]
        ],
        agents=takers(actor, conversation),
        teams=list(Team.objects.filter(brand_id=conversation.brand_id).order_by("name")[:FELLOWS]),
    )


def takers(actor: Actor, conversation: Conversation) -> list[Agent]:
    """Agents whom `assign` would take: of its team or a sharing one, leads of the brand, admins; one query."""
    if actor.kind is ActorKind.NOBODY:
        return []
    able = Agent.objects.filter(is_active=True).exclude(role=Role.VIEWER)
    of_brand = TeamMember.objects.filter(team__brand_id=conversation.brand_id).values("agent_id")
    near = Q(role=Role.ADMIN) | Q(role=Role.LEAD, pk__in=of_brand)
    if conversation.team_id is None:
        near |= Q(pk__in=of_brand)
    else:
        shared = ConversationTeam.objects.filter(conversation_id=conversation.pk).values("team_id")
        members = TeamMember.objects.filter(Q(team_id=conversation.team_id) | Q(team_id__in=shared))
        near |= Q(pk__in=members.values("agent_id"))
    return list(able.filter(near).order_by("name", "pk")[:FELLOWS])


def earlier_of_customer(actor: Actor, conversation: Conversation, *, limit: int = 5) -> list[Conversation]:
    """The newest other conversations of the same customer that the actor may see; one query."""
    if conversation.customer_id is None:
        return []
    others = Conversation.objects.filter(visible_to(actor), LISTED, customer_id=conversation.customer_id)
    return list(others.exclude(pk=conversation.pk).select_related("assignee").order_by("-pk")[:limit])


def open_of_customer(actor: Actor, customer_id: int, *, limit: int = 5) -> list[Conversation]:
    """The newest conversations of a customer that are not solved or closed, as far as the actor sees; one query."""
    others = Conversation.objects.filter(visible_to(actor), LISTED, customer_id=customer_id)
    return list(others.exclude(status__in=[Status.SOLVED, Status.CLOSED]).order_by("-pk")[:limit])


def knows_customer(actor: Actor, customer_id: int) -> bool:
    """Whether the actor may open any conversation of this customer; one query."""
    return Conversation.objects.filter(visible_to(actor), customer_id=customer_id).exists()


def message(actor: Actor, message_id: int) -> Message:
    """One message with its conversation. Raises NotFound, alike for unknown and unseen. One query."""
    found = (
        Message.objects.filter(visible_to(actor, "conversation__"), pk=message_id)
        .select_related("conversation", "agent", "customer")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def attachment(actor: Actor, attachment_id: int) -> Attachment:
    """One file: of a message that the actor may see, or their own and not sent yet. Raises NotFound. One query."""
    own = (
        Q(message__isnull=True, uploaded_by_id=actor.agent_id) if actor.agent_id is not None else Q(pk__in=[])
    )
    sent = Q(message__isnull=False) & visible_to(actor, "message__conversation__")
    found = Attachment.objects.filter(own | sent, pk=attachment_id).select_related("message", "blob").first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote to us first in a conversation; for one that we began, the first whom we wrote to."""

    name: str
    address: str


def writers(actor: Actor, rows: Sequence[Conversation]) -> Mapping[int, Writer]:
    """By conversation, for rows that were read for this actor; one query."""
    if actor.kind is ActorKind.NOBODY or not rows:
        return {}
    found: dict[int, Writer] = {}
    people = Participant.objects.filter(conversation_id__in=[row.pk for row in rows]).order_by("pk")
    for number, name, address in people.values_list("conversation_id", "name", "address"):
        found.setdefault(number, Writer(name, address))
    return found


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


def names_of(actor: Actor, conversation: Conversation) -> Mapping[str, str]:
    """What the participants are called, by address; one query, for one who was let in already."""
    if actor.kind is ActorKind.NOBODY:
        raise NotFound
    return dict(conversation.participants.values_list("address", "name"))


def drafts(actor: Actor, conversation: Conversation) -> Mapping[str, Draft]:
    """What this agent has begun here, by kind; one query."""
    if actor.agent_id is None:
        return {}
    rows = Draft.objects.filter(agent_id=actor.agent_id, conversation=conversation)
    return {row.kind: row for row in rows}


def unsent_files(actor: Actor, numbers: Iterable[int]) -> list[Attachment]:
    """Files that this agent uploaded and has not sent yet, among these; one query."""
    if actor.agent_id is None:
        return []
    rows = Attachment.objects.filter(pk__in=set(numbers), message__isnull=True, uploaded_by_id=actor.agent_id)
    return list(rows.order_by("pk"))


def last_event(actor: Actor, conversation: Conversation) -> int:
    """The newest event of a conversation, for one who was let in already; one query."""
    if actor.kind is ActorKind.NOBODY:
        raise NotFound
    newest = events_of(conversation.pk, limit=1)
    return newest[-1].id if newest else 0


def files_of(actor: Actor, message: Message) -> list[Attachment]:
    """The files of a message, for one who was let in already; one query."""
    if actor.kind is ActorKind.NOBODY:
        raise NotFound
    return list(message.attachments.order_by("pk"))


def has_raw(actor: Actor, message: Message, sha256: str) -> bool:
    """Whether the message came in these bytes, for one who was let in already; one query."""
    return actor.kind is not ActorKind.NOBODY and message.raws.filter(sha256=sha256).exists()


def said_since(actor: Actor, conversation: Conversation, event_id: int) -> list[MessageId]:
    """Messages that others wrote after that event, oldest first, for one who was let in already; one query."""
    if actor.kind is ActorKind.NOBODY:
        raise NotFound
    return log.said_since(conversation.pk, event_id, but=actor)
