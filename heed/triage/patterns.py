"""Patterns that an admin writes: words, with * for anything in between. Matched in linear time, whatever they are.

A pattern is split at its stars and each piece is looked for behind the one before, leftmost first. That finds a match
exactly when there is one, needs no backtracking, and so no pattern and no mail can make it slow.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

KEY: Final = "{key}"  # stands for anything, like a star, and names what mails are grouped by
LONGEST: Final = 200  # characters of a pattern
SEEN: Final = 4_000  # characters of a text that are looked at
KEY_CHARACTERS: Final = 200


class WrongPattern(ValueError):
    """A pattern can't be used; its text is a code: too_long, two_keys, key_beside_star, empty."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern taken apart. `is_whole`: the text must begin and end with the first and last piece."""

    pieces: tuple[str, ...]
    key_after: int | None  # the key stands between this piece and the next
    is_whole: bool

    def match(self, text: str) -> str | None:
        """What the key stands for, '' without a key; None when the text does not match."""
        seen = _folded(text)
        ends: list[int] = []
        starts: list[int] = []
        last = len(self.pieces) - 1
        at = 0
        for place, piece in enumerate(self.pieces):
            found = seen.find(piece, at)
            if self.is_whole and place == last and last > 0:
                found = (
                    len(seen) - len(piece) if seen.endswith(piece) and len(seen) - len(piece) >= at else -1
                )
            if found < 0 or (self.is_whole and place == 0 and found > 0):
                return None
            starts.append(found)
            at = found + len(piece)
            ends.append(at)
        if self.is_whole and at != len(seen):
            return None
        if self.key_after is None:
            return ""
        end = starts[self.key_after + 1] if self.key_after < last else len(seen)
        if self.key_after == last or not self.pieces[self.key_after + 1]:
            end = len(seen) if self.is_whole else _line_end(seen, ends[self.key_after])
        return seen[ends[self.key_after] : end].strip()[:KEY_CHARACTERS]


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _folded(text: str) -> str:
    return text[:SEEN].casefold()


@lru_cache(maxsize=1024)
def whole(pattern: str) -> Pattern:
    """A pattern that the whole text must match, as of an address. Raises WrongPattern."""
    return _read(pattern, is_whole=True)


@lru_cache(maxsize=1024)
def within(pattern: str) -> Pattern:
    """A pattern that must stand somewhere in the text. Raises WrongPattern."""
    return _read(pattern, is_whole=False)


def _read(pattern: str, *, is_whole: bool) -> Pattern:
    if len(pattern) > LONGEST:
        raise WrongPattern("too_long")
    if pattern.count(KEY) > 1:
        raise WrongPattern("two_keys")
    if f"{KEY}*" in pattern or f"*{KEY}" in pattern:
        raise WrongPattern("key_beside_star")
    if not pattern.replace(KEY, "").replace("*", "").strip():
        raise WrongPattern("empty")
    before, key, after = pattern.casefold().partition(KEY)
    left, right = before.split("*"), after.split("*")
    pieces = (*left, *right) if key else tuple(left)
    return Pattern(pieces, len(left) - 1 if key else None, is_whole)
