"""Parts of words, for what is looked up by a piece of it: addresses and numbers. Pure.

A word is kept a few times more, each time without its beginning and behind a mark that no word holds: so a piece of
it is the beginning of one of these, which is all that an index of words can be asked for.
"""

from collections.abc import Iterable
from typing import Final

from heed.language.tokens import words

INSIDE: Final = "\u2192"  # stands before the rest of a word; no word holds it
SHORTEST_PART: Final = 3  # characters of the shortest rest that is kept
LONGEST_WORD: Final = 40  # characters; of a longer word the first rests are kept
MAIL: Final = "mail"  # gmail, hotmail: what would be found by it is everybody


def rests(word: str) -> list[str]:
    """The word without its first letter, without two, and so on, each behind the mark."""
    return [INSIDE + word[at:] for at in range(1, min(len(word) - SHORTEST_PART, LONGEST_WORD) + 1)]


def rests_of_address(address: str) -> list[str]:
    """Of the words of an e-mail address; none for what is none."""
    name, at, domain = address.rpartition("@")
    if not at:
        return []
    labels = [
        word for word in words(domain)[:-1] if not word.endswith(MAIL)
    ]  # the last one is com or the like
    return rests_of([*words(name), *labels])


def rests_of(some: Iterable[str]) -> list[str]:
    """Of several words, each once."""
    return list(dict.fromkeys(rest for word in some for rest in rests(word)))
