"""Messages of one conversation become another, and come back; conversations are linked and unlinked by agents."""

from collections.abc import Sequence

from heed.channels.email.mailboxes import key_of
from heed.conversations.actions.merging import SameConversation, know_again, merge, move_rows
from heed.conversations.actions.state import (
    assignee_id,
    circle_id,
    hold_conversation,
    link,
    set_next_due,
    team_id,
)
from heed.conversations.actions.unmerging import bring_to
from heed.conversations.models import (
    Conversation,
    ConversationLink,
    ConversationTeam,
    Draft,
    Message,
    Participant,
    SideConversation,
    Split,
    ThreadKey,
)
from heed.conversations.scope import require_change
from heed.eventlog.kinds import ConversationOpened, ConversationSplit, ConversationUnlinked
from heed.eventlog.unit import add, change, lock, lock_many, record, remove, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, Unusable
from heed.kernel.permissions import Permission
from heed.kernel.words import (
    SPOKEN,
    Automatic,
    ConversationId,
    CustomerId,
    Direction,
    InboxId,
    LinkReason,
    Priority,
    Status,
)
from heed.people.policy import Actor

SUBJECT_CHARACTERS = 500
ROLES = ("to", "cc", "bcc")


class NotSplit(NotAllowedNow):
    """This conversation was not split off another."""

    code = "not_split"


@verb
def split(conversation: Conversation, *, messages: Sequence[int], subject: str, by: Actor) -> Conversation:
    """Let chosen messages become a conversation of their own, in the same inbox, team and hands; unsplit undoes it.

    Afterwards later replies to them land there, by thread keys and by the signed address alike. Who stands only in
    their lines goes along, who stands in both is in both; a side conversation goes whole. It is open when the last that
    a person wrote there came from the customer. Records conversation.split, and opened on the new one; linked on both.
    Raises Unusable for no message, unknown ones, or when nothing said would stay.
    """
    held = hold_conversation(conversation, by, Permission.MERGE)
    said = list(held.messages.order_by("at", "pk"))
    named = {one.pk: one.side_id for one in said if one.pk in set(messages)}
    sides = {side for side in named.values() if side is not None}
    chosen = [one for one in said if one.pk in named or one.side_id in sides]
    rest = [one for one in said if one not in chosen]
    if len(named) != len(set(messages)) or not _persons(chosen):
        raise Unusable("messages", "unknown" if chosen else "missing")
    if not _persons(rest):
        raise Unusable("messages", "all")
    part = _open(held, chosen, subject=subject)
    move_rows(ThreadKey.objects.filter(conversation=held, message_id__in=[one.pk for one in chosen]), to=part)
    move_rows(chosen, to=part)
    move_rows(SideConversation.objects.filter(pk__in=sides), to=part)
    move_rows(Draft.objects.filter(side_id__in=sides), to=part)
    _divide_people(held, part, chosen=chosen, rest=rest)
    know_again(held, part)
    for row in ConversationTeam.objects.filter(conversation=held):
        add(ConversationTeam(conversation=part, team_id=row.team_id))
    add(Split(origin=held, part=part, at=clock.now()))
    record(ConversationSplit(part=ConversationId(part.pk), messages=len(chosen)), on=held.pk)
    link(held, other=part, reason=LinkReason.SPLIT, by=by)
    _let_both_stand(held, part, chosen=chosen, rest=rest, by=by)
    return part


def _persons(messages: Sequence[Message]) -> list[Message]:
    """What customers and we wrote to each other: no notes, no asides, nothing automatic."""
    return [one for one in messages if one.automatic == Automatic.NO and one.direction in SPOKEN]


def _open(origin: Conversation, chosen: Sequence[Message], *, subject: str) -> Conversation:
    subject = " ".join(subject.split())[:SUBJECT_CHARACTERS]
    part = add(
        Conversation(
            brand_id=origin.brand_id,
            inbox_id=origin.inbox_id,
            team_id=origin.team_id,
            assignee_id=origin.assignee_id,
            customer_id=origin.customer_id,
            status=Status.OPEN,
            circle_id=origin.circle_id,
            priority=origin.priority,
            subject=subject or next((one.subject for one in chosen if one.subject), origin.subject),
            language=origin.language,
            opened_at=min(one.received_at for one in chosen),
            last_message_at=max(one.received_at for one in chosen),
        )
    )
    record(
        ConversationOpened(
            inbox=InboxId(part.inbox_id),
            team=team_id(part),
            assignee=assignee_id(part),
            status=Status.OPEN,
            priority=Priority(part.priority),
            circle=circle_id(part),
            customer=None if part.customer_id is None else CustomerId(part.customer_id),
        ),
        on=part.pk,
    )
    return part


