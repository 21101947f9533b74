"""What can be done to many conversations at once: how each is done to one, what it changes, and how it is put back.

A deed calls the verbs that a conversation's own page calls, so it may do what they may, and records what they record.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from heed.brands.models import CustomField, Topic
from heed.brands.topics import read_value
from heed.conversations.actions import labels, merging, state, topics, trashing, unmerging
from heed.conversations.models import Conversation, ConversationTag, FieldValue, Tag
from heed.eventlog.kinds import (
    AsideReceived,
    ConversationAssigned,
    ConversationMerged,
    ConversationMoved,
    ConversationNoted,
    ConversationPriorityChanged,
    ConversationQuarantined,
    ConversationRestored,
    ConversationStatusChanged,
    ConversationTagged,
    ConversationTopicChanged,
    ConversationTrashed,
    ConversationUnmerged,
    ConversationUnquarantined,
    ConversationUntagged,
    Kind,
    MessageReceived,
)
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, Refused, Unusable
from heed.kernel.permissions import Permission
from heed.kernel.words import BlockScope, Priority, Status
from heed.lists.codes import BulkKind
from heed.people.models import Agent, Team
from heed.people.policy import SYSTEM, Actor, right_to_assign
from heed.triage.actions import senders, spam
from heed.triage.queries import blocks_in

Before = dict[str, Any]
SETTABLE: Final = frozenset({Status.OPEN, Status.WAITING, Status.SOLVED})
"""Statuses that people give. Snoozing needs a time and is a deed of its own; closing is the customer's."""


class Closed(NotAllowedNow):
    """It was closed meanwhile, and stays so."""

    code = "conversation_closed"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do, and what to. check() says whether the value means anything."""

    kind: BulkKind
    value: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind of deed is done to one conversation and taken back, and the events that say it was changed since."""

    check: Callable[[str], object]  # raises Unusable for a value that means nothing
    before: Callable[[Conversation, str], Before]
    run: Callable[[Conversation, str, Actor], object]
    undo: Callable[[Conversation, str, Before, Actor], object]
    kinds: tuple[type[Kind], ...]
    right: Permission = Permission.ANSWER  # the one that its verb asks for


# Whom it belongs to ------------------------------------------------------------------------------


def _agent(value: str) -> Agent | None:
    if not value:
        return None
    found = Agent.objects.filter(pk=_key(value, "assignee"), is_active=True).first()
    if found is None:
        raise Unusable("assignee", "unknown")
    return found


def _team(value: str) -> Team:
    found = Team.objects.filter(pk=_key(value, "team")).first()
    if found is None:
        raise Unusable("team", "unknown")
    return found


