"""Variables of saved replies: {{ customer.first_name }} stands for what is known where the reply is used. Pure.

Which there are is fixed and listed here; docs/howto/saved-replies.md says what each stands for. What nothing is known
of becomes a gap that asks for it, never an empty place and never braces.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

VARIABLES: Final = (
    "customer.first_name",
    "customer.name",
    "customer.address",
    "agent.first_name",
    "agent.name",
    "brand.name",
    "team.name",
    "inbox.address",
    "conversation.number",
    "conversation.subject",
)
_BRACES: Final = re.compile(r"\{\{[ \t]{0,10}([^{}\n]{0,80}?)[ \t]{0,10}\}\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a saved reply: words as they stand, or what stands for a variable; gap: nothing is known."""

    text: str
    variable: str = ""

    @property
    def is_gap(self) -> bool:
        """Whether a person has to fill it."""
        return bool(self.variable) and not self.text


def unknown(text: str) -> list[str]:
    """What stands in braces and is no variable, each once, in its order."""
    found = (match[1] for match in _BRACES.finditer(text))
    return list(dict.fromkeys(name for name in found if name not in VARIABLES))


def filled(text: str, values: Mapping[str, str]) -> list[Piece]:
    """The pieces of a text, in their order. An unknown variable is a gap that asks for its own name."""
    return list(_pieces(text, values))


def _pieces(text: str, values: Mapping[str, str]) -> Iterator[Piece]:
    end = 0
    for match in _BRACES.finditer(text):
        if match.start() > end:
            yield Piece(text[end : match.start()])
        yield Piece(values.get(match[1], "").strip(), match[1] or "?")
        end = match.end()
    if end < len(text):
        yield Piece(text[end:])


def first_name(name: str) -> str:
    """What one calls somebody, from their whole name; empty where that is no name, but an address or a number."""
    if "@" in name:
        return ""
    _, comma, given = name.partition(",")  # "Haddad, Dalia"
    words = (given if comma and given.strip() else name).split()
    return words[0] if words and any(letter.isalpha() for letter in words[0]) else ""
