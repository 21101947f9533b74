"""A merge is undone: what moved goes back, with what came since and belongs to it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from heed.channels.email.mailboxes import key_of
from heed.conversations.actions.about import take_back
from heed.conversations.actions.forming import take_back_sheets
from heed.conversations.actions.merging import know_again, move_rows
from heed.conversations.actions.restricting import shut
from heed.conversations.actions.state import (
    assignee_id,
    change_status,
    circle_id,
    require_listed,
    set_next_due,
    set_timer,
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
)
from heed.conversations.scope import family_of, require_change
from heed.eventlog.kinds import (
    ConversationReleased,
    ConversationUnmerged,
    ConversationUnshared,
    ConversationUntagged,
)
from heed.eventlog.unit import add, change, lock, lock_many, record, remove, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow
from heed.kernel.permissions import Permission
from heed.kernel.words import (
    SPOKEN,
    Automatic,
    ConversationId,
    Direction,
    RecipientRole,
    Status,
    TagId,
    TeamId,
    TimerKind,
)
from heed.people.actions.circles import narrower
from heed.people.policy import Actor

ADDRESS_CHARACTERS = 254  # of a participant


class NotMerged(NotAllowedNow):
    """This conversation stands for itself: there is nothing to undo."""

    code = "not_merged"


@verb
def unmerge(conversation: Conversation, *, by: Actor) -> Conversation:
    """Undo a merge: the conversation stands again where it stood, with its messages, people, drafts and thread keys.

    What came since in answer to its messages goes with it, and later replies to any of them land here. The other has
    what it had; a status, due time, tag or team that it only got by the merge is as before. It is restricted as the
    other is. Records conversation.unmerged, and released on the other. Does nothing when it was undone before. Raises
    NotMerged, and Merged when the other was merged itself since: that is undone first.
    """
    undone = Merge.objects.filter(source_id=conversation.pk).order_by("-pk").first()
    if undone is None:
        raise NotMerged
    source, target, family = _held(undone, by)
    row = lock(undone)
    if row.undone_at is not None or source.merged_into_id is None:
        return source
    require_listed(target)
    # Before it stands by itself again: what was said in the other stays among those who see that.
    shut(family, to=narrower(circle_id(source), circle_id(target)))
    change(row, undone_at=clock.now())
    owed = target.next_due_at
    messages = _take_back(row, source, target)
    change(source, merged_into=None)
    record(
        ConversationUnmerged(
            out_of=ConversationId(target.pk),
            team=team_id(source),
            assignee=assignee_id(source),
            status=Status(source.status),
            circle=circle_id(source),
        ),
        on=source.pk,
    )
    record(ConversationReleased(other=ConversationId(source.pk), messages=len(messages)), on=target.pk)
    _forget_what_it_gave(row, source, target)
    _let_target_stand(row, target, by)
    _let_source_stand(row, source, [one for one in messages if one.pk not in row.messages], owed=owed, by=by)
    return source


def _held(undone: Merge, by: Actor) -> tuple[Conversation, Conversation, Sequence[Conversation]]:
    """Both, and the first with all that it holds, in the order of their numbers, for one who may merge both."""
    held = lock_many(Conversation, sorted({*family_of([undone.source_id]), undone.target_id}))
    source, target = held.pop(undone.source_id), held.pop(undone.target_id)
    for one in (source, target):
        require_change(by, one, Permission.MERGE)
    return source, target, [source, *held.values()]


def _take_back(row: Merge, source: Conversation, target: Conversation) -> Sequence[Message]:
    """Move the rows back; the messages that moved, oldest first."""
    here = Message.objects.filter(conversation=target)
    numbers = set(here.filter(pk__in=row.messages).values_list("pk", flat=True))
    sides = SideConversation.objects.filter(conversation=target, pk__in=row.sides)
    numbers |= set(here.filter(side__in=sides).values_list("pk", flat=True))
    numbers |= _answers_to(numbers, here.exclude(pk__in=[*row.messages, *row.stayed]))
    moved = list(here.filter(pk__in=numbers).order_by("at", "pk"))
    _take_back_keys(row, source, target, moved)
    move_rows(moved, to=source)
    move_rows(sides, to=source)
    people = Participant.objects.filter(conversation=target, pk__in=row.people)
    move_rows(people, to=source)
    _add_writers(source, target, (one for one in moved if one.pk not in row.messages))
    know_again(source, target)
    move_rows(ConversationTeam.objects.filter(conversation=target, pk__in=row.teams), to=source)
    begun = Draft.objects.filter(conversation=source, side__isnull=True)
    there = set(begun.values_list("agent_id", "kind"))
    drafts = Draft.objects.filter(conversation=target).filter(Q(pk__in=row.drafts) | Q(side_id__in=row.sides))
    move_rows((one for one in drafts if one.side_id or (one.agent_id, one.kind) not in there), to=source)
    take_back_sheets(row.sheets, to=source, out_of=target)
    return moved


def _answers_to(numbers: Collection[int], since: Iterable[Message]) -> set[int]:
    """Of what came since, whatever answers one of these messages, or an answer to one."""
    found: set[int] = set()
    for message in sorted(since, key=lambda one: one.pk):
        if message.answers_id in numbers or message.answers_id in found:
            found.add(message.pk)
    return found


def _take_back_keys(row: Merge, source: Conversation, target: Conversation, moved: Sequence[Message]) -> None:
    keys = ThreadKey.objects.filter(conversation=target)
    own = keys.filter(message_id__in=[message.pk for message in moved])
    named = keys.filter(pk__in=row.keys, message__isnull=True)
    move_rows([*own, *named], to=source)


def _add_writers(source: Conversation, target: Conversation, messages: Iterable[Message]) -> None:
    """Who wrote in the meantime takes part, so that answers reach them."""
    there = set(source.participants.values_list("address", flat=True))
    flagged = set(target.participants.filter(is_flagged=True).values_list("address", flat=True))
    for message in messages:
        address = key_of(message.from_address)[:ADDRESS_CHARACTERS]
        if message.direction != Direction.IN or not address or address in there:
            continue
        there.add(address)
        add(
            Participant(
                conversation=source,
                address=address,
                name=message.from_name,
                role=RecipientRole.FROM,
                customer_id=message.customer_id,
                confidence=message.confidence,
                is_flagged=address in flagged,
                joined_at=message.received_at,
            )
        )


def _forget_what_it_gave(row: Merge, source: Conversation, target: Conversation) -> None:
    """Tags, teams, topic, values and customer that the target only had because of the merge."""
    for tag in ConversationTag.objects.filter(conversation=target, tag_id__in=row.added_tags):
        remove(tag)
        record(ConversationUntagged(tag=TagId(tag.tag_id)), on=target.pk)
    for team in ConversationTeam.objects.filter(conversation=target, team_id__in=row.added_teams):
        remove(team)
        record(ConversationUnshared(team=TeamId(team.team_id)), on=target.pk)
    take_back(row, source, target)
    if row.has_given_customer and target.customer_id == source.customer_id:
        change(target, customer=None)


def _said_since(row: Merge, conversation: Conversation) -> Sequence[Message]:
    """What people wrote here since the merge, oldest first."""
    since = conversation.messages.exclude(pk__in=[*row.messages, *row.stayed])
    return list(since.order_by("received_at", "pk"))


def _let_target_stand(row: Merge, target: Conversation, by: Actor) -> None:
    """As before the merge, as far as nobody wrote there since."""
    since = _said_since(row, target)
    change(
        target,
        last_message_at=max([row.target_last_message_at, *(message.received_at for message in since)]),
    )
    human = [one for one in since if one.automatic == Automatic.NO and one.direction in SPOKEN]
    if not human:
        bring_to(target, Status(row.target_status), until=row.target_snoozed_until, by=by)
        set_next_due(target, due_at=row.target_due_at, by=by)
    elif not any(one.direction == Direction.OUT for one in human) and row.target_due_at is not None:
        set_next_due(target, due_at=row.target_due_at, by=by)


def _let_source_stand(
    row: Merge, source: Conversation, since: Sequence[Message], *, owed: datetime | None, by: Actor
) -> None:
    """As before the merge, and as what was written since makes of it."""
    change(source, last_message_at=max([source.last_message_at, *(one.received_at for one in since)]))
    if source.status == Status.SNOOZED:
        set_timer(source, TimerKind.WAKE, source.snoozed_until)
    elif source.status == Status.SOLVED:
        set_timer(source, TimerKind.CLOSE, row.source_closes_at or clock.now())
    human = [one for one in since if one.automatic == Automatic.NO and one.direction in SPOKEN]
    if not human or source.status == Status.CLOSED:
        return
    if human[-1].direction == Direction.OUT:
        if source.status == Status.OPEN:
            change_status(source, to=Status.WAITING, by=by)
        set_next_due(source, due_at=None, by=by)
    else:
        change_status(source, to=Status.OPEN, by=by)
        set_next_due(source, due_at=source.next_due_at or owed or clock.now(), by=by)


def bring_to(conversation: Conversation, status: Status, *, until: datetime | None, by: Actor) -> None:
    """Inside a verb: let it have this status by the steps that are allowed; a snooze that would be over is open."""
    if conversation.status == status or Status.CLOSED in (status, Status(conversation.status)):
        return
    if status is Status.SNOOZED and (until is None or until <= clock.now()):
        status, until = Status.OPEN, None
    if conversation.status == Status.SOLVED and status is not Status.OPEN:
        change_status(conversation, to=Status.OPEN, by=by)
    change_status(conversation, to=status, until=until, by=by)
