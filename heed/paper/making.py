"""A conversation as a PDF, made in a process apart: a hostile image ends that process and nothing else."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from heed.files.apart import Bounds, run_apart
from heed.files.turns import turn
from heed.paper.sheet import Sheet, packed

CHILD: Final = Path(__file__).with_name("child.py")
SIGN: Final = b"%PDF-"


def pdf_of(sheet: Sheet, images: Sequence[bytes], *, bounds: Bounds) -> bytes | None:
    """The PDF; None: it was more than the bounds allow. Raises Busy while others draw."""
    with turn():
        given = run_apart(CHILD, [], content=packed(sheet, images), bounds=bounds)
    return given if given and given.startswith(SIGN) else None
