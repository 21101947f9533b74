"""Letters that are written as one (clusters.py), shaped by HarfBuzz: each becomes one letter of ours, with its glyphs.

A letter of ours is a private one of Unicode's; it runs from left to right, has a width, and no line ends inside it.
So lines are broken and turned as those of any other letters. What it stands for is known here, as long as the process.
"""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Final, NamedTuple
from unicodedata import category

import uharfbuzz

from heed.paper.clusters import SCRIPTS, UNSPACED, clusters, replaced

FONTS: Final = Path(__file__).with_name("fonts")
NOWHERE: Final = "\U0010fffd"  # a letter that no font has
_OWN: Final = "\U000f0000"  # the first of our letters
_MOST: Final = 50_000  # with its own glyphs, a font may hold no more than 65,535
_KEPT: Final = 10_000  # words
_FOREIGN: Final = re.compile("[\U000f0000-\U000fffff]")


class Glyph(NamedTuple):
    """A drawing of a font, and where it stands."""

    number: int
    x: int
    y: int


class Written(NamedTuple):
    """What a letter of ours stands for. Measures are those of the font: thousandths of the size."""

    text: str
    script: str
    glyphs: tuple[Glyph, ...]
    width: int


_written: Final[dict[str, Written]] = {}
_known: Final[dict[Written, str]] = {}


def written(letter: str) -> Written | None:
    """What a letter of ours stands for; None: it is none."""
    return _written.get(letter)


def shaped(text: str) -> str:
    """The text with a letter of ours for each cluster; NOWHERE for one that its font lacks, and for private letters."""
    return text if text.isascii() else replaced(_FOREIGN.sub(NOWHERE, text), _letters)


def parts(before: str, after: str) -> bool:
    """Whether a line may end between two letters: one's script leaves no space between words, and neither is a sign."""
    if before < _OWN and after < _OWN:
        return False
    return any(map(_is_unspaced, (before, after))) and all(map(_is_word, (before, after)))


def _is_unspaced(letter: str) -> bool:
    found = _written.get(letter)
    return found is not None and found.script in UNSPACED


def _is_word(letter: str) -> bool:
    found = _written.get(letter)
    return category(found.text[0]) != "Sc" if found else letter.isalnum()


@cache
def face(script: str) -> uharfbuzz.Face:
    """The font of a script, loaded when it is first needed."""
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(FONTS / f"NotoSans{script}.ttf")))


@cache
def _font(script: str) -> uharfbuzz.Font:
    return uharfbuzz.Font(face(script))


@lru_cache(_KEPT)
def _letters(script: str, run: str) -> str:
    """A letter of ours for each cluster of a word. It is shaped as a whole: some letters look at those beside them."""
    texts = clusters(script, run)
    ends = list(accumulate(map(len, texts)))
    found: dict[int, list[tuple[int, Sequence[int]]]] = {}
    for at, number, places in _shape(script, run):
        found.setdefault(bisect(ends, at), []).append((number, places))
    begun = (*found, len(texts))  # a cluster that the font draws in one with that before it has no letter
    return "".join(
        _letter(_written_as("".join(texts[first:last]), script, found[first]))
        for first, last in pairwise(begun)
    )


def _shape(script: str, run: str) -> Iterator[tuple[int, int, Sequence[int]]]:
    """Each glyph from left to right: the place of its letters in the run, its number, its advance and its offsets."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(run)
    # Nothing is guessed: HarfBuzz would ask the machine for its language, and the same sheet is to be the same file.
    buffer.direction, buffer.script, buffer.language = "ltr", SCRIPTS[script][0], "und"
    uharfbuzz.shape(_font(script), buffer)
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        yield info.cluster, info.codepoint, (place.x_advance, place.x_offset, place.y_offset)


def _written_as(text: str, script: str, found: Sequence[tuple[int, Sequence[int]]]) -> Written:
    glyphs, pen = [], 0
    for number, (advance, x, y) in found:
        glyphs.append(Glyph(number, pen + x, y))
        pen += advance
    return Written(text, script, tuple(glyphs), pen)


def _letter(found: Written) -> str:
    """The same letter for the same drawing of the same text."""
    known = _known.get(found)
    if known is None and len(_known) < _MOST and all(one.number for one in found.glyphs):
        known = _known[found] = chr(ord(_OWN) + len(_known))
        _written[known] = found
    return known or NOWHERE
