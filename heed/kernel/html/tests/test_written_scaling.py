"""Twice the text costs about twice the time, whatever was pasted: ratios, so that a busy machine fails none."""

import time
from collections.abc import Callable

import pytest

from heed.kernel.html import for_mail, for_page, written
from heed.kernel.html.written import is_rich, words_of

STEP = 6  # how much more is read the second time
SLACK_SECONDS = 0.15
LOOKS = 3  # a busy machine may slow down one look; what is quadratic is slow in each

PIECES = {
    "spaces": ("x", " ", "y"),
    "lines": ("<p>x", "\n", "y</p>"),
    "empty paragraphs at the end": ("<p>x</p>", "<p> </p>\n", ""),
    "empty paragraphs within": ("<p>x</p>", "<p></p>\n", "<p>y</p>"),
    "empty paragraphs before": ("", "<p><br></p> ", "<p>y</p>"),
    "blanks in a paragraph": ("<p>x</p><p>", "&nbsp; ", "y</p>"),
    "open paragraphs": ("", "<p>", ""),
    "bold words": ("<p>", "<b>a</b> ", "</p>"),
    "images without a source": ("<p>", "<img alt=' src='>", "</p>"),
    "links": ("<p>", "<a href='https://a.example'>b</a>", "</p>"),
    "items": ("<ul>", "<li>a", "</ul>"),
    "a long row": ("<table><tr>", "<td>a</td>", "</tr></table>"),
    "many rows": ("<table>", "<tr><td>a</td></tr>", "</table>"),
}


def seconds(work: Callable[[str], object], html: str) -> float:
    began = time.process_time()
    work(html)
    return time.process_time() - began


def read(html: str) -> None:
    kept = written(html)
    is_rich(kept)
    words_of(kept)
    for_page(kept)
    for_mail(kept)


def holds(made: Callable[[int], str], size: int) -> None:
    read(made(size))
    for look in range(LOOKS):
        small = min(seconds(read, made(size)) for _ in range(2))
        large = seconds(read, made(STEP * size))
        if large <= 2 * STEP * small + SLACK_SECONDS:
            return
        assert look < LOOKS - 1, f"{small:.4f} s, then {large:.4f} s for {STEP} times as much"


@pytest.mark.parametrize(("before", "piece", "after"), PIECES.values(), ids=PIECES)
def test_reading_what_was_pasted_is_linear(before: str, piece: str, after: str) -> None:
    holds(lambda size: before + piece * (size // len(piece)) + after, 12_000)


def test_a_long_row_among_many_costs_no_rectangle() -> None:
    def made(size: int) -> str:
        row, rows = "<td>a</td>" * (size // 20), "<tr><td>b</td></tr>" * (size // 40)
        return f"<table><tr>{row}</tr>{rows}</table>"

    holds(made, 40_000)


def test_what_is_trimmed_is_what_was_trimmed() -> None:
    assert written("<p>a</p> <p>\xa0</p>\n<p><br> &nbsp;</p> ") == "<p>a</p>"
    assert written("<p>a</p><p></p>b<p></p>") == "<p>a</p><p></p>b"
    assert written("<ul><li><p></p></li></ul>") == "<ul><li><p></p></li></ul>"
    assert words_of(written("<table><tr><td>a<td>b<tr><td>ccc</table>")) == "a   | b\nccc"
