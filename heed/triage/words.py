"""The words by which the content model knows a mail: of text and subject, of links, of headers. Pure, bounded."""

import re
from collections.abc import Iterable
from typing import Final
from zlib import crc32

from heed.triage.model import BUCKETS

TEXT_CHARACTERS: Final = 3_000
WORDS: Final = 300  # of a mail; what stands later says no more
LINKS: Final = 20
_WORD = re.compile(r"[^\W_]{3,24}")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{2}")
_LINK = re.compile(r"https?://([^/\s\"'<>?#:]{3,100})", re.IGNORECASE)
_NUMBER = re.compile(r"\d")


def words_of(*, subject: str, text: str, html: str, domain: str, signs: Iterable[str]) -> frozenset[int]:
    """The hashed words of a mail, each once. Signs are short codes such as defects of its form."""
    seen = text[:TEXT_CHARACTERS].casefold()
    found = dict.fromkeys(_tidy(word) for word in _WORD.findall(seen))
    found.update(dict.fromkeys(_WIDE.findall(seen)))
    names = [
        *(f"s:{_tidy(word)}" for word in _WORD.findall(subject[:300].casefold())),
        *(
            f"l:{host.casefold()}"
            for host in _LINK.findall(html[:60_000] if html else text[:TEXT_CHARACTERS])[:LINKS]
        ),
        *(f"h:{sign}" for sign in signs),
        f"d:{domain}",
        f"t:{domain.rpartition('.')[2]}",
        *list(found)[:WORDS],
    ]
    return frozenset(crc32(name.encode("utf-8", "replace")) % BUCKETS for name in names)


def _tidy(word: str) -> str:
    """Numbers stand for each other by their length."""
    return _NUMBER.sub("0", word)
