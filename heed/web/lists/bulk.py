"""Many conversations at once: what can be done to those that are picked, doing it in steps, and the way back."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone

from heed.brands.models import Brand
from heed.brands.topics import VALUE_CHARACTERS
from heed.conversations.filters import Field
from heed.kernel.config import config
from heed.kernel.errors import Unusable, require
from heed.kernel.words import AgentId, Priority
from heed.lists.actions.bulk import begin_bulk, step_bulk, undo_bulk
from heed.lists.codes import BulkKind, PartState
from heed.lists.deeds import WAYS, Deed
from heed.lists.models import BulkChange
from heed.lists.offers import fields_near, suggestions, takers_near, topics_near
from heed.lists.queries import Progress, bulk_of, named_value, progress_of
from heed.people.policy import may_change_many, may_change_what_is_seen, right_to_assign
from heed.ui.contexts import Option
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.conversation.later import instant
from heed.web.conversation.reading import snooze_choices
from heed.web.doors import Visit, agents_only
from heed.web.inbox.contexts import InboxPage
from heed.web.inbox.views import list_context, numbers_in
from heed.web.lists.contexts import (
    BulkChoices,
    BulkPage,
    BulkSaid,
    ChoicesFragment,
    LeftRow,
    SaidFragment,
    SnoozeOption,
)
from heed.web.nav import Place, Room, nav_context
from heed.web.typed import numbers

INBOX, PAGE, SAID = "inbox/page.html", "lists/bulk.html", "lists/_bulk_said.html"
CHOICES = "lists/_bulk_choices.html"
FIELDS: Final = {
    BulkKind.ASSIGN: "assignee",
    BulkKind.TEAM: "team",
    BulkKind.PRIORITY: "priority",
    BulkKind.SNOOZE: "until_at",
    BulkKind.TOPIC: "topic",
    BulkKind.TAG: "tag",
    BulkKind.UNTAG: "tag",
}
"""Where the form says what to, if the button does not."""


@agents_only("GET", "POST")
def bulk(visit: Visit, place: Place) -> HttpResponse:
    """What can be done to those that are picked; posted, it is begun, and the first step done."""
    require(may_change_many(visit.actor))
    if visit.request.method == "POST":
        return _begin(visit, place)
    choices = _choices(visit, place)
    if wants_fragment(visit.request):
        return page_or_fragment(visit.request, INBOX, CHOICES, ChoicesFragment(bulk=choices))
    room = Room.of(visit)
    shown = list_context(visit, room, place)
    picked = set(numbers(visit.request.GET.getlist("number")))
    rows = [replace(row, is_picked=row.number in picked) for row in shown.rows]
    nav = nav_context(visit, room, here=place.href, place=place)
    page = InboxPage(nav=nav, list=replace(shown, rows=rows, bulk=choices))
    return page_or_fragment(visit.request, INBOX, CHOICES, page)


def _choices(visit: Visit, place: Place) -> BulkChoices:
    now = timezone.localtime().replace(second=0, microsecond=0)
    return BulkChoices(
        action=f"{place.href}bulk/",
        key=secrets.token_urlsafe(16),
        me=visit.agent.pk,
        kinds=frozenset(
            kind for kind, way in WAYS.items() if may_change_what_is_seen(visit.actor, way.right)
        ),
        may_take=may_change_what_is_seen(visit.actor, right_to_assign(visit.actor, AgentId(visit.agent.pk))),
        agents=[Option(value=str(one.id), label=one.name) for one in takers_near(visit.actor)],
        teams=[Option(value=str(team.id), label=f"{team.name}, {team.brand_name}") for team in visit.teams],
        tags=suggestions(visit.actor, Field.TAG),
        topics=[
            Option(value=str(one.topic.pk), label=_in_brand(visit, " / ".join(one.names), one.topic.brand))
            for one in topics_near(visit.actor)
        ],
        fields=[
            Option(value=str(one.pk), label=_in_brand(visit, one.name, one.brand))
            for one in fields_near(visit.actor)
        ],
        priorities=list(reversed(Priority)),
        snoozes=[SnoozeOption(code=one.code, until=one.until) for one in snooze_choices(now)],
    )


def _in_brand(visit: Visit, name: str, brand: Brand) -> str:
    """A name, with its brand where the reader sees several."""
    return name if len({team.brand_name for team in visit.teams}) < 2 else f"{name}, {brand.name}"


def _begin(visit: Visit, place: Place) -> HttpResponse:
    post = visit.request.POST
    picked = numbers([*post.getlist("number"), *post.get("numbers", "").split(",")])
    if post.get("whole"):
        picked = numbers_in(visit, Room.of(visit), place, limit=config.bulk_most)
    try:
        deed = _deed(visit, picked)
        begun = begin_bulk(picked, deed=deed, key=post.get("key", ""), by=visit.actor)
    except Unusable as error:
        said = BulkSaid(state="refused", field=error.field, reason=error.reason, limit=config.bulk_most)
        return _say(visit, said, back=place, status=422)
    if begun.undone_at is None:
        step_bulk(begun, by=visit.actor)
    if wants_fragment(visit.request):
        return _say(visit, said_of(visit, begun.pk), back=place)
    return HttpResponseRedirect(f"/bulk/{begun.pk}/", status=303)


def _deed(visit: Visit, picked: list[int]) -> Deed:
    """What the button that was pressed does, to what the form says. Raises Unusable."""
    post = visit.request.POST
    name, colon, value = post.get("do", "").partition(":")
    if name not in set(BulkKind):
        raise Unusable("do", "unknown")
    kind = BulkKind(name)
    if not colon:
        value = post.get(FIELDS[kind], "") if kind in FIELDS else ""
    if kind is BulkKind.SNOOZE:
        value = instant(value).isoformat()
    if kind is BulkKind.FIELD:
        value = f"{post.get('field', '')}={post.get('noted', '')[:VALUE_CHARACTERS]}"
    if kind is BulkKind.MERGE:
        if len(picked) < 2:
            raise Unusable("into", "missing")
        value = str(min(picked))
    if kind in (BulkKind.TAG, BulkKind.UNTAG):
        value = " ".join(value.split()).lower()
    return Deed(kind, value)


@agents_only("GET")
def show(visit: Visit, number: int) -> HttpResponse:
    """What became of a bulk change, as a page."""
    return _say(visit, said_of(visit, number), back=Place("my_turn"))


@agents_only("POST")
def step(visit: Visit, number: int) -> HttpResponse:
    """Do the next ones."""
    return _go_on(visit, number, lambda held: step_bulk(held, by=visit.actor))


@agents_only("POST")
def undo(visit: Visit, number: int) -> HttpResponse:
    """Put back the next ones."""
    return _go_on(visit, number, lambda held: undo_bulk(held, by=visit.actor))


def _go_on(visit: Visit, number: int, act: Callable[[BulkChange], int]) -> HttpResponse:
    act(bulk_of(visit.actor, number))
    if wants_fragment(visit.request):
        return _say(visit, said_of(visit, number), back=Place("my_turn"))
    return HttpResponseRedirect(f"/bulk/{number}/", status=303)


def _say(visit: Visit, said: BulkSaid, *, back: Place, status: int = 200) -> HttpResponse:
    if wants_fragment(visit.request):
        return page_or_fragment(visit.request, PAGE, SAID, SaidFragment(said=said), status=status)
    nav = nav_context(visit, Room.of(visit), here=back.href)
    page = BulkPage(nav=nav, said=said, back_href=back.href)
    return page_or_fragment(visit.request, PAGE, SAID, page, status=status)


def said_of(visit: Visit, number: int) -> BulkSaid:
    """How far a bulk change is, in the facts that the template words. Raises NotFound."""
    progress = progress_of(visit.actor, number)
    held = progress.bulk
    total = sum(progress.numbers.values())
    waiting, done = progress.count(PartState.WAITING), progress.count(PartState.DONE)
    undone, kept = progress.count(PartState.UNDONE), progress.count(PartState.KEPT)
    state = _state(progress)
    kind = BulkKind(held.kind)
    return BulkSaid(
        state=state,
        number=held.pk,
        kind=kind,
        value=named_value(held),
        until=datetime.fromisoformat(held.value) if kind is BulkKind.SNOOZE else None,
        total=total if state == "going" else done + undone + kept,
        finished=total - waiting if state == "going" else undone + kept,
        done=done,
        same=progress.count(PartState.SAME),
        left=progress.count(PartState.LEFT),
        undone=undone,
        kept=kept,
        rows=[
            LeftRow(
                number=part.conversation_id,
                href=f"/conversations/{part.conversation_id}/",
                subject=part.conversation.subject,
                reason=part.reason,
            )
            for part in progress.left
        ],
        can_undo=progress.can_be_undone,
        page_href=f"/bulk/{held.pk}/",
        step_href=f"/bulk/{held.pk}/step/",
        undo_href=f"/bulk/{held.pk}/undo/",
    )


def _state(progress: Progress) -> str:
    if progress.bulk.undone_at is not None:
        return "undoing" if progress.count(PartState.DONE) else "undone"
    return "going" if progress.count(PartState.WAITING) else "done"
