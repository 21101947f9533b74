"""The one source of time: aware, UTC; and the zones that people live in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from zoneinfo import available_timezones

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present instant, aware and in UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Inside, on this thread or task alone, the clock stands still at an aware instant. For stories and tests.

    Raises ValueError for an instant without a zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    before = _told.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(before)


@cache
def zones() -> tuple[str, ...]:
    """The names of all time zones, in order. Reading them means opening hundreds of files: once in a process."""
    return tuple(sorted(available_timezones()))
