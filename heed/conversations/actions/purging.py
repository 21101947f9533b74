"""Verbs that remove for good what lay in the trash: nothing leads to it from the first on, and parts go one by one."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import Q

from heed.conversations.actions.state import set_timer
from heed.conversations.actions.trashing import StillLeaving, is_being_purged
from heed.conversations.actions.uploads import drop_uses
from heed.conversations.documents import key_of
from heed.conversations.models import (
    Attachment,
    Conversation,
    Draft,
    Message,
    Purge,
    PurgedMail,
    SearchDocument,
    SheetDraft,
    ThreadKey,
    Timer,
)
from heed.conversations.scope import family_of, scope_of
from heed.conversations.threads import thread_key
from heed.eventlog import due
from heed.eventlog.kinds import ConversationPurged
from heed.eventlog.unit import add, change, lock, lock_many, record, remove, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, require, require_visible
from heed.kernel.words import MAILED, ActorKind, DeliveryState, Direction, TimerKind
from heed.people.policy import Actor, may_purge, may_see

AGAIN = timedelta(hours=1)  # what is on its way out is waited for


class NotTrashed(NotAllowedNow):
    """It does not lie in the trash, from where alone something is removed for good."""

    code = "not_trashed"


@verb
def purge(conversation: Conversation, *, by: Actor) -> None:
    """Afterwards nothing brings a conversation of the trash back, and a worker removes all that is of it.

    Mail that answers it begins a conversation of its own, shown to the same people where it was restricted; copies of
    its mails become nothing. Records conversation.purged; nothing when it is being purged already. Raises NotFound,
    Refused for others than admins, NotTrashed, and StillLeaving while an answer of it is on its way out.
    """
    held = lock_many(Conversation, [conversation.pk]).get(conversation.pk)
    require_visible(held is not None and (by.kind is ActorKind.SYSTEM or may_see(by, scope_of(held))))
    assert held is not None
    require(may_purge(by))
    if held.trashed_at is None:
        raise NotTrashed
    if is_being_purged(held):
        return
    said = Message.objects.filter(conversation_id__in=family_of([held.pk]))
    if said.filter(state=DeliveryState.QUEUED).exists():
        raise StillLeaving
    count = said.count()
    keys = ThreadKey.objects.filter(conversation_id__in=family_of([held.pk]))
    if held.circle_id is not None:
        _keep_circle(held, keys.filter(message__isnull=False).values_list("key", flat=True))
    keys.delete()
    set_timer(held, TimerKind.PURGE, None)
    add(Purge(conversation=held, due_at=clock.now()))
    record(ConversationPurged(messages=count), on=held.pk)


@verb
def purge_in_time(timer: Timer, *, by: Actor) -> None:
    """Afterwards a conversation whose days in the trash are over is being purged; later, if an answer is leaving.

    Raises ClaimLost.
    """
    conversation = lock(Conversation(pk=timer.conversation_id))
    held_timer = due.hold(timer)
    try:
        if conversation.trashed_at is not None:
            purge(conversation, by=by)
        change(held_timer, due_at=None, claimed_until=None)
    except StillLeaving:
        change(held_timer, due_at=clock.now() + AGAIN, claimed_until=None)


@verb
def remove_messages(purge: Purge, *, messages: Sequence[int], by: Actor) -> None:
    """Afterwards these messages of a conversation that is being purged are gone, with files, documents and deliveries.

    That they were here is remembered as a hash, so that copies are known. Raises ClaimLost. Refused for people.
    """
    require(by.kind is ActorKind.SYSTEM)
    held = _hold(purge)
    rows = list(Message.objects.filter(pk__in=messages, conversation_id__in=family_of([held.pk])))
    numbers = [row.pk for row in rows]
    _remember(rows)
    drop_uses(Attachment.objects.filter(message_id__in=numbers).values_list("blob_id", flat=True))
    SearchDocument.objects.filter(pk__in=[key_of(row) for row in rows]).delete()
    sheets = SheetDraft.objects.filter(message_id__in=numbers).values_list("files", flat=True)
    _drop_begun(number for files in sheets for number in files)
    Message.objects.filter(answers_id__in=numbers).update(answers=None)
    Message.objects.filter(forwards_id__in=numbers).update(forwards=None)
    Message.objects.filter(pk__in=numbers).delete()
    change(held, due_at=clock.now(), claimed_until=None, attempts=0)


@verb
def remove_conversation(purge: Purge, *, by: Actor) -> None:
    """Afterwards a conversation of which no message is left is gone, with all that was merged into it.

    Also what agents had begun to write in it, and the files for that. Raises ClaimLost. Refused for
    people.
    """
    require(by.kind is ActorKind.SYSTEM)
    held = _hold(purge)
    family = family_of([held.pk])
    drafts = Draft.objects.filter(conversation_id__in=family).values_list("files", flat=True)
    beside = Q(conversation_id__in=family) | Q(side__conversation_id__in=family)
    sheets = SheetDraft.objects.filter(beside).values_list("files", flat=True)
    _drop_begun(number for files in (*drafts, *sheets) for number in files)
    Conversation.objects.filter(pk__in=family).update(merged_into=None)
    Conversation.objects.filter(pk__in=family).delete()


def _drop_begun(numbers: Iterable[int]) -> None:
    """The files of drafts that go, unless they were sent elsewhere."""
    for file in lock_many(Attachment, sorted(set(numbers))).values():
        if file.message_id is None:
            drop_uses([file.blob_id])
            remove(file)


def _hold(purge: Purge) -> Purge:
    """Conversation and purge, held in this order. Raises ClaimLost, also when another worker has finished."""
    lock_many(Conversation, [purge.pk])
    if not lock_many(Purge, [purge.pk]):
        raise due.ClaimLost
    return due.hold(purge)


def _keep_circle(held: Conversation, keys: Iterable[str]) -> None:
    """Remember to whom alone these mails were shown: an answer to one of them quotes it, long after it is gone."""
    wanted = sorted(keys)
    PurgedMail.objects.filter(brand_id=held.brand_id, key__in=wanted).delete()
    for key in wanted:
        add(PurgedMail(brand_id=held.brand_id, key=key, circle_id=held.circle_id))


def _remember(rows: Sequence[Message]) -> None:
    """The hashes by which copies of these mails are known; of ours also their Message-IDs."""
    wanted = {(row.brand_id, row.same_key) for row in rows if row.same_key}
    ours = (row for row in rows if Direction(row.direction) in MAILED and row.message_id)
    wanted |= {(row.brand_id, thread_key(row.message_id)) for row in ours}
    if not wanted:
        return
    known = PurgedMail.objects.filter(
        Q(brand_id__in={brand for brand, _ in wanted}), key__in={key for _, key in wanted}
    )
    for brand, key in sorted(wanted - set(known.values_list("brand_id", "key"))):
        add(PurgedMail(brand_id=brand, key=key))
