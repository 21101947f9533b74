"""The interface's languages: each folder with a catalogue, heed/locale/xx/LC_MESSAGES/django.po, is one.

Django reads compiled catalogues. They are made here, when they are missing or were made from another text: beside the
catalogue, or in the desk's own folder where that one can't be written. A compiled catalogue ends with the hash of what
it was made from, so nothing depends on the times of files.
"""

import hashlib
import logging
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from heed.kernel.later import later

if TYPE_CHECKING:
    import polib
else:
    polib = later("polib")

LOCALE: Final = Path(__file__).resolve().parents[1] / "locale"
SOURCE: Final = ("en", "English")
"""What the texts in code and templates are written in: it needs no catalogue."""
INSIDE: Final = "LC_MESSAGES"
NAME: Final = re.compile(rb'^"X-Language-Name: (.+?)\\n"', re.MULTILINE)
DIRECTION: Final = re.compile(rb'^"X-Direction: rtl\\n"', re.MULTILINE)
HEAD: Final = 4096
"""Within so many bytes a catalogue says what language it is of."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language of the interface."""

    locale: str  # the folder's name: pt_BR
    name: str  # what it calls itself; empty where the catalogue leaves that to Django
    is_rtl: bool
    path: Path
    stamp: bytes  # what a catalogue compiled from its text ends with

    @property
    def code(self) -> str:
        """As browsers and pages say it: pt-br."""
        return self.locale.lower().replace("_", "-")


def catalogues(folder: Path = LOCALE) -> Iterator[Catalogue]:
    """Every language that has a catalogue, by code."""
    for path in sorted(folder.glob(f"*/{INSIDE}/django.po")):
        text = path.read_bytes()
        named = NAME.search(text[:HEAD])
        yield Catalogue(
            locale=path.parts[-3],
            name=named[1].decode() if named else "",
            is_rtl=bool(DIRECTION.search(text[:HEAD])),
            path=path,
            stamp=hashlib.sha256(text).digest(),
        )


def compile_missing(found: Iterable[Catalogue], *, shipped: Path = LOCALE, own: Path) -> None:
    """Afterwards each catalogue stands compiled in one of the two folders, made from the text it has now.

    What stands in the desk's own folder counts before what was shipped, so what is old there is removed.
    """
    for one in found:
        theirs, ours = (folder / one.locale / INSIDE / "django.mo" for folder in (shipped, own))
        if _is_of(theirs, one):
            ours.unlink(missing_ok=True)
        elif not _is_of(ours, one):
            _compile(one, theirs, ours)


def _is_of(compiled: Path, one: Catalogue) -> bool:
    try:
        with compiled.open("rb") as file:
            file.seek(-hashlib.sha256().digest_size, os.SEEK_END)
            return file.read() == one.stamp
    except OSError:
        return False


def _compile(one: Catalogue, theirs: Path, ours: Path) -> None:
    binary = polib.pofile(str(one.path), encoding="utf-8").to_binary() + one.stamp
    try:
        _write(theirs, binary)
        ours.unlink(missing_ok=True)
    except OSError:
        try:
            _write(ours, binary)
        except OSError:
            log.warning("No folder takes the compiled catalogue of %s: its pages are in English", one.code)


def _write(path: Path, binary: bytes) -> None:
    """Whole or not at all: another process may be reading, or doing the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_bytes(binary)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
