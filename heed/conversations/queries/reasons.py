"""Why a conversation stands in a list: what rows say beyond their own columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from heed.conversations.models import Conversation, Message
from heed.eventlog.kinds import ConversationStatusChanged
from heed.eventlog.reader import Event, newest_changes
from heed.kernel import clock
from heed.kernel.prepared import prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import MAILED, ActorKind, Automatic, DeliveryState, Direction, Status
from heed.people.policy import Actor


@dataclass(frozen=True, slots=True)
class Reasons:
    """By conversation."""

    answered: frozenset[int] = frozenset()  # a person of ours has written there
    woke: Mapping[int, datetime] = field(
        default_factory=dict
    )  # back from snooze since, and nobody wrote after that
    troubles: Mapping[int, str] = field(
        default_factory=dict
    )  # what the server said of our newest failed answer


@in_steps
def reasons(actor: Actor, rows: Sequence[Conversation]) -> Steps[Reasons]:
    """For rows that were read for this actor; one query, whatever their number."""
    if actor.kind is ActorKind.NOBODY:
        return Reasons()
    due = [row.pk for row in rows if row.status == Status.OPEN and row.next_due_at is not None]
    now = clock.now()
    overdue = [row for row in rows if row.next_due_at is not None and row.next_due_at <= now]
    answered = asked(_answered, numbers=due)
    changes = newest_changes.later([row.pk for row in overdue], ConversationStatusChanged)
    troubles = asked(_troubles, numbers=[row.pk for row in rows if row.trouble])
    yield answered, changes, troubles
    return Reasons(frozenset(answered.value), _woke(overdue, changes.value), dict(troubles.value))


@prepared
def _answered(*, numbers: Sequence[int]) -> "QuerySet[Conversation, int]":
    ours = Message.objects.filter(
        conversation_id=OuterRef("pk"), direction=Direction.OUT, automatic=Automatic.NO
    )
    return Conversation.objects.filter(Exists(ours), pk__in=numbers).values_list("pk", flat=True)


def _woke(overdue: Sequence[Conversation], changes: Mapping[int, Event]) -> dict[int, datetime]:
    """Waking makes a conversation due at once, so only what is overdue can have woken."""
    rows = {row.pk: row for row in overdue}
    return {
        number: event.at
        for number, event in changes.items()
        if isinstance(event.data, ConversationStatusChanged)
        and event.data.previous is Status.SNOOZED
        and event.actor_kind is ActorKind.SYSTEM
        and rows[number].last_message_at <= event.at
    }


@prepared
def _troubles(*, numbers: Sequence[int]) -> "QuerySet[Message, tuple[int, str]]":
    states = (DeliveryState.FAILED, DeliveryState.BOUNCED)
    ours = Message.objects.filter(conversation_id__in=numbers, direction__in=MAILED, state__in=states)
    return ours.order_by("pk").values_list("conversation_id", "trouble")
