"""Small files that people send: made here, so that the project carries none."""

import struct
import zlib
from dataclasses import dataclass
from typing import Final

_PAGE: Final = (595, 842)  # points, A4
_LINE_POINTS: Final = 20


@dataclass(frozen=True, slots=True)
class File:
    """A file by its name, type and bytes."""

    name: str
    content_type: str
    content: bytes


def txt(name: str, *lines: str) -> File:
    """A text file."""
    return File(name, "text/plain", ("\n".join(lines) + "\n").encode())


def csv(name: str, *lines: str) -> File:
    """A table as text."""
    return File(name, "text/csv", ("\r\n".join(lines) + "\r\n").encode())


def pdf(name: str, title: str, *lines: str) -> File:
    """A page with a title and lines of text in Latin letters."""
    drawn = [f"BT /F1 20 Tf 60 {_PAGE[1] - 90} Td ({_pdf_text(title)}) Tj ET"]
    for number, line in enumerate(lines):
        height = _PAGE[1] - 140 - number * _LINE_POINTS
        drawn.append(f"BT /F1 12 Tf 60 {height} Td ({_pdf_text(line)}) Tj ET")
    stream = "\n".join(drawn).encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R" % _PAGE
        + b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return File(name, "application/pdf", _pdf_file(objects))


def _pdf_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _pdf_file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def screen(name: str, *, bar: tuple[int, int, int], rows: int = 5, alert: bool = False) -> File:
    """A picture of a telephone's screen: a coloured bar, grey lines, and a red box where something failed."""
    width, height = 180, 320
    paper, line, red = (250, 250, 248), (205, 208, 212), (196, 58, 49)
    picture = [[paper] * width for _ in range(height)]
    _fill(picture, 0, 0, width, 44, bar)
    _fill(picture, 12, 18, 92, 26, (255, 255, 255))
    for row in range(rows):
        top = 64 + row * 34
        _fill(picture, 12, top, 30, top + 18, bar)
        _fill(picture, 40, top + 1, 150 - 17 * (row % 3), top + 7, line)
        _fill(picture, 40, top + 12, 96, top + 16, line)
    if alert:
        _fill(picture, 12, 250, 168, 300, red)
        _fill(picture, 24, 264, 156, 270, (255, 255, 255))
        _fill(picture, 24, 280, 120, 286, (255, 255, 255))
    return File(name, "image/png", _png(picture))


def _fill(
    picture: list[list[tuple[int, int, int]]],
    x: int,
    y: int,
    to_x: int,
    to_y: int,
    colour: tuple[int, int, int],
) -> None:
    for row in picture[y:to_y]:
        row[x:to_x] = [colour] * (to_x - x)


def _png(picture: list[list[tuple[int, int, int]]]) -> bytes:
    raw = b"".join(b"\0" + bytes(value for pixel in row for value in pixel) for row in picture)
    head = struct.pack(">IIBBBBB", len(picture[0]), len(picture), 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
