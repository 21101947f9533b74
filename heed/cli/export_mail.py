"""`heed export mail`: every mail of the desk as a file, byte for byte, so that leaving is as easy as arriving."""

import argparse
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from heed.cli.problem import Problem
from heed.intake.exporting import MailFile, TextFile, count, files
from heed.intake.queries import open_raw
from heed.kernel.errors import NotFound

INTERRUPTED: Final = 130
PIECE_BYTES: Final = 1_000_000
SAID_EVERY_SECONDS: Final = {True: 1.0, False: 30.0}  # to a terminal, to a file


@dataclass(slots=True)
class Progress:
    """What was done so far, said now and then."""

    total: int
    written: int = 0
    here: int = 0  # already, from an earlier run
    texts: int = 0
    missing: int = 0
    said_at: float = field(default_factory=time.monotonic)

    def say(self) -> None:
        """Show how far it is."""
        is_terminal = sys.stderr.isatty()
        if time.monotonic() - self.said_at < SAID_EVERY_SECONDS[is_terminal]:
            return
        self.said_at = time.monotonic()
        line = f"{self.written + self.here:,} of about {self.total:,} mails"
        print(
            f"\r{line}   " if is_terminal else line,
            end="" if is_terminal else "\n",
            file=sys.stderr,
            flush=True,
        )


def main(argv: Sequence[str]) -> int:
    """Write them. Exit code 1: some mail is not kept any more, or damaged; 130: stopped by hand."""
    folder = Path(_options(argv).folder)
    progress = Progress(count())
    try:
        for one in files():
            path = folder / one.path
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(one, TextFile):
                _write_text(path, one, progress)
            else:
                _write_mail(path, one, progress)
            progress.say()
    except KeyboardInterrupt:
        print("Stopped; what was written stays. The same command goes on from here.")
        return INTERRUPTED
    except OSError as error:
        raise Problem(
            f"{error.filename or folder}: {error.strerror or error}. What was written stays."
        ) from None
    return _report(progress, folder)


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed export mail",
        description="Write every mail that came or left, byte for byte, into FOLDER/mail/INBOX/CONVERSATION/, ours "
        "with names that end in .sent.eml, and notes and answers that never left as text into FOLDER/notes/. May be "
        "stopped and run again at any time: what is there already stays. `heed import mail FOLDER/mail/INBOX "
        "--inbox INBOX` brings it into another desk.",
    )
    parser.add_argument("folder", metavar="FOLDER", help="made if it is not there")
    return parser.parse_args(argv)


def _write_mail(path: Path, mail: MailFile, progress: Progress) -> None:
    """One mail, whole or not at all. Raises OSError."""
    if path.exists() and _hash_of(path) == mail.sha256:
        progress.here += 1
        return
    try:
        source = open_raw(mail.sha256)
    except NotFound:
        _miss(mail, "its bytes are not kept any more", progress)
        return
    digest = hashlib.sha256()
    with source, tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            while piece := source.read(PIECE_BYTES):
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    if digest.hexdigest() == mail.sha256:
        progress.written += 1
    else:
        _miss(mail, "its bytes are damaged, and written as they are", progress)
    Path(file.name).replace(path)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_text(path: Path, one: TextFile, progress: Progress) -> None:
    path.write_text(one.text, encoding="utf-8", errors="replace", newline="\n")
    progress.texts += 1


def _miss(mail: MailFile, why: str, progress: Progress) -> None:
    progress.missing += 1
    print(f"{mail.path}: {why}", file=sys.stderr)


def _report(progress: Progress, folder: Path) -> int:
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(
        f"{progress.written:,} mails and {progress.texts:,} notes were written to {folder}, "
        f"{progress.here:,} mails were there already."
    )
    return 1 if progress.missing else 0
