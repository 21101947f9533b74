"""How large a mail becomes on its way: files grow by a third and more when they are encoded (RFC 2045 6.8). Pure."""

from collections.abc import Iterable
from typing import Final

FILE_OVERHEAD: Final = 2_000  # headers of a part, with a long name in three forms
MAIL_OVERHEAD: Final = 20_000  # headers, boundaries, the frame of the HTML
QUOTED_BYTES: Final = 50_000  # what is usually quoted of the message answered, both ways


def encoded(size: int) -> int:
    """The bytes of a file in base64, with its line ends."""
    lines, rest = divmod(size, 57)
    return lines * 78 + (0 if not rest else (rest + 2) // 3 * 4 + 2)


def mail_size(text: str, files: Iterable[int]) -> int:
    """About how large a mail with this text and files of these sizes becomes; a little more rather than less."""
    written = len(text.encode("utf-8", "replace"))
    return MAIL_OVERHEAD + QUOTED_BYTES + 3 * written + sum(encoded(size) + FILE_OVERHEAD for size in files)
