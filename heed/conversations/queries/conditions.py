"""What the fields of a filter ask of conversations: one translation, for search, views, rules and reports."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from functools import reduce
from operator import or_

from django.db.models import BigIntegerField, BooleanField, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from heed.brands.models import Brand, CustomField, Inbox, Topic
from heed.brands.topics import Branch, in_order, number_in
from heed.conversations.filters import (
    AHEAD,
    DATES,
    LONGEST_NUMBER,
    ME,
    NEVER,
    NOBODY,
    Field,
    Filter,
    Has,
    Is,
    Noted,
    length,
    noted_in,
    span,
)
from heed.conversations.models import Attachment, ConversationTag, Draft, FieldValue, Purge, Seen, Tag
from heed.conversations.sought import sought_in
from heed.conversations.sql import TABLE
from heed.kernel import clock
from heed.kernel.errors import Unusable
from heed.kernel.words import FieldKind, Status
from heed.language.tokens import words
from heed.people.checked import company_key
from heed.people.models import Agent, Identity, IdentityKind, Team
from heed.people.policy import Actor, may_look_into_trash

NOTHING = Q(pk__in=[])
NOT_DONE = frozenset({Status.OPEN, Status.WAITING, Status.SNOOZED})
Names = Sequence[tuple[int, str] | tuple[int, str, str]]  # key, name, another name


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, and in which zone their days begin. What it looked up stays known: names take a query a sort."""

    actor: Actor
    zone: tzinfo
    _names: dict[type[Model], Names] = field(default_factory=dict, compare=False, repr=False)
    _topics: list[Sequence[Branch]] = field(default_factory=list, compare=False, repr=False)

    def names(self, model: type[Model], *columns: str) -> Names:
        """The keys and names of all rows of a model; one query, the first time."""
        if model not in self._names:
            self._names[model] = list(model._default_manager.values_list("pk", *columns))
        return self._names[model]

    @property
    def topics(self) -> Sequence[Branch]:
        """The topics of all brands where they stand in their trees; one query, the first time."""
        if not self._topics:
            self._topics.append(in_order(Topic.objects.only("brand_id", "parent_id", "name", "archived_at")))
        return self._topics[0]

    @property
    def today(self) -> date:
        """The reader's date."""
        return clock.now().astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment on, and before another one; None: open to that side."""

    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Spans:
    """A message was written in one of these, or in none of them."""

    spans: tuple[Span, ...]
    is_not: bool = False


def spans_of(filter_: Filter, reader: Reader) -> tuple[Spans, ...]:
    """What a filter says about dates: each of these holds for the message that is looked for."""
    return tuple(
        Spans(tuple(_span(condition.field, value, reader) for value in condition.values), condition.is_not)
        for condition in filter_.conditions
        if condition.field in DATES
    )


def _span(field: Field, value: str, reader: Reader) -> Span:
    days = span(value, reader.today)
    assert days is not None, "the parser lets no other value in"
    first, beyond = (datetime.combine(day, time(), reader.zone) for day in days)
    if field is Field.BEFORE:
        return Span(None, first)
    return Span(beyond, None) if field is Field.AFTER else Span(first, beyond)


UNMERGED = RawSQL(f"+{TABLE}.merged_into_id IS NULL", [], output_field=BooleanField())  # noqa: S611 - our own names
"""With a plus, which changes nothing: without it SQLite walks the index of merged ones, where nearly all are none."""


def among_unmerged(filter_: Filter, reader: Reader, through: str = "") -> Q:
    """The condition on conversations of all fields but those that are about one message: from, to, subject, dates.

    `through` is the path to the conversation. Names are looked up here, a query for each field that has some; a name
    that nothing has finds nothing, as does one that the reader may not know of. What was taken for
    spam or lies in the trash is found only when it is asked for; what is merged never, which UNMERGED says.
    """
    found = not_being_purged(filter_, reader, through)
    if not asks_for_trash(filter_, reader):
        found &= Q(**{f"{through}trashed_at__isnull": True})
    if not asks_for_spam(filter_):
        found &= Q(**{f"{through}quarantined_at__isnull": True})
    return found & fields_of(filter_, reader, through)


def not_being_purged(filter_: Filter, reader: Reader, through: str = "") -> Q:
    """Of the trash, what is not on its way out for good; no condition where nothing of it is looked for."""
    if not asks_for_trash(filter_, reader):
        return Q()
    return ~Q(Exists(Purge.objects.filter(pk=OuterRef(f"{through}pk"))))


def fields_of(filter_: Filter, reader: Reader, through: str = "") -> Q:
    """The same without what is said of merged ones, the trash and spam."""
    found = Q()
    for condition in filter_.conditions:
        translate = _TRANSLATIONS.get(condition.field)
        if translate is not None:
            held = translate(condition.values, reader, through)
            found &= ~held if condition.is_not else held
    return found


def asks_for_spam(filter_: Filter) -> bool:
    """Whether what was taken for spam is looked for."""
    return _asks_for(filter_, Is.SPAM)


def asks_for_trash(filter_: Filter, reader: Reader) -> bool:
    """Whether what lies in the trash is looked for, by one who may put things there and take them out."""
    return _asks_for(filter_, Is.TRASHED) and may_look_into_trash(reader.actor)


def _asks_for(filter_: Filter, state: Is) -> bool:
    wanted = (one for one in filter_.conditions if one.field is Field.IS and not one.is_not)
    return any(state in condition.values for condition in wanted)


def asks_for_open(filter_: Filter) -> bool:
    """Whether only what is not done is looked for: few of all conversations, and an index has them."""
    wanted = (one for one in filter_.conditions if one.field is Field.IS and not one.is_not)
    return any(set(condition.values) <= NOT_DONE for condition in wanted)


def _any(some: Iterable[Q]) -> Q:
    return reduce(or_, some, NOTHING)


def _is(values: Sequence[str], reader: Reader, through: str) -> Q:
    return _any(_state(value, reader, through) for value in values)


def _state(value: str, reader: Reader, through: str) -> Q:
    if value in set(Status):
        return Q(**{f"{through}status": value})
    agent = reader.actor.agent_id
    match Is(value):
        case Is.UNASSIGNED:
            return Q(**{f"{through}assignee__isnull": True})
        case Is.MINE:
            return NOTHING if agent is None else Q(**{f"{through}assignee_id": agent})
        case Is.UNREAD:
            if agent is None:
                return NOTHING
            read = Seen.objects.filter(
                agent_id=agent,
                conversation_id=OuterRef(f"{through}pk"),
                message_at__gte=OuterRef(f"{through}last_message_at"),
            )
            return ~Q(Exists(read))
        case Is.OVERDUE:
            return Q(**{f"{through}next_due_at__lte": clock.now()})
        case Is.FAILED:
            return ~Q(**{f"{through}trouble": ""})
        case Is.SPAM:
            return Q(**{f"{through}quarantined_at__isnull": False})
        case Is.TRASHED:
            in_trash = Q(**{f"{through}trashed_at__isnull": False})
            return in_trash if may_look_into_trash(reader.actor) else NOTHING
        case Is.RESTRICTED:
            return Q(**{f"{through}circle__isnull": False})


def _has(values: Sequence[str], reader: Reader, through: str) -> Q:
    here = OuterRef(f"{through}pk")
    agent = reader.actor.agent_id
    found = NOTHING
    if Has.ATTACHMENT in values:
        found |= Q(Exists(Attachment.objects.filter(message__conversation_id=here, is_inline=False)))
    if Has.DRAFT in values and agent is not None:
        found |= Q(Exists(Draft.objects.filter(conversation_id=here, agent_id=agent)))
    return found


def _named(rows: Names, values: Sequence[str]) -> list[int]:
    """The keys of the rows (key, name, another name) that one of the values names: all words, none more."""
    wanted = [found for value in values if (found := words(value))]
    return [row[0] for row in rows if any(words(name) in wanted for name in row[1:])]


def _team(values: Sequence[str], reader: Reader, through: str) -> Q:
    return Q(**{f"{through}team_id__in": _named(reader.names(Team, "name"), values)})


def _brand(values: Sequence[str], reader: Reader, through: str) -> Q:
    return Q(**{f"{through}brand_id__in": _named(reader.names(Brand, "name", "slug"), values)})


def _inbox(values: Sequence[str], reader: Reader, through: str) -> Q:
    return Q(**{f"{through}inbox_id__in": _named(reader.names(Inbox, "name", "address"), values)})


def _tag(values: Sequence[str], reader: Reader, through: str) -> Q:
    rows = reader.names(Tag, "name", "merged_into_id")
    named = _named([row[:2] for row in rows], values)
    tags = [
        int(row[-1] or row[0]) for row in rows if row[0] in named
    ]  # of one that was merged, what stands for it
    carried = ConversationTag.objects.filter(tag_id__in=tags).values("conversation_id")
    return Q(**{f"{through}pk__in": carried}) if tags else NOTHING


def _topic(values: Sequence[str], reader: Reader, through: str) -> Q:
    """A topic by its name, or by the names from the root to it; those below it are part of it."""
    named = named_topics(reader.topics, values)
    below = {branch.topic.pk for branch in reader.topics if not named.isdisjoint(branch.path)}
    return Q(**{f"{through}topic_id__in": sorted(below)}) if below else NOTHING


def named_topics(branches: Sequence[Branch], values: Sequence[str]) -> set[int]:
    """The topics that one of the values names."""
    wanted = [found for value in values if (found := words(value))]
    return {
        branch.topic.pk
        for branch in branches
        if words(branch.topic.name) in wanted or words(" ".join(branch.names)) in wanted
    }


def _field(values: Sequence[str], reader: Reader, through: str) -> Q:
    """What is noted in fields of the desk's own; of several that are called so, in any of them."""
    fields = reader.names(CustomField, "name", "kind")
    found = NOTHING
    for value in values:
        noted = noted_in(value)
        if noted is None:
            continue
        for key, name, *kind in fields:
            if words(name) == words(noted.name):
                held = holding_value(key, FieldKind(kind[0]), noted, today=reader.today)
                if held is not None:
                    found |= Q(**{f"{through}pk__in": held.values("conversation_id")})
    return found


