"""Read about a desk's first hour, for the desk itself."""

from heed.people.models import FirstHour


def first_hour() -> FirstHour | None:
    """How far it has got; None for a desk that began otherwise. One query."""
    return FirstHour.objects.filter(pk=FirstHour.ONLY).first()
