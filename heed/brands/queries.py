"""Reads about brands."""

from heed.brands.hours import Calendar, calendar_from
from heed.brands.models import Brand


def calendar_of(brand: Brand) -> Calendar:
    """The opening hours of a brand; one without hours never opens. Raises Unusable for what can't be read."""
    return calendar_from(time_zone=brand.time_zone, hours=brand.hours, holidays=brand.holidays)