def holding_value(
    field: int, kind: FieldKind, noted: Noted, *, today: date
) -> "QuerySet[FieldValue, FieldValue] | None":
    """The values of a field that are as asked for; None where its kind knows no such thing."""
    rows = FieldValue.objects.filter(field_id=field)
    if not noted.sign:
        return rows
    if kind is FieldKind.NUMBER:
        return _numbers_like(rows, noted)
    if kind is FieldKind.DATE:
        return _days_like(rows, noted, today)
    if noted.sign != "=":
        return None
    if kind is FieldKind.TEXT and noted.value.endswith("*"):
        begun = sought_in(noted.value)
        return rows.filter(sought__startswith=begun) if begun else None
    return rows.filter(sought=sought_in(noted.value))


def _numbers_like(
    rows: "QuerySet[FieldValue, FieldValue]", noted: Noted
) -> "QuerySet[FieldValue, FieldValue] | None":
    try:
        value = number_in(noted.value)
    except Unusable:
        return None
    if noted.sign == "=":
        return rows.filter(number=float(value), value=value)
    return rows.filter(**{f"number__{'gt' if noted.sign == '>' else 'lt'}": float(value)})


def _days_like(
    rows: "QuerySet[FieldValue, FieldValue]", noted: Noted, today: date
) -> "QuerySet[FieldValue, FieldValue] | None":
    """The words of days, 2026 03 31, stand in the order of the days."""
    days = span(noted.value.lower(), today)
    if days is None:
        return None
    first, beyond = (sought_in(day.isoformat()) for day in days)
    if noted.sign == ">":
        return rows.filter(sought__gte=beyond)
    return (
        rows.filter(sought__lt=first)
        if noted.sign == "<"
        else rows.filter(sought__gte=first, sought__lt=beyond)
    )