def _key(value: str, field: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise Unusable(field, "unknown")
    return int(value)


def _assign(row: Conversation, value: str, by: Actor) -> None:
    state.assign(row, to=_agent(value), by=by)


def _unassign(row: Conversation, value: str, before: Before, by: Actor) -> None:
    state.assign(row, to=_was(before), by=by)


def _was(before: Before) -> Agent | None:
    """Who was responsible. Raises Refused where they have left."""
    if before["assignee"] is None:
        return None
    found = Agent.objects.filter(pk=before["assignee"], is_active=True).first()
    if found is None:
        raise Refused
    return found


def _move(row: Conversation, value: str, by: Actor) -> None:
    state.move(row, to=_team(value), by=by)


def _move_back(row: Conversation, value: str, before: Before, by: Actor) -> None:
    if before["team"] is None:
        raise Refused  # no verb takes a conversation out of every team
    assignee = _was(before)
    state.move(row, to=Team(pk=before["team"], brand_id=row.brand_id), by=by)
    if row.assignee_id != before["assignee"]:
        state.assign(row, to=assignee, by=by)


# How it stands -----------------------------------------------------------------------------------


def _status(value: str) -> Status:
    if value not in SETTABLE:
        raise Unusable("status", "unknown")
    return Status(value)


def _until(value: str) -> datetime:
    try:
        until = datetime.fromisoformat(value)
    except ValueError:
        raise Unusable("until", "missing") from None
    if until.tzinfo is None:
        raise Unusable("until", "missing")
    if until <= clock.now():
        raise Unusable("until", "in_the_past")
    return until


def _stands(row: Conversation, value: str) -> Before:
    return {
        "status": row.status,
        "until": _written(row.snoozed_until),
        "due": _written(row.next_due_at),
    }


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _change_status(row: Conversation, value: str, by: Actor) -> None:
    state.change_status(row, to=_status(value), by=by)


def _snooze(row: Conversation, value: str, by: Actor) -> None:
    state.change_status(row, to=Status.SNOOZED, until=_until(value), by=by)


def _stand_again(row: Conversation, value: str, before: Before, by: Actor) -> None:
    """As it stood, with what was owed; a snooze that would have ended meanwhile has ended."""
    if row.status == Status.CLOSED:
        raise Closed
    wanted, until = Status(before["status"]), _read(before["until"])
    if row.status == Status.SOLVED and wanted is not Status.SOLVED:
        state.change_status(row, to=Status.OPEN, by=by)  # from there every other one can be reached
    if wanted is Status.SNOOZED and (until is None or until <= clock.now()):
        state.change_status(row, to=Status.OPEN, by=by)
        state.set_next_due(row, due_at=clock.now(), by=by)
        return
    state.change_status(row, to=wanted, until=until if wanted is Status.SNOOZED else None, by=by)
    state.set_next_due(row, due_at=_read(before["due"]), by=by)


# What it carries ---------------------------------------------------------------------------------


def _priority(value: str) -> Priority:
    if value not in set(Priority):
        raise Unusable("priority", "unknown")
    return Priority(value)


def _tag_name(value: str) -> str:
    name = " ".join(value.split()).lower()
    if not name or len(name) > labels.TAG_CHARACTERS:
        raise Unusable("tag", "missing" if not name else "too_long")
    return name


def _carries(row: Conversation, value: str) -> Before:
    name = _tag_name(value)
    return {"had": ConversationTag.objects.filter(conversation=row, tag__name=name).exists()}


def _tag(row: Conversation, value: str, by: Actor) -> None:
    labels.tag(row, name=value, by=by)


def _untag(row: Conversation, value: str, by: Actor) -> None:
    found = Tag.objects.filter(brand_id=row.brand_id, name=_tag_name(value)).first()
    if found is None:
        state.hold_conversation(row, by)  # whoever may not change it is told so, tag or not
    else:
        labels.untag(row, tag=found, by=by)


def _carry_again(row: Conversation, value: str, before: Before, by: Actor) -> None:
    (_tag if before["had"] else _untag)(row, value, by)


# What it is about --------------------------------------------------------------------------------


def _topic(value: str) -> Topic | None:
    """The topic with this key; None for an empty one. Whether its brand offers it is asked by the verb."""
    if not value:
        return None
    found = Topic.objects.filter(pk=_key(value, "topic")).first()
    if found is None:
        raise Unusable("topic", "unknown")
    return found


def _about(row: Conversation, value: str, by: Actor) -> None:
    topics.change_topic(row, to=_topic(value), by=by)


def _about_again(row: Conversation, value: str, before: Before, by: Actor) -> None:
    topics.change_topic(row, to=_topic(str(before["topic"] or "")), by=by)


def _noted(value: str) -> tuple[CustomField, str]:
    """The custom field that a deed notes something down in, and what: 7=urgent. Raises Unusable."""
    key, _, given = value.partition("=")
    found = CustomField.objects.filter(pk=_key(key, "field")).first()
    if found is None:
        raise Unusable("field", "unknown")
    return found, read_value(found, given)


def _holds(row: Conversation, value: str) -> Before:
    field, _ = _noted(value)
    held = FieldValue.objects.filter(conversation=row, field=field).values_list("value", flat=True).first()
    return {"value": held or ""}


def _note(row: Conversation, value: str, by: Actor) -> None:
    field, given = _noted(value)
    topics.note_down(row, field=field, value=given, by=by)


def _note_again(row: Conversation, value: str, before: Before, by: Actor) -> None:
    topics.note_down(row, field=_noted(value)[0], value=before["value"], by=by)


# Where it is -------------------------------------------------------------------------------------


def _into(value: str) -> Conversation:
    found = Conversation.objects.filter(pk=_key(value, "into")).first()
    if found is None:
        raise Unusable("into", "unknown")
    return found


def _merge(row: Conversation, value: str, by: Actor) -> None:
    into = _into(value)
    if into.pk != row.pk:  # the one that the others go into stays
        merging.merge(row, into=into, by=by)


def _nothing(value: str) -> None:
    if value:
        raise Unusable("value", "unknown")


def _block_scope(value: str) -> None:
    if value not in ("", *BlockScope):
        raise Unusable("value", "unknown")


STOOD: Final = (ConversationStatusChanged, MessageReceived, AsideReceived)
"""Whoever wrote since must not be put out of sight again."""
WAYS: Final[Mapping[BulkKind, Way]] = {
    BulkKind.ASSIGN: Way(
        _agent,
        lambda row, _: {"assignee": row.assignee_id},
        _assign,
        _unassign,
        (ConversationAssigned,),
        Permission.ASSIGN,
    ),
    BulkKind.TEAM: Way(
        _team,
        lambda row, _: {"team": row.team_id, "assignee": row.assignee_id},
        _move,
        _move_back,
        (ConversationMoved, ConversationAssigned),
        Permission.ASSIGN,
    ),
    BulkKind.STATUS: Way(_status, _stands, _change_status, _stand_again, STOOD),
    BulkKind.SNOOZE: Way(_until, _stands, _snooze, _stand_again, STOOD),
    BulkKind.PRIORITY: Way(
        _priority,
        lambda row, _: {"priority": row.priority},
        lambda row, value, by: state.change_priority(row, to=_priority(value), by=by),
        lambda row, _, before, by: state.change_priority(row, to=Priority(before["priority"]), by=by),
        (ConversationPriorityChanged,),
    ),
    BulkKind.TAG: Way(_tag_name, _carries, _tag, _carry_again, (ConversationTagged, ConversationUntagged)),
    BulkKind.UNTAG: Way(
        _tag_name, _carries, _untag, _carry_again, (ConversationTagged, ConversationUntagged)
    ),
    BulkKind.TOPIC: Way(
        _topic,
        lambda row, _: {"topic": row.topic_id},
        _about,
        _about_again,
        (ConversationTopicChanged,),
    ),
    BulkKind.FIELD: Way(_noted, _holds, _note, _note_again, (ConversationNoted,)),
    BulkKind.MERGE: Way(
        _into,
        lambda row, _: {},
        _merge,
        lambda row, _, before, by: unmerging.unmerge(row, by=by),
        (ConversationMerged, ConversationUnmerged),
        Permission.MERGE,
    ),
    BulkKind.SPAM: Way(
        _block_scope,
        lambda row, _: _stands(row, "") | {"blocked": _blocked(row)},
        lambda row, value, by: spam.mark_spam(row, blocking=BlockScope(value) if value else None, by=by),
        lambda row, _, before, by: _no_spam(row, before, by),
        (ConversationQuarantined, ConversationUnquarantined, MessageReceived),
        Permission.SPAM,
    ),
    BulkKind.TRASH: Way(
        _nothing,
        lambda row, _: {},
        lambda row, _, by: trashing.trash(row, by=by),
        lambda row, _, before, by: trashing.restore(row, by=by),
        (ConversationTrashed, ConversationRestored),
        Permission.DELETE,
    ),
}


def _blocked(row: Conversation) -> list[int]:
    return [blocked.pk for blocked in blocks_in(SYSTEM, row)]


def _no_spam(row: Conversation, before: Before, by: Actor) -> None:
    """Who was blocked with it may write again, unless they were blocked before."""
    spam.not_spam(row, by=by)
    for blocked in blocks_in(by, row):
        if blocked.pk not in before.get("blocked", ()):
            senders.unblock(blocked, by=by)
    if row.status == before["status"]:
        state.set_next_due(row, due_at=_read(before["due"]), by=by)


def right_of(deed: Deed, by: Actor) -> Permission:
    """The right that it takes: to take conversations oneself is part of answering, as with one of them."""
    if deed.kind is BulkKind.ASSIGN and deed.value == str(by.agent_id):
        return right_to_assign(by, by.agent_id)
    return WAYS[deed.kind].right


def check(deed: Deed) -> None:
    """Raise Unusable (the field and why) for a deed whose value means nothing."""
    WAYS[deed.kind].check(deed.value)


def things_of(deed: Deed) -> frozenset[int]:
    """The tags that a deed is about, of every brand, or the custom field; none for others. One query at most."""
    if deed.kind is BulkKind.FIELD:
        return frozenset({_key(deed.value.partition("=")[0], "field")})
    if deed.kind not in (BulkKind.TAG, BulkKind.UNTAG):
        return frozenset()
    return frozenset(Tag.objects.filter(name=_tag_name(deed.value)).values_list("pk", flat=True))


def beside(deed: Deed) -> Sequence[int]:
    """Conversations that a deed holds beside those that it is done to."""
    return [int(deed.value)] if deed.kind is BulkKind.MERGE else ()
