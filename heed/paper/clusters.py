"""Which letters are written as one: syllables of India's scripts, Thai letters with what stands around them. Pure.

What stands together here is drawn together, and no line ends inside it.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final
from unicodedata import category, combining

SCRIPTS: Final[Mapping[str, tuple[str, int, int]]] = {
    "Devanagari": ("Deva", 0x0900, 0x097F),
    "Bengali": ("Beng", 0x0980, 0x09FF),
    "Gurmukhi": ("Guru", 0x0A00, 0x0A7F),
    "Gujarati": ("Gujr", 0x0A80, 0x0AFF),
    "Oriya": ("Orya", 0x0B00, 0x0B7F),
    "Tamil": ("Taml", 0x0B80, 0x0BFF),
    "Telugu": ("Telu", 0x0C00, 0x0C7F),
    "Kannada": ("Knda", 0x0C80, 0x0CFF),
    "Malayalam": ("Mlym", 0x0D00, 0x0D7F),
    "Sinhala": ("Sinh", 0x0D80, 0x0DFF),
    "Thai": ("Thai", 0x0E00, 0x0E7F),
    "Lao": ("Laoo", 0x0E80, 0x0EFF),
    "Myanmar": ("Mymr", 0x1000, 0x109F),
    "Khmer": ("Khmr", 0x1780, 0x17FF),
}
"""By the name of its font: the code of the script, and its first and last character."""
UNSPACED: Final = frozenset(("Thai", "Lao", "Myanmar", "Khmer"))
"""Scripts that leave no space between words: a line may end after each cluster."""
_FIRST: Final = "\u0900"
_LEADING: Final = frozenset("\u0d4e\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4")
"""Stand before the letter that they belong to."""
_TRAILING: Final = frozenset(
    "\u0e2f\u0e30\u0e32\u0e33\u0e45\u0e46\u0e5a\u0e5b"  # Thai
    "\u0eaf\u0eb0\u0eb2\u0eb3\u0ebd\u0ec6"  # Lao
    "\u104a\u104b\u17d4\u17d5\u17d6\u17d7\u17d8\u17d9\u17da"  # Burmese, Khmer
)
"""Vowels and signs that begin no line."""
_JOINERS: Final = "\u200c\u200d"
_KILLER: Final = "\u103a"  # ends a syllable of Burmese, with the letter before; it joins nothing to it
_MOST: Final = 24  # letters of one cluster: no word has more, whoever wants to stack marks to the sky may not
_ALONG: Final = 100  # clusters of one run; what follows begins another: no word is too long to be shaped
_VIRAMA: Final = 9  # the class of signs that take a letter's vowel, so that the next letter joins it


def _pattern(first: int, last: int) -> str:
    """One cluster: letters that a sign joins, with their marks; or a number, with its currency."""
    letters = marks = links = numbers = ""
    leading = trailing = "\uffff"  # no letter at all, so that each of them has one
    for letter in map(chr, range(first, last + 1)):
        kind = category(letter)
        if kind[0] == "M":
            marks += letter
            links += letter if combining(letter) == _VIRAMA and letter != _KILLER else ""
        elif kind in ("Nd", "Sc"):
            numbers += letter
        elif kind != "Cn":
            letters += letter
            leading += letter if letter in _LEADING else ""
            trailing += letter if letter in _TRAILING else ""
    return (
        rf"(?:[{numbers}]{{1,{_MOST}}}|[{leading}]{{0,2}}[{letters}]|[{marks}])"
        rf"(?:[{marks}{trailing}{_JOINERS}]"
        rf"|(?:(?<=[{links}])|(?<=[{links}]\u200d))[{letters}]"
        rf"|[{letters}](?=\u1037?{_KILLER})){{0,{_MOST}}}+"
    )


@cache
def _cluster(script: str) -> re.Pattern[str]:
    return re.compile(_pattern(*SCRIPTS[script][1:]))


@cache
def _runs() -> re.Pattern[str]:
    """Clusters of one script that follow each other; the group is the script's name."""
    return re.compile(
        "|".join(f"(?P<{name}>(?:{_cluster(name).pattern}){{1,{_ALONG}}}+)" for name in SCRIPTS)
    )


def clusters(script: str, run: str) -> list[str]:
    """The parts of a run; together they are the whole."""
    return _cluster(script).findall(run)


def replaced(text: str, by: Callable[[str, str], str]) -> str:
    """The text with what this makes of a script and a run of its clusters; other letters stay."""
    if max(text, default="") < _FIRST:
        return text
    return _runs().sub(lambda found: by(found.lastgroup or "", found[0]), text)
