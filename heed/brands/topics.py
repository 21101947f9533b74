"""Topics as a tree, and what custom fields hold. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from heed.brands.models import CustomField, Topic
from heed.kernel.errors import Unusable
from heed.kernel.words import FieldKind

VALUE_CHARACTERS: Final = 500
NUMBER_DIGITS: Final = 30
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Branch:
    """A topic where it stands in the tree. level: 0 at the root; names: from the root, its own last."""

    topic: Topic
    level: int
    names: tuple[str, ...]
    path: tuple[int, ...]  # ids, likewise
    is_archived: bool  # itself, or one above


def in_order(topics: Iterable[Topic]) -> list[Branch]:
    """All topics of one brand as they stand in the tree: each before those below it, those of one level by name."""
    below: dict[int | None, list[Topic]] = defaultdict(list)
    for topic in topics:
        below[topic.parent_id].append(topic)
    return list(_walk(below, None, (), (), is_archived=False))


def _walk(
    below: dict[int | None, list[Topic]],
    parent: int | None,
    names: tuple[str, ...],
    path: tuple[int, ...],
    *,
    is_archived: bool,
) -> Iterator[Branch]:
    for topic in sorted(below.get(parent, ()), key=lambda one: (one.name.casefold(), one.pk)):
        own, here = (*names, topic.name), (*path, topic.pk)
        gone = is_archived or topic.archived_at is not None
        yield Branch(topic, len(names), own, here, gone)
        yield from _walk(below, topic.pk, own, here, is_archived=gone)


def applies(field: CustomField, topic: Topic | None) -> bool:
    """Whether a field is asked for in conversations of its brand about this topic."""
    if field.topic_id is None:
        return True
    return topic is not None and field.topic_id in (topic.pk, *topic.above)


def read_value(field: CustomField, given: str) -> str:
    """What was typed into a field, in the one form in which it is kept; '' for nothing. Raises Unusable (value)."""
    tidy = " ".join(given.split())
    if len(tidy) > VALUE_CHARACTERS:
        raise Unusable("value", "too_long")
    if not tidy:
        return ""
    match FieldKind(field.kind):
        case FieldKind.TEXT:
            return tidy
        case FieldKind.NUMBER:
            return number_in(tidy)
        case FieldKind.DATE:
            return _date(tidy)
        case FieldKind.CHOICE:
            return _one_of(tidy, field.choices)
        case FieldKind.YES_NO:
            return _one_of(tidy, (YES, NO))


def number_in(tidy: str) -> str:
    """A decimal number with a point, as it is kept: 1200, -3.5, without zeros that say nothing. Raises Unusable."""
    try:
        number = Decimal(tidy.replace(",", ".") if tidy.count(",") == 1 and "." not in tidy else tidy)
    except InvalidOperation:
        raise Unusable("value", "no_number") from None
    if (
        not number.is_finite()
        or len(number.as_tuple().digits) > NUMBER_DIGITS
        or abs(number.adjusted()) > NUMBER_DIGITS
    ):
        raise Unusable("value", "no_number")
    plain = f"{number:f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain) if number else "0"


def _date(tidy: str) -> str:
    try:
        return date.fromisoformat(tidy).isoformat()
    except ValueError:
        raise Unusable("value", "no_date") from None


def _one_of(tidy: str, choices: Sequence[str]) -> str:
    if tidy not in choices:
        raise Unusable("value", "unknown_choice")
    return tidy
