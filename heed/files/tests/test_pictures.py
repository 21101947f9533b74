"""Pages of PDFs as pictures, and what becomes of those that were made to do harm."""

import struct

import pytest

from heed.files.apart import Bounds
from heed.files.pictures import pages_of, picture_of
from heed.files.tests.samples import deep_pdf, nested_pdf, pdf, round_pdf

BOUNDS = Bounds(1, 5, 512)


def test_a_page_is_drawn_in_the_size_that_was_announced() -> None:
    content = pdf("One", "Two", "Three")
    pages = pages_of(content, most=2, bounds=BOUNDS)
    assert pages is not None
    assert (pages.count, len(pages.sizes)) == (3, 2)
    drawn = picture_of(content, 1, bounds=BOUNDS)
    assert drawn is not None
    assert struct.unpack(">II", drawn[16:24]) == pages.sizes[1]
    assert picture_of(content, 3, bounds=BOUNDS) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7 nothing", b"\0" * 100_000, pdf("One")[:200]],
    ids=["empty", "no pages", "zeros", "cut off"],
)
def test_what_is_no_pdf_is_not_drawn(content: bytes) -> None:
    assert pages_of(content, most=2, bounds=BOUNDS) is None
    assert picture_of(content, 0, bounds=BOUNDS) is None


@pytest.mark.parametrize(
    "content",
    [deep_pdf(5_000), round_pdf(), nested_pdf(3_000), pdf("x", bomb=200_000_000)],
    ids=["deep", "round", "nested", "bomb"],
)
def test_what_is_hostile_ends_at_most_the_process_apart(content: bytes) -> None:
    for page in (0, 10**9):
        drawn = picture_of(content, page, bounds=BOUNDS)
        assert drawn is None or len(drawn) < 2_000_000


def test_time_and_memory_have_an_end() -> None:
    content = pdf("One")
    assert picture_of(content, 0, bounds=Bounds(1, 5, 30)) is None, "too little memory to begin with"
    huge = content.replace(b"/MediaBox [0 0 600 800]", b"/MediaBox [0 0 9e9 9e9]")
    assert huge != content
    drawn = picture_of(huge, 0, bounds=BOUNDS)
    assert drawn is None or max(struct.unpack(">II", drawn[16:24])) <= 2_400
