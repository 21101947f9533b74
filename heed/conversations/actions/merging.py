"""Two conversations that are one become one, and become two again: what moved is kept as data."""

from collections.abc import Iterable

from django.db import models

from heed.channels.email.mailboxes import key_of
from heed.conversations.actions.about import pass_on
from heed.conversations.actions.forming import move_sheets
from heed.conversations.actions.restricting import hold_families, shut
from heed.conversations.actions.state import (
    assignee_id,
    change_status,
    circle_id,
    require_listed,
    set_next_due,
    set_timer,
    share,
    team_id,
)
from heed.conversations.models import (
    Conversation,
    ConversationTag,
    ConversationTeam,
    Draft,
    Merge,
    Message,
    Participant,
    SideConversation,
    ThreadKey,
    Timer,
)
from heed.conversations.richtext import joined
from heed.conversations.scope import require_change, scope_of
from heed.eventlog.kinds import ConversationAbsorbed, ConversationMerged, ConversationTagged
from heed.eventlog.unit import add, change, lock, record, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, Refused
from heed.kernel.permissions import Permission
from heed.kernel.words import HELD_BACK, ConversationId, Direction, Status, TagId, TimerKind
from heed.people.actions.circles import narrower
from heed.people.policy import Actor, may_restrict


class DifferentCircle(NotAllowedNow):
    """What is restricted would be shown to others: restrict the other one to the same people first."""

    code = "different_circle"


class DifferentBrand(NotAllowedNow):
    """Conversations of two brands are linked, never merged."""

    code = "different_brand"


class DifferentCustomer(NotAllowedNow):
    """Conversations of two customers are linked, never merged: one would read the other's mail."""

    code = "different_customer"


class WouldRestrict(Refused):
    """The one would be hidden from its team, as the other is: that takes the right to restrict it."""

    code = "would_restrict"


class SameConversation(NotAllowedNow):
    """A conversation can't be merged into itself."""

    code = "same_conversation"


class IntoClosed(NotAllowedNow):
    """What still goes on can't go on in a conversation that is closed."""

    code = "into_closed"


@verb
def merge(conversation: Conversation, *, into: Conversation, by: Actor) -> Conversation:
    """Move everything of a conversation into another of the same customer; unmerge undoes it.

    Afterwards it keeps its status, points at `into` and stands in no list; its team sees the other, replies land there.
    Records conversation.merged, and absorbed on the other. Does nothing when it was merged there before. Raises
    SameConversation, DifferentBrand, DifferentCustomer, IntoClosed, DifferentCircle, WouldRestrict, Quarantined,
    Trashed, and Merged when one lives elsewhere.
    """
    source, target = _held(conversation, into, by)
    if source.pk == target.pk:
        raise SameConversation
    if source.merged_into_id == target.pk:
        return target
    require_listed(source)
    require_listed(target)
    if source.brand_id != target.brand_id:
        raise DifferentBrand
    if None not in (source.customer_id, target.customer_id) and source.customer_id != target.customer_id:
        raise DifferentCustomer
    if target.status == Status.CLOSED and source.status != Status.CLOSED:
        raise IntoClosed
    if source.circle_id not in (None, target.circle_id):
        raise DifferentCircle
    narrows = source.circle_id is None and target.circle_id is not None
    if narrows and not may_restrict(by, scope_of(source)):
        raise WouldRestrict
    _join(source, target, by)
    return target


@verb
def merge_thread(conversation: Conversation, *, into: Conversation, by: Actor) -> Conversation:
    """Merge as above for the desk: a later mail showed that two conversations are one thread.

    What was merged itself lives on elsewhere, and that is followed. Records conversation.merged, and absorbed on the
    other. Does nothing when it was merged before. Raises DifferentBrand.
    """
    held = hold_families([conversation.pk, into.pk])
    source, target = held[conversation.pk], held[into.pk]
    while target.merged_into is not None:
        target = lock(target.merged_into)
    if source.brand_id != target.brand_id:
        raise DifferentBrand
    if source.merged_into_id is None and source.pk != target.pk:
        _join(source, target, by)
    return target


def _held(one: Conversation, other: Conversation, by: Actor) -> tuple[Conversation, Conversation]:
    """Both, held in the order of their numbers, for one who may change both."""
    rows = hold_families([one.pk, other.pk])
    for number in sorted({one.pk, other.pk}):
        require_change(by, rows[number], Permission.MERGE)
    return rows[one.pk], rows[other.pk]


def _join(source: Conversation, target: Conversation, by: Actor) -> None:
    """Move all rows, keep which, record it on both sides, then let the target stand as the two do together.

    Both are shown to those alone who were shown both, with all that they hold already, also when it is undone.
    """
    circle = narrower(circle_id(source), circle_id(target))
    shut(hold_families([source.pk, target.pk]).values(), to=circle)
    row = _as_they_stand(source, target)
    _move_all(row, source, target)
    row.added_teams = _share_with_team(source, target, by)
    if source.last_message_at > target.last_message_at:
        change(target, last_message_at=source.last_message_at)
    if row.has_given_customer:
        change(target, customer_id=source.customer_id)
    set_timer(source, TimerKind.CLOSE, None)
    set_timer(source, TimerKind.WAKE, None)
    change(source, merged_into=target)
    record(
        ConversationMerged(
            into=ConversationId(target.pk),
            team=team_id(source),
            assignee=assignee_id(source),
            status=Status(source.status),
            circle=circle_id(source),
        ),
        on=source.pk,
    )
    record(ConversationAbsorbed(other=ConversationId(source.pk), messages=len(row.messages)), on=target.pk)
    row.added_tags = _copy_tags(source, target)
    pass_on(row, source, target)
    add(row)
    _stand_together(source, target, by)