def _in_lines(messages: Sequence[Message]) -> set[str]:
    """Everybody who stands in an address line of these messages."""
    lines = (line for one in messages for role in ROLES for line in getattr(one, role))
    return {key_of(address) for _, address in lines} | {key_of(one.from_address) for one in messages}


def _divide_people(
    origin: Conversation, part: Conversation, *, chosen: Sequence[Message], rest: Sequence[Message]
) -> None:
    there, stay = _in_lines(chosen), _in_lines(rest)
    for person in origin.participants.filter(address__in=there):
        if person.address not in stay:
            change(person, conversation=part)
            continue
        add(
            Participant(
                conversation=part,
                address=person.address,
                name=person.name,
                role=person.role,
                customer_id=person.customer_id,
                is_flagged=person.is_flagged,
                confidence=person.confidence,
                joined_at=person.joined_at,
                left_at=person.left_at,
            )
        )


def _let_both_stand(
    origin: Conversation, part: Conversation, *, chosen: Sequence[Message], rest: Sequence[Message], by: Actor
) -> None:
    """Who wrote last decides whether something is owed; in the part at the time at which it was owed before."""
    due = origin.next_due_at
    if _persons(chosen)[-1].direction == Direction.IN:
        set_next_due(part, due_at=due or clock.now(), by=by)
    else:
        bring_to(part, Status.WAITING, until=None, by=by)
    change(origin, last_message_at=max(one.received_at for one in rest))
    if _persons(rest)[-1].direction == Direction.OUT and due is not None:
        set_next_due(origin, due_at=None, by=by)
        if origin.status == Status.OPEN:
            bring_to(origin, Status.WAITING, until=None, by=by)


@verb
def unsplit(conversation: Conversation, *, by: Actor) -> Conversation:
    """Undo a split: all of the conversation goes back to the one it came from, which is returned.

    Afterwards it is merged there, so that replies to it land there, and they are linked no more. Records
    conversation.merged, absorbed, unlinked. Does nothing when it was undone before. Raises NotSplit, and as merge.
    """
    found = Split.objects.filter(part_id=conversation.pk).first()
    if found is None:
        raise NotSplit
    held = lock_many(Conversation, sorted((conversation.pk, found.origin_id)))
    for one in held.values():
        require_change(by, one, Permission.MERGE)
    row, origin = lock(found), held[found.origin_id]
    if row.undone_at is not None:
        return origin
    change(row, undone_at=clock.now())
    merge(conversation, into=origin, by=by)
    _unlink(origin, held[conversation.pk])
    return origin


@verb
def link_by_hand(conversation: Conversation, *, other: Conversation, by: Actor) -> None:
    """Afterwards each of the two shows the other, because an agent said so. Records conversation.linked on both, once.

    Both may be of different customers; of different brands only for those who see both. Raises SameConversation.
    """
    if conversation.pk == other.pk:
        raise SameConversation
    held = lock_many(Conversation, sorted((conversation.pk, other.pk)))
    for one in held.values():
        require_change(by, one, Permission.MERGE)
    link(held[conversation.pk], other=held[other.pk], reason=LinkReason.BY_AGENT, by=by)


@verb
def unlink(conversation: Conversation, *, other: Conversation, by: Actor) -> None:
    """Afterwards neither of the two shows the other. Records conversation.unlinked on both, when they were linked."""
    held = lock_many(Conversation, sorted((conversation.pk, other.pk)))
    for one in held.values():
        require_change(by, one, Permission.MERGE)
    _unlink(held[conversation.pk], held[other.pk])


def _unlink(one: Conversation, other: Conversation) -> None:
    for here, there in ((one, other), (other, one)):
        found = ConversationLink.objects.filter(conversation=here, other=there).first()
        if found is not None:
            remove(found)
            record(ConversationUnlinked(other=ConversationId(there.pk)), on=here.pk)
