"""The words of a text as search knows them: one answer for both databases, made here and only kept there.

A word is a run of letters, digits and marks, in lower case and without accents: "Rück-Erstattung" is two words,
"ruck" and "erstattung". Scripts written without spaces are taken letter by letter, so that a phrase of letters finds
any part of them. Pure, linear, never raising.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

LONGEST_WORD: Final = 60  # characters; what follows them is not looked at
REMEMBERED: Final = 30  # a run of at most so many characters is folded once
_ASCII: Final = re.compile(r"[a-z0-9]+")
# One class of characters below 2^16: beyond it the class would be ten times as slow, for scripts that nobody writes.
_INVISIBLE: Final = "\u00ad\u0640\u200b\u200c\u200d\u2060\ufeff"  # inside a word they part nothing
_MARKS: Final = "".join(
    chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code)).startswith("M")
)
_RUN: Final = re.compile(f"[\\w{_MARKS}{_INVISIBLE}]+")
_UNSPACED: Final = re.compile(  # Thai, Lao, Burmese, Khmer, kana, Han
    "[\u0e01-\u0e30\u0e40-\u0e46\u0e81-\u0eb0\u0ec0-\u0ec6\u1000-\u102a\u1780-\u17b3\u3041-\u30ff\u31f0-\u31ff"
    "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    f"[{_MARKS}]*"
)
_WITHOUT_ACCENT: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_PLAIN: Final = str.maketrans("", "", _INVISIBLE)


class Token(NamedTuple):
    """A word and the place in the text where it was written."""

    word: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """All words of a text, in their order."""
    if text.isascii():
        return [word[:LONGEST_WORD] for word in _ASCII.findall(text.lower())]
    found: list[str] = []
    for run in _RUN.findall(text.replace("_", " ")):
        if run.isascii():
            found.append(run.lower()[:LONGEST_WORD])
        else:
            found.extend(word for word, _ in _split(run) if word)
    return found


def tokens(text: str) -> Iterator[Token]:
    """The same words with their places; only as far as they are asked for."""
    for run in _RUN.finditer(text.replace("_", " ")):
        start, written = run.start(), run[0]
        if written.isascii():
            yield Token(written.lower()[:LONGEST_WORD], start, run.end())
            continue
        for word, length in _split(written):
            if word:
                yield Token(word, start, start + length)
            start += length


def _split(run: str) -> Sequence[tuple[str, int]]:
    """The words of a run that holds more than ASCII, each with how many characters it took."""
    return _remembered(run) if len(run) <= REMEMBERED else _parts(run)


def _parts(run: str) -> Sequence[tuple[str, int]]:
    parts: list[tuple[str, int]] = []
    at = 0
    for letter in _UNSPACED.finditer(run):
        parts += _folded(run[at : letter.start()])
        parts += _folded(letter[0])
        at = letter.end()
    return tuple(parts + _folded(run[at:]))


_remembered = lru_cache(maxsize=8_192)(_parts)  # a language's words come again and again


def _folded(part: str) -> list[tuple[str, int]]:
    """The words of a part that is written without a break; folding may find several in it, such as ½."""
    if not part:
        return []
    plain = unicodedata.normalize("NFKD", part.translate(_PLAIN)).casefold().translate(_WITHOUT_ACCENT)
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    found = [word[:LONGEST_WORD] for word in _RUN.findall(bare.replace("_", " "))] or [""]
    return [*((word, 0) for word in found[:-1]), (found[-1], len(part))]