def _move_all(row: Merge, source: Conversation, target: Conversation) -> None:
    row.messages = move_rows(Message.objects.filter(conversation=source), to=target)
    row.keys = move_rows(ThreadKey.objects.filter(conversation=source), to=target)
    there = set(target.participants.values_list("address", flat=True))
    row.people = move_rows(
        Participant.objects.filter(conversation=source).exclude(address__in=there), to=target
    )
    know_again(target)
    row.sides = move_rows(SideConversation.objects.filter(conversation=source), to=target)
    row.drafts = _move_drafts(source, target)
    row.sheets = move_sheets(source, to=target)
    row.teams = _move_teams(source, target)


def _as_they_stand(source: Conversation, target: Conversation) -> Merge:
    silence = Timer.objects.filter(conversation=source, kind=TimerKind.CLOSE).values_list("due_at", flat=True)
    return Merge(
        source=source,
        target=target,
        at=clock.now(),
        stayed=list(target.messages.order_by("pk").values_list("pk", flat=True)),
        target_status=target.status,
        target_snoozed_until=target.snoozed_until,
        target_due_at=target.next_due_at,
        target_last_message_at=target.last_message_at,
        has_given_customer=target.customer_id is None and source.customer_id is not None,
        source_closes_at=silence.first(),
    )


def _stand_together(source: Conversation, target: Conversation, by: Actor) -> None:
    """What is owed in one is owed in the other now; where somebody waits for us, it is open."""
    if source.status != Status.OPEN or target.status == Status.CLOSED:
        return
    if target.status != Status.OPEN:
        change_status(target, to=Status.OPEN, by=by)
    due = source.next_due_at
    if due is not None and (target.next_due_at is None or target.next_due_at > due):
        set_next_due(target, due_at=due, by=by)


def move_rows(rows: Iterable[models.Model], *, to: Conversation) -> list[int]:
    """Inside a verb: let these rows belong to another conversation; their keys."""
    moved = []
    for row in rows:
        change(row, conversation=to)
        moved.append(row.pk)
    return moved


def know_again(*conversations: Conversation) -> None:
    """Inside a verb that moved messages: how sure we are of each writer is as their newest mail says that stands there.

    Of one who wrote none there, or only what is held back, we are as sure as we were.
    """
    for conversation in conversations:
        came = Message.objects.filter(conversation=conversation, direction=Direction.IN)
        told = came.exclude(flag__in=HELD_BACK).exclude(confidence="")
        newest = {
            key_of(address): sure
            for address, sure in told.order_by("pk").values_list("from_address", "confidence")
        }
        for person in Participant.objects.filter(conversation=conversation, address__in=newest):
            if person.confidence != newest[person.address]:
                change(person, confidence=newest[person.address])


def _move_drafts(source: Conversation, target: Conversation) -> list[int]:
    """What agents have begun to write goes along. Where they began there too, both texts stand in the other's draft."""
    begun = Draft.objects.filter(conversation=target, side__isnull=True)
    there = {(row.agent_id, row.kind): row for row in begun}
    alone = []
    for row in Draft.objects.filter(conversation=source):
        other = there.get((row.agent_id, row.kind)) if row.side_id is None else None
        if other is None:
            alone.append(row)
        else:
            text, html = joined((other.text, other.html), (row.text, row.html))
            change(other, text=text, html=html, files=sorted({*other.files, *row.files}))
    return move_rows(alone, to=target)


def _move_teams(source: Conversation, target: Conversation) -> list[int]:
    there = set(ConversationTeam.objects.filter(conversation=target).values_list("team_id", flat=True))
    rows = ConversationTeam.objects.filter(conversation=source)
    return move_rows((row for row in rows if row.team_id not in there), to=target)


def _share_with_team(source: Conversation, target: Conversation, by: Actor) -> list[int]:
    """Let the source's team see the target; the teams that do only because of it."""
    team = team_id(source)
    if team is None or team == team_id(target):
        return []
    if ConversationTeam.objects.filter(conversation=target, team_id=team).exists():
        return []
    share(target, team=team, by=by)
    return [team]


def _copy_tags(source: Conversation, target: Conversation) -> list[int]:
    """Let the target carry the source's tags too; those that it did not."""
    there = set(ConversationTag.objects.filter(conversation=target).values_list("tag_id", flat=True))
    tags = ConversationTag.objects.filter(conversation=source).exclude(tag_id__in=there)
    added = list(tags.order_by("tag_id").values_list("tag_id", flat=True))
    for tag in added:
        add(ConversationTag(conversation=target, tag_id=tag))
        record(ConversationTagged(tag=TagId(tag)), on=target.pk)
    return added
