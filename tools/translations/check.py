"""What is wrong with a catalogue: a text without words, a placeholder lost, a form too few."""

import re
from collections.abc import Iterator

import polib

from tools.translations.catalogue import forms
from tools.translations.extract import Key, Texts

NAMED = re.compile(r"%\(\w+\)[a-z.\d]*[a-z]|%%|%[sd]|\{\d\}|\{\w+\}")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
UNSAFE = '<>&"'
"""Pages show a text as it stands, some within an attribute: these signs are there only where the original has them."""


def missing(catalogue: polib.POFile, texts: Texts) -> list[str]:
    """The texts that nobody has translated, or that the catalogue does not know yet."""
    done = {
        _key(one) for one in catalogue if not one.obsolete and "fuzzy" not in one.flags and _is_whole(one)
    }
    return [key.text for key in sorted(texts) if key not in done]


def superfluous(catalogue: polib.POFile, texts: Texts) -> list[str]:
    """What the catalogue has and nothing says any more."""
    return [one.msgid for one in catalogue if one.obsolete or _key(one) not in texts]


def broken(catalogue: polib.POFile) -> Iterator[tuple[str, str]]:
    """Each translation that a page could not show, and why."""
    for one in catalogue:
        if "fuzzy" in one.flags:
            yield one.msgid, "fuzzy: translate it, or leave it empty"
        elif one.msgid_plural:
            yield from ((one.msgid, fault) for fault in _faults_of_forms(one, forms(catalogue)))
        elif one.msgstr:
            yield from ((one.msgid, fault) for fault in _faults(one.msgid, one.msgstr))


def _key(one: polib.POEntry) -> Key:
    return Key(one.msgid, one.msgid_plural, one.msgctxt or "")


def _is_whole(one: polib.POEntry) -> bool:
    return all(one.msgstr_plural.values()) if one.msgid_plural else bool(one.msgstr)


def _faults_of_forms(one: polib.POEntry, count: int) -> Iterator[str]:
    said = one.msgstr_plural
    if sorted(said) != list(range(count)):
        yield f"has {len(said)} forms, its language {count}"
    may = {*NAMED.findall(one.msgid), *NAMED.findall(one.msgid_plural)}
    for number, text in sorted(said.items()):
        if not text:
            continue
        if number == count - 1:  # the form of most numbers says them
            yield from _faults(one.msgid_plural, text)
        elif lost := set(NAMED.findall(text)) - may:
            yield f"form {number} asks for {', '.join(sorted(lost))}"
        elif sorted(TAG.findall(text)) != sorted(TAG.findall(one.msgid)):
            yield f"form {number} has other tags"


def _faults(original: str, said: str) -> Iterator[str]:
    for what, pattern in (("placeholders", NAMED), ("tags", TAG)):
        if set(pattern.findall(original)) != set(pattern.findall(said)):
            yield f"has other {what}: {' '.join(sorted(pattern.findall(said))) or 'none'}"
    if len(TAG.findall(original)) != len(TAG.findall(said)):
        yield "has more or fewer tags"
    for sign in UNSAFE:
        if sign in said and sign not in original:
            yield f"has {sign}, which its original has not"
    if (original[:1].isspace(), original[-1:].isspace()) != (said[:1].isspace(), said[-1:].isspace()):
        yield "begins or ends with another space"
