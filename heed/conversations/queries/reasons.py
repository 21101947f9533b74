"""Why a conversation stands in a list: what rows say beyond their own columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from heed.conversations.models import Conversation, Message
from heed.eventlog.kinds import ConversationStatusChanged
from heed.eventlog.reader import newest_changes
from heed.kernel import clock
from heed.kernel.prepared import prepared
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


def reasons(actor: Actor, rows: Sequence[Conversation]) -> Reasons:
    """For rows that were read for this actor; at most three queries, whatever their number."""
    if actor.kind is ActorKind.NOBODY:
        return Reasons()
    due = [row.pk for row in rows if row.status == Status.OPEN and row.next_due_at is not None]
    failed = [row.pk for row in rows if row.trouble]
    return Reasons(_answered(due), _woke(rows), _troubles(failed))


@prepared
def _answered_of(*, numbers: Sequence[int]) -> "QuerySet[Conversation, int]":
    ours = Message.objects.filter(
        conversation_id=OuterRef("pk"), direction=Direction.OUT, automatic=Automatic.NO
    )
    return Conversation.objects.filter(Exists(ours), pk__in=numbers).values_list("pk", flat=True)


def _answered(numbers: list[int]) -> frozenset[int]:
    return frozenset(_answered_of(numbers=numbers))


def _woke(rows: Sequence[Conversation]) -> dict[int, datetime]:
    """Waking makes a conversation due at once, so only what is overdue can have woken."""
    now = clock.now()
    overdue = {row.pk: row for row in rows if row.next_due_at is not None and row.next_due_at <= now}
    if not overdue:
        return {}
    changes = newest_changes(list(overdue), ConversationStatusChanged)
    return {
        number: event.at
        for number, event in changes.items()
        if isinstance(event.data, ConversationStatusChanged)
        and event.data.previous is Status.SNOOZED
        and event.actor_kind is ActorKind.SYSTEM
        and overdue[number].last_message_at <= event.at
    }


def _troubles(numbers: list[int]) -> dict[int, str]:
    if not numbers:
        return {}
    states = (DeliveryState.FAILED, DeliveryState.BOUNCED)
    ours = Message.objects.filter(conversation_id__in=numbers, direction__in=MAILED, state__in=states)
    return dict(ours.order_by("pk").values_list("conversation_id", "trouble"))
