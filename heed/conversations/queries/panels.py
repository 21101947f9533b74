"""What stands beside a conversation: people, tags, earlier conversations, who may take it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from heed.brands.models import CustomField, Topic
from heed.brands.topics import Branch, in_order
from heed.conversations.models import (
    LISTED,
    Conversation,
    ConversationLink,
    ConversationTag,
    ConversationTeam,
    Draft,
    FieldValue,
    Message,
    Participant,
    Tag,
)
from heed.conversations.queries.access import Opened, seen_by, unshown, visible_to
from heed.conversations.queries.lists import Writer
from heed.conversations.queries.sides import SideLine, sides_of
from heed.eventlog.kinds import MessageQueued
from heed.eventlog.reader import newest_changes
from heed.kernel.errors import NotFound
from heed.kernel.permissions import Permission
from heed.kernel.prepared import prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import ActorKind, Automatic, Direction, EventId, LinkReason, Status
from heed.people.models import Agent, AgentSkill, CircleMember, Identity, Team, TeamMember
from heed.people.policy import Actor, Sight, sight
from heed.people.queries import holding

FELLOWS = 200  # agents and teams offered in a panel
SKILLS = 1_000  # of all of them
TAGS = 200  # those that it carries come first, then those of the brand
EARLIER, LINKS = 5, 20
NO_CUSTOMER = 0  # no row has this key


@dataclass(frozen=True, slots=True)
class Linked:
    """Another conversation, and why it is shown beside this one."""

    conversation: Conversation
    reason: LinkReason


@dataclass(frozen=True, slots=True)
class Noted:
    """A custom field of a conversation, and what is noted down in it; empty for nothing."""

    field: CustomField
    value: str


class Where(TypedDict):
    """What decides who may be made responsible for a conversation."""

    conversation: int
    brand: int
    team: int | None
    circle: int | None


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands beside a conversation."""

    tags: Sequence[Tag]
    known: Sequence[Tag]  # of its brand
    participants: Sequence[Participant]  # those who left too
    identities: Sequence[Identity]  # of the customer
    earlier: Sequence[Conversation]
    linked: Sequence[Linked]
    agents: Sequence[Agent]  # who may be made responsible
    skills: Mapping[int, Sequence[str]]  # of those agents
    teams: Sequence[Team]  # where it may be moved
    topics: Sequence[Branch]  # those offered in its brand, and its own
    noted: Sequence[Noted]  # fields of its topic and of its brand, and others that hold something
    sides: Sequence[SideLine] = ()  # side conversations, the newest first

    @property
    def writer(self) -> Writer | None:
        """Who wrote to us first; where we began, the first whom we wrote to."""
        return next((Writer(one.name, one.address) for one in self.participants), None)


@prepared
def _tags(*, conversation: int, brand: int) -> "QuerySet[Tag, tuple[int, str, bool]]":
    carried = ConversationTag.objects.filter(conversation_id=conversation, tag_id=OuterRef("pk"))
    known = Tag.objects.filter(brand_id=brand).annotate(is_carried=Exists(carried))
    known = known.filter(Q(archived_at=None) | Q(is_carried=True))
    return known.order_by("-is_carried", "name").values_list("pk", "name", "is_carried")[:TAGS]


@prepared
def _participants(*, conversation: int) -> "QuerySet[Participant, Participant]":
    return Participant.objects.filter(conversation_id=conversation).order_by("pk")


@prepared
def _identities(*, customer: int) -> "QuerySet[Identity, Identity]":
    return Identity.objects.filter(customer_id=customer).order_by("pk")


@prepared
def _teams(*, brand: int) -> "QuerySet[Team, Team]":
    return Team.objects.filter(brand_id=brand).order_by("name")[:FELLOWS]


@prepared
def _topics(*, brand: int) -> "QuerySet[Topic, Topic]":
    return Topic.objects.filter(brand_id=brand).order_by("pk")


@prepared
def _fields(*, conversation: int, brand: int) -> "QuerySet[CustomField, CustomField]":
    held = FieldValue.objects.filter(conversation_id=conversation, field_id=OuterRef("pk")).values("value")
    fields = CustomField.objects.filter(brand_id=brand).annotate(held=Subquery(held))
    return fields.order_by("pk")


