"""Draw the icons of the installed app from the mark's own measures (heed/ui/static/heed/mark.svg), as PNG files.

`python -m tools.icons` writes them anew; a test compares them with what this draws.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[1] / "heed/ui/static/heed"
SIDE, CORNER, STROKE = 24.0, 6.0, 2.5  # the mark's box, its corners, its lines
STROKES: Final = ((7.0, 5.5, 7.0, 18.5), (17.0, 5.5, 17.0, 18.5), (7.0, 12.0, 17.0, 12.0))
GROUND, INK = (0x0B, 0x66, 0x56), (0xFF, 0xFF, 0xFF)


@dataclass(frozen=True, slots=True)
class Icon:
    """A file: how large, how much of the box the mark takes, and what stands behind it (corner None: nothing)."""

    name: str
    pixels: int
    scale: float = 1.0
    corner: float | None = 0.0


ICONS: Final = (
    Icon("icon-192.png", 192, corner=CORNER),
    Icon("icon-512.png", 512, corner=CORNER),
    Icon("icon-maskable.png", 512, scale=0.78),  # whatever shape is cut out, the mark stays whole
    Icon("icon-touch.png", 180, scale=0.9),
    Icon("icon-one-colour.png", 96, scale=1.2, corner=None),
)


def _to_stroke(x: float, y: float) -> float:
    """How far a point is from the edge of the nearest stroke; below nothing inside. Strokes are upright or level."""
    return (
        min(
            hypot(x - min(max(x, left), right), y - min(max(y, top), foot))
            for left, top, right, foot in STROKES
        )
        - STROKE / 2
    )


def _to_box(x: float, y: float, corner: float) -> float:
    """The same of the box with round corners."""
    across, down = (abs(at - SIDE / 2) - (SIDE / 2 - corner) for at in (x, y))
    return hypot(max(across, 0.0), max(down, 0.0)) + min(max(across, down), 0.0) - corner


def _covered(distance: float, pixel: float) -> float:
    return min(max(0.5 - distance / pixel, 0.0), 1.0)


def pixels(icon: Icon) -> bytes:
    """Every pixel of an icon, row by row: red, green, blue, and how opaque it is; each row begins with a zero."""
    return b"".join(b"\0" + bytes(_row(icon, row)) for row in range(icon.pixels))


def _row(icon: Icon, row: int) -> Iterator[int]:
    pixel = SIDE / icon.pixels
    y = (row + 0.5) * pixel
    for column in range(icon.pixels):
        x = (column + 0.5) * pixel
        ink = _covered(
            _to_stroke(*(SIDE / 2 + (at - SIDE / 2) / icon.scale for at in (x, y))) * icon.scale, pixel
        )
        if icon.corner is None:
            yield from (*INK, round(255 * ink))
            continue
        yield from (round(ground + (line - ground) * ink) for ground, line in zip(GROUND, INK, strict=True))
        yield round(255 * (_covered(_to_box(x, y, icon.corner), pixel) if icon.corner else 1.0))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(icon: Icon) -> bytes:
    """The icon as a PNG file."""
    head = struct.pack(">IIBBBBB", icon.pixels, icon.pixels, 8, 6, 0, 0, 0)
    body = zlib.compress(pixels(icon), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def main() -> None:
    """Write every icon."""
    for icon in ICONS:
        (FOLDER / icon.name).write_bytes(png(icon))


if __name__ == "__main__":
    main()
