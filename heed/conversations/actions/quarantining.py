"""Verbs of the quarantine: what is taken for spam stands in no list or count until somebody says that it is none."""

from heed.conversations.actions.state import (
    Merged,
    Trashed,
    assignee_id,
    change_status,
    circle_id,
    set_next_due,
    set_timer,
    start_silence,
    team_id,
)
from heed.conversations.models import Conversation
from heed.conversations.scope import require_change
from heed.eventlog.kinds import ConversationQuarantined, ConversationUnquarantined
from heed.eventlog.unit import change, lock, record, verb
from heed.kernel import clock
from heed.kernel.permissions import Permission
from heed.kernel.words import MessageId, SpamReason, Status, TimerKind
from heed.people.policy import Actor


@verb
def quarantine(conversation: Conversation, *, reason: SpamReason, by: Actor) -> Conversation:
    """Afterwards the conversation stands in no list or count and nothing is owed; its status is left alone.

    Records conversation.quarantined; nothing when it stands so already. Raises NotFound, Refused, Merged,
    Trashed.
    """
    held = lock(conversation)
    require_change(by, held, Permission.SPAM)
    if held.merged_into_id is not None:
        raise Merged
    if held.quarantined_at is not None:
        return held
    if held.trashed_at is not None:
        raise Trashed
    set_next_due(held, due_at=None, by=by)
    set_timer(held, TimerKind.CLOSE, None)
    change(held, quarantined_at=clock.now())
    record(
        ConversationQuarantined(
            reason=reason,
            team=team_id(held),
            assignee=assignee_id(held),
            status=Status(held.status),
            circle=circle_id(held),
        ),
        on=held.pk,
    )
    return held


@verb
def release(
    conversation: Conversation, *, message: MessageId | None, may_acknowledge: bool, by: Actor
) -> Conversation:
    """Afterwards the conversation stands in its lists as before; a snooze that ended meanwhile has ended.

    `message` is then owed what it would have got on arrival. Records conversation.unquarantined; nothing when it was in
    no quarantine. Raises NotFound, Refused.
    """
    held = lock(conversation)
    require_change(by, held, Permission.SPAM)
    if held.quarantined_at is None:
        return held
    change(held, quarantined_at=None)
    record(
        ConversationUnquarantined(
            message=message,
            may_acknowledge=may_acknowledge,
            team=team_id(held),
            assignee=assignee_id(held),
            status=Status(held.status),
            circle=circle_id(held),
        ),
        on=held.pk,
    )
    if held.status == Status.SNOOZED and held.snoozed_until is not None and held.snoozed_until <= clock.now():
        change_status(held, to=Status.OPEN, by=by)
        set_next_due(held, due_at=clock.now(), by=by)
    elif held.status == Status.SOLVED:
        start_silence(held)
    return held
