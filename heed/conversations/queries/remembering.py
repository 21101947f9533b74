"""What is remembered of a customer, beside each of their conversations: what was tried, and notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from heed.conversations.models import Conversation, TriedStep
from heed.conversations.queries.access import Opened, seen_by
from heed.people.models import CustomerNote
from heed.people.policy import sight

SHOWN: Final = 40  # together; what was tried first, each newest first
TRIED, NOTE = "tried", "note"
COLUMNS = ("id", "sort", "said", "went", "when", "who", "name", "number")


@dataclass(frozen=True, slots=True)
class Memory:
    """Something tried, with how it went, in a conversation; or a note."""

    id: int
    sort: str  # TRIED, NOTE
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


def remembered(here: Opened) -> Remembered:
    """What was tried with the customer of a conversation, or in it alone, and notes about them; one query."""
    rows = _tried(here)
    if here.row.customer_id is not None:
        rows = rows.union(_notes(here, here.row.customer_id), all=True)
    found = [
        Memory(pk, sort, said, went, when, who, name, number)
        for pk, sort, said, went, when, who, name, number in rows.order_by("-sort", "-when", "-id")[:SHOWN]
    ]
    return Remembered([one for one in found if one.sort == TRIED], [one for one in found if one.sort == NOTE])


def _tried(here: Opened) -> "QuerySet[Any, Any]":
    customer = here.row.customer_id
    theirs = Q(conversation__customer_id=customer) if customer is not None else Q(conversation=here.row)
    rows = TriedStep.objects.filter(theirs, seen_by(sight(here.actor), "conversation__"))
    return rows.annotate(
        sort=_text(TRIED),
        said=Cast("what", TextField()),
        went=Cast("outcome", TextField()),
        when=F("at"),
        who=F("agent_id"),
        name=F("agent__name"),
        number=F("conversation_id"),
    ).values_list(*COLUMNS)


def _notes(here: Opened, customer: int) -> "QuerySet[Any, Any]":
    """Notes of the brands in which the reader may open a conversation of the customer."""
    theirs = Conversation.objects.filter(
        seen_by(sight(here.actor)), customer_id=customer, brand_id=OuterRef("brand_id")
    )
    rows = CustomerNote.objects.filter(Exists(theirs), customer_id=customer)
    return rows.annotate(
        sort=_text(NOTE),
        said=F("text"),
        went=_text(""),
        when=F("written_at"),
        who=F("author_id"),
        name=F("author__name"),
        number=Value(here.row.pk, output_field=BigIntegerField()),
    ).values_list(*COLUMNS)


def _text(value: str) -> Cast:
    return Cast(Value(value), TextField())
