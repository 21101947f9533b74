"""Whom a note calls: "@Amara Osei" or "@Payments", of those who may see the conversation. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

MENTIONS: Final = 20  # of one note
SIGNS: Final = 200  # of @ that are looked at
_AT: Final = re.compile(r"(?<![\w@.+/-])@")
_WORD: Final = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody, or a team, that a note may call."""

    kind: Literal["agent", "team"]
    id: int
    name: str


def called(text: str, callees: Iterable[Callee]) -> Mapping[Callee, str]:
    """Those whom a text calls, with the words that call them, in the text's order; the longest name wins.

    Case does not matter. All who have a name are called by it: nobody can tell them apart.
    """
    by_name: dict[str, list[Callee]] = {}
    for one in callees:
        by_name.setdefault(one.name.casefold(), []).append(one)
    names = sorted(filter(None, by_name), key=len, reverse=True)
    found: dict[Callee, str] = {}
    for at in islice(_AT.finditer(text), SIGNS):
        words = _name_at(text, at.end(), names)
        for one in by_name.get(words.casefold(), ()):
            found.setdefault(one, words)
        if len(found) >= MENTIONS:
            break
    return dict(list(found.items())[:MENTIONS])


def _name_at(text: str, start: int, names: Sequence[str]) -> str:
    """The name that stands there as it is written; empty: none."""
    for name in names:
        written = text[start : start + len(name)]
        if written.casefold() == name and not _WORD.match(text[start + len(name) : start + len(name) + 1]):
            return written
    return ""
