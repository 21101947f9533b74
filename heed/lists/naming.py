"""What a view names: the rows that its words meant when it was written, so that renaming one does not empty it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from django.db.models import Q

from heed.brands.models import Brand, CustomField, Topic
from heed.brands.topics import in_order
from heed.conversations.filters import ME, NOBODY, Condition, Field, Filter, Noted, Term, noted_in, read
from heed.conversations.models import Tag
from heed.eventlog.unit import add, remove
from heed.language.tokens import words
from heed.lists.models import View, ViewName
from heed.people.models import Agent, Team, TeamMember
from heed.people.policy import Actor, sees_whole_desk

NAMING: Final = (Field.TEAM, Field.BRAND, Field.TAG, Field.ASSIGNEE, Field.TOPIC, Field.FIELD)
"""Fields whose values are names that people may change."""
_SIGNS: Final = re.compile(r'[=<>",]+')
Names = dict[int, Sequence[str]]  # by key, all that a row may be called; the first is how a view writes it


def names_of(field: Field, actor: Actor) -> Names:
    """What rows of a field are called, of brands that the actor knows; at most two queries.

    A view is told of no name that its owner would not hear of.
    """
    near = Q() if sees_whole_desk(actor) else Q(brand_id__in=actor.brands)
    match field:
        case Field.TEAM:
            return _plain(Team.objects.filter(near).values_list("pk", "name"))
        case Field.BRAND:
            brands = Q() if sees_whole_desk(actor) else Q(pk__in=actor.brands)
            return _plain(Brand.objects.filter(brands).values_list("pk", "name", "slug"))
        case Field.TAG:
            return _plain(Tag.objects.filter(near).values_list("pk", "name"))
        case Field.FIELD:
            return _plain(CustomField.objects.filter(near).values_list("pk", "name"))
        case Field.TOPIC:
            branches = in_order(Topic.objects.filter(near))
            return {one.topic.pk: (one.topic.name, " / ".join(one.names)) for one in branches}
        case Field.ASSIGNEE:
            theirs = TeamMember.objects.filter(team__brand_id__in=actor.brands).values("agent_id")
            agents = Agent.objects.filter(Q() if sees_whole_desk(actor) else Q(pk__in=theirs))
            return _plain(agents.values_list("pk", "name", "email"))
    return {}


def _plain(rows: Iterable[tuple[object, ...]]) -> Names:
    return {int(str(row[0])): tuple(map(str, row[1:])) for row in rows}


def is_named(field: Field, value: str, names: Sequence[str]) -> bool:
    """Whether a value of a filter names what is called so, as the filter language takes it."""
    if field is Field.ASSIGNEE:
        wanted = set(words(value))
        own = value.lower() in (ME, NOBODY)
        return not own and bool(wanted) and (value.lower() == names[-1] or wanted <= set(words(names[0])))
    return words(_name_in(field, value)) in [words(name) for name in names]


def _name_in(field: Field, value: str) -> str:
    noted = noted_in(value) if field is Field.FIELD else None
    return value if noted is None else noted.name


def rows_named(
    filter_: Filter, actor: Actor, fields: Sequence[Field] = NAMING
) -> Iterator[tuple[Field, int, str]]:
    """The rows that a filter names: field, key, and the value that names it. Two queries a field at most."""
    for field in fields:
        values = [value for one in filter_.conditions if one.field is field for value in one.values]
        if values:
            for key, names in names_of(field, actor).items():
                yield from ((field, key, value) for value in values if is_named(field, value, names))


def views_naming(field: Field, rows: Iterable[int]) -> list[int]:
    """The keys of the views that name one of these rows, in their order; one query."""
    named = ViewName.objects.filter(field=field, row__in=list(rows))
    return sorted(set(named.values_list("view_id", flat=True)))


def remember(view: View, owner: Actor, *, fields: Sequence[Field] = NAMING) -> None:
    """Keep which rows a view names in these fields, in place of those that it named before."""
    wanted = set(rows_named(read(f"{view.filter} ").filter, owner, fields))
    for row in ViewName.objects.filter(view=view, field__in=fields):
        if (Field(row.field), row.row, row.value) in wanted:
            wanted.discard((Field(row.field), row.row, row.value))
        else:
            remove(row)
    for field, key, value in sorted(wanted):
        add(ViewName(view=view, field=field, row=key, value=value))


def renamed(filter_: Filter, field: Field, kept: Iterable[tuple[int, str]], names: Names) -> Filter:
    """The filter with today's names for rows that its values no longer name. kept: which row each value meant."""
    instead: dict[str, list[str]] = {}
    for value in {value for _, value in kept}:
        rows = [row for row, meant in kept if meant == value and row in names]
        lost = [row for row in rows if not is_named(field, value, names[row])]
        if lost:
            others = [value] if any(is_named(field, value, called) for called in names.values()) else []
            instead[value] = [*others, *(_written(field, value, names[row]) for row in lost)]
    return Filter(tuple(map(partial(_replaced, field, instead), filter_.terms))) if instead else filter_


def _replaced(field: Field, instead: dict[str, list[str]], term: Term) -> Term:
    if not isinstance(term, Condition) or term.field is not field:
        return term
    values = [new for value in term.values for new in instead.get(value, [value])]
    return replace(term, values=tuple(dict.fromkeys(values)))


def _written(field: Field, value: str, names: Sequence[str]) -> str:
    """The value with today's name; of a topic that was named with what stands above it, with that."""
    path = field is Field.TOPIC and "/" in value
    name = " ".join(_SIGNS.sub(" ", names[-1] if path else names[0]).split())
    noted = noted_in(value) if field is Field.FIELD else None
    return name if noted is None else str(Noted(name, noted.sign, noted.value))
