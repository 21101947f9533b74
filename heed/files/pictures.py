"""Pages of a PDF as pictures, drawn in a process apart: what is hostile in it ends that process and nothing else."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from heed.files.apart import Bounds, run_apart
from heed.files.turns import turn

CHILD: Final = Path(__file__).with_name("drawing_child.py")
SIGN: Final = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS: Final = 10_000  # a side that is said to be longer is no answer of ours


@dataclass(frozen=True, slots=True)
class Pages:
    """How many pages a PDF has, and width and height of the pictures of the first of them. None: it can't be drawn."""

    count: int = 0
    sizes: Sequence[tuple[int, int]] = ()


def pages_of(content: bytes, *, most: int, bounds: Bounds) -> Pages | None:
    """The pages of a PDF, `most` of them with their sizes. None: it can't be drawn within the bounds. Raises Busy."""
    with turn():
        given = run_apart(CHILD, ["sizes", most], content=content, bounds=bounds)
    try:
        found = json.loads(given or b"")
        sizes = [(int(one["width"]), int(one["height"])) for one in found["sizes"]]
        is_sane = all(0 < side <= MOST_PIXELS for size in sizes for side in size) and len(sizes) <= most
        return Pages(int(found["pages"]), sizes) if is_sane else None
    except (ValueError, KeyError, TypeError):
        return None


def picture_of(content: bytes, page: int, *, bounds: Bounds) -> bytes | None:
    """A page as PNG; None for a page that is not there or can't be drawn within the bounds. Raises Busy."""
    with turn():
        given = run_apart(CHILD, ["page", page], content=content, bounds=bounds)
    return given if given and given.startswith(SIGN) else None
