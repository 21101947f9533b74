"""From conversations to rows of a list: who, what, since when, and why it is here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from heed.conversations import queries
from heed.conversations.models import Conversation
from heed.conversations.queries.conditions import Reader
from heed.kernel import clock
from heed.kernel.steps import Steps, in_steps
from heed.kernel.words import ParkReason, Status
from heed.lists.codes import RowFact
from heed.lists.queries import tags_of
from heed.ui.contexts import Person, Tone, Why
from heed.web.doors import Visit
from heed.web.inbox.contexts import RowContext, RowFactContext
from heed.web.nav import Place
from heed.web.refusals import reason_of

SOON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """What rows need beyond their conversations."""

    marks: queries.Marks
    writers: Mapping[int, queries.Writer]
    rests: Mapping[int, queries.Rest]
    reasons: queries.Reasons
    shown: Sequence[RowFact] = ()
    tags: Mapping[int, Sequence[str]] = field(default_factory=dict)


def reader_of(visit: Visit) -> Reader:
    """Who looks, in their own zone."""
    return Reader(visit.actor, timezone.get_current_timezone())


@in_steps
def row_contexts(
    visit: Visit,
    rows: Sequence[Conversation],
    *,
    place: Place,
    current: int | None = None,
    shown: Sequence[RowFact] = (),
) -> Steps[list[RowContext]]:
    """The rows of a list, in their order; at most two queries."""
    marks, writers = queries.marks.later(visit.actor, rows), queries.writers.later(visit.actor, rows)
    rests, reasons = queries.rests.later(visit.actor, rows), queries.reasons.later(visit.actor, rows)
    tags = tags_of.later(visit.actor, rows if RowFact.TAGS in shown else [])
    yield marks, writers, rests, reasons, tags
    facts = Facts(marks.value, writers.value, rests.value, reasons.value, shown, tags.value)
    return [_row(visit, row, facts, place, current) for row in rows]


def _row(visit: Visit, row: Conversation, facts: Facts, place: Place, current: int | None) -> RowContext:
    assignee = row.assignee.name if row.assignee else ""
    return RowContext(
        number=row.pk,
        href=f"{place.href}{row.pk}/",
        customer=person_of(row, facts.writers.get(row.pk)),
        subject=row.subject,
        subject_lang=row.language,
        at=row.last_message_at,
        why=_why(visit, row, facts),
        brand=assignee if place.view == "all_open" else row.brand.name,
        priority=row.priority,
        mails=row.gathered,
        is_unread=row.pk != current and facts.marks.is_unread(row),
        is_current=row.pk == current,
        aside={True: "answered", False: "not_sent", None: ""}[facts.reasons.aside.get(row.pk)],
        facts=tuple(_facts(row, facts)),
    )


def _facts(row: Conversation, facts: Facts) -> Iterable[RowFactContext]:
    """What the view tells of a row, in its order; what a row does not have is left out."""
    texts = {
        RowFact.BRAND: row.brand.name,
        RowFact.TEAM: row.team.name if RowFact.TEAM in facts.shown and row.team else "",
        RowFact.ASSIGNEE: row.assignee.name if row.assignee else "",
        RowFact.INBOX: row.inbox.name if RowFact.INBOX in facts.shown else "",
        RowFact.STATUS: row.status,
        RowFact.PRIORITY: row.priority,
        RowFact.TAGS: ", ".join(facts.tags.get(row.pk, ())),
        RowFact.NUMBER: f"#{row.pk}",
    }
    for fact in facts.shown:
        at = row.opened_at if fact is RowFact.OPENED else None
        if at is not None or texts[fact]:
            yield RowFactContext(kind=fact, text="" if at else texts[fact], at=at)


def person_of(row: Conversation, writer: queries.Writer | None) -> Person:
    """Who a conversation is with: the customer, else whoever wrote first, else its own number."""
    address = writer.address if writer else ""
    name = (
        (row.customer.name if row.customer else "")
        or (writer.name if writer else "")
        or address
        or f"#{row.pk}"
    )
    return Person(name=name, address=address, lang=row.customer.language if row.customer else "")


def _why(visit: Visit, row: Conversation, facts: Facts) -> Why:
    if row.trouble and row.status == Status.OPEN:
        said = facts.reasons.troubles.get(row.pk, "")
        given_up = row.trouble == ParkReason.EXHAUSTED
        reason = "bounced" if row.trouble == "bounced" else reason_of(said, is_given_up=given_up)
        return Why(code="not_sent", tone="failed", reason=reason)
    if row.status == Status.SNOOZED:
        return Why(code="snoozed_until", at=row.snoozed_until)
    if row.status == Status.WAITING:
        return Why(code="waiting_since", at=row.last_message_at)
    if row.status in (Status.SOLVED, Status.CLOSED):
        rest = facts.rests.get(row.pk)
        by = Person(name=rest.by, is_me=rest.agent == visit.agent.pk) if rest and rest.by else None
        reason = "silence" if row.status == Status.CLOSED and by is None else ""
        return Why(code=row.status, at=rest.at if rest else row.last_message_at, by=by, reason=reason)
    return _why_open(row, facts.reasons)


def _why_open(row: Conversation, reasons: queries.Reasons) -> Why:
    """What is late or soon first; then whatever else makes it this reader's turn."""
    tone = "" if row.next_due_at is None else tone_of(row.next_due_at)
    if row.pk in reasons.woke:
        return Why(code="back_from_snooze", at=reasons.woke[row.pk])
    if not tone and row.pk in reasons.asks:
        return Why(code="asks_you", by=Person(name=reasons.asks[row.pk]))
    if not tone and row.pk in reasons.drafts:
        return Why(code="draft", at=reasons.drafts[row.pk])
    code = "open" if row.next_due_at is None else "reply_overdue" if tone == "over" else "reply_due"
    is_first = row.next_due_at is not None and row.pk not in reasons.answered
    giver = reasons.given.get(row.pk, "")
    why, whose = reasons.returned.get(row.pk, ("", ""))
    return Why(
        code=f"first_{code}" if is_first else code,
        tone=tone,
        at=row.next_due_at,
        mails=reasons.mails.get(row.pk, 0),
        assigned_by=Person(name=giver) if giver else None,
        is_roused=row.pk in reasons.roused,
        absence=why,
        left_by=Person(name=whose) if whose else None,
    )


def tone_of(due_at: datetime) -> Tone:
    """How a due time is coloured: over when past, due in its last hour."""
    now = clock.now()
    if due_at <= now:
        return "over"
    return "due" if due_at - now < SOON else ""
