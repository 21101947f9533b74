"""What forms bring: address lines as people type them, and keys of rows."""

from collections.abc import Iterable

from heed.channels.email.limits import DEFAULT_LIMITS
from heed.channels.email.mailboxes import is_address, read_addresses

Line = tuple[tuple[str, str], ...]  # (name, normalised address) pairs
TYPED_CHARACTERS = 2000  # of one line


def number(text: str) -> int | None:
    """The key of a row; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def numbers(texts: Iterable[str]) -> list[int]:
    """The keys among these."""
    return [found for text in texts if (found := number(text)) is not None]


def read_line(typed: str) -> tuple[Line, list[str]]:
    """The mailboxes of a typed line, each once, and the pieces that are none.

    Names with addresses, apart by commas, semicolons or line ends.
    """
    found: dict[str, str] = {}
    wrong = []
    for piece in _pieces(typed):
        addresses, defects = read_addresses(piece.encode(), DEFAULT_LIMITS)
        is_group = ":" in piece.partition('"')[0]  # "friends: a@example.org;" names more than it shows
        one = addresses[0] if len(addresses) == 1 and not defects and not is_group else None
        if one is None or not is_address(one.address) or not is_address(one.key):
            wrong.append(piece[:200])
        else:
            found.setdefault(one.key, one.name)
    return tuple((label, address) for address, label in found.items()), wrong


def write_line(line: list[list[str]]) -> str:
    """The same line for a field; a name that would be read otherwise is left out."""
    pieces = []
    for name, address in line:
        whole = f"{name} <{address}>" if name and not set(name) & set('",;:<>@\n') else address
        pieces.append(whole)
    return ", ".join(pieces)


def _pieces(typed: str) -> list[str]:
    """Cut at commas, semicolons and line ends, but not within a name's quotation marks."""
    pieces, quoted, start = [], False, 0
    for place, sign in enumerate(typed):
        if sign == '"':
            quoted = not quoted
        elif sign in ",;\n" and not quoted:
            pieces.append(typed[start:place])
            start = place + 1
    return [piece.strip() for piece in (*pieces, typed[start:]) if piece.strip()]
