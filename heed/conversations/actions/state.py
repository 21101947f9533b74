"""Verbs that change where a conversation stands: status, assignee, team, priority, due time, links."""

from datetime import datetime, timedelta

from heed.conversations.models import Conversation, ConversationLink, ConversationTeam, Timer
from heed.conversations.scope import require_change, scope_of
from heed.eventlog.due import hold
from heed.eventlog.kinds import (
    ConversationAssigned,
    ConversationDueChanged,
    ConversationLinked,
    ConversationMoved,
    ConversationPriorityChanged,
    ConversationShared,
    ConversationStatusChanged,
)
from heed.eventlog.unit import add, change, lock, record, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, Unusable, require
from heed.kernel.permissions import Permission
from heed.kernel.words import (
    Absence,
    AgentId,
    CircleId,
    ConversationId,
    LinkReason,
    Priority,
    Status,
    TeamId,
    TimerKind,
)
from heed.people.models import Agent, Team, TeamMember
from heed.people.policy import Actor, may_take, right_to_assign
from heed.people.queries import actor_for

ALLOWED: dict[Status, frozenset[Status]] = {
    Status.OPEN: frozenset({Status.WAITING, Status.SNOOZED, Status.SOLVED}),
    Status.WAITING: frozenset({Status.OPEN, Status.SNOOZED, Status.SOLVED}),  # waiting for the customer
    Status.SNOOZED: frozenset({Status.OPEN, Status.WAITING, Status.SOLVED}),
    Status.SOLVED: frozenset({Status.OPEN, Status.CLOSED}),
    Status.CLOSED: frozenset(),
}


class NotPossibleFromHere(NotAllowedNow):
    """This status can't follow the present one; the table ALLOWED says which can."""

    code = "status_not_possible_from_here"


class Merged(NotAllowedNow):
    """This conversation was merged; changes go to the one it was merged into."""

    code = "merged"


class Quarantined(NotAllowedNow):
    """This conversation was taken for spam; nothing of it changes until an agent says that it is none."""

    code = "quarantined"


class Trashed(NotAllowedNow):
    """This conversation lies in the trash; nothing of it changes until somebody restores it."""

    code = "trashed"


def hold_conversation(
    conversation: Conversation, by: Actor, what: Permission = Permission.ANSWER
) -> Conversation:
    """The conversation as it stands now, held. Raises NotFound or Refused for `by`, Merged, Quarantined, Trashed."""
    held = lock(conversation)
    require_change(by, held, what)
    require_listed(held)
    return held


def require_listed(conversation: Conversation) -> None:
    """Raise Merged, Quarantined or Trashed for one that stands in no list."""
    if conversation.merged_into_id is not None:
        raise Merged
    if conversation.quarantined_at is not None:
        raise Quarantined
    if conversation.trashed_at is not None:
        raise Trashed


def is_listed(conversation: Conversation) -> bool:
    """Whether it stands in lists and counts: it was not merged, and lies in neither the quarantine nor the trash."""
    away = (conversation.merged_into_id, conversation.quarantined_at, conversation.trashed_at)
    return all(one is None for one in away)


def team_id(conversation: Conversation) -> TeamId | None:
    """The team in whose lists it stands."""
    return None if conversation.team_id is None else TeamId(conversation.team_id)


def circle_id(conversation: Conversation) -> CircleId | None:
    """To whom alone it is restricted."""
    return None if conversation.circle_id is None else CircleId(conversation.circle_id)


def assignee_id(conversation: Conversation) -> AgentId | None:
    """The agent who is responsible."""
    return None if conversation.assignee_id is None else AgentId(conversation.assignee_id)


@verb
def change_status(
    conversation: Conversation, *, to: Status, by: Actor, until: datetime | None = None
) -> Conversation:
    """Afterwards the conversation has status `to`; snoozed ones until `until` (UTC, in the future).

    Records conversation.status_changed; nothing when it stands so already. Solved starts the clock of silence that
    closes it; any other status stops that clock. Raises NotPossibleFromHere,
    Unusable for a snooze without a time in the future.
    """
    held = hold_conversation(conversation, by)
    if to is Status.SNOOZED and (until is None or until <= clock.now()):
        raise Unusable("until", "in_the_past" if until else "missing")
    if held.status == to and (to is not Status.SNOOZED or held.snoozed_until == until):
        return held
    previous = Status(held.status)
    if previous is not to and to not in ALLOWED[previous]:
        raise NotPossibleFromHere
    change(held, status=to, snoozed_until=until if to is Status.SNOOZED else None)
    record(
        ConversationStatusChanged(
            previous=previous,
            current=to,
            team=team_id(held),
            assignee=assignee_id(held),
            until=held.snoozed_until,
            circle=circle_id(held),
        ),
        on=held.pk,
    )
    _set_timers(held, previous)
    return held


def _set_timers(conversation: Conversation, previous: Status) -> None:
    if Status(conversation.status) is Status.SNOOZED:
        set_timer(conversation, TimerKind.WAKE, conversation.snoozed_until)
    elif previous is Status.SNOOZED:
        set_timer(conversation, TimerKind.WAKE, None)
    if Status(conversation.status) is Status.SOLVED:
        start_silence(conversation)
    elif previous is Status.SOLVED:
        set_timer(conversation, TimerKind.CLOSE, None)


def start_silence(conversation: Conversation) -> None:
    """Inside a verb: let the days of silence after which a solved conversation closes begin now."""
    end = clock.now() + timedelta(days=conversation.brand.close_after_days)
    set_timer(conversation, TimerKind.CLOSE, end)


