"""The unit of work: verbs buffer rows and events, the outermost unit writes them, one transaction in all.

Order of writing: rows table by table, each in the order of its lock keys, then the events; after them nothing touches
the database before the commit. A query on a table with buffered rows writes those first.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from django.db import connection, models, transaction

from heed.eventlog.encoding import encode
from heed.eventlog.kinds import Kind
from heed.eventlog.models import DueRow, EventRow
from heed.kernel import buffer, clock, outbound, rows
from heed.kernel.buffer import Buffer
from heed.kernel.buffer import (
    OutsideUnit as OutsideUnit,  # what verbs do with rows is part of the unit's face
)
from heed.kernel.buffer import add as add
from heed.kernel.buffer import change as change
from heed.kernel.buffer import lock as lock
from heed.kernel.buffer import lock_many as lock_many
from heed.kernel.buffer import put_highest as put_highest
from heed.kernel.buffer import remove as remove
from heed.kernel.config import config
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


class HalfDone(RuntimeError):
    """An inner verb raised after its first change and its caller went on: use savepoint() to go on without it."""


@dataclass(frozen=True, slots=True)
class Cause:
    """The event that a consumer is taking in: what it records was caused by it."""

    event_id: int
    depth: int
    origin: Origin


@dataclass(slots=True)
class Unit(Buffer):
    """Rows and events that are committed together, and who acts."""

    commit: Commit = Commit.DURABLE
    origin: Origin = Origin.LIVE
    cause: Cause | None = None
    actors: list[By] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    is_half_done: bool = False
    is_due: bool = False  # a worker has to do something now about a row of this unit

    def add(self, row: M) -> M:
        """Buffer a new row, with its key drawn."""
        self._look_whether_due(row)
        return Buffer.add(self, row)

    def change(self, row: M, values: dict[str, Any]) -> M:
        """Set fields of a row, and buffer the change of these columns."""
        changed = Buffer.change(self, row, values)
        if "due_at" in values:
            self._look_whether_due(row)
        return changed

    def _look_whether_due(self, row: models.Model) -> None:
        if isinstance(row, DueRow) and row.due_at is not None and row.due_at <= clock.now():
            self.is_due = True

    def write_events(self) -> bool:
        """Write buffered events, last of all, under the log's lock. True when there were any."""
        if not self.events:
            return False
        rows.write_log(EventRow, self.events, flush_later=self.commit is Commit.DURABLE)
        self.events = []
        return True


def current() -> Unit:
    """The open unit of work. Raises OutsideUnit when there is none."""
    work = buffer.current()
    assert isinstance(work, Unit)  # only units are opened
    return work


@contextmanager
def unit(commit: Commit = Commit.DURABLE, *, origin: Origin = Origin.LIVE) -> Iterator[Unit]:
    """One transaction in which verbs work together. Afterwards all is committed, or, on an error, nothing is.

    Joins a unit that is open already, with that one's commit and origin. Durable (the default): a power cut right
    after it loses nothing. Raises RuntimeError inside someone else's transaction, whose end it could not promise.
    """
    if buffer.opened.buffer is not None:
        with _part_of(current()) as work:
            yield work
        return
    if not rows.is_postgres() and not connection.in_atomic_block:
        # Without a WAL, NORMAL may corrupt the file at a power cut.
        lazy = commit is Commit.LAZY and config.sqlite_journal == "wal"
        rows.set_sqlite_synchronous("NORMAL" if lazy else "FULL")
    work = Unit(commit=commit, origin=origin)
    try:
        with outbound.forbidden(), transaction.atomic(durable=True):
            buffer.opened.buffer = work
            if commit is Commit.LAZY and rows.is_postgres():
                rows.commit_lazily()
            with connection.execute_wrapper(work.write_before_reading):
                yield work
                if work.is_half_done:
                    raise HalfDone
                work.write()
            logged = work.write_events()
            buffer.opened.buffer = None  # before the commit, and what others hang on it
    finally:
        buffer.opened.buffer = None
    if rows.is_postgres() and not connection.in_atomic_block:
        if logged and commit is Commit.DURABLE:
            rows.flush_log()
        elif work.is_due and not logged:
            rows.wake_workers()


@contextmanager
def _part_of(work: Unit) -> Iterator[Unit]:
    steps = work.steps
    try:
        yield work
    except BaseException:
        work.is_half_done = work.is_half_done or work.steps > steps
        raise


@contextmanager
def savepoint() -> Iterator[None]:
    """Inside a unit: an error undoes what was buffered, written or set on rows since, and is raised on."""
    work = current()
    mark, events, half_done = work.mark(), len(work.events), work.is_half_done
    try:
        with transaction.atomic():
            yield
            work.write()
    except BaseException:
        work.back_to(mark)
        del work.events[events:]
        work.is_half_done = half_done
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


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function one unit of work that acts `by` someone: all of it is committed, or nothing."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        work = buffer.opened.buffer
        if work is None:
            with unit() as opened:
                return acted(opened, *args, **kwargs)
        assert isinstance(work, Unit)  # only units are opened
        steps = work.steps
        try:
            return acted(work, *args, **kwargs)
        except BaseException:
            work.is_half_done = work.is_half_done or work.steps > steps
            raise

    def acted(work: Unit, *args: P.args, **kwargs: P.kwargs) -> R:
        before = len(work.actors)
        if "by" in kwargs:
            work.actors.append(kwargs["by"])  # type: ignore[arg-type]  # every verb's by is an actor
        try:
            return function(*args, **kwargs)
        finally:
            del work.actors[before:]

    run.is_verb = True  # type: ignore[attr-defined]  # contract tests list the verbs by this mark
    return run


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
    work.steps += 1
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
    chain = [event_id]
    while cause := EventRow.objects.filter(pk=chain[-1]).values_list("cause_id", flat=True).first():
        chain.append(cause)
    return chain[::-1]
