"""`heed import mail`: a folder of .eml files becomes history."""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from heed.cli.problem import Problem
from heed.cli.worker import LOOK_AGAIN_SECONDS, Worker
from heed.eventlog.queries import waiting
from heed.intake.history import history_waiting, keep_history
from heed.intake.receipts import InboxKeeper

BATCH_MAILS: Final = 200
BATCH_BYTES: Final = 16_000_000
LARGEST_BYTES: Final = 100_000_000  # a larger file is left out and named: it would have to be held in memory
SAID_EVERY_SECONDS: Final = 1.0


@dataclass(slots=True)
class Progress:
    """What was done so far, said once a second when a person looks."""

    total: int
    seen: int = 0
    new: int = 0
    left_out: list[str] = field(default_factory=list)
    said_at: float = 0.0

    def say(self) -> None:
        """Show how far it is."""
        if sys.stderr.isatty() and time.monotonic() - self.said_at > SAID_EVERY_SECONDS:
            self.said_at = time.monotonic()
            print(f"\r{self.seen:,} of {self.total:,} mails", end="", file=sys.stderr, flush=True)


def main(argv: Sequence[str]) -> int:
    """Bring in every .eml file below a folder. Exit code 1: some were left out."""
    options = _options(argv)
    inbox = options.inbox.strip().lower()
    if not InboxKeeper().accepts(inbox):
        raise Problem(f"no inbox of this desk has the address {inbox}; `heed init` or the settings make one.")
    root = Path(options.path)
    if not root.exists():
        raise Problem(f"{root} does not exist.")
    progress = Progress(total=sum(1 for _ in _files(root)))
    worker = Worker()
    for mails in _batches(root, progress):
        progress.new += keep_history(mails, inbox=inbox)
        _read(worker)
        progress.say()
    _read_rest(worker)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return _report(progress)


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed import mail",
        description="Bring in a folder of .eml files, and the folders in it, as history: conversations are closed, no "
        "mail is sent, no rule fires. May be stopped and run again at any time; nothing comes twice.",
    )
    parser.add_argument("path", metavar="PATH", help="a folder, or one file")
    parser.add_argument(
        "--inbox", required=True, metavar="ADDRESS", help="the inbox that the mails belong to"
    )
    return parser.parse_args(argv)


def _files(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith(".eml"):
                yield Path(folder, name)


def _batches(root: Path, progress: Progress) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for path in _files(root):
        progress.seen += 1
        try:
            if path.stat().st_size > LARGEST_BYTES:
                progress.left_out.append(f"{path}: larger than {LARGEST_BYTES // 1_000_000} MB")
                continue
            raw = path.read_bytes()
        except OSError as error:
            progress.left_out.append(f"{path}: {error.strerror}")
            continue
        if batch and (len(batch) == BATCH_MAILS or size + len(raw) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(raw)
        size += len(raw)
    if batch:
        yield batch


def _read(worker: Worker) -> None:
    """Let what was kept be read, so that it never piles up; a running desk does its part."""
    while worker.round():
        pass


def _read_rest(worker: Worker) -> None:
    while history_waiting() or waiting():
        if not worker.round():  # another worker is at it
            worker.changes.wait(LOOK_AGAIN_SECONDS)
    worker.changes.close()


def _report(progress: Progress) -> int:
    here = progress.seen - progress.new - len(progress.left_out)
    print(
        f"{progress.new} mails were brought in, {here} were here already. `heed mail parked` lists what can't be read."
    )
    for line in progress.left_out:
        print(f"left out: {line}", file=sys.stderr)
    return 1 if progress.left_out else 0
