"""The unit of work: verbs buffer rows and events, the outermost unit writes them, one transaction in all.

Order of writing: rows table by table, each in the order of its keys, then the events; after them nothing touches
the database before the commit. A query on a table with buffered rows writes those first.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import wraps
from itertools import groupby
from typing import Any, ParamSpec, Protocol, TypeVar

from django.db import connection, models, transaction

from heed.eventlog import sql
from heed.eventlog.kinds import Kind, encode
from heed.eventlog.models import EventRow
from heed.kernel import clock, outbound
from heed.kernel.errors import HeedError
from heed.kernel.words import ActorKind, Origin

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)
MAX_DEPTH = 5


class Commit(Enum):
    """Whether a commit survives a power cut at once (what was promised) or may be done again (what is repeatable)."""

    DURABLE = "durable"
    LAZY = "lazy"


class By(Protocol):
    """Who acts, as the log names them."""

    @property
    def kind(self) -> ActorKind:
        """What sort of actor."""

    @property
    def id(self) -> int | None:
        """Which one; None for the system."""


class TooDeep(HeedError):
    """An event would be caused at a depth over five: a loop. The chain names event ids, the first cause first."""

    code, status = "too_deep", 409

    def __init__(self, chain: list[int]) -> None:
        """Keep the chain of causes for the report."""
        super().__init__(f"stopped at depth {MAX_DEPTH}; caused by events {' > '.join(map(str, chain))}")
        self.chain = chain


class OutsideUnit(RuntimeError):
    """A row or event was buffered with no unit of work open: call a verb instead."""


@dataclass(frozen=True, slots=True)
class Cause:
    """The event that a consumer is taking in: what it records was caused by it."""

    event_id: int
    depth: int
    origin: Origin


@dataclass(slots=True)
class Unit:
    """What is buffered, and what rows this unit knows."""

    commit: Commit
    origin: Origin = Origin.LIVE
    cause: Cause | None = None
    actors: list[By] = field(default_factory=list)
    new: dict[type[models.Model], dict[Any, models.Model]] = field(default_factory=dict)
    changed: dict[type[models.Model], dict[Any, tuple[models.Model, set[str]]]] = field(default_factory=dict)
    known: dict[type[models.Model], dict[Any, models.Model]] = field(default_factory=dict)
    keys: dict[type[models.Model], Iterator[int]] = field(default_factory=dict)
    events: list[EventRow] = field(default_factory=list)
    dirty: set[str] = field(default_factory=set)

    def draw_key(self, model: type[models.Model]) -> int:
        """The next key for a row of this model."""
        drawn = next(self.keys.get(model, iter(())), None)
        if drawn is None:
            self.keys[model] = sql.draw_keys(model)
            drawn = next(self.keys[model])
        return drawn

    def write_rows(self, table: str | None = None) -> None:
        """Write buffered rows: of one table, or of all in the order of their tables and keys."""
        writes: list[sql.Write] = []
        for model in sorted({*self.new, *self.changed}, key=lambda m: m._meta.db_table):
            if table is not None and f'"{model._meta.db_table}"' != table:
                continue
            added = self.new.pop(model, None)
            if added:
                writes.append(sql.insert(model, added.values()))
            changes = sorted(self.changed.pop(model, {}).items(), key=lambda item: item[0])
            by_fields = groupby(changes, key=lambda item: tuple(sorted(item[1][1])))
            writes.extend(sql.update(model, names, [row for _, (row, _) in rows]) for names, rows in by_fields)
            self.dirty.discard(f'"{model._meta.db_table}"')
        if writes:
            sql.write(writes)

    def write_events(self) -> bool:
        """Write buffered events, last of all, under the log's lock. True when there were any."""
        if not self.events:
            return False
        if sql.is_postgres():
            if self.commit is Commit.DURABLE:
                sql.commit_lazily()  # made durable after the lock is released
            sql.take_log_lock()
            sql.wake_listeners()
        sql.write([sql.insert(EventRow, self.events, with_key=False)])
        self.events = []
        return True

    def forget(self) -> None:
        """Drop everything buffered and known, after a rollback."""
        for buffer in (self.new, self.changed, self.known, self.keys, self.dirty):
            buffer.clear()

    def write_before_reading(self, execute: Callable[..., Any], query: Any, params: Any, many: Any, context: Any) -> Any:
        """Wrapper of every query: rows buffered for a table it names are written first."""
        for table in [table for table in self.dirty if table in query]:
            self.write_rows(table)
        return execute(query, params, many, context)


class _Open(threading.local):
    unit: Unit | None = None


_open = _Open()


def current() -> Unit:
    """The open unit of work. Raises OutsideUnit when there is none."""
    if _open.unit is None:
        raise OutsideUnit
    return _open.unit


@contextmanager
def unit(commit: Commit = Commit.DURABLE, *, origin: Origin = Origin.LIVE, cause: Cause | None = None) -> Iterator[Unit]:
    """One transaction in which verbs work together. Afterwards all is committed, or, on an error, nothing is.

    Joins a unit that is open already. Durable (the default): a power cut right after it loses nothing.
    """
    if _open.unit is not None:
        yield _open.unit
        return
    if not sql.is_postgres() and not connection.in_atomic_block:
        sql.set_sqlite_synchronous("FULL" if commit is Commit.DURABLE else "NORMAL")
    work = Unit(commit, origin=cause.origin if cause else origin, cause=cause)
    _open.unit = work
    try:
        with outbound.forbidden(), transaction.atomic():
            if commit is Commit.LAZY and sql.is_postgres():
                sql.commit_lazily()
            with connection.execute_wrapper(work.write_before_reading):
                yield work
                work.write_rows()
            logged = work.write_events()
    finally:
        _open.unit = None
    if logged and commit is Commit.DURABLE and sql.is_postgres() and not connection.in_atomic_block:
        sql.flush_log()


