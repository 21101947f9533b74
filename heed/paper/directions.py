"""Which way letters run: the bidirectional algorithm of Unicode (UAX 9), without explicit embeddings. Pure.

Marks that embed or isolate are taken out before; each line of a text is a paragraph with a direction of its own.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Final
from unicodedata import bidirectional, mirrored

_MARKS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_MIRRORED: Final = {
    **dict(zip("()[]{}<>«»‹›≤≥", ")(][}{><»«›‹≥≤", strict=True)),
}
_STRONG: Final = frozenset(("L", "R", "EN", "AN"))
_NEUTRAL: Final = frozenset(("B", "S", "WS", "ON", "BN"))


def without_marks(text: str) -> str:
    """The text without what only steers directions: nothing of it is seen."""
    return "".join(letter for letter in text if letter not in _MARKS)


def is_rtl(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    return next((kind != "L" for kind in map(bidirectional, text) if kind in ("L", "R", "AL")), False)


def levels(text: str, *, base: int) -> list[int]:
    """How deep each letter is embedded: even ones run from left to right, odd ones from right to left."""
    kinds = [bidirectional(letter) or "L" for letter in text]
    start = "R" if base else "L"
    _weak(kinds, start)
    _brackets(text, kinds, start)
    _neutral(kinds, start)
    if base:
        return [1 if kind == "R" else 2 for kind in kinds]
    return [{"L": 0, "R": 1}.get(kind, 2) for kind in kinds]


def _weak(kinds: list[str], start: str) -> None:
    """Rules W1 to W7: numbers, their signs, and marks above letters."""
    before, strong = start, start
    for at, kind in enumerate(kinds):
        if kind == "NSM":
            kinds[at] = kind = before
        if kind == "EN" and strong == "AL":
            kinds[at] = "AN"
        elif kind in ("L", "R", "AL"):
            strong = kind
        before = kinds[at]
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    for at in range(1, len(kinds) - 1):
        left, kind, right = kinds[at - 1 : at + 2]
        if left == right and ((kind == "ES" and left == "EN") or (kind == "CS" and left in ("EN", "AN"))):
            kinds[at] = left
    _signs(kinds)
    strong = start
    for at, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"


def _signs(kinds: list[str]) -> None:
    """Rules W5 and W6: a sign beside a number belongs to it, others to nothing."""
    at = 0
    for kind, found in [(kind, len(list(group))) for kind, group in groupby(kinds)]:
        end = at + found
        if kind == "ET":
            beside = (at > 0 and kinds[at - 1] == "EN") or (end < len(kinds) and kinds[end] == "EN")
            kinds[at:end] = ["EN" if beside else "ON"] * found
        elif kind in ("ES", "CS"):
            kinds[at:end] = ["ON"] * found
        at = end


def _brackets(text: str, kinds: list[str], start: str) -> None:
    """Rule N0: a pair of brackets goes with what stands in it, where that does not go the other way alone."""
    opened: list[int] = []
    pairs = []
    for at, letter in enumerate(text):
        if letter in "([{":
            opened.append(at)
        elif letter in ")]}" and any(text[one] == _MIRRORED[letter] for one in opened):
            while text[opened[-1]] != _MIRRORED[letter]:
                opened.pop()
            pairs.append((opened.pop(), at))
    for first, last in sorted(pairs):
        inside = {_side(kind) for kind in kinds[first + 1 : last] if kind in _STRONG}
        if not inside:
            continue
        before = next((_side(kind) for kind in reversed(kinds[:first]) if kind in _STRONG), start)
        kinds[first] = kinds[last] = start if start in inside else before


def _neutral(kinds: list[str], start: str) -> None:
    """Rules N1 and N2: what has no direction goes with what is on both sides, else with the whole."""
    at = 0
    for neutral, group in [(key, len(list(group))) for key, group in groupby(kinds, _NEUTRAL.__contains__)]:
        end = at + group
        if neutral:
            left = _side(kinds[at - 1]) if at else start
            right = _side(kinds[end]) if end < len(kinds) else start
            kinds[at:end] = [left if left == right else start] * group
        at = end


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"


def seen(line: str, depths: Sequence[int], *, base: int) -> str:
    """The letters of a line from left to right, as they are seen."""
    found = list(depths)
    for at in range(len(line) - 1, -1, -1):  # what ends a line goes with the whole
        if bidirectional(line[at]) not in ("WS", "S", "B"):
            break
        found[at] = base
    order = list(range(len(line)))
    for depth in range(max(found, default=0), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and found[order[end]] >= depth:
                end += 1
            order[at:end] = reversed(order[at:end])
            at = max(end, at) + 1
    return "".join(
        _MIRRORED.get(line[at], line[at]) if found[at] % 2 and mirrored(line[at]) else line[at]
        for at in order
    )
