"""What the fields of a filter ask of conversations: one translation, for search, views, rules and reports."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from functools import reduce
from operator import or_

from django.db.models import BigIntegerField, Exists, Model, OuterRef, Q

from heed.brands.models import Brand, Inbox
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
    length,
    span,
)
from heed.conversations.models import Attachment, ConversationTag, Draft, Seen, Tag
from heed.kernel import clock
from heed.kernel.words import Status
from heed.language.tokens import words
from heed.people.models import Agent, Identity, IdentityKind, Team
from heed.people.policy import Actor

NOTHING = Q(pk__in=[])
NOT_DONE = frozenset({Status.OPEN, Status.WAITING, Status.SNOOZED})
Names = Sequence[tuple[int, str] | tuple[int, str, str]]  # key, name, another name


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, and in which zone their days begin. What it looked up stays known: names take a query a sort."""

    actor: Actor
    zone: tzinfo
    _names: dict[type[Model], Names] = field(default_factory=dict, compare=False, repr=False)

    def names(self, model: type[Model], *columns: str) -> Names:
        """The keys and names of all rows of a model; one query, the first time."""
        if model not in self._names:
            self._names[model] = list(model._default_manager.values_list("pk", *columns))
        return self._names[model]

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


def conditions_of(filter_: Filter, reader: Reader, through: str = "") -> Q:
    """The condition on conversations of all fields but those that are about one message: from, to, subject, dates.

    `through` is the path to the conversation. Names are looked up here, a query for each field that has some; a name
    that nothing has finds nothing, as does one that the reader may not know of. What is merged or in the trash is never
    found, and what was taken for spam only when it is asked for.
    """
    return Q(**{f"{through}merged_into__isnull": True}) & among_unmerged(filter_, reader, through)


def among_unmerged(filter_: Filter, reader: Reader, through: str = "") -> Q:
    """The same without what is said of merged ones."""
    found = Q(**{f"{through}trashed_at__isnull": True})
    if not asks_for_spam(filter_):
        found &= Q(**{f"{through}quarantined_at__isnull": True})
    return found & fields_of(filter_, reader, through)


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
    wanted = (one for one in filter_.conditions if one.field is Field.IS and not one.is_not)
    return any(Is.SPAM in condition.values for condition in wanted)


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
    tags = _named(reader.names(Tag, "name"), values)
    carried = ConversationTag.objects.filter(tag_id__in=tags).values("conversation_id")
    return Q(**{f"{through}pk__in": carried}) if tags else NOTHING


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
    Field.ASSIGNEE: _assignee,
    Field.TEAM: _team,
    Field.BRAND: _brand,
    Field.INBOX: _inbox,
    Field.CUSTOMER: _customer,
    Field.PRIORITY: _priority,
    Field.LANGUAGE: _language,
    Field.NUMBER: _number,
    Field.OPENED: _instant("opened_at", Field.OPENED),
    Field.UPDATED: _instant("last_message_at", Field.UPDATED),
    Field.DUE: _instant("next_due_at", Field.DUE),
    Field.SNOOZED: _instant("snoozed_until", Field.SNOOZED),
}


def selective(filter_: Filter) -> bool:
    """Whether a field alone leads to few conversations, so that it is better asked first than last."""
    wanted = [one.field for one in filter_.conditions if not one.is_not]
    return asks_for_spam(filter_) or any(
        field in (Field.NUMBER, Field.TAG, Field.CUSTOMER) for field in wanted
    )
