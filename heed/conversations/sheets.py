"""The forms in which a mail is written outside of a composer: which there are, and what a draft of one holds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from heed.kernel.errors import Unusable

PLACE_CHARACTERS = 300
FIELD_CHARACTERS = 2000
FIELD_VALUES = 200  # chosen in one field: messages that are quoted, files that go along
FIELDS = frozenset(
    {
        "direction", "inbox", "sender", "to", "cc", "bcc", "subject", "then",
        "kind", "team", "may_read", "quote", "keep",
    }
)  # fmt: skip
Fields = Mapping[str, Sequence[str]]

_PLACE = re.compile(
    r"new(-.+)?|side-of-(?P<conversation>[0-9]{1,18})|side-(?P<side>[0-9]{1,18})|forward-(?P<message>[0-9]{1,18})",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Which form it is: of a new conversation, or about one of these three."""

    place: str
    conversation: int | None = None  # a side conversation that begins beside it
    side: int | None = None  # an answer in it
    message: int | None = None  # which goes on


@dataclass(frozen=True, slots=True)
class Begun:
    """What such a form holds: words, their form, its other fields by name, and uploads."""

    text: str = ""
    html: str = ""
    fields: Fields = field(default_factory=dict)
    files: Sequence[int] = ()


def beside(conversation: int) -> str:
    """The name of the form in which a side conversation begins beside this one."""
    return f"side-of-{conversation}"


def sheet_at(place: str) -> Sheet:
    """The form with this name. Raises Unusable."""
    found = _PLACE.fullmatch(place)
    if found is None or len(place) > PLACE_CHARACTERS or "\0" in place:
        raise Unusable("place", "malformed")
    about = {name: int(number) for name, number in found.groupdict().items() if number}
    return Sheet(place, **about)


def known_fields(given: object) -> Fields:
    """These values as a draft keeps them. Raises Unusable for names that no form has, and for too much."""
    if not isinstance(given, Mapping) or not given.keys() <= FIELDS:
        raise Unusable("fields", "malformed")
    for values in given.values():
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            raise Unusable("fields", "malformed")
        if len(values) > FIELD_VALUES or any(len(one) > FIELD_CHARACTERS for one in values):
            raise Unusable("fields", "too_long")
    return {name: [one.replace("\0", "") for one in values] for name, values in given.items()}
