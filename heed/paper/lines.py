"""Texts in lines of a width: broken where one may, in the order in which they are seen."""

from collections.abc import Iterator
from dataclasses import dataclass

from heed.paper.directions import is_rtl, levels, seen, without_marks
from heed.paper.joining import joined
from heed.paper.letters import drawable, font_for, han_font, is_wide, width_of
from heed.paper.shaping import parts, shaped


@dataclass(frozen=True, slots=True)
class Line:
    """Letters from left to right, in pieces of one font, with the width of all in thousandths of the size."""

    pieces: tuple[tuple[str, str], ...]
    width: int
    is_rtl: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """A text as it stands on paper. misses: some letters have no font."""

    lines: list[Line]
    misses: bool


def set_in_lines(text: str, *, width: float, lang: str = "") -> Lines:
    """The text in lines of at most this width, in thousandths of the size; an empty line stays one."""
    han, misses = han_font(text, lang), False
    found: list[Line] = []
    for paragraph in text.replace("\r\n", "\n").replace("\t", "    ").split("\n"):
        words, lacks = drawable(joined(shaped(without_marks(paragraph))))
        misses = misses or lacks
        found += _paragraph(words, width, han)
    return Lines(found, misses)


def _paragraph(text: str, width: float, han: str) -> Iterator[Line]:
    base = int(is_rtl(text))
    depths = levels(text, base=base)
    for first, last in _spans(text, width):
        visible = seen(text[first:last], depths[first:last], base=base)
        visible = visible.lstrip(" ") if base else visible.rstrip(" ")
        yield Line(_pieces(visible, han), sum(map(width_of, visible)), bool(base))


def _spans(text: str, width: float) -> Iterator[tuple[int, int]]:
    """Where lines begin and end: after a space, or without one where a script has none; else where no room is."""
    first, chance, taken = 0, 0, 0.0
    at = 0
    while at < len(text):
        taken += width_of(text[at])
        if taken > width and at > first and text[at] != " ":
            end = chance if chance > first else at
            yield first, end
            first, at, chance, taken = end, end, end, 0.0
            continue
        if text[at] == " " or (at + 1 < len(text) and _may_part(text[at], text[at + 1])):
            chance = at + 1
        at += 1
    yield first, len(text)


def _may_part(before: str, after: str) -> bool:
    """Whether a line may end between two letters without a space."""
    return is_wide(before) or is_wide(after) or parts(before, after)


def _pieces(text: str, han: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for letter in text:
        font = font_for(letter, han)
        if found and found[-1][0] == font:
            found[-1] = (font, found[-1][1] + letter)
        else:
            found.append((font, letter))
    return tuple(found)
