"""Reads in steps: what a page wants to know at one moment goes to the database as one statement.

    @in_steps
    def panel(here: Opened) -> Steps[Panel]:
        tags, people = asked(_tags, conversation=here.row.pk), asked(_people, conversation=here.row.pk)
        yield tags, people  # read here, and with them whatever others wait for at the same moment
        return Panel(tags.value, people.value)

    panel(here)  # alone: one query
    shown, told = panel.later(here), timeline.later(here)
    yield shown, told  # both: as many queries as the longer of the two has steps

The parts of a statement see the same moment of the database. docs/decisions/0024-reads-in-steps.md
"""

from collections.abc import Callable, Generator, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, update_wrapper
from operator import itemgetter
from typing import Any, Final, Generic, ParamSpec, Protocol, TypeAlias, TypeVar

from django.db import connection
from django.db.models import Field

from heed.kernel.prepared import Prepared, kind_of

P = ParamSpec("P")
T = TypeVar("T")
STATEMENTS: Final = 128  # kept; each is the text of one combination of reads
Row: TypeAlias = tuple[Any, ...]


class Later(Protocol):
    """What will be known: whatever asks for nothing more has its value."""

    def asks(self) -> "list[Asked[Any]]":
        """The reads that are wanted now; none when all is known."""


Steps: TypeAlias = Generator[Iterable[Later], None, T]


class Query(Protocol):
    """What can be a part of a statement."""

    @property
    def sql(self) -> str:
        """With a placeholder for each parameter."""

    @property
    def kinds(self) -> Sequence[str]:
        """By column: the database's type, empty where it has none."""

    @property
    def key(self) -> Hashable:
        """Equal for queries that read alike: what is made of their text once serves them all."""

    def filled(self, values: Sequence[Any]) -> list[Any]:
        """The parameters of a run."""

    def made(self, read: list[Row]) -> Iterable[Any]:
        """What becomes of the rows that the driver gives."""


class Asked(Generic[T]):
    """One read that waits to be done with others."""

    value: list[T]

    def __init__(self, query: Query | None, values: Sequence[Any]) -> None:
        self._query, self._values = query, values
        self._is_known = query is None
        if query is None:
            self.value = []

    def asks(self) -> "list[Asked[Any]]":
        """Itself, until it was read."""
        return [] if self._is_known else [self]

    def _know(self, read: list[Row]) -> None:
        assert self._query is not None
        self.value, self._is_known = list(self._query.made(read)), True


def asked(read: Prepared[P, T], *args: P.args, **kwargs: P.kwargs) -> Asked[T]:
    """This read, to be done when steps yield it."""
    assert not args
    return Asked(*read.bound(kwargs))


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """SQL of our own, with the fields that its columns are as; rows come as the driver gives them."""

    sql: str
    columns: "Sequence[Field[Any, Any]]"

    @property
    def kinds(self) -> Sequence[str]:
        """By column."""
        return _kinds_of(tuple(self.columns), connection.vendor)

    @property
    def key(self) -> Hashable:
        """Its words and what comes of them."""
        return self.sql, self.kinds

    def filled(self, values: Sequence[Any]) -> list[Any]:
        """The parameters as they are."""
        return list(values)

    def made(self, read: list[Row]) -> Iterable[Row]:
        """The rows as they are."""
        return read


@lru_cache(maxsize=STATEMENTS)
def _kinds_of(columns: "tuple[Field[Any, Any], ...]", _vendor: str) -> tuple[str, ...]:
    return tuple(kind_of(str(field.db_type(connection))) for field in columns)


class Going(Generic[T]):
    """Steps on their way."""

    value: T

    def __init__(self, steps: Steps[T]) -> None:
        self._steps = steps
        self._waits: Sequence[Later] = ()
        self._is_known = False

    def asks(self) -> list[Asked[Any]]:
        while not self._is_known:
            wanted = [ask for one in self._waits for ask in one.asks()]
            if wanted:
                return wanted
            try:
                self._waits = tuple(next(self._steps))
            except StopIteration as end:
                self.value, self._is_known = end.value, True
        return []