def _company(values: Sequence[str], reader: Reader, through: str) -> Q:
    keys = [found for value in values if (found := company_key(value))]
    return Q(**{f"{through}customer__company__key__in": keys}) if keys else NOTHING


def _assignee(values: Sequence[str], reader: Reader, through: str) -> Q:
    found = NOTHING
    others = []
    for value in values:
        if value.lower() == NOBODY:
            found |= Q(**{f"{through}assignee__isnull": True})
        elif value.lower() == ME:
            found |= _state(Is.MINE, reader, through)
        else:
            others.append(value)
    if others:
        found |= Q(**{f"{through}assignee_id__in": _agents(reader, others)})
    return found


def _agents(reader: Reader, values: Sequence[str]) -> list[int]:
    """Agents who have all words of one of the values in their name, or this address."""
    wanted = [set(found) for value in values if (found := words(value))]
    addresses = {value.lower() for value in values}
    return [
        row[0]
        for row in reader.names(Agent, "name", "email")
        if row[-1] in addresses or any(some <= set(words(row[1])) for some in wanted)
    ]


def _customer(values: Sequence[str], reader: Reader, through: str) -> Q:
    addresses = [value.lower() for value in values]
    theirs = Identity.objects.filter(kind=IdentityKind.EMAIL, value__in=addresses)
    return Q(**{f"{through}customer_id__in": theirs.values("customer_id")})


