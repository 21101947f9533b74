"""Rows to SQL, built once per model and engine from its fields; and what the two engines are told differently."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count, groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import InterfaceError, NotSupportedError, OperationalError, connection, models, transaction

ADVISORY_KEY = 0x48454544  # "HEED"; one lock for the order of the log
PASSING_STATES = frozenset(
    {"08", "40", "53", "55", "57"}
)  # connection, deadlock, resources, locked, shutdown
CACHED_PLAN_CHANGED = "0A000"
PASSING_CODES = frozenset({"BUSY", "LOCKED", "FULL", "IOERR", "NOMEM", "INTERRUPT"})
EMPTY_JSON: Mapping[type, str] = {list: "[]", tuple: "[]", dict: "{}"}  # most lists of a mail are
COPIED = 8  # rows from which on PostgreSQL copies: it costs a round trip of its own
Convert = Callable[[Any], Any]


def is_postgres() -> bool:
    """True on PostgreSQL, False on SQLite."""
    return connection.vendor == "postgresql"


PLAIN = (
    models.IntegerField,
    models.FloatField,
    models.BooleanField,
    models.BinaryField,
    models.DateTimeField,
)


def _plain(value: Any) -> Any:
    return value


def _text(value: Any) -> Any:
    return value if value is None or type(value) is str else str(value)


def _json(value: Any) -> str:
    empty = None if value else EMPTY_JSON.get(type(value))
    return empty or json.dumps(value)


def _sqlite_instant(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


@cache
def _converter(field: "models.Field[Any, Any]", vendor: str) -> Convert:
    if isinstance(field, models.ForeignKey):
        return _converter(field.target_field, vendor)
    if isinstance(field, models.CharField | models.TextField):
        return _text
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.DateTimeField) and vendor == "sqlite":
        return _sqlite_instant
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return _text if vendor == "sqlite" else _plain  # ISO 8601, as Django writes it
    if isinstance(field, PLAIN):
        return _plain
    raise TypeError(
        f"{field.model.__name__}.{field.name}: buffered rows can't hold a {type(field).__name__} yet"
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """How the values of some columns are taken from a row: all at once, and only those converted that may need it."""

    read: Callable[[models.Model], tuple[Any, ...]]
    texts: Sequence[int]  # by place; nearly every text is one already
    others: Sequence[tuple[int, Convert]]

    @classmethod
    def of(cls, fields: "Sequence[models.Field[Any, Any]]", vendor: str) -> "_Columns":
        found = [(place, _converter(field, vendor)) for place, field in enumerate(fields)]
        return cls(
            _reader([field.attname for field in fields]),
            [place for place, convert in found if convert is _text],
            [(place, convert) for place, convert in found if convert not in (_plain, _text)],
        )

    def values(self, row: models.Model) -> tuple[Any, ...]:
        """The values of a row, as the driver wants them."""
        values = list(self.read(row))
        for place in self.texts:
            if type(values[place]) is not str:
                values[place] = _text(values[place])
        for place, convert in self.others:
            values[place] = convert(values[place])
        return tuple(values)


def _reader(names: Sequence[str]) -> Callable[[models.Model], tuple[Any, ...]]:
    read: Callable[[models.Model], Any] = attrgetter(*names)
    return read if len(names) > 1 else lambda row: (read(row),)


@cache
def _insert(
    model: type[models.Model],
    vendor: str,
    with_key: bool,  # noqa: FBT001 - part of a cache key
) -> tuple[str, str, _Columns]:
    columns = [f for f in model._meta.concrete_fields if with_key or not f.primary_key]
    mark = "%s" if vendor == "postgresql" else "?"
    names = ", ".join(f'"{f.column}"' for f in columns)
    marks = ", ".join([mark] * len(columns))
    sql = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})'  # noqa: S608 - names come from our own models
    copy = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN' if vendor == "postgresql" else ""
    return sql, copy, _Columns.of(columns, vendor)


@cache
def _update(model: type[models.Model], vendor: str, names: tuple[str, ...]) -> tuple[str, _Columns]:
    mark = "%s" if vendor == "postgresql" else "?"
    columns = [field for field in model._meta.concrete_fields if field.name in names]
    pk = model._meta.pk
    sets = ", ".join(f'"{f.column}" = {mark}' for f in columns)
    sql = f'UPDATE "{model._meta.db_table}" SET {sets} WHERE "{pk.column}" = {mark}'  # noqa: S608 - names come from our own models
    return sql, _Columns.of([*columns, pk], vendor)


class Write(NamedTuple):
    """A statement and the values of each row that it is for."""

    sql: str
    values: list[tuple[Any, ...]]
    copy: str = ""  # the same as a COPY, for an engine that has it


def insert(model: type[models.Model], rows: Iterable[models.Model], *, with_key: bool = True) -> Write:
    """The statement and values that insert these rows."""
    sql, copy, columns = _insert(model, connection.vendor, with_key)
    return Write(sql, [columns.values(row) for row in rows], copy)


def update(model: type[models.Model], names: tuple[str, ...], rows: Iterable[models.Model]) -> Write:
    """The statement and values that write the named fields of these rows."""
    sql, columns = _update(model, connection.vendor, names)
    return Write(sql, [columns.values(row) for row in rows])


def insert_or_raise(row: models.Model, *, per: Sequence[str], value: str) -> Write:
    """The statement that inserts a row, or raises `value` of the one that has the same `per`; it never falls.

    `per` are the fields of a unique constraint. Needs no lock: two who write at once leave the higher value.
    """
    inserted = insert(type(row), [row], with_key=False)
    fields = {name: row._meta.get_field(name).column for name in (*per, value)}  # type: ignore[union-attr]  # never the other side of a relation
    target, column = ", ".join(f'"{fields[name]}"' for name in per), fields[value]
    raised = f'"{column}" = excluded."{column}" WHERE "{row._meta.db_table}"."{column}" < excluded."{column}"'
    return Write(f"{inserted.sql} ON CONFLICT ({target}) DO UPDATE SET {raised}", inserted.values)


def _driver() -> Any:
    """The module of the engine's driver: asked of Django, so that a desk on SQLite never loads that of PostgreSQL."""
    return connection.Database  # type: ignore[attr-defined]  # both engines' wrappers have it


