"""What stands beside a conversation: people, tags, earlier conversations, who may take it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from heed.conversations.models import (
    LISTED,
    Conversation,
    ConversationLink,
    ConversationTeam,
    Draft,
    Participant,
    Tag,
)
from heed.conversations.queries.access import can_see, visible_to
from heed.kernel.errors import NotFound
from heed.kernel.words import ActorKind, LinkReason, Role, Status
from heed.people.models import Agent, Identity, Team, TeamMember
from heed.people.policy import Actor

FELLOWS = 200  # agents and teams offered in a panel
TAGS = 200


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
