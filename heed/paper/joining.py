"""Arabic letters in the form that their neighbours give them: what a PDF needs, where nothing else joins them. Pure."""

from collections.abc import Mapping
from functools import cache
from typing import Final
from unicodedata import category, decomposition

_FORMS: Final = ("<isolated>", "<final>", "<initial>", "<medial>")
_LIGATURES: Final = range(0xFEF5, 0xFEFD)  # lam and alef become one
_JOINERS: Final = frozenset("\u0640\u200d")
_UNSEEN: Final = frozenset("\u200c\u200d")
LAM: Final = "\u0644"


@cache
def _forms() -> Mapping[str, Mapping[str, str]]:
    """Each letter, or pair of them, with the characters that Unicode keeps for its forms."""
    found: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFC00), *range(0xFE80, 0xFEFD)):
        kind, *letters = decomposition(chr(code)).split() or ("",)
        if kind in _FORMS and len(letters) == (2 if code in _LIGATURES else 1):
            found.setdefault("".join(chr(int(one, 16)) for one in letters), {})[kind] = chr(code)
    return found


def joined(text: str) -> str:
    """The text with each Arabic letter in its form; lam and alef as the one character that they are written as."""
    if not any("\u0600" <= letter <= "\u06ff" for letter in text):
        return text
    letters, out, at = list(text), [], 0
    while at < len(letters):
        pair = letters[at] + (letters[at + 1] if at + 1 < len(letters) else "")
        if pair[0] == LAM and pair in _forms():
            out.append(_forms()[pair][_FORMS[1] if _joins_before(letters, at) else _FORMS[0]])
            at += 2
            continue
        out.append(_shaped(letters, at))
        at += 1
    return "".join(letter for letter in out if letter not in _UNSEEN)


def _shaped(letters: list[str], at: int) -> str:
    forms = _forms().get(letters[at])
    if forms is None:
        return letters[at]
    before, after = _joins_before(letters, at), "<initial>" in forms and _joins_after(letters, at)
    wanted = _FORMS[before + 2 * after]
    return forms.get(wanted, letters[at])


def _joins_before(letters: list[str], at: int) -> bool:
    """Whether the letter before reaches forward to this one."""
    before = next((one for one in reversed(letters[:at]) if category(one) != "Mn"), "")
    return before in _JOINERS or "<initial>" in _forms().get(before, {})


def _joins_after(letters: list[str], at: int) -> bool:
    """Whether the letter after reaches back to this one."""
    after = next((one for one in letters[at + 1 :] if category(one) != "Mn"), "")
    return after in _JOINERS or "<final>" in _forms().get(after, {})
