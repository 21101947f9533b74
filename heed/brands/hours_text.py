"""Opening hours as people type them, 9:00–12:30, 13:30–17:00, to minutes of a day and back. Pure."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from heed.brands.hours import MINUTES_A_DAY
from heed.kernel.errors import Unusable

LONGEST: Final = 200
NOON: Final = 12 * 60
_TIME: Final = r"(\d{1,2})(?:[:.h]([0-5]\d))?h?\s*(am|pm)?"
_SPAN: Final = re.compile(rf"{_TIME}\s*(?:-|–|—|to)\s*{_TIME}")
_BETWEEN: Final = re.compile(r"[,;\n]|\band\b")


def read_hours(text: str) -> list[list[int]]:
    """The spans of one day as [first minute, last minute], in order; those that touch are one. Nothing typed: closed.

    Raises Unusable("hours", …): no_hours, backwards (an end before its beginning), overlapping, too_long.
    """
    if len(text) > LONGEST:
        raise Unusable("hours", "too_long")
    typed = (part.strip() for part in _BETWEEN.split(text.lower()))
    joined: list[list[int]] = []
    for first, last in sorted(_span(part) for part in typed if part):
        if joined and first < joined[-1][1]:
            raise Unusable("hours", "overlapping")
        if joined and first == joined[-1][1]:
            joined[-1][1] = last
        else:
            joined.append([first, last])
    return joined


def _span(text: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise Unusable("hours", "no_hours")
    first, last = _minute(*found.group(1, 2, 3)), _minute(*found.group(4, 5, 6))
    if last <= first:
        raise Unusable("hours", "backwards")
    return first, last


def _minute(hour: str, minute: str | None, half: str | None) -> int:
    """A time of day in minutes; 24:00 is the end of the day, 12 am its beginning."""
    number = int(hour)
    if half and not 1 <= number <= 12:
        raise Unusable("hours", "no_hours")
    total = (number % 12 if half else number) * 60 + int(minute or 0) + (NOON if half == "pm" else 0)
    if total > MINUTES_A_DAY:
        raise Unusable("hours", "no_hours")
    return total


def hours_text(spans: Iterable[Sequence[int]]) -> str:
    """What read_hours reads again as the same."""
    return ", ".join(f"{_clock(first)}–{_clock(last)}" for first, last in spans)


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"
