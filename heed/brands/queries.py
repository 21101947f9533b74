"""Reads about brands."""

from collections.abc import Iterable, Mapping, Sequence

from heed.brands.hours import Calendar, calendar_from
from heed.brands.models import Acknowledgement, Brand, Inbox


def calendar_of(brand: Brand) -> Calendar:
    """The opening hours of a brand; one without hours never opens. Raises Unusable for what can't be read."""
    return calendar_from(time_zone=brand.time_zone, hours=brand.hours, holidays=brand.holidays)


def brands_by_id(numbers: Iterable[int]) -> Mapping[int, Brand]:
    """These brands; one query."""
    return Brand.objects.in_bulk(set(numbers))


def acknowledgements_of(brands: Iterable[int]) -> Sequence[Acknowledgement]:
    """The words of these brands for the first automatic answer, in every language they have; one query."""
    return list(Acknowledgement.objects.filter(brand_id__in=list(brands)))


def first_inbox() -> Inbox | None:
    """The inbox that was set up first; one query."""
    return Inbox.objects.order_by("pk").first()
