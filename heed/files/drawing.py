"""Pages of a PDF as pictures. Pure, and only for the process apart (pictures.py): hostile files may do anything."""

import struct
import zlib
from dataclasses import dataclass
from math import ceil
from typing import Final

import pypdfium2

WIDTH: Final = 1_000  # of a picture; a page that is narrow and long is made smaller
MOST_HEIGHT: Final = 2_400
SMALLEST: Final = 1.0  # points: what is smaller is no page


class NoPage(Exception):
    """There is no such page, or it has no size."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of a picture, before it is drawn."""

    width: int
    height: int


def sizes(content: bytes, *, most: int) -> tuple[int, list[Size]]:
    """How many pages there are, and how large the pictures of the first of them will be."""
    pdf = pypdfium2.PdfDocument(content)
    return len(pdf), [_size(*pdf.get_page_size(number))[0] for number in range(min(most, len(pdf)))]


def picture(content: bytes, page: int) -> bytes:
    """A page as PNG, on white; forms, scripts and what a page wants to do are left out. Raises NoPage."""
    pdf = pypdfium2.PdfDocument(content)
    if not 0 <= page < len(pdf):
        raise NoPage
    _, scale = _size(*pdf.get_page_size(page))
    drawn = pdf[page].render(scale=scale, rev_byteorder=True, may_draw_forms=False, prefer_bgrx=False)
    channels = len(drawn.mode)
    rows = memoryview(drawn.buffer).cast("B")
    lines = bytearray()
    for row in range(drawn.height):
        line = bytes(rows[row * drawn.stride : row * drawn.stride + drawn.width * channels])
        lines += b"\0" + line  # no filter
    return _png(drawn.width, drawn.height, channels, bytes(lines))


def _size(width: float, height: float) -> tuple[Size, float]:
    if not (width >= SMALLEST and height >= SMALLEST):
        raise NoPage
    scale = min(WIDTH / width, MOST_HEIGHT / height)
    return Size(ceil(width * scale), ceil(height * scale)), scale


def _png(width: int, height: int, channels: int, lines: bytes) -> bytes:
    colour = {1: 0, 3: 2, 4: 6}[channels]
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
