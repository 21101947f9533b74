"""Where the words that were looked for stand in a text: what is marked, what is shown of it, how well it fits. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from heed.language.tokens import Token, tokens, words

LOOKED_AT: Final = (
    20_000  # characters of a text that are looked through for a passage, and for how well it fits
)
BEFORE: Final = 40  # characters shown before the first word that matches
SHOWN: Final = 180  # characters of a passage
SHORTEST_BEGINNING: Final = 3  # characters; a shorter word stands for itself alone
SHORTEST_PART: Final = 3  # characters of a number
LONG_NUMBER: Final = 5  # characters of a number that is found by any part of it
SHORTEST_INSIDE: Final = 4  # letters by which a word of an address is found from within
SUBJECT_SCORE, NAMES_SCORE, TEXT_SCORE, MOST_TIMES = 800, 500, 100, 8
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that stand beside each other; the last one may go on; a number may also stand inside of one."""

    words: tuple[str, ...]
    goes_on: bool

    @classmethod
    def of(cls, text: str, *, goes_on: bool) -> "Sought":
        """Of what was typed. What is too short to begin a longer word is a word of its own."""
        found = tuple(words(text))
        return cls(found, goes_on and len(found[-1]) >= SHORTEST_BEGINNING)

    @property
    def is_number(self) -> bool:
        """Whether it is found by its beginning, and in a long number by any part of it."""
        return len(self.words) == 1 and not self.words[0].isalpha() and len(self.words[0]) >= SHORTEST_PART

    @property
    def is_inner(self) -> bool:
        """Whether it is found inside the words of an address too."""
        return len(self.words) == 1 and len(self.words[0]) >= SHORTEST_INSIDE

    def fits(self, some: Sequence[str], at: int) -> bool:
        """Whether it stands at this place."""
        last = at + len(self.words) - 1
        if last >= len(some):
            return False
        if self.is_number:
            word = some[at]
            is_inside = len(word) >= LONG_NUMBER and self.words[0] in word
            return is_inside or word.startswith(self.words[0])
        if some[at:last] != list(self.words[:-1]):
            return False
        return some[last].startswith(self.words[-1]) if self.goes_on else some[last] == self.words[-1]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a passage, marked or not."""

    text: str
    is_marked: bool = False


def places(text: str, sought: Sequence[Sought]) -> list[tuple[int, int]]:
    """Where in the text it stands: beginnings and ends, in order, none overlapping."""
    if not _may_hold(text, [one.words[0] for one in sought]):
        return []
    here: list[Token] = list(tokens(text))
    some = [token.word for token in here]
    first = {one.words[0][:1] for one in sought} | {
        w for one in sought if one.is_number for w in "0123456789"
    }
    found: list[tuple[int, int]] = []
    for at, word in enumerate(some):
        if word[:1] not in first and not any(one.is_number for one in sought):
            continue
        length = max((len(one.words) for one in sought if one.fits(some, at)), default=0)
        if length:
            start, end = here[at].start, here[at + length - 1].end
            if not found or start >= found[-1][1]:
                found.append((start, end))
    return found


def _may_hold(text: str, some: Iterable[str]) -> bool:
    """Whether it is worth looking at each word: in plain ASCII, as most names are, words stand as written."""
    low = text.lower()
    return not text.isascii() or any(word in low for word in some)


def marked(text: str, sought: Sequence[Sought]) -> list[Piece]:
    """The whole text in pieces, what was looked for marked."""
    return _pieces(text, places(text[:LOOKED_AT], sought), 0, len(text))


def marked_within(text: str, sought: Sequence[Sought], *, shortest: int = SHORTEST_INSIDE) -> list[Piece]:
    """The whole text, which is a name or an address: words that hold a part of at least that length are marked too."""
    parts = {one.words[0] for one in sought if len(one.words) == 1 and len(one.words[0]) >= shortest}
    found = places(text[:LOOKED_AT], sought)
    for token in tokens(text[:LOOKED_AT]) if _may_hold(text, parts) else ():
        inside = (token.word.find(part) for part in sorted(parts, key=len, reverse=True))
        at = next((place for place in inside if place > 0), -1)
        if at > 0 and not any(start <= token.start < end for start, end in found):
            found.append((token.start, token.end))
    return _pieces(text, sorted(found), 0, len(text))


def passage_in_file(text: str, sought: Sequence[Sought]) -> list[Piece]:
    """The part of a file around the first word that was looked for; none where none is found soon after one like it."""
    low = text.lower()
    at = min((found for one in sought if (found := low.find(one.words[0])) >= 0), default=0)
    near = passage(text[max(0, at - 2 * BEFORE) :], sought)
    return near if any(piece.is_marked for piece in near) else []


def are_in(sought: Sequence[Sought], *texts: str) -> bool:
    """Whether each of these stands in one of the texts, as far as they are looked through."""
    some = [words(text[:LOOKED_AT]) for text in texts]
    return all(any(_standing(one, column) for column in some) for one in sought)


def passage(text: str, sought: Sequence[Sought]) -> list[Piece]:
    """The part of a text around the first word that was looked for, or its beginning; none of an empty text."""
    found = places(text[:LOOKED_AT], sought)
    start = _whole_word(text, found[0][0] - BEFORE) if found else 0
    end = min(len(text), max(start + SHOWN, found[0][1] if found else 0))
    pieces = _pieces(text, [(a, b) for a, b in found if a >= start and b <= end], start, end)
    if start > 0:
        pieces.insert(0, Piece("… "))
    if end < len(text):
        pieces.append(Piece("…"))
    return pieces if text.strip() else []


def _whole_word(text: str, near: int) -> int:
    """The beginning of a word at or after this place, or the place itself."""
    if near <= 0:
        return 0
    space = _SPACES.search(text, near, near + BEFORE // 2)
    return space.end() if space else near


def _pieces(text: str, found: Sequence[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces = []
    at = start
    for first, beyond in found:
        pieces.append(Piece(_SPACES.sub(" ", text[at:first])))
        pieces.append(Piece(_SPACES.sub(" ", text[first:beyond]), is_marked=True))
        at = beyond
    pieces.append(Piece(_SPACES.sub(" ", text[at:end])))
    return [piece for piece in pieces if piece.text]


def score(sought: Sequence[Sought], *, subject: str, names: str, text: str) -> int:
    """How well a message fits: for each thing looked for its best place, and in the text how often it stands there.

    A subject counts more than a name, a name more than a text; the beginning of a longer word two thirds of a word.
    """
    columns = (
        (words(subject), SUBJECT_SCORE),
        (words(names), NAMES_SCORE),
        (words(text[:LOOKED_AT]), TEXT_SCORE),
    )
    return sum(max(_column_score(one, some, worth) for some, worth in columns) for one in sought)


def _column_score(one: Sought, some: list[str], worth: int) -> int:
    found = _standing(one, some)
    if not found:
        return 0
    full = worth + (worth * min(len(found), MOST_TIMES) // MOST_TIMES if worth == TEXT_SCORE else 0)
    return full if one.words[-1] in found else full * 2 // 3


def _standing(one: Sought, some: list[str]) -> list[str]:
    """The last word of each place where it stands. Five hundred texts are asked, so one word is found without steps."""
    first = one.words[0]
    if len(one.words) > 1:
        places = [at for at, word in enumerate(some) if word == first and one.fits(some, at)]
        return [some[at + len(one.words) - 1] for at in places]
    if one.is_number:
        return [some[at] for at in range(len(some)) if one.fits(some, at)]
    return [word for word in some if word.startswith(first)] if one.goes_on else [first] * some.count(first)