def _noted(fields: Sequence[CustomField], path: Sequence[int]) -> list[Noted]:
    """The fields that a conversation about the last of these topics has."""
    held = [Noted(field, field.held or "") for field in fields]  # type: ignore[attr-defined]  # annotated
    return [
        one
        for one in held
        if one.value
        or (one.field.archived_at is None and (one.field.topic_id is None or one.field.topic_id in path))
    ]


@prepared
def _links(*, conversation: int, view: Sight) -> "QuerySet[ConversationLink, ConversationLink]":
    links = ConversationLink.objects.filter(seen_by(view, "other__"), conversation_id=conversation)
    links = links.select_related("other__assignee").defer(*unshown("other__assignee"))
    return links.order_by("-pk")[:LINKS]


@in_steps
def panel(here: Opened) -> Steps[Panel]:
    """Everything beside a conversation; one query."""
    row = here.row
    tags = asked(_tags, conversation=row.pk, brand=row.brand_id)
    links = asked(_links, conversation=row.pk, view=sight(here.actor))
    participants = asked(_participants, conversation=row.pk)
    identities = asked(_identities, customer=row.customer_id or NO_CUSTOMER)
    earlier, agents = earlier_of_customer.later(here.actor, row), takers.later(here.actor, row)
    skills = skills_of_takers.later(here.actor, row)
    teams, topics = asked(_teams, brand=row.brand_id), asked(_topics, brand=row.brand_id)
    fields = asked(_fields, conversation=row.pk, brand=row.brand_id)
    sides = sides_of.later(here)
    yield tags, links, participants, identities, earlier, agents, skills, teams, topics, fields, sides
    tree = in_order(topics.value)
    known = [Tag(pk=pk, brand_id=row.brand_id, name=name) for pk, name, _ in tags.value]
    carried = {pk for pk, _, is_carried in tags.value if is_carried}
    return Panel(
        tags=[tag for tag in known if tag.pk in carried],
        known=known,
        participants=participants.value,
        identities=identities.value,
        earlier=earlier.value,
        linked=[Linked(link.other, LinkReason(link.reason)) for link in links.value],
        agents=agents.value,
        skills=skills.value,
        teams=teams.value,
        topics=[one for one in tree if not one.is_archived or one.topic.pk == row.topic_id],
        noted=_noted(fields.value, next((one.path for one in tree if one.topic.pk == row.topic_id), ())),
        sides=sides.value,
    )


@dataclass(frozen=True, slots=True)
class AnswerElsewhere:
    """What another brand answered to the same mail, and the event by which it was queued."""

    message: Message
    event: EventId


@prepared
def _newest_answers(*, conversations: Sequence[int], here: int) -> "QuerySet[Message, Message]":
    """The newest answer by a person in each of these conversations and in this one: the newest of all first."""
    ours = Message.objects.filter(direction=Direction.OUT, automatic=Automatic.NO)
    rows = ours.filter(Q(conversation_id__in=conversations) | Q(conversation_id=here))
    return rows.select_related("agent", "brand").order_by("-pk")[:1]


@in_steps
def answered_elsewhere(here: Opened, linked: Sequence[Linked]) -> Steps[AnswerElsewhere | None]:
    """The newest answer to the same mail for another brand, of those that the actor may see.

    None without such a conversation, which costs nothing, and where ours is newer; one query otherwise.
    """
    others = [one.conversation.pk for one in linked if one.reason is LinkReason.OTHER_BRAND]
    if not others:
        return None
    found, queued = (
        asked(_newest_answers, conversations=others, here=here.row.pk),
        newest_changes.later(others, MessageQueued),
    )
    yield found, queued
    newest = next(iter(found.value), None)
    if newest is None or newest.conversation_id == here.row.pk:
        return None
    event = queued.value.get(newest.conversation_id)
    return None if event is None else AnswerElsewhere(newest, event.id)


@prepared
def _takers(
    *, conversation: int, brand: int, team: int | None, circle: int | None
) -> "QuerySet[Agent, Agent]":
    return _able(conversation, brand, team, circle).order_by("name", "pk")[:FELLOWS]


@prepared
def _skills(
    *, conversation: int, brand: int, team: int | None, circle: int | None
) -> "QuerySet[AgentSkill, tuple[int, str]]":
    able = _able(conversation, brand, team, circle).values("pk")
    rows = AgentSkill.objects.filter(agent__in=able).order_by("skill__name")
    return rows.values_list("agent_id", "skill__name")[:SKILLS]