def set_timer(conversation: Conversation, kind: TimerKind, due_at: datetime | None) -> None:
    """Inside a verb: let the timer of this kind fall due then; None stops it."""
    found = Timer.objects.filter(conversation_id=conversation.pk, kind=kind).first()
    if found is not None:
        change(found, due_at=due_at, attempts=0, claimed_until=None)
    elif due_at is not None:
        add(Timer(conversation=conversation, kind=kind, due_at=due_at))


@verb
def run_timer(timer: Timer, *, by: Actor) -> None:
    """Afterwards what a claimed timer says is done: the conversation woke, or silence closed it. Raises ClaimLost."""
    conversation = lock(Conversation(pk=timer.conversation_id))  # first, as in every verb that sets timers
    held_timer = hold(timer)
    change(held_timer, due_at=None, claimed_until=None)
    if not is_listed(conversation):
        return
    if timer.kind == TimerKind.WAKE and conversation.status == Status.SNOOZED:
        change_status(conversation, to=Status.OPEN, by=by)
        set_next_due(conversation, due_at=clock.now(), by=by)
    elif timer.kind == TimerKind.CLOSE and conversation.status == Status.SOLVED:
        change_status(conversation, to=Status.CLOSED, by=by)


@verb
def set_next_due(conversation: Conversation, *, due_at: datetime | None, by: Actor) -> Conversation:
    """Afterwards the desk owes this customer something at `due_at` (UTC), or nothing.

    Records conversation.due_changed.
    """
    held = lock(conversation)
    if held.next_due_at == due_at:
        return held
    previous = held.next_due_at
    change(held, next_due_at=due_at)
    record(ConversationDueChanged(previous=previous, current=due_at), on=held.pk)
    return held


@verb
def assign(
    conversation: Conversation, *, to: Agent | None, by: Actor, why: Absence | None = None
) -> Conversation:
    """Afterwards `to` is responsible, or nobody. Records conversation.assigned; nothing when it is so already.

    Why: it goes back to its team since whoever was responsible is not there.
    Raises Refused when that agent may not take it: a viewer, or someone of another team.
    """
    held = hold_conversation(conversation, by, right_to_assign(by, None if to is None else AgentId(to.pk)))
    taker = None if to is None else Agent.objects.filter(pk=to.pk).first()  # as it is now: they may have left
    require(to is None or may_take(by, scope_of(held), taker=actor_for(taker)))
    if held.assignee_id == (to.pk if to else None):
        return held
    be_assigned(held, to=to, why=why)
    return held


def be_assigned(held: Conversation, *, to: Agent | None, why: Absence | None = None) -> None:
    """Inside a verb: let this agent be responsible, or nobody, also where it stands in no list; held already."""
    previous = assignee_id(held)
    change(held, assignee=to)
    record(
        ConversationAssigned(
            previous=previous,
            current=assignee_id(held),
            team=team_id(held),
            status=Status(held.status),
            circle=circle_id(held),
            why=why,
            is_listed=is_listed(held),
        ),
        on=held.pk,
    )


@verb
def move(conversation: Conversation, *, to: Team, by: Actor) -> Conversation:
    """Afterwards the conversation stands in this team's lists, unassigned if the assignee isn't one of theirs.

    Records conversation.moved. Raises Refused for a team of another brand.
    """
    held = hold_conversation(conversation, by, Permission.ASSIGN)
    require(to.brand_id == held.brand_id)
    if held.team_id == to.pk:
        return held
    if held.assignee_id and not TeamMember.objects.filter(team=to, agent_id=held.assignee_id).exists():
        assign(held, to=None, by=by)
    previous = team_id(held)
    change(held, team=to)
    record(
        ConversationMoved(
            previous=previous,
            current=TeamId(to.pk),
            assignee=assignee_id(held),
            status=Status(held.status),
            circle=circle_id(held),
        ),
        on=held.pk,
    )
    return held


@verb
def share(conversation: Conversation, *, team: TeamId, by: Actor) -> None:
    """Afterwards this further team may open and find the conversation. Records conversation.shared, once a team."""
    held = lock(conversation)
    if (
        held.team_id == team
        or ConversationTeam.objects.filter(conversation_id=held.pk, team_id=team).exists()
    ):
        return
    add(ConversationTeam(conversation_id=held.pk, team_id=team))
    record(ConversationShared(team=team), on=held.pk)


@verb
def change_priority(conversation: Conversation, *, to: Priority, by: Actor) -> Conversation:
    """Afterwards the conversation has this priority. Records conversation.priority_changed."""
    held = hold_conversation(conversation, by)
    if held.priority == to:
        return held
    previous = Priority(held.priority)
    change(held, priority=to)
    record(ConversationPriorityChanged(previous=previous, current=to), on=held.pk)
    return held


@verb
def link(conversation: Conversation, *, other: Conversation, reason: LinkReason, by: Actor) -> None:
    """Afterwards each of the two shows the other. Records conversation.linked on both, once."""
    if ConversationLink.objects.filter(conversation_id=conversation.pk, other_id=other.pk).exists():
        return
    for one, two in ((conversation, other), (other, conversation)):
        add(ConversationLink(conversation_id=one.pk, other_id=two.pk, reason=reason))
        record(ConversationLinked(other=ConversationId(two.pk), reason=reason), on=one.pk)
