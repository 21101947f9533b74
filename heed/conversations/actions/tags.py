"""Verbs about the tags of a brand: called otherwise, put together, offered no more. What carries one keeps it."""

from typing import Final

from heed.brands.models import Brand
from heed.conversations.actions.labels import tag_name
from heed.conversations.models import Conversation, ConversationTag, Tag
from heed.eventlog.kinds import TagChanged
from heed.eventlog.unit import add, change, current, lock, lock_many, record, remove, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, Unusable, require
from heed.kernel.words import BrandId, TagId, TagPart
from heed.people.actions import AlreadyThere
from heed.people.policy import Actor, may_set_up

MOST_MERGED: Final = 20_000  # conversations that change in one transaction


class TagMerged(NotAllowedNow):
    """Another tag stands for this one since they were merged."""

    code = "tag_merged"


@verb
def rename_tag(tag: Tag, *, name: str, by: Actor) -> Tag:
    """Afterwards the tag is called so wherever it stands. Records tag.changed.

    Raises Refused, TagMerged, Unusable, and AlreadyThere for a name that the brand has: those two can be merged.
    """
    held = _held(tag, by)
    tidy = tag_name(name)
    if held.name == tidy:
        return held
    if Tag.objects.filter(brand_id=held.brand_id, name=tidy).exists():
        raise AlreadyThere
    change(held, name=tidy)
    return _told(held, TagPart.NAME)


@verb
def merge_tag(tag: Tag, *, into: Tag, by: Actor) -> Tag:
    """Afterwards what carried the tag carries `into`, each once; whoever types its name means `into` from now on.

    Records tag.changed. Nothing happens when it is so already. Raises Refused, TagMerged for one that was merged into
    another, Unusable (into: itself, of another brand, offered no more; tag: too_many for more than MOST_MERGED).
    """
    require(may_set_up(by))
    lock(Brand(pk=tag.brand_id))  # nobody makes or merges tags of the brand meanwhile
    held, target = lock(tag), lock(into) if into.pk != tag.pk else tag
    if held.merged_into_id == target.pk:
        return target
    if held.merged_into_id is not None:
        raise TagMerged
    if target.pk == held.pk or target.brand_id != held.brand_id or target.archived_at is not None:
        raise Unusable("into", "unknown_choice")
    _carry(held, target)
    change(held, archived_at=held.archived_at or clock.now(), merged_into=target)
    for row in Tag.objects.filter(merged_into=held):
        change(row, merged_into=target)
    _told(held, TagPart.MERGED)
    return target


def _carry(tag: Tag, into: Tag) -> None:
    """Let all that carries a tag carry another one in its place."""
    numbers = list(ConversationTag.objects.filter(tag=tag).values_list("conversation_id", flat=True))
    if len(numbers) > MOST_MERGED:
        raise Unusable("tag", "too_many")
    lock_many(Conversation, sorted(numbers))  # who tags one of them waits
    there = set(ConversationTag.objects.filter(tag=into).values_list("conversation_id", flat=True))
    current().expect(len(numbers), ConversationTag)
    for row in ConversationTag.objects.filter(tag=tag, conversation_id__in=numbers):
        remove(row)
        if row.conversation_id not in there:
            add(ConversationTag(conversation_id=row.conversation_id, tag=into))


@verb
def archive_tag(tag: Tag, *, by: Actor) -> Tag:
    """Afterwards the tag is offered no more and put on nothing; what carries it keeps it. Records tag.changed.

    Raises Refused, TagMerged.
    """
    held = _held(tag, by)
    if held.archived_at is None:
        change(held, archived_at=clock.now())
        _told(held, TagPart.ARCHIVED)
    return held


@verb
def restore_tag(tag: Tag, *, by: Actor) -> Tag:
    """Afterwards the tag is offered again. Records tag.changed. Raises Refused, TagMerged."""
    held = _held(tag, by)
    if held.archived_at is not None:
        change(held, archived_at=None)
        _told(held, TagPart.RESTORED)
    return held


def _held(tag: Tag, by: Actor) -> Tag:
    require(may_set_up(by))
    lock(Brand(pk=tag.brand_id))
    held = lock(tag)
    if held.merged_into_id is not None:
        raise TagMerged
    return held


def _told(tag: Tag, part: TagPart) -> Tag:
    record(TagChanged(tag=TagId(tag.pk), brand=BrandId(tag.brand_id), part=part))
    return tag
