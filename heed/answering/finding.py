"""Finding a saved reply by a few letters, and the text of it that fits a conversation. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from heed.language.tokens import words

_IN_NAME, _AS_INITIALS, _IN_FOLDER = 0, 1, 2
_NOWHERE: Final = 9


@dataclass(frozen=True, slots=True)
class Head:
    """What a saved reply is found by."""

    id: int
    name: str
    folder: str = ""
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Fitting:
    """A text of a saved reply for a conversation. wanted: the language that there is no text in; empty: this is it."""

    language: str
    text: str
    wanted: str = ""


def found(heads: Iterable[Head], typed: str) -> list[Head]:
    """Those in which every typed word begins a word, best first: by name, by the first letters of its words, by folder.

    Nothing typed finds all of them, by name.
    """
    asked = words(typed)
    placed = [(_place(head, asked), head.name.casefold(), head.id, head) for head in heads]
    return [head for place, _, _, head in sorted(placed, key=lambda one: one[:3]) if place != _NOWHERE]


def _place(head: Head, asked: Sequence[str]) -> int:
    named = words(head.name)
    if all(any(word.startswith(one) for word in named) for one in asked):
        return _IN_NAME
    if len(asked) == 1 and "".join(word[0] for word in named).startswith(asked[0]):
        return _AS_INITIALS
    everything = named + words(head.folder)
    if all(any(word.startswith(one) for word in everything) for one in asked):
        return _IN_FOLDER
    return _NOWHERE


def fitting(texts: Mapping[str, str], *, languages: Sequence[str]) -> Fitting:
    """The text in the first of these languages, else in a near one, else in the next; at last any that there is.

    The first that is named is the one that is wanted: where there is no text in it, the answer says so.
    """
    wanted = next(filter(None, languages), "")
    for language in filter(None, languages):
        for code in (language, *sorted(texts)):
            if code in texts and _base(code) == _base(language):
                is_it = _base(code) == _base(wanted)
                return Fitting(code, texts[code], "" if is_it else wanted)
    code = min(texts)
    return Fitting(code, texts[code], wanted)


def _base(code: str) -> str:
    return code.partition("-")[0].lower()