def _able(conversation: int, brand: int, team: int | None, circle: int | None) -> "QuerySet[Agent, Agent]":
    """Those who answer, and would see it without being responsible."""
    able = Agent.objects.filter(holding(Permission.ANSWER), is_active=True)
    of_brand = TeamMember.objects.filter(team__brand_id=brand).values("agent_id")
    near = holding(Permission.SEE_ALL) | (holding(Permission.SEE_LED_TEAMS) & Q(pk__in=of_brand))
    if team is None:
        near |= Q(pk__in=of_brand) if circle is None else Q(pk__in=[])
    else:
        shared = ConversationTeam.objects.filter(conversation_id=conversation).values("team_id")
        members = TeamMember.objects.filter(Q(team_id=team) | Q(team_id__in=shared))
        near |= holding(Permission.SEE_OWN_TEAMS) & Q(pk__in=members.values("agent_id"))
    if circle is not None:
        named = CircleMember.objects.filter(circle_id=circle)
        of_named = TeamMember.objects.filter(team_id__in=named.filter(team__isnull=False).values("team_id"))
        near = (near & holding(Permission.SEE_RESTRICTED)) | Q(
            pk__in=named.filter(agent__isnull=False).values("agent_id")
        )
        near |= Q(pk__in=of_named.values("agent_id"))
    return able.filter(near)


@in_steps
def takers(actor: Actor, conversation: Conversation) -> Steps[list[Agent]]:
    """Agents whom `assign` would take: who answer, and would see it without being responsible; one query."""
    if actor.kind is ActorKind.NOBODY:
        return []
    found = asked(_takers, **_where(conversation))
    yield [found]
    return found.value


@in_steps
def skills_of_takers(actor: Actor, conversation: Conversation) -> Steps[Mapping[int, Sequence[str]]]:
    """What those agents know more of than others, by agent; one query."""
    if actor.kind is ActorKind.NOBODY:
        return {}
    found = asked(_skills, **_where(conversation))
    yield [found]
    skills: dict[int, list[str]] = {}
    for agent, skill in found.value:
        skills.setdefault(agent, []).append(skill)
    return skills


def _where(conversation: Conversation) -> Where:
    return {
        "conversation": conversation.pk,
        "brand": conversation.brand_id,
        "team": conversation.team_id,
        "circle": conversation.circle_id,
    }


@prepared
def _earlier(*, customer: int, but: int, view: Sight) -> "QuerySet[Conversation, Conversation]":
    others = Conversation.objects.filter(seen_by(view), LISTED, customer_id=customer)
    others = others.exclude(pk=but).select_related("assignee").defer(*unshown("assignee"))
    return others.order_by("-pk")[:EARLIER]


@in_steps
def earlier_of_customer(actor: Actor, conversation: Conversation) -> Steps[list[Conversation]]:
    """The newest other conversations of the same customer that the actor may see; one query."""
    if conversation.customer_id is None:
        return []
    found = asked(_earlier, customer=conversation.customer_id, but=conversation.pk, view=sight(actor))
    yield [found]
    return found.value


def open_of_customer(actor: Actor, customer_id: int, *, limit: int = 5) -> list[Conversation]:
    """The newest conversations of a customer that are not solved or closed, as far as the actor sees; one query."""
    others = Conversation.objects.filter(visible_to(actor), LISTED, customer_id=customer_id)
    return list(others.exclude(status__in=[Status.SOLVED, Status.CLOSED]).order_by("-pk")[:limit])


@prepared
def _names(*, conversation: int) -> "QuerySet[Participant, tuple[str, str]]":
    return Participant.objects.filter(conversation_id=conversation).values_list("address", "name")


@in_steps
def names_of(actor: Actor, conversation: Conversation) -> Steps[Mapping[str, str]]:
    """What the participants are called, by address; one query, for one who was let in already."""
    if actor.kind is ActorKind.NOBODY:
        raise NotFound
    found = asked(_names, conversation=conversation.pk)
    yield [found]
    return dict(found.value)


@prepared
def _drafts(*, agent: int, conversation: int) -> "QuerySet[Draft, Draft]":
    return Draft.objects.filter(agent_id=agent, conversation_id=conversation, side__isnull=True)


@in_steps
def drafts(actor: Actor, conversation: Conversation) -> Steps[Mapping[str, Draft]]:
    """What this agent has begun here, by kind; one query."""
    if actor.agent_id is None:
        return {}
    found = asked(_drafts, agent=actor.agent_id, conversation=conversation.pk)
    yield [found]
    return {row.kind: row for row in found.value}