@contextmanager
def savepoint() -> Iterator[None]:
    """Inside a unit: an error undoes what was buffered or written since, and is raised on."""
    work = current()
    work.write_rows()
    events = len(work.events)
    try:
        with transaction.atomic():
            yield
            work.write_rows()
    except BaseException:
        work.forget()
        del work.events[events:]
        raise


@contextmanager
def caused_by(cause: Cause) -> Iterator[None]:
    """What is recorded inside was caused by this event."""
    work = current()
    before, origin = work.cause, work.origin
    work.cause, work.origin = cause, cause.origin
    try:
        yield
    finally:
        work.cause, work.origin = before, origin


@contextmanager
def _acting(work: Unit, by: By | None) -> Iterator[None]:
    if by is None:
        yield
        return
    work.actors.append(by)
    try:
        yield
    finally:
        work.actors.pop()


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function one unit of work that acts `by` someone: all of it is committed, or nothing."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        by: Any = kwargs.get("by")
        with unit() as work, _acting(work, by):
            return function(*args, **kwargs)

    run.is_verb = True  # type: ignore[attr-defined]  # contract tests list the verbs by this mark
    return run


def add(row: M) -> M:
    """Buffer a new row, with its key drawn; it is written with the unit, or before a query on its table."""
    work = current()
    model = type(row)
    if row.pk is None:
        row.pk = work.draw_key(model)
    row._state.adding = False
    row._state.db = connection.alias
    work.new.setdefault(model, {})[row.pk] = row
    work.known.setdefault(model, {})[row.pk] = row
    work.dirty.add(f'"{model._meta.db_table}"')
    return row


def change(row: M, **values: Any) -> M:
    """Set fields of a row, by field name, and buffer the change; it is written with the unit."""
    work = current()
    model = type(row)
    for name, value in values.items():
        setattr(row, name, value)
    work.known.setdefault(model, {})[row.pk] = row
    if row.pk in work.new.get(model, ()):
        return row
    names = {model._meta.get_field(name).name for name in values}
    known = work.changed.setdefault(model, {}).get(row.pk)
    work.changed[model][row.pk] = (row, names | known[1] if known else names)
    work.dirty.add(f'"{model._meta.db_table}"')
    return row


def remove(row: models.Model) -> None:
    """Delete a row now; what is buffered for its table is written first."""
    work = current()
    work.write_rows(f'"{type(row)._meta.db_table}"')
    work.known.get(type(row), {}).pop(row.pk, None)
    type(row)._base_manager.filter(pk=row.pk).delete()


def lock(row: M) -> M:
    """The row as it stands now, held against other writers until the unit ends. Raises Model.DoesNotExist."""
    found = lock_many(type(row), [row.pk])
    if not found:
        raise type(row).DoesNotExist  # type: ignore[attr-defined]  # every model has it
    return found[row.pk]


def lock_many(model: type[M], keys: Iterable[Any]) -> dict[Any, M]:
    """Rows by key as they stand now, held against other writers, in the order of their keys. Missing ones are left out."""
    known = current().known.setdefault(model, {})
    wanted = list(dict.fromkeys(keys))
    missing = [key for key in wanted if key not in known]
    if missing:
        rows = model._base_manager.filter(pk__in=missing).order_by("pk")
        for row in rows.select_for_update() if sql.is_postgres() else rows:
            known[row.pk] = row
    return {key: known[key] for key in wanted if key in known}  # type: ignore[misc]  # the map is per model


def record(payload: Kind, *, on: int | None = None, at: datetime | None = None) -> None:
    """Buffer an event about conversation `on`, by whoever the innermost verb acts for.

    It is written after every other row of the unit. Raises TooDeep when it would be the sixth cause in a chain.
    """
    work = current()
    cause = work.cause
    depth = cause.depth + 1 if cause else 0
    if depth > MAX_DEPTH and cause is not None:
        raise TooDeep(chain_of(cause.event_id))
    by = work.actors[-1] if work.actors else None
    work.events.append(
        EventRow(
            at=at or clock.now(),
            kind=payload.name,
            conversation_id=on,
            actor_kind=by.kind if by else ActorKind.SYSTEM,
            actor_id=by.id if by else None,
            cause_id=cause.event_id if cause else None,
            depth=depth,
            origin=work.origin,
            visibility=payload.visibility,
            data=encode(payload),
        )
    )


def chain_of(event_id: int) -> list[int]:
    """The ids of an event's causes, the first cause first, itself last."""
    chain, seen = [event_id], EventRow.objects.filter(pk=event_id).values_list("cause_id", flat=True).first()
    while seen is not None and seen not in chain:
        chain.append(seen)
        seen = EventRow.objects.filter(pk=seen).values_list("cause_id", flat=True).first()
    return chain[::-1]


def is_open() -> bool:
    """True inside a unit of work."""
    return _open.unit is not None


