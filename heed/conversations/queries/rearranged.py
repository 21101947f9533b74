"""What may be merged, split and undone: reads for one who was let in to both conversations."""

from collections.abc import Sequence
from dataclasses import dataclass

from heed.conversations.models import (
    LISTED,
    Conversation,
    ConversationLink,
    Merge,
    Message,
    Participant,
    Split,
)
from heed.conversations.queries.access import Opened, visible_to

MESSAGES = 200  # offered for a split, and in a preview: the newest
OFFERED = 20


@dataclass(frozen=True, slots=True)
class Undoable:
    """What was done here and can be undone. Conversations that the reader may not see are left out."""

    merged_here: Sequence[Conversation]
    split_off: Conversation | None  # the conversation that this one was part of
    linked: Sequence[Conversation]


@dataclass(frozen=True, slots=True)
class Preview:
    """What two conversations are together."""

    messages: Sequence[Message]  # the newest, oldest first
    people: Sequence[Participant]  # who takes part afterwards
    newcomers: Sequence[Participant]  # of these, who was not in the conversation that stays


def mergeable(here: Opened) -> list[Conversation]:
    """The newest other conversations of the same customer and brand that the reader may see; one query."""
    if here.row.customer_id is None:
        return []
    rows = Conversation.objects.filter(visible_to(here.actor), LISTED, customer_id=here.row.customer_id)
    same = rows.filter(brand_id=here.row.brand_id).exclude(pk=here.row.pk)
    return list(same.order_by("-pk")[:OFFERED])


def undoable(here: Opened) -> Undoable:
    """Three queries."""
    merges = Merge.objects.filter(
        visible_to(here.actor, "source__"), target_id=here.row.pk, undone_at__isnull=True
    )
    split = Split.objects.filter(
        visible_to(here.actor, "origin__"), part_id=here.row.pk, undone_at__isnull=True
    )
    links = ConversationLink.objects.filter(visible_to(here.actor, "other__"), conversation_id=here.row.pk)
    found = split.select_related("origin").first()
    return Undoable(
        merged_here=[row.source for row in merges.select_related("source").order_by("-pk")[:OFFERED]],
        split_off=found.origin if found else None,
        linked=[row.other for row in links.select_related("other").order_by("-pk")[:OFFERED]],
    )


def messages_to_split(here: Opened) -> list[Message]:
    """The newest messages, oldest first; one query."""
    rows = here.row.messages.select_related("agent").defer("html", "quoted").order_by("-at", "-pk")[:MESSAGES]
    return list(rows)[::-1]


def preview(source: Opened, target: Opened) -> Preview:
    """What will stand in the target; three queries."""
    both = Message.objects.filter(conversation_id__in=[source.row.pk, target.row.pk])
    messages = both.select_related("agent").defer("html", "quoted").order_by("-at", "-pk")[:MESSAGES]
    there = list(target.row.participants.filter(left_at__isnull=True).order_by("pk"))
    known = {person.address for person in there}
    coming = source.row.participants.filter(left_at__isnull=True).exclude(address__in=known).order_by("pk")
    new = list(coming)
    return Preview(list(messages)[::-1], [*there, *new], new)
