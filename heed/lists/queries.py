"""Reads of views: whose they are, what they show page by page, how long they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from heed.brands.models import CustomField, Topic
from heed.conversations.filters import DATES, TEXTS, Filter, read
from heed.conversations.models import Conversation, ConversationTag
from heed.conversations.queries import Page, visible_to
from heed.conversations.queries.chosen import chosen
from heed.conversations.queries.conditions import Reader
from heed.conversations.queries.lists import PAGE, SHOWN
from heed.conversations.sql import Place
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Unusable
from heed.kernel.prepared import Limit, prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import AgentId, Priority, TeamId
from heed.lists.codes import BulkKind, PartState, RowFact, ViewOrder
from heed.lists.models import KEPT, BulkChange, BulkPart, View
from heed.people.models import Agent, Team
from heed.people.policy import Actor, may_change_view, may_see_view, seen_teams

COUNTED_TO = 1_000
"""A view is counted up to here; more is said to be more."""
LEFT_TOLD = 20  # conversations that a bulk change left, by number
RANKS = {Priority.URGENT: 0, Priority.HIGH: 1, Priority.NORMAL: 2, Priority.LOW: 3}


@prepared
def _views(*, agent: int, teams: Sequence[int], limit: Limit) -> "QuerySet[View, View]":
    mine = View.objects.filter(KEPT, Q(owner_id=agent) | Q(team_id__in=teams))
    return mine.select_related("team").order_by("name", "pk")[:limit]


@in_steps
def views_of(actor: Actor) -> Steps[list[View]]:
    """The views in an actor's menu, their own and their teams', by name; one query."""
    if actor.agent_id is None:
        return []
    teams = sorted(seen_teams(actor))
    found = asked(_views, agent=actor.agent_id, teams=teams, limit=Limit(config.menu_views))
    yield [found]
    return found.value


def view_of(actor: Actor, number: int) -> View:
    """A view that an actor has, deleted or not. Raises NotFound, alike for unknown and others'. One query."""
    found = View.objects.filter(pk=number).select_related("team").first() if number < 1 << 63 else None
    if found is None or not may_see_view(actor, owner=AgentId(found.owner_id), team=_team(found)):
        raise NotFound
    return found


def deleted_view(actor: Actor, number: int) -> View | None:
    """A deleted view that this actor may bring back; None for every other. One query."""
    found = View.objects.filter(pk=number, deleted_at__isnull=False).first() if number < 1 << 63 else None
    return found if found is not None and may_change(actor, found) else None


def is_cheap(rule: "Rule") -> bool:
    """Whether menus count it: what asks for words or days of messages is counted only where it is looked at."""
    asked = [one.field for one in rule.filter.conditions]
    return not rule.filter.phrases and not any(one in (*TEXTS, *DATES) for one in asked)


def may_change(actor: Actor, view: View) -> bool:
    """Whether this actor may change, share or delete it."""
    return may_change_view(actor, owner=AgentId(view.owner_id), team=_team(view))


def _team(view: View) -> TeamId | None:
    return None if view.team_id is None else TeamId(view.team_id)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a list shows and in which order: a view's, or one that is still being thought of."""

    filter: Filter
    order: ViewOrder = ViewOrder.DUE
    shown: Sequence[RowFact] = ()

    @classmethod
    def of(cls, view: View) -> "Rule":
        """A view's."""
        facts = [RowFact(fact) for fact in view.shown if fact in set(RowFact)]
        return cls(read(f"{view.filter} ").filter, ViewOrder(view.order), facts)


def page_of(reader: Reader, rule: Rule, *, after: str = "", limit: int = PAGE) -> Page[Conversation]:
    """What a rule shows its reader, a page at a time; two queries, and one for each sort of names it asks for.

    The first is for keys alone: what is sorted is then small, however much there is. Nobody sees what they
    could not open by its number. Raises Unusable for an `after` that we never gave.
    """
    found = list(_ordered(reader, rule, after=after).values_list("pk", flat=True)[: limit + 1])
    beside = [fact for fact in (RowFact.TEAM, RowFact.INBOX) if fact in rule.shown]
    known = Conversation.objects.select_related(*SHOWN, *beside).in_bulk(found[:limit])
    page = [known[number] for number in found[:limit] if number in known]
    return Page(page, _place(page[-1], rule.order) if len(found) > limit and page else "")


def numbers_of(reader: Reader, rule: Rule, *, limit: int) -> list[int]:
    """The numbers of the first conversations of a rule, in its order; as many queries as page_of."""
    return list(_ordered(reader, rule, after="").values_list("pk", flat=True)[:limit])


def counts_of(reader: Reader, rules: Sequence[Rule]) -> list[int]:
    """How many conversations each rule shows its reader, up to one more than COUNTED_TO; one query for all of them.

    And one for each sort of names that they ask for.
    """
    parts: list[str] = []
    params: list[Any] = []
    for number, rule in enumerate(rules):
        rows = Conversation.objects.filter(chosen(rule.filter, reader)).values("pk")
        try:
            sql, values = rows[: COUNTED_TO + 1].query.sql_with_params()
        except EmptyResultSet:
            continue  # nothing can ever match
        parts.append(f"SELECT {number}, count(*) FROM ({sql}) AS rule{number}")  # noqa: S608 - our own names
        params += values
    found: dict[int, int] = {}
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            found = dict(cursor.fetchall())
    return [found.get(number, 0) for number in range(len(rules))]


# Orders ------------------------------------------------------------------------------------------

