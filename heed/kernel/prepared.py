"""Reads that are written with the ORM and compiled once: half of a page's time went into making the same SQL anew.

    @prepared
    def _tags(*, conversation: int) -> "QuerySet[Tag]":
        return Tag.objects.filter(conversationtag__conversation=conversation).order_by("name")

    _tags(conversation=4821)  # a list of tags

The function runs once for each shape of its arguments, with a placeholder for each value: it may pass them on to
filters, but not look at them. The shape is which arguments are None, True or False, every Limit, and how long lists are
(padded, so that few shapes come of it); a dataclass has the shape of its fields.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from types import SimpleNamespace
from typing import Any, Final, Generic, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, Model, QuerySet
from django.db.models.expressions import ExpressionList

P = ParamSpec("P")
T = TypeVar("T")
SHAPES: Final = 64  # kept of one read


class Limit(int):
    """How many rows at most: a number that stands in the SQL itself."""


class Slot(Expression):
    """The place of a value in a compiled query."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A placeholder, whose parameter is the slot itself: so the compiled query says which value goes where."""
        return "%s", (self,)


class Prepared(Generic[P, T]):
    """One read, compiled for every shape of arguments that it was asked for."""

    def __init__(self, build: "Callable[P, QuerySet[Any, T]]") -> None:
        self._build: Callable[..., QuerySet[Any, T]] = build
        self._compiled: dict[Hashable, Compiled | None] = {}

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[T]:
        """The rows, read now. Arguments are given by name. heed.kernel.steps reads them together with others."""
        assert not args
        compiled, values = self.bound(kwargs)
        return [] if compiled is None else list(compiled.rows(values))

    def bound(self, kwargs: "Mapping[str, object]") -> "tuple[Compiled | None, list[Any]]":
        """The compiled query for these arguments, and the values of its places. None: nothing can match."""
        values: list[Any] = []
        shape = (connection.vendor, *[(name, _shape(value, values)) for name, value in kwargs.items()])
        try:
            compiled = self._compiled[
                shape
            ]  # looked up once: another thread may forget them all at any moment
        except KeyError:
            compiled = self._compile(kwargs)
            if len(self._compiled) >= SHAPES:
                self._compiled.clear()
            self._compiled[shape] = compiled
        return compiled, values

    def _compile(self, kwargs: Mapping[str, object]) -> "Compiled | None":
        slots: list[Slot] = []
        built = self._build(**{name: _slotted(value, slots) for name, value in kwargs.items()})
        try:
            return Compiled.of(built)
        except EmptyResultSet:
            return None  # nothing can match, whatever the values


def prepared(build: "Callable[P, QuerySet[Any, T]]") -> Prepared[P, T]:
    """Make a read of a function that builds a queryset: called with arguments by name, it gives a list of rows."""
    return Prepared(build)


def _is_shape(value: object) -> bool:
    return value is None or isinstance(value, bool | Limit)


def _shape(value: Any, values: list[Any]) -> Hashable:
    """What decides about the SQL. The rest is appended to values."""
    if _is_shape(value):
        return repr(value)
    if isinstance(value, Enum):
        values.append(value.value)
    elif isinstance(value, datetime):
        values.append(connection.ops.adapt_datetimefield_value(value))
    elif isinstance(value, int | str):
        values.append(value)
    elif is_dataclass(value):
        return tuple([_shape(getattr(value, field.name), values) for field in fields(value)])
    else:
        some = _padded(list(value))
        values.extend(some)
        return len(some)
    return "value"


def _padded(some: list[Any]) -> list[Any]:
    """With the last value repeated up to a power of two, which means the same to IN."""
    return some + some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some)) if some else some


def _slotted(value: Any, slots: list[Slot]) -> Any:
    """The same with slots for values, in the order of _shape."""
    if _is_shape(value):
        return value
    if isinstance(value, Enum | datetime | int | str):
        slots.append(Slot(len(slots)))
        return slots[-1]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _slotted(getattr(value, f.name), slots) for f in fields(value)})
    some = [_slotted(one, slots) for one in _padded(list(value))]
    return ExpressionList(*some) if some else ()


