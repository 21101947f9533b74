"""Verbs of the trash: what is deleted stands in no list or count, and can be restored until its days are over."""

from datetime import timedelta

from heed.conversations.actions.state import (
    assignee_id,
    change_status,
    circle_id,
    require_listed,
    set_next_due,
    set_timer,
    start_silence,
    team_id,
)
from heed.conversations.models import Conversation, HeldAnswer, Purge
from heed.conversations.scope import require_change
from heed.eventlog.kinds import ConversationRestored, ConversationTrashed
from heed.eventlog.unit import change, lock, record, verb
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import NotAllowedNow
from heed.kernel.permissions import Permission
from heed.kernel.words import HeldFor, RestoreReason, Status, TimerKind
from heed.people.policy import Actor


class StillLeaving(NotAllowedNow):
    """An answer is about to leave, or on its way: it can be taken back first, or waited for."""

    code = "still_leaving"


class BeingPurged(NotAllowedNow):
    """It is being removed for good, and parts of it are gone: nothing brings it back."""

    code = "being_purged"


@verb
def trash(conversation: Conversation, *, by: Actor) -> Conversation:
    """Afterwards the conversation stands in no list or count; its status and due time are left alone.

    It is kept for the days of the trash (HEED_TRASH_DAYS), then purged. Records conversation.trashed; nothing when it
    lies there already. Raises NotFound, Refused, Merged, Quarantined, and StillLeaving while an answer of it can still
    be taken back.
    """
    held = lock(conversation)
    require_change(by, held, Permission.DELETE)
    if held.trashed_at is not None:
        return held
    require_listed(held)
    about_to_leave = HeldAnswer.objects.filter(message__conversation_id=held.pk, held_for=HeldFor.UNDO)
    if about_to_leave.filter(due_at__isnull=False).exists():
        raise StillLeaving
    now = clock.now()
    set_timer(held, TimerKind.CLOSE, None)
    set_timer(held, TimerKind.PURGE, now + timedelta(days=config.trash_days))
    change(held, trashed_at=now)
    record(
        ConversationTrashed(
            team=team_id(held),
            assignee=assignee_id(held),
            status=Status(held.status),
            circle=circle_id(held),
        ),
        on=held.pk,
    )
    return held


@verb
def restore(conversation: Conversation, *, by: Actor) -> Conversation:
    """Afterwards the conversation stands in its lists as before; a snooze that ended meanwhile has ended.

    Records conversation.restored; nothing for one that is not in the trash. Raises NotFound, Refused, BeingPurged.
    """
    held = lock(conversation)
    require_change(by, held, Permission.DELETE)
    if held.trashed_at is None:
        return held
    if is_being_purged(held):
        raise BeingPurged
    _take_out(held, RestoreReason.BY_AGENT)
    if held.status == Status.SNOOZED and held.snoozed_until is not None and held.snoozed_until <= clock.now():
        change_status(held, to=Status.OPEN, by=by)
        set_next_due(held, due_at=clock.now(), by=by)
    elif held.status == Status.SOLVED:
        start_silence(held)
    return held


def bring_back(held: Conversation) -> None:
    """Inside a verb: a conversation in which somebody wrote lies in the trash no more."""
    if held.trashed_at is not None:
        _take_out(held, RestoreReason.SOMEBODY_WROTE)


def is_being_purged(conversation: Conversation) -> bool:
    """Whether it is on its way out of the trash for good; one query, and none for what is not there."""
    return conversation.trashed_at is not None and Purge.objects.filter(pk=conversation.pk).exists()


def _take_out(held: Conversation, reason: RestoreReason) -> None:
    set_timer(held, TimerKind.PURGE, None)
    change(held, trashed_at=None)
    record(
        ConversationRestored(
            reason=reason,
            team=team_id(held),
            assignee=assignee_id(held),
            status=Status(held.status),
            circle=circle_id(held),
        ),
        on=held.pk,
    )