def write(writes: Sequence[Write]) -> None:
    """Execute all statements in order on the driver's own cursor, past wrappers.

    On PostgreSQL they are pipelined, and many rows for one table are copied, which takes it half the time.
    """
    connection.ensure_connection()
    raw = connection.connection
    with connection.wrap_database_errors:
        if not is_postgres():
            _execute(raw.cursor(), writes)
            return
        for is_copied, some in groupby(writes, key=lambda one: bool(one.copy) and len(one.values) >= COPIED):
            if is_copied:
                _copy(_driver().Cursor(raw), some)
            else:
                with raw.pipeline():
                    _execute(_driver().Cursor(raw), some)


def _execute(cursor: Any, writes: Iterable[Write]) -> None:
    for write in writes:
        if len(write.values) == 1:
            cursor.execute(write.sql, write.values[0])
        else:
            cursor.executemany(write.sql, write.values)
    cursor.close()


def _copy(cursor: Any, writes: Iterable[Write]) -> None:
    for write in writes:
        with cursor.copy(write.copy) as copy:
            for values in write.values:
                copy.write_row(values)
    cursor.close()


def draw_keys(model: type[models.Model], number: int) -> Iterator[int]:
    """Draw keys for `number` rows to come; on SQLite for as many as wanted.

    On SQLite the caller holds the write lock until it commits, so counting up from the last key is safe.
    """
    table, pk = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.execute(
                "SELECT nextval(s) FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS s) AS t,"
                " generate_series(1, %s)",
                [f'"{table}"', pk, number],
            )
            return iter([int(row[0]) for row in cursor.fetchall()])
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        return count((int(row[0]) if row else 0) + 1)


@contextmanager
def snapshot() -> Iterator[None]:
    """Reads inside agree with each other, whatever others commit meanwhile. On SQLite writers wait until it ends."""
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone and is_postgres():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def write_log(model: type[models.Model], rows: Iterable[models.Model], *, flush_later: bool) -> None:
    """Write events, their keys drawn now. On PostgreSQL under the one lock that makes log order commit order.

    The lock is held until the commit, so with `flush_later` the commit does not wait for its flush; `flush_log` does.
    """
    writes = [insert(model, rows, with_key=False)]
    if is_postgres():
        lazily = ", set_config('synchronous_commit', 'off', true)" if flush_later else ""
        lock = f"SELECT pg_advisory_xact_lock(%s), pg_notify('heed', ''){lazily}"
        writes.insert(0, Write(lock, [(ADVISORY_KEY,)]))
    write(writes)


def literally(field: str, template: str = "NOT (%(expressions)s = '')") -> models.Func:
    """A partial index's condition on a field, for a filter, in the words that the index has: by default "not empty".

    Neither engine proves such an index by a parameter (PostgreSQL plans before it looks at values, see settings):
    without this beside `filter(sent_once=key)` the whole table is read.
    """
    return models.Func(models.F(field), template=template, output_field=models.BooleanField())


def commit_lazily() -> None:
    """Let this PostgreSQL transaction commit without waiting for its flush."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def flush_log() -> None:
    """On PostgreSQL, return when all that this session committed survives a power cut.

    A transaction that writes nothing but this message is flushed with all before it; one that writes nothing at all
    is not.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(true, 'heed', '')")


def wake_workers() -> None:
    """On PostgreSQL, tell those who wait that something is due. To be called after the commit.

    Within the commit of what is due, every commit of the log would wait for its flush: PostgreSQL sends messages in
    the order of commits, under one lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', 'off', true), pg_notify('heed', '')")


def set_sqlite_synchronous(level: str) -> None:
    """On SQLite, FULL or NORMAL for the transactions to come on this connection; nothing when it is so already."""
    connection.ensure_connection()
    if getattr(connection, "heed_synchronous", None) != (connection.connection, level):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={level}")
        connection.heed_synchronous = (connection.connection, level)  # type: ignore[attr-defined]  # remembered per connection


def is_passing(error: BaseException) -> bool:
    """Whether an error of the database says nothing about the rows: a deadlock, a lost connection, a full disk."""
    known = isinstance(error, OperationalError | InterfaceError | NotSupportedError)
    cause = error.__cause__ if known else None
    state = getattr(cause, "sqlstate", None) or ""
    if isinstance(error, NotSupportedError):  # a plan from before a migration, until the connection ends
        return state == CACHED_PLAN_CHANGED
    code = (getattr(cause, "sqlite_errorname", None) or "").removeprefix("SQLITE_").partition("_")[0]
    lost = isinstance(error, InterfaceError) or (
        isinstance(error, OperationalError) and is_postgres() and not state
    )
    return lost or state[:2] in PASSING_STATES or code in PASSING_CODES


def is_full(error: BaseException) -> bool:
    """Whether the database has no room left."""
    cause = error.__cause__ if isinstance(error, OperationalError) else None
    return (
        getattr(cause, "sqlstate", None) == "53100"
        or getattr(cause, "sqlite_errorname", None) == "SQLITE_FULL"
    )