CONVERTED: Final = frozenset(
    {"bool", "date", "time", "datetime", "timestamp"}
)  # by SQLite's driver, by column


def kind_of(type_name: str) -> str:
    """What a column of this type counts as where columns of several queries stand below each other."""
    if connection.vendor == "sqlite":
        return type_name if type_name in CONVERTED else ""
    if type_name.startswith("varchar"):
        return "text"
    return "bigint" if type_name in ("integer", "smallint") else type_name


def _shorter(convert: Any) -> Any:
    """In place of Django's way from SQLite's times, which all are in UTC, a shorter one: lists have hundreds."""
    if connection.vendor != "sqlite" or getattr(convert, "__name__", "") != "convert_datetimefield_value":
        return convert

    def in_utc(value: Any, expression: Any, connection: Any) -> Any:
        if type(value) is datetime and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return convert(value, expression, connection)

    return in_utc


class _Place(int):
    """Which of the values stands here; in the place of a slot, which is ten times as large."""


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """SQL, where values go, and how a row becomes what the queryset gives.

    Nothing else of the query is kept: its conditions hold an object for each value, and reads by lists have hundreds.
    """

    sql: str
    params: Sequence[Any]  # places among them
    select: Sequence[Any]
    klass_info: Any
    annotation_col_map: Any
    width: int
    converters: Sequence[tuple[int, Sequence[Any], Any]]  # by column: functions, and the expression they want
    kinds: Sequence[str]  # by column, as columns of several queries are matched: heed.kernel.steps
    db: str
    model: type[Model]
    iterable: Any

    @classmethod
    def of(cls, queryset: "QuerySet[Any, Any]") -> "Compiled":
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = compiler.as_sql()
        width = compiler.col_count
        converters = compiler.get_converters([column[0] for column in compiler.select[:width]])
        return cls(
            sql=sql,
            params=tuple(_Place(p.number) if isinstance(p, Slot) else p for p in params),
            select=compiler.select,
            klass_info=compiler.klass_info,
            annotation_col_map=compiler.annotation_col_map,
            width=width,
            converters=[
                (place, [_shorter(function) for function in convert], column)
                for place, (convert, column) in converters.items()
            ],
            kinds=[kind_of(str(column[0].output_field.db_type(connection))) for column in compiler.select],
            db=queryset.db,
            model=queryset.model,
            iterable=queryset._iterable_class,
        )

    @property
    def key(self) -> Hashable:
        """Itself: the same arguments' shape is the same query."""
        return self

    def rows(self, values: Sequence[Any]) -> Iterator[Any]:
        """Run it, and let the queryset's own iterable make rows of what comes."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.filled(values))
            read: list[tuple[Any, ...]] = cursor.fetchall()
        yield from self.made(read)

    def filled(self, values: Sequence[Any]) -> list[Any]:
        """The parameters, with these values in their places."""
        return [values[p] if isinstance(p, _Place) else p for p in self.params]

    def made(self, read: list[tuple[Any, ...]]) -> Iterator[Any]:
        """What the queryset's iterable makes of rows as the driver gives them."""
        run = _Run(self, read)
        yield from self.iterable(
            SimpleNamespace(
                db=self.db,
                model=self.model,
                query=SimpleNamespace(get_compiler=lambda using: run),
                _known_related_objects={},
            )
        )


class _Run:
    """One run of a compiled query, in the place of Django's compiler: what an iterable asks of that."""

    def __init__(self, compiled: Compiled, read: list[tuple[Any, ...]]) -> None:
        self._compiled, self._read = compiled, read
        self.select, self.klass_info = compiled.select, compiled.klass_info
        self.annotation_col_map = compiled.annotation_col_map

    def execute_sql(self, **_: Any) -> list[tuple[Any, ...]]:
        """All rows as the driver gave them."""
        return self._read

    def results_iter(self, rows: Any = None, **_: Any) -> Iterator[Sequence[Any]]:
        """Rows with Python's values in them."""
        width = self._compiled.width
        for row in self._read if rows is None else rows:
            values = list(row[:width])
            for place, convert, column in self._compiled.converters:
                for function in convert:
                    values[place] = function(values[place], column, connection)
            yield tuple(values)