COLUMNS = {
    ViewOrder.NEWEST: "last_message_at",
    ViewOrder.OLDEST: "last_message_at",
    ViewOrder.OPENED: "opened_at",
    ViewOrder.FIRST: "opened_at",
}
NEWEST_FIRST = (ViewOrder.NEWEST, ViewOrder.OPENED)
BY_DUE = (F("next_due_at").asc(nulls_last=True), "pk")
RANK = Case(
    *(When(priority=one, then=Value(rank)) for one, rank in RANKS.items()), output_field=IntegerField()
)


def _ordered(reader: Reader, rule: Rule, *, after: str) -> "QuerySet[Conversation, Conversation]":
    rows = Conversation.objects.filter(chosen(rule.filter, reader))
    if rule.order in COLUMNS:
        column, sign = COLUMNS[rule.order], "-" if rule.order in NEWEST_FIRST else ""
        if after:
            rows = rows.filter(_beyond(column, Place.read(after), is_descending=bool(sign)))
        return rows.order_by(f"{sign}{column}", f"{sign}pk")
    if rule.order is ViewOrder.DUE:
        return (rows.filter(_beyond_due(Place.read(after))) if after else rows).order_by(*BY_DUE)
    rows = rows.annotate(rank=RANK)
    if after:
        rank, _, place = after.partition("!")
        if rank not in set(map(str, RANKS.values())):
            raise Unusable("after", "malformed")
        beyond = _beyond_due(Place.read(place))
        rows = rows.filter(Q(rank__gt=int(rank)) | Q(Q(rank=int(rank)) & beyond))
    return rows.order_by("rank", *BY_DUE)


def _place(row: Conversation, order: ViewOrder) -> str:
    """The key of the last row of a page."""
    if order in COLUMNS:
        return str(Place(getattr(row, COLUMNS[order]), row.pk))
    place = str(Place(row.next_due_at, row.pk))
    return place if order is ViewOrder.DUE else f"{RANKS[Priority(row.priority)]}!{place}"


def _beyond(column: str, place: Place, *, is_descending: bool) -> Q:
    if place.at is None:
        raise Unusable("after", "malformed")
    way = "lt" if is_descending else "gt"
    rest = Q(**{f"{column}__{way}": place.at}) | Q(**{column: place.at, f"pk__{way}": place.id})
    return Q(**{f"{column}__{way}e": place.at}) & rest  # the first part is what an index can begin with


def _beyond_due(place: Place) -> Q:
    if place.at is None:
        return Q(next_due_at__isnull=True, pk__gt=place.id)
    later = Q(next_due_at__gt=place.at) | Q(next_due_at=place.at, pk__gt=place.id)
    return later | Q(next_due_at__isnull=True)


@prepared
def _tags(*, numbers: Sequence[int]) -> "QuerySet[ConversationTag, tuple[int, str]]":
    carried = ConversationTag.objects.filter(conversation_id__in=numbers)
    return carried.order_by("tag__name").values_list("conversation_id", "tag__name")


@in_steps
def tags_of(actor: Actor, rows: Sequence[Conversation]) -> Steps[dict[int, list[str]]]:
    """The tags of conversations that were read for this actor, by conversation; one query."""
    found: dict[int, list[str]] = {}
    if actor.agent_id is None or not rows:
        return found
    carried = asked(_tags, numbers=[row.pk for row in rows])
    yield [carried]
    for number, name in carried.value:
        found.setdefault(number, []).append(name)
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a bulk change is, and those conversations that it left or could not put back: the first of them."""

    bulk: BulkChange
    numbers: Mapping[PartState, int]
    left: Sequence[BulkPart] = ()

    def count(self, *states: PartState) -> int:
        """How many conversations are in one of these states."""
        return sum(self.numbers.get(state, 0) for state in states)

    @property
    def can_be_undone(self) -> bool:
        """Whether something is there to take back, in time."""
        until = self.bulk.begun_at + timedelta(days=config.bulk_undo_days)
        return self.bulk.undone_at is None and self.count(PartState.DONE) > 0 and clock.now() < until


def bulk_of(actor: Actor, number: int) -> BulkChange:
    """A bulk change of this actor's own. Raises NotFound, alike for unknown and others'. One query."""
    found = BulkChange.objects.filter(pk=number).first() if number < 1 << 63 else None
    if found is None or found.agent_id != actor.agent_id:
        raise NotFound
    return found


def progress_of(actor: Actor, number: int) -> Progress:
    """How far a bulk change of this actor's own is. Raises NotFound. Four queries."""
    bulk = bulk_of(actor, number)
    numbers = dict(bulk.parts.order_by().values_list("state").annotate(Count("pk")))
    failed = bulk.parts.filter(state__in=[PartState.LEFT, PartState.KEPT]).order_by("pk")
    seen = failed.filter(visible_to(actor, "conversation__")).select_related("conversation")[:LEFT_TOLD]
    return Progress(bulk, {PartState(state): count for state, count in numbers.items()}, list(seen))


def named_value(bulk: BulkChange) -> str:
    """What a bulk change was to, as people call it: the name of what it names, else the value. One query at most."""
    if bulk.kind == BulkKind.ASSIGN and bulk.value:
        return Agent.objects.filter(pk=int(bulk.value)).values_list("name", flat=True).first() or ""
    if bulk.kind == BulkKind.TEAM:
        return Team.objects.filter(pk=int(bulk.value)).values_list("name", flat=True).first() or ""
    if bulk.kind == BulkKind.TOPIC and bulk.value:
        return Topic.objects.filter(pk=int(bulk.value)).values_list("name", flat=True).first() or ""
    if bulk.kind == BulkKind.FIELD:
        key = int(bulk.value.partition("=")[0])
        return CustomField.objects.filter(pk=key).values_list("name", flat=True).first() or ""
    return bulk.value
