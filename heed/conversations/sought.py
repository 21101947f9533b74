"""What is noted down in custom fields, as it is looked for. Pure."""

from heed.brands.topics import VALUE_CHARACTERS
from heed.kernel.words import FieldKind
from heed.language.tokens import words


def sought_in(value: str) -> str:
    """A value as it is looked for: its words without case and accents."""
    return " ".join(words(value))[:VALUE_CHARACTERS]


def comparable(kind: FieldKind, value: str) -> float | None:
    """A kept value as a number that can be compared; None for what is none. Beyond 15 digits only nearly so."""
    return float(value) if kind is FieldKind.NUMBER else None
