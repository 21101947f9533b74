"""Quiet hours: when nothing is sent to somebody, by the clock where they are. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAY: Final = 24 * 60  # minutes
HALF_HOUR: Final = timedelta(minutes=30)
AHEAD: Final = 8  # days that are looked through; who never wants anything is asked again after them


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one minute of the day to another, over midnight when that is earlier; and whole days of the week."""

    zone: str
    begins: int | None = None  # minute of the day; None: no hours
    ends: int | None = None
    days: Sequence[int] = ()  # 0 is Monday

    def is_quiet(self, at: datetime) -> bool:
        """Whether nothing is sent at this instant."""
        there = at.astimezone(ZoneInfo(self.zone))
        if there.weekday() in self.days:
            return True
        if self.begins is None or self.ends is None or self.begins == self.ends:
            return False
        minute = there.hour * 60 + there.minute
        if self.begins < self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends

    def over_at(self, now: datetime) -> datetime:
        """The first instant from now on at which something may be sent: now, where it is not quiet."""
        if not self.is_quiet(now):
            return now
        ends = sorted(one for one in self._ends(now) if one > now)
        return next((one for one in ends if not self.is_quiet(one)), ends[-1])

    def _ends(self, now: datetime) -> Iterable[datetime]:
        """Where a stretch may end: at the hour, at midnight, and where clocks are changed; in the days to come.

        When they go back, an hour is there twice.
        """
        zone = ZoneInfo(self.zone)
        today = now.astimezone(zone).date()
        minutes = {0, *([] if self.ends is None else [self.ends % DAY])}
        for ahead in range(AHEAD + 1):
            for minute in minutes:
                clock = time(minute // 60, minute % 60)
                there = datetime.combine(today + timedelta(days=ahead), clock, zone)
                yield from (there.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        yield from _changes(now, zone)


def _changes(now: datetime, zone: ZoneInfo) -> Iterable[datetime]:
    """When clocks are changed there: at a full or half hour."""
    at = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)
    offset = at.astimezone(zone).utcoffset()
    for _ in range(AHEAD * 48):
        at += HALF_HOUR
        before, offset = offset, at.astimezone(zone).utcoffset()
        if offset != before:
            yield at.astimezone(UTC)
