"""Filters of views: codes of the filter language in the reader's words."""

from django import template

from heed.ui import list_words

register = template.Library()
AHEAD = ("due", "snoozed")


@register.filter
def field_name(code: str) -> str:
    """What a condition is about: Newest message."""
    return str(list_words.FIELDS.get(code, code))


@register.filter
def choice_name(code: str) -> str:
    """A value of a field with a list of them: Overdue."""
    return str(list_words.CHOICES.get(code, code))


@register.filter
def sign_name(code: str) -> str:
    """How what is noted in a custom field compares."""
    return str(list_words.SIGNS.get(code, code))


@register.filter
def order_name(code: str) -> str:
    """What comes first in a view."""
    return str(list_words.ORDERS.get(code, code))


@register.filter
def fact_name(code: str) -> str:
    """What a row tells beside the rest."""
    return str(list_words.FACTS.get(code, code))


@register.filter
def when_name(value: str, field: str) -> str:
    """A value of a field that is a time: in the last 7 days. What is a date stays as it is."""
    if value in list_words.DAYS:
        return str(list_words.DAYS[value])
    digits, unit = value.removeprefix(">")[:-1], value[-1:]
    if not digits.isdecimal() or unit not in ("h", "d", "w"):
        return value
    is_beyond, is_ahead = value.startswith(">"), field in AHEAD
    words = (
        (list_words.far if is_beyond else list_words.near)
        if is_ahead
        else (list_words.long_passed if is_beyond else list_words.passed)
    )
    return words(int(digits), unit)