class InSteps(Generic[P, T]):
    """A function that reads in steps: called, it gives its value; later() is for the steps of others."""

    def __init__(self, function: Callable[P, Steps[T]]) -> None:
        self._function = function
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Go all the steps, now."""
        going = self.later(*args, **kwargs)
        together(going)
        return going.value

    def later(self, *args: P.args, **kwargs: P.kwargs) -> Going[T]:
        """The same, to be yielded by the steps of another."""
        return Going(self._function(*args, **kwargs))


def in_steps(function: Callable[P, Steps[T]]) -> InSteps[P, T]:
    """Make a read of a generator that yields what it waits for and returns what it found."""
    return InSteps(function)


def together(*laters: Later) -> None:
    """Go the steps of all of these side by side, now; afterwards each has its value."""
    while wanted := [ask for one in laters for ask in one.asks()]:
        _read(wanted)


def _read(asks: Sequence[Asked[Any]]) -> None:
    """All of these, in one query."""
    ways = [(ask, ask._query) for ask in asks if ask._query is not None]
    statement = _Statement.of([query for _, query in ways])
    params = [param for ask, query in ways for param in query.filled(ask._values)]
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, params)
        read = cursor.fetchall()
    for (ask, _), rows in zip(ways, statement.parted(read), strict=True):
        ask._know(rows)


_known: "dict[tuple[Hashable, ...], _Statement]" = {}


@dataclass(frozen=True, slots=True)
class _Statement:
    """Several queries as one. A query alone stays what it is."""

    sql: str
    takers: Sequence[Callable[[Row], Row]]  # by query: its own values of a row

    @classmethod
    def of(cls, queries: Sequence[Query]) -> "_Statement":
        if len(queries) == 1:
            return cls(queries[0].sql, ())
        key = tuple([query.key for query in queries])
        found = _known.get(key)
        if found is None:
            found = cls._made(queries)
            if len(_known) >= STATEMENTS:
                _known.clear()
            _known[key] = found
        return found

    @classmethod
    def _made(cls, queries: Sequence[Query]) -> "_Statement":
        """Each query's columns below columns of their own kind; where another query has more, there is nothing."""
        kinds: list[str] = []
        places = [_places(query.kinds, kinds) for query in queries]
        parts, bodies = [], []
        for number, (query, own) in enumerate(zip(queries, places, strict=True)):
            names = {place: f"c{column}" for column, place in enumerate(own)}
            values = [_typed(names.get(place, "NULL"), kind) for place, kind in enumerate(kinds)]
            parts.append(f"p{number} ({', '.join(names.values())}) AS ({query.sql})")
            bodies.append(f"SELECT {number}, {', '.join(values)} FROM p{number}")  # noqa: S608 - our own names
        return cls(f"WITH {', '.join(parts)} {' UNION ALL '.join(bodies)}", [_taker(own) for own in places])

    def parted(self, read: list[Row]) -> list[list[Row]]:
        """The rows of each query, in its order: a union of all takes its parts one after the other."""
        if not self.takers:
            return [read]
        parts: list[list[Row]] = [[] for _ in self.takers]
        for row in read:
            parts[row[0]].append(self.takers[row[0]](row))
        return parts


def _places(wanted: Sequence[str], kinds: list[str]) -> list[int]:
    """By column, the first free place of its kind; kinds grows where there is none."""
    places: list[int] = []
    taken: set[int] = set()
    for kind in wanted:
        place = next((n for n, one in enumerate(kinds) if one == kind and n not in taken), len(kinds))
        if place == len(kinds):
            kinds.append(kind)
        taken.add(place)
        places.append(place)
    return places


def _typed(value: str, kind: str) -> str:
    """SQLite's values have types of their own."""
    return value if connection.vendor == "sqlite" else f"{value}::{kind}"


def _taker(places: Sequence[int]) -> Callable[[Row], Row]:
    if len(places) == 1:
        only = places[0] + 1
        return lambda row: (row[only],)
    return itemgetter(*[place + 1 for place in places])
