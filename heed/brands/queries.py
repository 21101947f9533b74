"""Reads about brands."""

from datetime import date

from heed.brands.hours import Calendar
from heed.brands.models import Brand


def calendar_of(brand: Brand) -> Calendar:
    """The opening hours of a brand; one without hours is always open."""
    windows = tuple(
        tuple((int(first), int(last)) for first, last in brand.hours.get(str(weekday), ()))
        for weekday in range(7)
    )
    holidays = frozenset(date.fromisoformat(day) for day in brand.holidays)
    return Calendar(
        time_zone=brand.time_zone, windows=windows, holidays=holidays, always_open=not any(windows)
    )
