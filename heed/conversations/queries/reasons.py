"""Why a conversation stands in a list: what rows say beyond their own columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Count, DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from heed.conversations.models import Conversation, Draft, Mention, Message, SideConversation
from heed.conversations.queries.event_names import named_agents
from heed.eventlog.kinds import ConversationAssigned, ConversationStatusChanged
from heed.eventlog.reader import Event, newest_changes
from heed.kernel.prepared import prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import MAILED, Absence, ActorKind, Automatic, DeliveryState, Direction, Status
from heed.people.policy import Actor

AT_ONCE: Final = timedelta(minutes=1)  # what is due so soon after it woke is due because it woke
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)  # when we answered what we never did


@dataclass(frozen=True, slots=True)
class Reasons:
    """By conversation."""

    answered: frozenset[int] = frozenset()  # a person of ours has written there
    mails: Mapping[int, int] = field(default_factory=dict)  # how many mails of people wait for an answer
    woke: Mapping[int, datetime] = field(
        default_factory=dict
    )  # its snooze ended, and nobody wrote after that
    roused: frozenset[int] = frozenset()  # somebody wrote while it was snoozed, and was not answered yet
    given: Mapping[int, str] = field(default_factory=dict)  # which colleague gave it to the actor, unanswered
    returned: Mapping[int, tuple[Absence, str]] = field(
        default_factory=dict
    )  # why nobody owns it, and whose it was: they are not there
    asks: Mapping[int, str] = field(default_factory=dict)  # who calls the actor in a note, since they wrote
    drafts: Mapping[int, datetime] = field(default_factory=dict)  # when the actor last wrote at a draft there
    aside: Mapping[int, bool] = field(
        default_factory=dict
    )  # a side conversation of it was answered; False: our mail there did not get through
    troubles: Mapping[int, str] = field(
        default_factory=dict
    )  # what the server said of our newest failed answer


@in_steps
def reasons(actor: Actor, rows: Sequence[Conversation]) -> Steps[Reasons]:
    """For rows that were read for this actor; two queries, whatever their number."""
    if actor.kind is ActorKind.NOBODY or actor.agent_id is None:
        return Reasons()
    still_open = {row.pk: row for row in rows if row.status == Status.OPEN}
    due = [number for number, row in still_open.items() if row.next_due_at is not None]
    mine = [number for number, row in still_open.items() if row.assignee_id == actor.agent_id]
    unowned = [number for number, row in still_open.items() if row.assignee_id is None]
    told, troubles = (
        asked(_told, numbers=due),
        asked(_troubles, numbers=[row.pk for row in rows if row.trouble]),
    )
    changes = newest_changes.later(due, ConversationStatusChanged)
    gifts = newest_changes.later([*mine, *unowned], ConversationAssigned)
    asks = asked(_asks, agent=actor.agent_id, numbers=list(still_open))
    drafts = asked(_drafts, agent=actor.agent_id, numbers=list(still_open))
    aside = asked(_aside, numbers=[row.pk for row in rows])
    yield told, troubles, changes, gifts, asks, drafts, aside
    answered = {number: at for number, at, _ in told.value if at > NEVER}
    given = dict(_given({one: gifts.value[one] for one in mine if one in gifts.value}, answered, actor))
    returned = dict(_returned(gifts.value))
    whose = [agent for _, agent in returned.values()]
    names = named_agents.later([*given.values(), *whose, *(agent for _, agent in asks.value)])
    yield [names]
    called = {number: names.value.get(agent, "") for number, agent in asks.value if agent is not None}
    ended = dict(_ended(changes.value))
    return Reasons(
        answered=frozenset(answered),
        mails={number: mails or 0 for number, _, mails in told.value},
        woke={number: at for number, at in ended.items() if _woke(still_open[number], at)},
        roused=_roused(ended, still_open, answered),
        given={number: names.value.get(agent, "") for number, agent in given.items()},
        returned={number: (why, names.value.get(agent, "")) for number, (why, agent) in returned.items()},
        asks=called,
        drafts=dict(drafts.value),
        aside={number: not trouble for number, trouble in aside.value},
        troubles=dict(troubles.value),
    )


def _ended(changes: Mapping[int, Event]) -> Iterable[tuple[int, datetime]]:
    """When a snooze ended that no agent ended: its time had come, or somebody wrote."""
    for number, event in changes.items():
        data, is_by_desk = event.data, event.actor_kind is ActorKind.SYSTEM
        if is_by_desk and isinstance(data, ConversationStatusChanged) and data.previous is Status.SNOOZED:
            yield number, event.at


def _is_due_by(row: Conversation, woke_at: datetime) -> bool:
    """Whether it is due because it woke: waking makes a conversation due at once, what somebody writes later."""
    return row.next_due_at is not None and row.next_due_at < woke_at + AT_ONCE


def _woke(row: Conversation, woke_at: datetime) -> bool:
    return _is_due_by(row, woke_at) and row.last_message_at <= woke_at


def _roused(
    ended: Mapping[int, datetime], rows: Mapping[int, Conversation], answered: Mapping[int, datetime]
) -> frozenset[int]:
    return frozenset(
        number
        for number, at in ended.items()
        if not _is_due_by(rows[number], at) and answered.get(number, NEVER) < at
    )


def _given(
    changes: Mapping[int, Event], answered: Mapping[int, datetime], actor: Actor
) -> Iterable[tuple[int, int]]:
    """Which colleague made the actor responsible, where nobody has answered since."""
    for number, event in changes.items():
        is_by_other = event.actor_kind is ActorKind.AGENT and event.actor_id not in (None, actor.agent_id)
        if is_by_other and event.actor_id is not None and answered.get(number, NEVER) < event.at:
            yield number, event.actor_id


def _returned(changes: Mapping[int, Event]) -> Iterable[tuple[int, tuple[Absence, int]]]:
    """What went back to its team since whoever was responsible is not there, and whose it was."""
    for number, event in changes.items():
        data = event.data
        if isinstance(data, ConversationAssigned) and data.why is not None and data.previous is not None:
            yield number, (data.why, data.previous)


@prepared
def _told(*, numbers: Sequence[int]) -> "QuerySet[Conversation, tuple[int, datetime, int | None]]":
    """When a person of ours last wrote there, and how many mails of people came since."""
    ours = Message.objects.filter(
        conversation_id=OuterRef("pk"), direction=Direction.OUT, automatic=Automatic.NO
    )
    last = Subquery(ours.order_by("-at", "-pk").values("at")[:1])
    theirs = Message.objects.filter(
        conversation_id=OuterRef("pk"),
        direction=Direction.IN,
        automatic=Automatic.NO,
        at__gt=OuterRef("answered_at"),
    )
    counted = theirs.order_by().values("conversation_id").annotate(number=Count("pk")).values("number")
    rows = Conversation.objects.filter(pk__in=numbers).annotate(
        answered_at=Coalesce(last, Value(NEVER), output_field=DateTimeField())
    )
    return rows.annotate(mails=Subquery(counted)).values_list("pk", "answered_at", "mails")


@prepared
def _asks(*, agent: int, numbers: Sequence[int]) -> "QuerySet[Mention, tuple[int, int | None]]":
    since = Message.objects.filter(
        conversation_id=OuterRef("message__conversation_id"), agent_id=agent, pk__gt=OuterRef("message_id")
    )
    calls = Mention.objects.filter(~Exists(since), agent_id=agent, message__conversation_id__in=numbers)
    return calls.order_by("message_id").values_list("message__conversation_id", "message__agent_id")


@prepared
def _drafts(*, agent: int, numbers: Sequence[int]) -> "QuerySet[Draft, tuple[int, datetime]]":
    begun = Draft.objects.filter(agent_id=agent, conversation_id__in=numbers).exclude(text="")
    return begun.order_by("saved_at").values_list("conversation_id", "saved_at")


@prepared
def _aside(*, numbers: Sequence[int]) -> "QuerySet[SideConversation, tuple[int, str]]":
    news = SideConversation.objects.filter(conversation_id__in=numbers, done_at__isnull=True)
    news = news.filter(Q(answered_at__isnull=False) | ~Q(trouble=""))
    return news.order_by("last_message_at", "pk").values_list("conversation_id", "trouble")


@prepared
def _troubles(*, numbers: Sequence[int]) -> "QuerySet[Message, tuple[int, str]]":
    states = (DeliveryState.FAILED, DeliveryState.BOUNCED)
    ours = Message.objects.filter(conversation_id__in=numbers, direction__in=MAILED, state__in=states)
    return ours.order_by("pk").values_list("conversation_id", "trouble")