def _priority(values: Sequence[str], reader: Reader, through: str) -> Q:
    return Q(**{f"{through}priority__in": list(values)})


def _language(values: Sequence[str], reader: Reader, through: str) -> Q:
    """A language with its regions: pt finds pt-BR too."""
    exact = Q(**{f"{through}language__in": [value for one in values for value in (one, one.lower())]})
    return exact | _any(Q(**{f"{through}language__startswith": f"{one.lower()}-"}) for one in values)


def _number(values: Sequence[str], reader: Reader, through: str) -> Q:
    """A number, or the beginning of one: #48 finds #48 and #4821."""
    return _any(
        Q(**{f"{through}pk__gte": low, f"{through}pk__lt": low + size})
        for value in values
        for digits in range(LONGEST_NUMBER + 1 - len(value))
        if (low := int(value) * (size := 10**digits)) + size <= BigIntegerField.MAX_BIGINT
    )


def _instant(name: str, field: Field) -> Callable[[Sequence[str], Reader, str], Q]:
    """A column that is an instant: on a day, so long ago at most, or, where it lies ahead, in so long at most."""

    def translate(values: Sequence[str], reader: Reader, through: str) -> Q:
        return _any(_when(f"{through}{name}", field, value, reader) for value in values)

    return translate


def _when(column: str, field: Field, value: str, reader: Reader) -> Q:
    if value == NEVER:
        return Q(**{f"{column}__isnull": True})
    away = length(value)
    if away is None:
        one = _span(Field.ON, value, reader)
        return Q(**{f"{column}__gte": one.since, f"{column}__lt": one.until})
    if field in AHEAD:
        return Q(**{f"{column}__{'gt' if away.is_beyond else 'lte'}": clock.now() + away.time})
    return Q(**{f"{column}__{'lt' if away.is_beyond else 'gte'}": clock.now() - away.time})


_TRANSLATIONS: dict[Field, Callable[[Sequence[str], Reader, str], Q]] = {
    Field.IS: _is,
    Field.HAS: _has,
    Field.TAG: _tag,
    Field.TOPIC: _topic,
    Field.FIELD: _field,
    Field.ASSIGNEE: _assignee,
    Field.TEAM: _team,
    Field.BRAND: _brand,
    Field.INBOX: _inbox,
    Field.CUSTOMER: _customer,
    Field.COMPANY: _company,
    Field.PRIORITY: _priority,
    Field.LANGUAGE: _language,
    Field.NUMBER: _number,
    Field.OPENED: _instant("opened_at", Field.OPENED),
    Field.UPDATED: _instant("last_message_at", Field.UPDATED),
    Field.DUE: _instant("next_due_at", Field.DUE),
    Field.SNOOZED: _instant("snoozed_until", Field.SNOOZED),
}


SELECTIVE = (Field.NUMBER, Field.TAG, Field.TOPIC, Field.FIELD, Field.CUSTOMER, Field.COMPANY)
FEW = (Is.SPAM, Is.TRASHED, Is.RESTRICTED)


def selective(filter_: Filter) -> bool:
    """Whether a field alone leads to few conversations, so that it is better asked first than last."""
    wanted = [one.field for one in filter_.conditions if not one.is_not]
    return any(_asks_for(filter_, state) for state in FEW) or any(field in SELECTIVE for field in wanted)
