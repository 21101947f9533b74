"""Gaps: places in a text that a person still has to fill. A text with one left is never sent. Pure."""

import re
from typing import Final

from heed.kernel.errors import Unusable

OPENS, CLOSES = "⟦", "⟧"  # nobody types them, and every font has something for them
LONGEST: Final = 80  # characters of what a gap asks for
_INSIDE: Final = re.compile(f"[{OPENS}{CLOSES}\n]")
_LEFT: Final = re.compile(
    f"{OPENS}[^{OPENS}{CLOSES}\n]{{1,{LONGEST}}}{CLOSES}"
    # a variable of saved replies that was typed or pasted, and stands for nobody here
    r"|\{\{ ?(?:customer|agent|brand|inbox|team|conversation)\.[a-z_]{1,40} ?\}\}"
)


def gap(asks_for: str) -> str:
    """The text of a gap that asks for this."""
    return f"{OPENS}{_INSIDE.sub(' ', asks_for)[:LONGEST]}{CLOSES}"


def gaps_in(text: str) -> list[str]:
    """The gaps that are left in a text, as they stand there."""
    return [found[0] for found in _LEFT.finditer(text)]


def require_no_gaps(text: str) -> None:
    """Raise Unusable while one is left."""
    if gaps_in(text):
        raise Unusable("text", "gap_left")
