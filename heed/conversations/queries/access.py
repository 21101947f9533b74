"""Who sees what: one conversation, message or file, and the condition that every list and search shares."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Subquery

from heed.brands.models import Brand
from heed.conversations.models import (
    Attachment,
    Conversation,
    ConversationLink,
    ConversationTeam,
    Message,
    Seen,
)
from heed.kernel.errors import NotFound
from heed.kernel.permissions import Permission
from heed.kernel.prepared import prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import ActorKind, ConversationId, LinkReason, TeamId
from heed.people.policy import Actor, Sight, may_change_what_is_seen, sight, teams_asked_for

NO_AGENT = 0  # no row has this key
WORK_OF = ("shift", "leave", "languages", "password")  # of an agent, that is not shown where they are named


def unshown(*agents: str) -> list[str]:
    """What need not be read of the agents that a query brings along under these names."""
    return [f"{agent}__{field}" for agent in agents for field in WORK_OF]


ROW = ("brand", "inbox", "team", "assignee", "customer__company")


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation and one who was let in to read it. Only opened() makes it; reads of its parts ask for it."""

    actor: Actor
    row: Conversation
    seen_at: datetime | None  # how far the actor has read

    @property
    def is_unread(self) -> bool:
        """Whether something was said since the actor looked."""
        return self.seen_at is None or self.seen_at < self.row.last_message_at

    @property
    def may_change(self) -> bool:
        """Whether they may also answer, and change its state."""
        return self.may(Permission.ANSWER)

    def may(self, what: Permission) -> bool:
        """Whether they may also do this to it. Pages offer what this says, and verbs ask the same."""
        return may_change_what_is_seen(self.actor, what)


def visible_to(actor: Actor, through: str = "") -> Q:
    """The condition on conversations that policy.may_see is for one; `through` is the path to them, as "other__"."""
    return seen_by(sight(actor), through)


def seen_by(view: Sight, through: str = "") -> Q:
    """The same condition, from what one may see."""
    seen = _stands_in(view, through)
    if view.everything and view.in_all_circles:
        return seen
    if not view.in_all_circles:
        seen &= Q(**{f"{through}circle_id__isnull": True})
    if view.circles:
        seen |= Q(**{f"{through}circle_id__in": view.circles})
    if view.agent is not None:
        seen |= Q(**{f"{through}assignee_id": view.agent})
    return seen


def _stands_in(view: Sight, through: str) -> Q:
    """Where teams, brands and sharing let one see it, if no circle shuts one out."""
    if view.everything:
        return Q()
    shared = ConversationTeam.objects.filter(conversation_id=OuterRef(f"{through}pk"), team_id__in=view.teams)
    seen = Q(**{f"{through}team_id__in": view.teams}) | Q(Exists(shared))
    if view.brands_without_team:
        seen |= Q(**{f"{through}team_id__isnull": True, f"{through}brand_id__in": view.brands_without_team})
    return seen


@prepared
def _one(*, number: int, view: Sight, reader: int) -> "QuerySet[Conversation, Conversation]":
    seen = Seen.objects.filter(agent_id=reader, conversation_id=OuterRef("pk")).values("message_at")
    found = Conversation.objects.filter(seen_by(view), pk=number).select_related(*ROW)
    return found.annotate(seen_at=Subquery(seen))


@in_steps
def opened(actor: Actor, number: int) -> Steps[Opened]:
    """The conversation with this number, for one who may see it; merged ones too. One query.

    Raises NotFound, alike for unknown and unseen.
    """
    if number > BigIntegerField.MAX_BIGINT:
        raise NotFound
    found = asked(_one, number=number, view=sight(actor), reader=actor.agent_id or NO_AGENT)
    yield [found]
    if not found.value:
        raise NotFound
    row = found.value[0]
    return Opened(actor, row, row.seen_at)  # type: ignore[attr-defined]  # annotated


def conversation(actor: Actor, number: int) -> Conversation:
    """The conversation with this number, merged ones too. Raises NotFound, alike for unknown and unseen. One query."""
    return opened(actor, number).row


def visible(actor: Actor, numbers: Iterable[int]) -> frozenset[ConversationId]:
    """Those of these conversations that exist for the actor; one query, for streams, exports and search."""
    found = Conversation.objects.filter(visible_to(actor), pk__in=set(numbers)).values_list("pk", flat=True)
    return frozenset(ConversationId(pk) for pk in found)


