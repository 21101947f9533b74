"""How many mails a server takes a minute, an hour and a day, and when the next may leave. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LONGEST: Final = DAY  # what left longer ago counts no more

Left = tuple[datetime, int]  # when a mail left, for how many recipients


@dataclass(frozen=True, slots=True)
class Limits:
    """The most recipients in any minute, hour and day; None: as many as there are."""

    minute: int | None = None
    hour: int | None = None
    day: int | None = None

    @property
    def windows(self) -> tuple[tuple[timedelta, int], ...]:
        """The windows that have a limit."""
        all_three = ((MINUTE, self.minute), (HOUR, self.hour), (DAY, self.day))
        return tuple((window, limit) for window, limit in all_three if limit is not None)

    def shared(self, percent: int) -> "Limits":
        """The part of the limits that automatic mail may use up; at least one a window."""
        parts = (
            None if n is None else max(1, n * percent // 100) for n in (self.minute, self.hour, self.day)
        )
        return Limits(*parts)


def next_turn(left: Sequence[Left], *, limits: Limits, recipients: int, now: datetime) -> datetime:
    """When a mail to so many recipients may leave, given what left before, oldest first: now, or later.

    A mail with more recipients than a limit allows leaves alone, when nothing else did in that window.
    """
    earliest = now
    for window, limit in limits.windows:
        inside = [one for one in left if one[0] > now - window]
        total = sum(number for _, number in inside)
        for at, number in inside:
            if total + recipients <= limit:
                break
            total -= number
            earliest = max(earliest, at + window)
    return earliest
