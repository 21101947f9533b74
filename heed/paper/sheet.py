"""What a PDF of a conversation is made of, as it goes to the process that draws it: JSON, and the bytes of images."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

_LENGTH: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message: who, when and to whom in words, what it says, the names of its files, and which images stand in it."""

    author: str
    at: str
    badge: str = ""
    is_aside: bool = False  # not with the customer: told apart by a line beside it
    lines: Sequence[str] = ()
    text: str = ""
    files: Sequence[str] = ()
    images: Sequence[int] = ()  # places in the sheet's images


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in the reader's language; {page} and {pages} stand for numbers."""

    page: str
    misses: str
    no_image: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A conversation, oldest message first."""

    title: str
    author: str
    about: str
    lang: str
    is_rtl: bool
    head: Sequence[str]
    warnings: Sequence[str]
    said: Sequence[Said]
    words: Words


def packed(sheet: Sheet, images: Sequence[bytes]) -> bytes:
    """As one piece."""
    head = json.dumps({**asdict(sheet), "sizes": [len(one) for one in images]}).encode()
    return b"".join((len(head).to_bytes(_LENGTH, "big"), head, *images))


def unpacked(given: bytes) -> tuple[Sheet, list[bytes]]:
    """And back."""
    start = _LENGTH + int.from_bytes(given[:_LENGTH], "big")
    head = json.loads(given[_LENGTH:start])
    images = []
    for size in head.pop("sizes"):
        images.append(given[start : start + size])
        start += size
    said = [Said(**one) for one in head.pop("said")]
    return Sheet(**{**head, "said": said, "words": Words(**head["words"])}), images
