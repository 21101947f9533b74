"""The facts of a conversation that policy decides on."""

from collections.abc import Iterable

from heed.conversations.models import Conversation, ConversationTeam
from heed.conversations.side_models import SideConversation
from heed.kernel.errors import require, require_visible
from heed.kernel.permissions import Permission
from heed.kernel.words import ActorKind, AgentId, BrandId, CircleId, CustomerId, Direction, TeamId
from heed.people.policy import Actor, Scope, may_change, may_see


def _scope(conversation: Conversation, shared_with: Iterable[TeamId]) -> Scope:
    return Scope(
        brand=BrandId(conversation.brand_id),
        team=None if conversation.team_id is None else TeamId(conversation.team_id),
        assignee=None if conversation.assignee_id is None else AgentId(conversation.assignee_id),
        customer=None if conversation.customer_id is None else CustomerId(conversation.customer_id),
        shared_with=frozenset(shared_with),
        circle=None if conversation.circle_id is None else CircleId(conversation.circle_id),
    )


def scope_of(conversation: Conversation) -> Scope:
    """The scope of one conversation; one query for the teams it is shared with."""
    shared = ConversationTeam.objects.filter(conversation_id=conversation.pk).values_list(
        "team_id", flat=True
    )
    return _scope(conversation, map(TeamId, shared))


def scopes_of(conversation_ids: Iterable[int]) -> dict[int, Scope]:
    """The scopes of many conversations by id, as they stand now; two queries. Those that do not exist are left out."""
    wanted = set(conversation_ids)
    shared: dict[int, set[TeamId]] = {}
    rows = ConversationTeam.objects.filter(conversation_id__in=wanted)
    for pk, team in rows.values_list("conversation_id", "team_id"):
        shared.setdefault(pk, set()).add(TeamId(team))
    found = Conversation.objects.filter(pk__in=wanted).only(
        "brand_id", "team_id", "assignee_id", "customer_id", "circle_id"
    )
    return {row.pk: _scope(row, shared.get(row.pk, ())) for row in found}


def asked_teams(sides: Iterable[int]) -> dict[int, TeamId]:
    """The teams of the desk that these side conversations ask, by side; those with people outside are left out.

    A query, none without sides.
    """
    wanted = set(sides)
    found = SideConversation.objects.filter(pk__in=wanted, team__isnull=False).values_list("pk", "team_id")
    return {pk: TeamId(team) for pk, team in found}


def require_change(by: Actor, conversation: Conversation, what: Permission = Permission.ANSWER) -> None:
    """Raise NotFound when `by` may not see the conversation, Refused when they see it but may not do this."""
    if by.kind is ActorKind.SYSTEM:
        return
    scope = scope_of(conversation)
    require_visible(may_see(by, scope))
    require(may_change(by, scope, what))


def family_of(numbers: Iterable[int]) -> list[int]:
    """These conversations and all that were merged into them, into those, and so on: they share who sees them."""
    found = list(dict.fromkeys(numbers))
    latest = found
    while latest:
        merged = Conversation.objects.filter(merged_into_id__in=latest).order_by("pk")
        latest = [pk for pk in merged.values_list("pk", flat=True) if pk not in found]
        found = [*found, *latest]
    return found


def right_to_write(kind: str) -> Permission:
    """The right that it takes to write, or begin to write, something of this kind (Direction) in a conversation."""
    return Permission.NOTE if kind == Direction.NOTE else Permission.ANSWER
