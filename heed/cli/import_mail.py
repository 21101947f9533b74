"""`heed import mail`: .eml files, Maildir folders and mbox files become history."""

import argparse
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

from heed.cli.mail_files import Item, Told, items
from heed.cli.problem import Problem
from heed.cli.worker import Worker, duties
from heed.eventlog.queries import waiting
from heed.intake.exporting import SENT
from heed.intake.history import history_waiting, keep_history, keep_own_history, park_large_history
from heed.intake.limits import LIMITS
from heed.intake.receipts import InboxKeeper
from heed.intake.work import to_move

INTERRUPTED: Final = 130
BATCH_MAILS: Final = 200  # live mail that comes meanwhile waits behind no more
BATCH_BYTES: Final = 16_000_000
READING: Final = ("mail", "raw", "reader", "names")  # the work of a worker that an import needs
SHY_SECONDS: Final = 2.0  # when nobody has read anything for so long, no desk is running
LOOK_SECONDS: Final = 0.03
SAID_EVERY_SECONDS: Final = {True: 1.0, False: 30.0}  # to a terminal, to a file


@dataclass(slots=True)
class Progress:
    """What was done so far, said now and then."""

    total: int
    seen: int = 0
    new: int = 0
    left_out: int = 0
    is_stopping: bool = False
    began: float = field(default_factory=time.monotonic)
    said_at: float = field(default_factory=time.monotonic)

    def say(self) -> None:
        """Show how far it is."""
        is_terminal = sys.stderr.isatty()
        if time.monotonic() - self.said_at < SAID_EVERY_SECONDS[is_terminal]:
            return
        self.said_at = time.monotonic()
        rate = self.seen / (self.said_at - self.began)
        line = f"{self.seen:,} of {self.total:,} mails, {rate:,.0f} a second"
        print(
            f"\r{line}   " if is_terminal else line,
            end="" if is_terminal else "\n",
            file=sys.stderr,
            flush=True,
        )

    def leave_out(self, what: object, why: str) -> None:
        """Name a mail that could not be brought in."""
        self.left_out += 1
        print(f"left out: {what}: {why}", file=sys.stderr)

    def stop(self, number: int, frame: FrameType | None) -> None:
        """End after the batch at hand. Once more: at once, which loses nothing either."""
        if self.is_stopping:
            raise KeyboardInterrupt
        self.is_stopping = True


@dataclass(slots=True)
class Reading:
    """Lets a running desk read what was kept, and reads itself when there is none."""

    progress: Progress
    worker: Worker = field(default_factory=lambda: Worker([one for one in duties() if one.name in READING]))
    is_alone: bool = False

    def until(self, done: Callable[[], int]) -> None:
        """Return when nothing is left by this count, or the person stops it."""
        left, since = -1, time.monotonic()
        while (now_left := done()) and not self.progress.is_stopping:
            self.progress.say()
            if now_left != left:
                left, since = now_left, time.monotonic()
            elif time.monotonic() - since > SHY_SECONDS:
                self.is_alone = True
            if not self.is_alone or not self.worker.round():
                time.sleep(LOOK_SECONDS)


def main(argv: Sequence[str]) -> int:
    """Bring in every .eml file below a folder. Exit code 1: some could not be opened; 130: stopped by hand."""
    options = _options(argv)
    inbox = options.inbox.strip().lower()
    if not InboxKeeper().accepts(inbox):
        raise Problem(f"no inbox of this desk has the address {inbox}; `heed inbox` makes one.")
    root = Path(options.path)
    if not root.exists():
        raise Problem(f"{root} does not exist.")
    progress = Progress(total=sum(1 for _ in items(root, Told(_say_nothing, _say_nothing))))
    with _stopped_by_hand(progress):
        _bring_in(root, inbox, progress)
    return _report(progress)


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed import mail",
        description="Bring in .eml files, Maildir folders and mbox files below a folder as history: "
        "conversations are closed, no mail is sent, no rule fires. May be stopped and run again at any time; nothing "
        "comes twice. Drafts and thrown-away mails of a Maildir are left out. Files called .sent.eml, as `heed export "
        "mail` names them, are answers that a desk sent.",
    )
    parser.add_argument("path", metavar="PATH", help="a folder, or one file: a mail, or an mbox")
    parser.add_argument(
        "--inbox", required=True, metavar="ADDRESS", help="the inbox that the mails belong to"
    )
    return parser.parse_args(argv)


@contextmanager
def _stopped_by_hand(progress: Progress) -> Iterator[None]:
    before = {number: signal.signal(number, progress.stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _bring_in(root: Path, inbox: str, progress: Progress) -> None:
    reading = Reading(progress)
    try:
        for batch in _batches(root, inbox, progress):
            progress.new += keep_history([raw for raw, is_ours in batch if not is_ours], inbox=inbox)
            progress.new += keep_own_history([raw for raw, is_ours in batch if is_ours], inbox=inbox)
            progress.say()
            reading.until(lambda: history_waiting() + to_move())  # raw bytes don't pile up in the database
            if progress.is_stopping:
                return
        reading.until(lambda: history_waiting() + to_move() + waiting())
    finally:
        reading.worker.changes.close()


def _say_nothing(*_: object) -> None:
    """Of what can't be opened or holds no mail, while mails are only counted."""


def _skip(path: Path, why: str) -> None:
    print(f"skipped: {path}: {why}", file=sys.stderr)


def _batches(root: Path, inbox: str, progress: Progress) -> Iterator[list[tuple[bytes, bool]]]:
    """The mails, so many at once as fit, each with whether a desk sent it; what is too large is parked on the way."""
    batch: list[tuple[bytes, bool]] = []
    size = 0
    told = Told(_skip, lambda error: progress.leave_out(str(error.filename), _reason(error)))
    for item in items(root, told):
        progress.seen += 1
        try:
            raw = _read(item, inbox, progress)
        except OSError as error:
            progress.leave_out(item, _reason(error))
            continue
        if batch and (len(batch) == BATCH_MAILS or size + len(raw) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        if raw:
            batch.append((raw, item.path.name.endswith(SENT)))
            size += len(raw)
    if batch:
        yield batch


def _read(item: Item, inbox: str, progress: Progress) -> bytes:
    """A mail's bytes; none when it holds nothing, or was parked since it is too large. Raises OSError."""
    if not stat.S_ISREG(item.path.stat().st_mode):
        raise OSError("no ordinary file")
    if item.size() > LIMITS.message_bytes:
        with item.as_file() as path:
            progress.new += park_large_history(path, inbox=inbox)
        return b""
    raw = item.read()
    if not raw:
        progress.leave_out(item, "empty")
    return raw


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _report(progress: Progress) -> int:
    if sys.stderr.isatty():
        print(file=sys.stderr)
    here = progress.seen - progress.new - progress.left_out
    done = f"{progress.new:,} mails were brought in, {max(here, 0):,} were here already."
    if progress.is_stopping:
        print("Stopped; what was brought in stays. The same command goes on from here.")
        return INTERRUPTED
    print(f"{done} `heed mail parked` lists what can't be read.")
    return 1 if progress.left_out else 0
