"""Which mails lie below a folder: files called .eml, Maildir folders, mbox files. Names no bytes of them."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from heed.channels.email.mbox import Span, looks_like_mbox, spans, unhidden
from heed.kernel.config import config

NOT_SENT: Final = re.compile(
    r"[:;!]2,[A-Za-z]*[DT]"
)  # Maildir's flags of a draft, and of what was thrown away
MAILDIR: Final = frozenset({"cur", "new"})


@dataclass(frozen=True, slots=True)
class Item:
    """One mail: a file, or a part of one."""

    path: Path
    span: Span | None = None  # None: the whole file

    def size(self) -> int:
        """In bytes. Raises OSError."""
        return self.path.stat().st_size if self.span is None else self.span.size

    def read(self) -> bytes:
        """Its bytes, as they were sent. Raises OSError."""
        if self.span is None:
            return self.path.read_bytes()
        with self.path.open("rb") as file:
            file.seek(self.span.start)
            raw = file.read(self.span.size)
        return unhidden(raw) if self.span.is_hidden else raw

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """A file with nothing but its bytes, for one that is too large to be held in memory. Raises OSError."""
        if self.span is None:
            yield self.path
            return
        with self.path.open("rb") as file, tempfile.NamedTemporaryFile(dir=config.folder) as alone:
            file.seek(self.span.start)
            _copy(file, alone, self.span)
            alone.flush()
            yield Path(alone.name)

    def __str__(self) -> str:
        return str(self.path) if self.span is None else f"{self.path}, at byte {self.span.start}"


def _copy(file: IO[bytes], alone: IO[bytes], span: Span) -> None:
    left = span.size
    while left and (line := file.readline(min(left, 65_536))):
        alone.write(unhidden(line) if span.is_hidden else line)
        left -= len(line)


@dataclass(frozen=True, slots=True)
class Told:
    """Where it goes when a file holds no mail, and when it can't be opened."""

    skipped: Callable[[Path, str], None]
    failed: Callable[[OSError], None]


def items(root: Path, told: Told) -> Iterator[Item]:
    """Every mail, in the order of names. A file that is named itself is an mbox or a mail, whatever its name."""
    if root.is_file():
        yield from _of_file(root, told, is_named=True)
        return
    for folder, folders, names in os.walk(root, onerror=told.failed):
        folders.sort()
        is_maildir = Path(folder).name in MAILDIR and (Path(folder).parent / "tmp").is_dir()
        if "tmp" in folders and MAILDIR & set(folders):
            folders.remove("tmp")  # mails that were never delivered
        for name in sorted(names):
            path = Path(folder, name)
            if is_maildir:
                yield from _of_maildir(path, told)
            else:
                yield from _of_file(path, told, is_named=False)


def _of_maildir(path: Path, told: Told) -> Iterator[Item]:
    if NOT_SENT.search(path.name):
        told.skipped(path, "a draft, or thrown away")
    elif not path.name.startswith(("dovecot", "courier", ".")):
        yield Item(path)


def _of_file(path: Path, told: Told, *, is_named: bool) -> Iterator[Item]:
    is_mail = path.name.lower().endswith(".eml")
    try:
        if is_mail or not path.is_file():
            is_mbox = False
        else:
            with path.open("rb") as file:
                is_mbox = looks_like_mbox(file.read(400))
        if is_mbox:
            with path.open("rb") as file:
                yield from (Item(path, span) for span in spans(file))
            return
    except OSError as error:
        told.failed(error)
        return
    if is_mail or is_named:
        yield Item(path)
    else:
        told.skipped(path, "no .eml file, no mbox and no Maildir")
