"""Reads of the tags of a brand, for those who set them up."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from heed.brands.models import Brand
from heed.conversations.models import ConversationTag, Tag
from heed.conversations.queries.access import visible_to
from heed.conversations.queries.lists import Page
from heed.kernel.errors import NotFound, Unusable
from heed.people.policy import Actor, may_set_up

PAGE = 50


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag, and how many conversations carry it, of those that the reader may see."""

    tag: Tag
    count: int


def tags_of_brand(
    actor: Actor, brand: Brand, *, archived: bool, after: str = "", limit: int = PAGE
) -> Page[TagCount]:
    """The tags of a brand by name, those that are offered or the archived ones; a page of them in two queries.

    Raises NotFound for others than those who set tags up, Unusable for an `after` we never gave.
    """
    if not may_set_up(actor):
        raise NotFound
    if len(after) > 60:
        raise Unusable("after", "malformed")
    rows = Tag.objects.filter(brand=brand, archived_at__isnull=not archived).select_related("merged_into")
    found = list((rows.filter(name__gt=after) if after else rows).order_by("name")[: limit + 1])
    page = found[:limit]
    counts = _counts(actor, page)
    counted = [TagCount(tag, counts.get(tag.pk, 0)) for tag in page]
    return Page(counted, page[-1].name if len(found) > limit else "")


def tag_of_number(actor: Actor, number: int) -> TagCount:
    """One tag. Raises NotFound, also for others than those who set tags up. Two queries."""
    found = None
    if may_set_up(actor) and number < 1 << 63:
        found = Tag.objects.filter(pk=number).select_related("brand", "merged_into").first()
    if found is None:
        raise NotFound
    return TagCount(found, _counts(actor, [found]).get(found.pk, 0))


def offered_tags(actor: Actor, brand: int, *, limit: int) -> list[Tag]:
    """The tags of a brand into which another can be merged, by name; one query."""
    if not may_set_up(actor):
        raise NotFound
    return list(Tag.objects.filter(brand_id=brand, archived_at=None).order_by("name")[:limit])


def carrying_both(actor: Actor, tag: Tag, other: Tag) -> int:
    """How many conversations that the actor may see carry both; one query."""
    also = ConversationTag.objects.filter(tag=other).values("conversation_id")
    rows = ConversationTag.objects.filter(visible_to(actor, "conversation__"), tag=tag)
    return rows.filter(conversation_id__in=also).count()


def _counts(actor: Actor, tags: Iterable[Tag]) -> dict[int, int]:
    rows = ConversationTag.objects.filter(
        visible_to(actor, "conversation__") & Q(tag_id__in=[tag.pk for tag in tags])
    )
    return dict(rows.order_by().values_list("tag").annotate(Count("pk")))
