"""Small repairs of text from outside: pure, linear, never raising."""

import re
import unicodedata
from typing import Final

_CONTROLS: Final = dict.fromkeys((*range(9), 11, *range(14, 32), 127))
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """Text that every database takes: \\n as line ends, no control characters but tab, no lone surrogates."""
    text = _LINE_ENDS.sub("\n", text).translate(_CONTROLS)
    return text.encode("utf-8", "replace").decode("utf-8")


def folded(text: str) -> str:
    """Text for comparing what people type: no accents, no case, one kind of space."""
    decomposed = unicodedata.normalize("NFKD", text)
    return _SPACES.sub(" ", "".join(c for c in decomposed if not unicodedata.combining(c))).strip().casefold()
