"""Business time: the only place that counts opening hours. Pure.

Windows are wall time in the brand's zone; everything that goes in and out is an instant. When clocks change, wall
times keep their meaning: a window from 8 to 12 opens at 8 by the clock on the wall. A time that is skipped counts
as the moment of the change; of a time that comes twice the first counts. So a window over the change is an hour
shorter or longer, as it is for the people who work in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from heed.kernel.errors import HeedError, Unusable

Windows = tuple[tuple[int, int], ...]

MINUTES_A_DAY: Final = 24 * 60
_DAY: Final = timedelta(days=1)
_NOTHING: Final = timedelta()
_LONGEST_CLOSURE_DAYS: Final = 3_660
_HORIZON_DAYS: Final = 36_600


class NeverOpen(HeedError):
    """These hours hold no opening within the time that anybody could wait for."""

    code, status = "never_open", 409


def _is_day(windows: Windows) -> bool:
    bounds = [minute for window in windows for minute in window]
    return all(0 <= first < last <= MINUTES_A_DAY for first, last in windows) and all(
        earlier <= later for earlier, later in pairwise(bounds)
    )


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a brand's people are there.

    ``windows`` has a tuple for each weekday, Monday first, of (first minute, last minute) of the day, the last
    excluded and at most 1440. They may touch, not overlap. ``holidays`` are closed from midnight to midnight.
    Raises Unusable, naming the field, for an unknown zone and for windows that make no sense.
    """

    time_zone: str
    windows: tuple[Windows, ...] = ((),) * 7
    holidays: frozenset[date] = frozenset()
    always_open: bool = False
    zone: ZoneInfo = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            zone = ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise Unusable("time_zone", "unknown_zone") from error
        object.__setattr__(self, "zone", zone)
        if len(self.windows) != 7 or not all(map(_is_day, self.windows)):
            raise Unusable("windows", "overlap_or_outside_the_day")

    @property
    def opens(self) -> bool:
        """Whether any weekday has hours at all."""
        return self.always_open or any(self.windows)


def calendar_from(
    *, time_zone: str, hours: Mapping[str, Sequence[Sequence[int]]], holidays: Sequence[str] = ()
) -> Calendar:
    """The calendar from what a brand's row holds: weekday "0" to "6" to [[first, last], …], and ISO dates.

    Raises Unusable for what can't be read.
    """
    try:
        windows = tuple(
            tuple(sorted((int(first), int(last)) for first, last in hours.get(str(weekday), ())))
            for weekday in range(7)
        )
        return _calendar(time_zone, windows, frozenset(map(date.fromisoformat, holidays)))
    except (TypeError, ValueError) as error:
        raise Unusable("hours", "unreadable") from error


@lru_cache(maxsize=256)
def _calendar(time_zone: str, windows: tuple[Windows, ...], holidays: frozenset[date]) -> Calendar:
    """Checked once: a list of agents to assign to has the hours of each."""
    return Calendar(time_zone, windows, holidays)


ALWAYS_OPEN: Final = Calendar("UTC", always_open=True)
"""Every second counts: for promises by the clock."""


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether an instant lies in a window; the instant of closing does not."""
    if calendar.always_open:
        return True
    return any(opening <= at < closing for opening, closing in _openings_of(calendar, _day(calendar, at)))


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """The instant itself when open, else when it opens next, in UTC. Raises NeverOpen."""
    if calendar.always_open:
        return at.astimezone(UTC)
    for opening, closing in _openings_from(calendar, at):
        if closing > at:
            return max(opening, at.astimezone(UTC))
    raise NeverOpen


def add(calendar: Calendar, start: datetime, business_seconds: int) -> datetime:
    """The earliest instant by which so many open seconds have passed since the start, in UTC.

    With zero it is the start itself, open or not. Raises NeverOpen when that takes longer than a hundred years.
    """
    if business_seconds < 0:
        raise ValueError("business time runs forward")
    start = start.astimezone(UTC)
    left = timedelta(seconds=business_seconds)
    if calendar.always_open or not left:
        return start + left
    for opening, closing in _openings_from(calendar, start):
        opened = max(opening, start)
        if closing - opened >= left:
            return opened + left
        left -= max(closing - opened, _NOTHING)
    raise NeverOpen


def between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """The open seconds from start to end, full seconds only; 0 when the end is not after the start."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end <= start:
        return 0
    if calendar.always_open:
        return (end - start) // timedelta(seconds=1)
    passed = _NOTHING
    day, last_day = _day(calendar, start), _day(calendar, end)
    while day <= last_day:
        for opening, closing in _openings_of(calendar, day):
            passed += max(min(closing, end) - max(opening, start), _NOTHING)
        day += _DAY
    return passed // timedelta(seconds=1)


def _openings_from(calendar: Calendar, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Openings in order from the day of an instant on; ends where waiting makes no sense any more."""
    day = _day(calendar, at)
    closed_days = 0
    for _ in range(_HORIZON_DAYS if calendar.opens else 0):
        openings = _openings_of(calendar, day)
        yield from openings
        closed_days = 0 if openings else closed_days + 1
        if closed_days > _LONGEST_CLOSURE_DAYS or day == date.max:
            return
        day += _DAY


def _openings_of(calendar: Calendar, day: date) -> list[tuple[datetime, datetime]]:
    if day in calendar.holidays:
        return []
    windows = calendar.windows[day.weekday()]
    instants = [(_instant(calendar, day, first), _instant(calendar, day, last)) for first, last in windows]
    return [(opening, closing) for opening, closing in instants if opening < closing]


def _day(calendar: Calendar, at: datetime) -> date:
    return at.astimezone(calendar.zone).date()


def _instant(calendar: Calendar, day: date, minute: int) -> datetime:
    wall = datetime(day.year, day.month, day.day, tzinfo=calendar.zone) + timedelta(minutes=minute)
    instant = wall.astimezone(UTC)
    if instant.astimezone(calendar.zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _change_before(calendar.zone, instant)


def _change_before(zone: ZoneInfo, instant: datetime) -> datetime:
    """When the clocks were put forward over a wall time, which would have been this instant without."""
    after, before = (
        instant,
        instant - timedelta(hours=26),
    )  # a zone that changes sides of the date line skips a day
    offset = instant.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
