"""The whole of what stands beside the list, for one conversation and one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django.utils import timezone

from heed.brands.queries import calendar_of
from heed.channels.email.address import PUBLIC_PROVIDERS
from heed.channels.email.mailboxes import key_of
from heed.conversations import queries
from heed.conversations.actions.state import is_listed
from heed.conversations.addressees import default_lines
from heed.conversations.models import Attachment, Conversation, Draft, Message
from heed.conversations.queries.remembering import remembered
from heed.conversations.recipients import company_domain
from heed.conversations.scope import right_to_write
from heed.delivery.queries import progress_of
from heed.kernel.permissions import Permission
from heed.kernel.steps import Steps, in_steps
from heed.kernel.words import SPOKEN, Automatic, BrandId, DeliveryState, Direction, Status
from heed.people.models import AddressStanding
from heed.people.policy import may_block
from heed.people.standing_queries import standings
from heed.triage.models import Suspicion
from heed.triage.queries import rule_names, suspicions
from heed.ui.contexts import Option, Person
from heed.web.conversation.away import quarantine_context, trash_context
from heed.web.conversation.composer import Posted, again, fresh_form, with_drafts
from heed.web.conversation.composer_contexts import ComposerContext, Elsewhere, Meanwhile
from heed.web.conversation.contexts import (
    ConversationContext,
    Due,
    ReadingContext,
    ReadOnly,
    SnoozeChoice,
    SpamChoice,
)
from heed.web.conversation.entries import Teller, entries
from heed.web.conversation.later import later_choices
from heed.web.conversation.panel import panel_context
from heed.web.conversation.remembered import remembered_context
from heed.web.conversation.senders import sender_options
from heed.web.conversation.sides import news_of
from heed.web.doors import Visit
from heed.web.inbox.rows import person_of, tone_of
from heed.web.nav import Place
from heed.web.typed import number, numbers

ELSEWHERE_CHARACTERS = 400  # of another brand's answer that are shown beside the form
MORNING, EVENING = time(9), time(18)


@in_steps
def reading_context(
    visit: Visit,
    place: Place,
    here: queries.Opened,
    *,
    at: str = "conversation",
    posted: Posted | None = None,
) -> Steps[ReadingContext]:
    """Conversation, composer and panel; at most four queries, one more for an answer that came back."""
    row = here.row
    last_event = queries.last_event.later(
        here
    )  # with the entries: what comes meanwhile is told again, not never
    panel, drafts = queries.panel.later(here), queries.drafts.later(visit.actor, row)
    newest, shown = queries.timeline.later(here), _shown.later(visit, here)
    memory = remembered.later(here)
    yield last_event, panel, drafts, newest, shown, memory
    said = newest.value.said
    is_there = visit.request.GET.get("message") in {str(message.pk) for message in said}
    told = newest.value if shown.value is None or is_there else shown.value
    may_write = _may_write(here)
    teller = _teller.later(visit, place, here, panel.value, told, posted)
    rest = queries.rest_of.later(visit.actor, row, newest.value)
    kept = {kind: draft for kind, draft in drafts.value.items() if here.may(right_to_write(kind))}
    begun = _begun.later(visit, here, panel.value, said, {} if posted else kept, posted)
    suspected = suspicions.later(visit.actor, [row] if row.quarantined_at is not None else [])
    yield teller, rest, suspected, *([begun] if may_write else [])
    writing = begun.value if may_write else None
    return ReadingContext(
        conversation=_conversation(visit, place, here, teller.value, told, rest.value, last_event.value),
        panel=panel_context(visit, here, panel.value, href=teller.value.href, place=place, said=said),
        remembered=remembered_context(visit, here, memory.value, href=teller.value.href),
        composer=_composer(here, teller.value, panel.value, said, writing, posted, last_event.value)
        if writing
        else None,
        read_only=None
        if writing
        else _read_only(visit, here, place, teller.value, suspected.value.get(row.pk)),
        at=at,
    )


def _may_write(here: queries.Opened) -> bool:
    """Whether there is a form: for an answer, a note, or both."""
    row = here.row
    is_at_rest = row.status == Status.CLOSED or row.merged_into_id is not None
    return (here.may_change or here.may(Permission.NOTE)) and not is_at_rest and is_listed(row)


@in_steps
def _shown(visit: Visit, here: queries.Opened) -> Steps[queries.Timeline | None]:
    """The part that the address asks for: entries before a place, from one on, or up to a message. None: the newest."""
    given = visit.request.GET
    before, since, message = given.get("before", ""), given.get("since", ""), number(given.get("message", ""))
    if before:
        part = queries.timeline.later(here, before=before)
    elif since:
        part = queries.part_since.later(here, since)
    elif message is not None:
        part = queries.part_to.later(here, message)
    else:
        return None
    yield [part]
    return part.value


@in_steps
def _teller(
    visit: Visit,
    place: Place,
    here: queries.Opened,
    panel: queries.Panel,
    told: queries.Timeline,
    posted: Posted | None,
) -> Steps[Teller]:
    progress, held = progress_of.later(here, told.said), queries.held_answers.later(here, told.said)
    rules = rule_names.later(visit.actor, [m.storm_rule for m in told.said if m.storm_rule is not None])
    yield progress, held, rules
    return Teller(
        visit=visit,
        conversation=here.row,
        href=f"{place.href}{here.row.pk}/",
        customer=person_of(here.row, panel.writer),
        told=told,
        progress=progress.value,
        sent_at={m.pk: m.at for m in told.said},
        people=panel.participants,
        may_change=here.may_change,
        held=held.value,
        storm_rules=rules.value,
        shown_images=frozenset(numbers(visit.request.GET.getlist("images"))),
        plain=frozenset(numbers(visit.request.GET.getlist("plain"))),
        unseen=_unseen(visit, here.row, posted),
        looked_at=None if posted or told.is_part else here.seen_at,
        mentions=told.mentions,
        sides=news_of(panel.sides),
    )


def _unseen(visit: Visit, row: Conversation, posted: Posted | None) -> frozenset[int]:
    """The messages for which an answer came back unsent; none when it came back for another reason."""
    if (
        posted is None
        or posted.seen is None
        or posted.errors
        or posted.step != "send"
        or posted.kind == "note"
    ):
        return frozenset()
    return frozenset(queries.said_since(visit.actor, row, posted.seen))


def _conversation(
    visit: Visit,
    place: Place,
    here: queries.Opened,
    teller: Teller,
    told: queries.Timeline,
    rest: queries.Rest | None,
    last_event: int,
) -> ConversationContext:
    row = here.row
    due = row.next_due_at if row.status == Status.OPEN and is_listed(row) else None
    has_answer = any(
        e.direction == Direction.OUT and e.agent_id and e.state != DeliveryState.HELD for e in told.said
    )
    return ConversationContext(
        number=row.pk,
        href=teller.href,
        list_href=place.href,
        view=place.view,
        subject=row.subject,
        customer=teller.customer,
        status=row.status,
        status_at=rest.at if rest else row.last_message_at,
        status_by=Person(name=rest.by, is_me=rest.agent == visit.agent.pk) if rest and rest.by else None,
        entries=entries(teller),
        last_event=last_event,
        lang=row.language,
        snoozed_until=row.snoozed_until,
        due=Due(at=due, is_first=not has_answer and not told.before, tone=tone_of(due)) if due else None,
        older_href=f"{teller.href}?{urlencode({'before': told.before})}" if told.before else "",
        older_count=told.older_messages,
        newer_href=f"{teller.href}?{urlencode({'since': told.since})}" if told.since else "",
        newest_href=teller.href if told.since else "",
        may_change=teller.may_change and row.quarantined_at is None and row.trashed_at is None,
        may_trash=here.may(Permission.DELETE) and is_listed(row),
        snooze_choices=snooze_choices(timezone.localtime().replace(second=0, microsecond=0)),
        gathered=row.gathered,
        spam=_spam(here, teller),
        sides=teller.sides,
    )


def snooze_choices(now: datetime) -> list[SnoozeChoice]:
    """Offered ends of a snooze, from a wall time of the reader; those that have passed are left out."""
    tomorrow, monday = now + timedelta(days=1), now + timedelta(days=7 - now.weekday())
    offered = (
        ("in_two_hours", now + timedelta(hours=2)),
        ("this_evening", _at(now, EVENING)),
        ("tomorrow", _at(tomorrow, MORNING)),
        ("next_week", _at(monday, MORNING)),
    )
    return [SnoozeChoice(code=code, until=until) for code, until in offered if until > now]


def _at(day: datetime, wall: time) -> datetime:
    return datetime.combine(day.date(), wall, tzinfo=day.tzinfo)


@dataclass(frozen=True, slots=True)
class _Begun:
    """What the form holds when it is opened or comes back, beside what the timeline and the panel tell."""

    lines: Mapping[str, Sequence[str]]
    standings: Mapping[str, AddressStanding]
    drafts: Mapping[str, Draft]
    files: Sequence[Attachment]
    senders: Sequence[Option]
    elsewhere: queries.AnswerElsewhere | None


@in_steps
def _begun(
    visit: Visit,
    here: queries.Opened,
    panel: queries.Panel,
    said: list[Message],
    drafts: Mapping[str, Draft],
    posted: Posted | None,
) -> Steps[_Begun]:
    row, reply = here.row, drafts.get(Direction.OUT)
    has_lines = posted is not None and posted.step != "rest"
    lines = posted.lines if posted and has_lines else default_lines(row, said, panel.participants)
    known = standings.later(visit.actor, [one for some in lines.values() for one in some])
    begun = [number for draft in drafts.values() for number in draft.files]
    kept = [*posted.kept, *posted.note_kept] if posted else begun
    files = queries.unsent_files.later(visit.actor, kept)
    senders = sender_options.later(row, chosen=posted.sender if posted else reply.sender if reply else "")
    elsewhere = queries.answered_elsewhere.later(here, panel.linked)
    yield known, files, senders, elsewhere
    return _Begun(lines, known.value, drafts, files.value, senders.value, elsewhere.value)


def _composer(
    here: queries.Opened,
    teller: Teller,
    panel: queries.Panel,
    said: list[Message],
    begun: _Begun,
    posted: Posted | None,
    last_event: int,
) -> ComposerContext:
    form = fresh_form(
        here.row,
        href=teller.href,
        customer=teller.customer,
        people=teller.people,
        said=said,
        lines=begun.lines,
        standings=begun.standings,
        seen=posted.seen if posted and posted.seen is not None and posted.step == "again" else last_event,
        company=company_domain(identity.value for identity in panel.identities),
    )
    form = replace(
        form,
        elsewhere=_elsewhere(begun.elsewhere, teller),
        later_choices=later_choices(timezone.localtime(), calendar_of(here.row.brand)),
        senders=begun.senders,
    )
    form = replace(
        form,
        kind="reply" if here.may_change else "note",
        may_reply=here.may_change,
        may_note=here.may(Permission.NOTE),
    )
    if posted is None:
        form = with_drafts(form, begun.drafts, begun.files)
        return replace(form, meanwhile=_since_draft(said, begun.drafts.get(Direction.OUT), teller))
    return again(form, posted, files=begun.files, meanwhile=meanwhile_of(said, teller))


def _elsewhere(found: queries.AnswerElsewhere | None, teller: Teller) -> Elsewhere | None:
    if found is None:
        return None
    message = found.message
    by = teller.agent(message.agent_id, message.agent.name if message.agent else "")
    return Elsewhere(
        by=by or Person(name=message.brand.name),
        at=message.at,
        brand=message.brand.name,
        number=message.conversation_id,
        href=f"/conversations/{message.conversation_id}/",
        text=message.text[:ELSEWHERE_CHARACTERS],
        event=found.event,
    )


def meanwhile_of(said: list[Message], teller: Teller) -> Meanwhile | None:
    """Who wrote last of those that the writer has not seen."""
    return _newest_of([message for message in said if message.pk in teller.unseen], teller)


def _since_draft(said: list[Message], draft: Draft | None, teller: Teller) -> Meanwhile | None:
    """Who wrote last since the answer was begun that is in the form again: after a reload, on another device."""
    if draft is None or not draft.text.strip():
        return None
    spoken = [m for m in said if m.direction in SPOKEN and m.automatic == Automatic.NO]
    me = teller.visit.agent.pk
    return _newest_of(
        [
            m
            for m in spoken
            if m.received_at > draft.saved_at and m.agent_id != me and m.state != DeliveryState.HELD
        ],
        teller,
    )


def _newest_of(unseen: list[Message], teller: Teller) -> Meanwhile | None:
    if not unseen:
        return None
    newest = unseen[-1]
    by = teller.agent(newest.agent_id, newest.agent.name if newest.agent else "")
    customer = Person(name=newest.from_name or newest.from_address or f"#{newest.conversation_id}")
    return Meanwhile(by=by or customer, at=newest.at, is_customer=by is None)


def _spam(here: queries.Opened, teller: Teller) -> SpamChoice | None:
    """Whom marking it as spam may block: who wrote last, and their domain where it is not very many people's."""
    if not here.may(Permission.SPAM) or not is_listed(here.row):
        return None
    if not may_block(here.actor, BrandId(here.row.brand_id)):
        return SpamChoice()
    wrote = [m for m in teller.told.said if m.direction == Direction.IN and m.agent_id is None]
    address = key_of(wrote[-1].from_address) if wrote and wrote[-1].from_address else ""
    domain = address.rpartition("@")[2]
    return SpamChoice(address=address, domain="" if domain in PUBLIC_PROVIDERS else domain)


def _read_only(
    visit: Visit, here: queries.Opened, place: Place, teller: Teller, suspicion: Suspicion | None
) -> ReadOnly:
    row, customer, may_write = here.row, teller.customer, here.may_change
    if row.merged_into_id is not None:
        return ReadOnly(
            reason="merged",
            number=row.merged_into_id,
            href=f"{place.href}{row.merged_into_id}/",
            undo_href=f"{place.href}{row.pk}/merge/" if here.may(Permission.MERGE) else "",
        )
    if row.quarantined_at is not None:
        return quarantine_context(visit, here, suspicion, href=teller.href)
    if row.trashed_at is not None:
        return trash_context(visit, here, href=teller.href)
    if row.status == Status.CLOSED and may_write:
        query = urlencode({"to": customer.address}) if customer and customer.address else ""
        return ReadOnly(reason="closed", href=f"/new/?{query}")
    return ReadOnly(reason="closed" if row.status == Status.CLOSED else "viewer")
