"""Bring a catalogue to what code and templates hold now. What was translated stays; what is gone goes."""

import re
from pathlib import Path

import django
import polib

from tools.translations.extract import Found, Key, Texts

DJANGO = Path(django.__file__).parent / "conf" / "locale"
WIDTH = 110
HEADER = {
    "Project-Id-Version": "Heed",
    "Language": "",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
PLACEHOLDER = re.compile(r"%(\(\w+\))?[a-z.\d]*[a-z]")


class UnknownLanguage(Exception):
    """Nobody knows how this language counts: its catalogue has to say so."""


def path_of(root: Path, locale: str) -> Path:
    """Where the catalogue of a language stands."""
    return root / "heed" / "locale" / locale / "LC_MESSAGES" / "django.po"


def locales(root: Path) -> list[str]:
    """The languages that have one."""
    return sorted(path.parts[-3] for path in (root / "heed" / "locale").glob("*/LC_MESSAGES/django.po"))


def load(path: Path) -> polib.POFile:
    """The catalogue in this file."""
    return polib.pofile(str(path), wrapwidth=WIDTH, encoding="utf-8")


def begin(root: Path, locale: str) -> polib.POFile:
    """A new catalogue without a word. It counts as Django says this language counts."""
    known = DJANGO / locale / "LC_MESSAGES" / "django.po"
    if not known.exists():
        raise UnknownLanguage(f"Django knows no {locale}: copy a catalogue there, and write its Plural-Forms")
    made = polib.POFile(wrapwidth=WIDTH, encoding="utf-8")
    counts = polib.pofile(str(known)).metadata["Plural-Forms"]
    made.header = f"Heed's interface in {locale}. docs/howto/translate.md says how to work on it."
    made.metadata = {**HEADER, "Language": locale, "Plural-Forms": counts}
    return made


def forms(catalogue: polib.POFile) -> int:
    """How many forms a counted text has."""
    found = re.search(r"nplurals\s*=\s*(\d+)", catalogue.metadata.get("Plural-Forms", ""))
    return int(found[1]) if found else 2


def update(catalogue: polib.POFile, texts: Texts) -> polib.POFile:
    """The same catalogue with exactly these texts, in their order."""
    had = {Key(one.msgid, one.msgid_plural, one.msgctxt or ""): one for one in catalogue if not one.obsolete}
    made = polib.POFile(wrapwidth=WIDTH, encoding="utf-8")
    made.header, made.metadata = catalogue.header, catalogue.metadata
    for key in sorted(texts, key=lambda key: (texts[key].places[0], key)):
        made.append(_entry(key, texts[key], had.get(key), forms(catalogue)))
    return made


def _entry(key: Key, found: Found, had: polib.POEntry | None, count: int) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=key.text,
        msgctxt=key.context or None,
        occurrences=[(place, "") for place in found.places],
        comment="\n".join(found.comments),
        tcomment=had.tcomment if had else "",
        flags=["python-format"] if PLACEHOLDER.search(key.text) else [],
    )
    if key.plural:
        entry.msgid_plural = key.plural
        kept = had.msgstr_plural if had else {}
        entry.msgstr_plural = {number: kept.get(number, "") for number in range(count)}
    elif had:
        entry.msgstr = had.msgstr
    return entry


def write(catalogue: polib.POFile, path: Path) -> bool:
    """Keep it, if it says anything else than what stands there; whether it did."""
    text = str(catalogue) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True
