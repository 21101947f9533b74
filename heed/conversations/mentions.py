"""Whom a file may be about: names and addresses in its own name, and in the beginning of a text. Pure and bounded."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

FILE_WORDS: Final = 20  # of a file's name
NAMES: Final = 400  # that are looked up for one message
ADDRESSES: Final = 100
LONGEST_NAME: Final = 3  # words

_ADDRESS: Final = re.compile(r"[^\s<>()\[\],;:\"'|=@]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
_WORD: Final = re.compile(r"[^\W\d_]{2,40}(?:['’][^\W\d_]{1,40})?")
_HUMP: Final = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")  # PetraLang


def addresses_in_file_name(name: str) -> list[str]:
    """Mail addresses in the name of a file, with and without its last ending."""
    return addresses_in(f"{name.rpartition('.')[0]} {name}")


def addresses_in(text: str) -> list[str]:
    """Mail addresses in a text, in lower case, each once; the first of very many."""
    found = (one[0].strip(".").lower() for one in _ADDRESS.finditer(text))
    return list(dict.fromkeys(found))[:ADDRESSES]


def names_in_file_name(name: str) -> list[str]:
    """What could be somebody's name in the name of a file: two or three words that stand together.

    As written, and as names are usually written; two words also the other way round.
    """
    stem = name.rpartition(".")[0] or name
    spellings = dict.fromkeys((stem, _HUMP.sub(" ", stem)))
    return list(dict.fromkeys(one for spelt in spellings for one in _together(_words(spelt))))


def names_in_text(text: str) -> list[str]:
    """What could be somebody's name in a text: two or three words with capitals that stand together."""
    found: dict[str, None] = {}
    for line in text.splitlines():
        for run in _runs(line):
            found.update(dict.fromkeys(_together(run)))
        if len(found) >= NAMES:
            break
    return list(found)[:NAMES]


def _words(text: str) -> list[str]:
    return _WORD.findall(text)[:FILE_WORDS]


def _runs(line: str) -> Iterator[list[str]]:
    """Words with capitals that nothing but a space parts; at most a name's length of each run."""
    run: list[str] = []
    end = -1
    for word in _WORD.finditer(line):
        if not word[0][0].isupper():
            run = []
        elif run and line[end : word.start()] == " ":
            run = [*run, word[0]][-LONGEST_NAME:]
            yield run
        else:
            run = [word[0]]
        end = word.end()


def _together(words: list[str]) -> Iterator[str]:
    usual = [_as_name(word) for word in words]
    for length in range(2, LONGEST_NAME + 1):
        for start in range(len(words) - length + 1):
            part = usual[start : start + length]
            yield " ".join(words[start : start + length])
            yield " ".join(part)
            if length == 2:
                yield " ".join(reversed(part))


def _as_name(word: str) -> str:
    is_plain = word.islower() or word.isupper()
    return word[:1].upper() + word[1:].lower() if is_plain else word


def capped(lists: Iterable[Iterable[str]], limit: int) -> list[str]:
    """Of several lists the first `limit` in all, each once."""
    found = dict.fromkeys(one for some in lists for one in some)
    return list(found)[:limit]
