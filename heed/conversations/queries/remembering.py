"""What is remembered of a customer, beside each of their conversations: what was tried, and notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from heed.conversations.models import Conversation, TriedStep
from heed.conversations.queries.access import Opened, seen_by
from heed.kernel.prepared import Limit, prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.people.models import CustomerNote
from heed.people.policy import Sight, sight

SHOWN: Final = 40  # together; what was tried first, each newest first
TRIED, NOTE = "tried", "note"
MOST: Final = Limit(SHOWN)


@dataclass(frozen=True, slots=True)
class Memory:
    """Something tried, with how it went, in a conversation; or a note."""

    sort: str  # TRIED, NOTE
    id: int
    text: str
    outcome: str
    at: datetime
    agent: int
    agent_name: str
    conversation: int


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is remembered, newest first, as far as the reader may see it."""

    tried: Sequence[Memory] = ()
    notes: Sequence[Memory] = ()


@in_steps
def remembered(here: Opened) -> Steps[Remembered]:
    """What was tried with the customer of a conversation, or in it alone, and notes about them."""
    view, customer, number = sight(here.actor), here.row.customer_id, here.row.pk
    if customer is None:
        tried = asked(_tried_here, view=view, conversation=number, most=MOST)
        yield [tried]
        return Remembered([Memory(TRIED, *row) for row in tried.value])
    tried = asked(_tried_with, view=view, customer=customer, most=MOST)
    notes = asked(_notes, view=view, customer=customer, most=MOST)
    yield tried, notes
    steps = [Memory(TRIED, *row) for row in tried.value]
    return Remembered(
        steps,
        [
            Memory(NOTE, pk, text, "", at, agent, name, number)
            for pk, text, at, agent, name in notes.value[: SHOWN - len(steps)]
        ],
    )


@prepared
def _tried_with(*, view: Sight, customer: int, most: Limit) -> "QuerySet[Any, Any]":
    return _tried(view, Q(conversation__customer_id=customer), most)


@prepared
def _tried_here(*, view: Sight, conversation: int, most: Limit) -> "QuerySet[Any, Any]":
    return _tried(view, Q(conversation_id=conversation), most)


def _tried(view: Sight, wanted: Q, most: Limit) -> "QuerySet[Any, Any]":
    rows = TriedStep.objects.filter(wanted, seen_by(view, "conversation__")).order_by("-at", "-pk")
    return rows.values_list("id", "what", "outcome", "at", "agent_id", "agent__name", "conversation_id")[
        :most
    ]


@prepared
def _notes(*, view: Sight, customer: int, most: Limit) -> "QuerySet[Any, Any]":
    """Notes of the brands in which the reader may open a conversation of the customer."""
    theirs = Conversation.objects.filter(seen_by(view), customer_id=customer, brand_id=OuterRef("brand_id"))
    rows = CustomerNote.objects.filter(Exists(theirs), customer_id=customer).order_by("-written_at", "-pk")
    return rows.values_list("id", "text", "written_at", "author_id", "author__name")[:most]