def can_see(actor: Actor, conversation_id: int) -> bool:
    """Whether this conversation exists for the actor; one query."""
    if conversation_id > BigIntegerField.MAX_BIGINT:
        return False
    return Conversation.objects.filter(visible_to(actor), pk=conversation_id).exists()


def knows_customer(actor: Actor, customer_id: int) -> bool:
    """Whether the actor may open any conversation of this customer; one query."""
    if customer_id > BigIntegerField.MAX_BIGINT:
        return False
    return Conversation.objects.filter(visible_to(actor), customer_id=customer_id).exists()


def brands_of_customer(actor: Actor, customer_id: int) -> list[Brand]:
    """The brands in which the actor may open a conversation of this customer, by name; one query."""
    if customer_id > BigIntegerField.MAX_BIGINT:
        return []
    theirs = Conversation.objects.filter(visible_to(actor), customer_id=customer_id, brand_id=OuterRef("pk"))
    return list(Brand.objects.filter(Exists(theirs)).order_by("name", "pk"))


def theirs_aside(teams: Iterable[TeamId], through: str = "") -> Q:
    """The condition on side conversations that ask one of these teams, whose people see them (policy.may_see_side).

    Also of a conversation that they may not open; not of one that is out of all lists.
    """
    conversation = f"{through}conversation__"
    facts: dict[str, object] = {
        f"{through}team_id__in": teams,
        f"{conversation}circle_id__isnull": True,
        f"{conversation}quarantined_at__isnull": True,
        f"{conversation}trashed_at__isnull": True,
    }
    return Q(**facts)


def _with_asides(actor: Actor, through: str) -> Q:
    """The condition on messages: of what the actor may open, and what is said to a team of theirs."""
    seen = visible_to(actor, f"{through}conversation__")
    if not seen:  # no condition at all: everything, which nothing can be added to
        return seen
    return seen | theirs_aside(teams_asked_for(actor), f"{through}side__")


def message(actor: Actor, message_id: int) -> Message:
    """One message with its conversation. Raises NotFound, alike for unknown and unseen. One query.

    Also one that was said to a team of theirs in a side conversation, of a conversation that they may not open.
    """
    seen = _with_asides(actor, "")
    found = (
        Message.objects.filter(seen, pk=message_id)
        .select_related("conversation", "agent", "customer")
        .first()
    )
    if found is None:
        raise NotFound
    return found


@prepared
def _elsewhere(*, conversation: int, view: Sight) -> "QuerySet[ConversationLink, int]":
    links = ConversationLink.objects.filter(conversation_id=conversation, reason=LinkReason.OTHER_BRAND)
    return links.filter(seen_by(view, "other__")).values_list("other_id", flat=True)


@in_steps
def same_mail_elsewhere(actor: Actor, conversation: Conversation) -> Steps[list[int]]:
    """Conversations of other brands that the same mail reached, as far as the actor may see them; one query."""
    found = asked(_elsewhere, conversation=conversation.pk, view=sight(actor))
    yield [found]
    return found.value


def attachment(actor: Actor, attachment_id: int) -> Attachment:
    """One file: of a message that the actor may see, or their own and not sent yet. Raises NotFound. One query."""
    own = (
        Q(message__isnull=True, uploaded_by_id=actor.agent_id) if actor.agent_id is not None else Q(pk__in=[])
    )
    sent = Q(message__isnull=False) & _with_asides(actor, "message__")
    found = Attachment.objects.filter(own | sent, pk=attachment_id).select_related("message", "blob").first()
    if found is None:
        raise NotFound
    return found


@prepared
def _unsent(*, numbers: Iterable[int], agent: int) -> "QuerySet[Attachment, Attachment]":
    rows = Attachment.objects.filter(pk__in=numbers, message__isnull=True, uploaded_by_id=agent)
    return rows.order_by("pk")


@in_steps
def unsent_files(actor: Actor, numbers: Iterable[int]) -> Steps[list[Attachment]]:
    """Files that this agent uploaded and has not sent yet, among these; one query, none for none."""
    if actor.agent_id is None:
        return []
    found = asked(_unsent, numbers=set(numbers), agent=actor.agent_id)
    yield [found]
    return found.value


def files_of(actor: Actor, message: Message) -> list[Attachment]:
    """The files of a message, for one who was let in already; one query."""
    if actor.kind is ActorKind.NOBODY:
        raise NotFound
    return list(message.attachments.order_by("pk"))


def has_raw(actor: Actor, message: Message, sha256: str) -> bool:
    """Whether the message came in these bytes, for one who was let in already; one query."""
    return actor.kind is not ActorKind.NOBODY and message.raws.filter(sha256=sha256).exists()
