"""What is remembered of a customer beside a conversation: what was tried, notes, how they want to be answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.conversations.models import TriedStep
from heed.conversations.queries import Opened
from heed.conversations.queries.remembering import Remembered
from heed.kernel.customer_words import Outcome
from heed.people.models import Customer
from heed.people.policy import may_change_customers
from heed.ui.contexts import Person
from heed.web.doors import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedRow:
    """What was tried. outcome: heed.kernel.words.Outcome."""

    id: int
    what: str
    outcome: str
    by: Person
    at: datetime
    number: int  # of the conversation
    href: str = ""  # of the conversation, where it is another one
    may_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """The beginning of a note about the customer."""

    author: Person
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedContext:
    """conversation/_remembered.html beside the conversation, conversation/_tried.html above the composer."""

    href: str  # of the conversation; POST tried/ below it (what, outcome; or step and outcome; or withdraw)
    tried: Sequence[TriedRow] = ()
    notes: Sequence[NoteLine] = ()
    more_notes: int = 0
    customer_href: str = ""
    addressed_as: str = ""
    preferred_channel: str = ""
    wants_no_automatic_mail: bool = False
    outcomes: Sequence[str] = tuple(Outcome)
    may_change: bool = False
    may_write_notes: bool = False


NOTES = 3  # shown beside a conversation


def remembered_context(visit: Visit, here: Opened, found: Remembered, *, href: str) -> RememberedContext:
    """What is remembered; no query of its own."""
    customer = here.row.customer
    likes = customer or Customer()
    return RememberedContext(
        href=href,
        tried=[
            TriedRow(
                id=one.id,
                what=one.text,
                outcome=one.outcome,
                by=_person(visit, one.agent, one.agent_name),
                at=one.at,
                number=one.conversation,
                href="" if one.conversation == here.row.pk else f"/conversations/{one.conversation}/",
                may_change=here.may_change and one.conversation == here.row.pk,
            )
            for one in found.tried
        ],
        notes=[
            NoteLine(author=_person(visit, one.agent, one.agent_name), text=one.text, at=one.at)
            for one in found.notes[:NOTES]
        ],
        more_notes=max(0, len(found.notes) - NOTES),
        customer_href=f"/customers/{customer.pk}/" if customer else "",
        addressed_as=likes.addressed_as,
        preferred_channel=likes.preferred_channel,
        wants_no_automatic_mail=likes.wants_no_automatic_mail,
        may_change=here.may_change,
        may_write_notes=may_change_customers(here.actor),
    )


def tried_rows(visit: Visit, steps: Sequence[TriedStep]) -> list[TriedRow]:
    """Steps as the page of a customer shows them; each leads to its conversation."""
    return [
        TriedRow(
            id=step.pk,
            what=step.what,
            outcome=step.outcome,
            by=_person(visit, step.agent_id, step.agent.name),
            at=step.at,
            number=step.conversation_id,
            href=f"/conversations/{step.conversation_id}/",
        )
        for step in steps
    ]


def _person(visit: Visit, agent: int, name: str) -> Person:
    return Person(name=name, is_me=agent == visit.agent.pk)
