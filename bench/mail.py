"""What reading mail costs, beside a plain parser, and what a mail of 300 MB costs. See README.md for every figure.

python -m bench.mail [--quick] [--json]
"""

import base64
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from io import BufferedRWPair
from pathlib import Path
from random import Random
from typing import IO

from bench.desk import ADDRESSES, ChildFailed, Desk, House, postgres_house, sqlite_house
from bench.figures import Bench, median_share, percentile
from bench.intake import FULL, QUICK, worker_shares
from bench.mailbox import by_mailbox, imap_share
from bench.mails import make
from bench.processes import free_port, most_bytes, running, wait_for_port
from heed.channels.email.parse import parse
from heed.testing.mutants import findings, seeds

MB = 1_000_000
TRIES = 3  # of each mail; the quickest counts, so that what else the machine does is left out
BIG, SMALLER = 300, 75  # MB
FUZZ_SEED = 11
# What bench.intake showed before mail was read as it is now; see README.md.
RECORDED_SHARE = {"sqlite": 0.58, "postgres": 0.52}
SIZES: dict[str, tuple[int, float]] = {
    "small": (0, 3.0),
    "medium": (60_000, 3.0),
    "large": (2 * MB, 3.0),
    "huge": (20 * MB, 3.0),
}


def main() -> int:
    """Measure every part."""
    bench = Bench.from_arguments("mail", "Reading mail, small and very large, and damaged.")
    for part in PARTS:
        part(bench)
    return bench.finish()


# --- parse -------------------------------------------------------------------------------------------


def _parse(bench: Bench) -> None:
    """Our reader against the standard library's decoding of the same mails, by size."""
    numbers = {"small": 2_000, "medium": 400, "large": 60, "huge": 8}
    for name, (size, bound) in SIZES.items():
        number = numbers[name] // (4 if bench.quick else 1)
        bench.say(f"parse: {number} {name} mails")
        mine, plain = [], []
        for raw in _mails(number, size):
            mine.append(_milliseconds(parse, raw))
            plain.append(_milliseconds(_decode, raw))
        bench.add(
            f"parse_{name}",
            percentile(mine, 0.95) / percentile(plain, 0.95),
            "p95 a mail / that of a plain decoder",
            f"<= {bound}",
        )
        bench.add(f"parse_{name}_p95", percentile(mine, 0.95), "ms a mail")


def _mails(number: int, size: int) -> Iterator[bytes]:
    """Ordinary mails; from a size on, with more words and with files until they are about so large."""
    random = Random("sizes")
    for mail in make(number, recipients=ADDRESSES, now=datetime.now(UTC)):
        yield _grown(mail.raw, size, random) if size else mail.raw


def _grown(raw: bytes, size: int, random: Random) -> bytes:
    words = raw.partition(b"\r\n\r\n")[2][:2_000]
    text = (words + b"\r\n\r\n") * (10 if size < MB else 20)
    head = (
        raw.partition(b"Content-Type:")[0] + b'Content-Type: multipart/mixed; boundary="heed-large"\r\n\r\n'
    )
    kind = (
        b"--heed-large\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    file = base64.encodebytes(random.randbytes(int(size * 0.7))).replace(b"\n", b"\r\n")
    files = (
        b"--heed-large\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="scan.pdf"\r\n\r\n'
    )
    return head + kind + text.replace(b"--", b"- ") + files + file + b"--heed-large--\r\n"


def _milliseconds(work: Callable[[bytes], object], raw: bytes) -> float:
    took = []
    for _ in range(TRIES):
        began = time.perf_counter_ns()
        work(raw)
        took.append(time.perf_counter_ns() - began)
    return min(took) / 1e6


def _decode(raw: bytes) -> None:
    for part in message_from_bytes(raw).walk():
        if not part.is_multipart():
            part.get_payload(decode=True)


# --- intake as before --------------------------------------------------------------------------------


def _intake(bench: Bench) -> None:
    """The share that bench.intake shows, beside the one written down before."""
    size = QUICK if bench.quick else FULL
    for name, open_house in (("sqlite", sqlite_house), ("postgres", postgres_house)):
        with open_house() as house:
            bench.say(f"{name}: limit and worker, in turns")
            share = median_share(worker_shares(house, size))
        bench.add(
            f"{name}_intake_share", share / RECORDED_SHARE[name], "share of limit / the one before", ">= 0.9"
        )


# --- very large mails --------------------------------------------------------------------------------


def _large(bench: Bench) -> None:
    """The memory that a mail beyond every limit takes, on each way in: none of them may grow with it."""
    with sqlite_house() as house, tempfile.TemporaryDirectory(prefix="heed-large-") as folder:
        for name, way in WAYS_IN:
            bench.say(f"a mail of {BIG} MB by {name}")
            peaks = [_with_mail(house, Path(folder), megabytes, way) for megabytes in (SMALLER, BIG)]
            bench.add(
                f"large_{name}_growth",
                peaks[1] / peaks[0],
                f"peak RSS at {BIG} MB / at {SMALLER} MB",
                "<= 1.1",
            )
            bench.add(f"large_{name}_peak", peaks[1] / MB, "MB (RSS at its peak)", "<= 250")


def _with_mail(house: House, folder: Path, megabytes: int, way: Callable[[Desk, Path], int]) -> int:
    desk = house.empty(HEED_LMTP=f"127.0.0.1:{free_port()}")
    path = folder / "large.eml"
    _write(path, megabytes)
    try:
        return way(desk, path)
    finally:
        path.unlink()
        house.drop(desk)


def _write(path: Path, megabytes: int) -> None:
    line = b"x" * 998 + b"\r\n"
    with path.open("wb") as file:
        file.write(b"From: dalia@example.org\r\nSubject: Large\r\nMessage-ID: <large@example.org>\r\n\r\n")
        for _ in range(megabytes):
            file.write(line * 1_000)


def _by_pipe(desk: Desk, path: Path) -> int:
    with path.open("rb") as source:
        peak = _peak(desk, ["mail", "receive", "--to", ADDRESSES[0]], source)
    _must_be_parked(desk)
    return peak


def _by_import(desk: Desk, path: Path) -> int:
    peak = _peak(desk, ["import", "mail", str(path.parent), "--inbox", ADDRESSES[0]], None)
    _must_be_parked(desk)
    return peak


def _peak(desk: Desk, words: Sequence[str], source: IO[bytes] | None) -> int:
    process = desk.heed(*words, stdin=source, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise ChildFailed(f"heed {words[0]} ended with {process.returncode}")
    return used.ru_maxrss * 1024


def _must_be_parked(desk: Desk) -> None:
    found = desk.call("mail:parked")
    if found != ["too_large"]:
        raise ChildFailed(f"a mail too large to be read should be parked, and this was: {found}")


def _by_smtp(desk: Desk, path: Path) -> int:
    """The listener refuses it; what it holds meanwhile."""
    port = free_port()
    there = Desk(desk.home, desk.database_url, {**desk.more, "HEED_SMTP": f"127.0.0.1:{port}"})
    with running(there, ["mail", "serve"]) as (pid,):
        wait_for_port(port)
        with _connected(port) as line:
            _expect(line, b"220")
            for command, code in (
                (b"EHLO sender.example", b"250"),
                (b"MAIL FROM:<dalia@example.org>", b"250"),
                (f"RCPT TO:<{ADDRESSES[0]}>".encode(), b"250"),
                (b"DATA", b"354"),
            ):
                line.write(command + b"\r\n")
                line.flush()
                _expect(line, code)
            with path.open("rb") as source:
                while chunk := source.read(MB):
                    line.write(chunk)
            line.write(b".\r\n")
            line.flush()
            _expect(line, b"552")
        return most_bytes(pid)


@contextmanager
def _connected(port: int) -> Iterator[BufferedRWPair]:
    with (
        socket.create_connection(("127.0.0.1", port), timeout=120) as connection,
        connection.makefile("rwb") as line,
    ):
        yield line


def _expect(line: BufferedRWPair, code: bytes) -> None:
    answer = line.readline()
    while answer[3:4] == b"-":
        answer = line.readline()
    if answer[:3] != code:
        raise ChildFailed(f"the listener answered {answer!r}, not {code!r}")


WAYS_IN: tuple[tuple[str, Callable[[Desk, Path], int]], ...] = (
    ("pipe", _by_pipe),
    ("import", _by_import),
    ("smtp", _by_smtp),
    ("mailbox", by_mailbox),
)


# --- damaged mails -----------------------------------------------------------------------------------


def _damaged(bench: Bench) -> None:
    """How many damaged mails a night reads, and that none of these breaks anything."""
    number = 1_000 if bench.quick else 10_000
    bench.say(f"{number} damaged mails")
    all_seeds = seeds()
    began = time.process_time()
    found = list(findings(all_seeds, FUZZ_SEED, range(number)))
    bench.add("damaged_rate", number / (time.process_time() - began), "damaged mails a second of CPU")
    bench.add("damaged_findings", len(found), f"of {number:,}: a crash, a hang, something live", "== 0")


# Each part adds its figures; the largest mails come first, while this process, whose size its children inherit in
# what the system counts, is small. A part with a server of another kind has its own file, and a line here.
PARTS: tuple[Callable[[Bench], None], ...] = (_large, _parse, _damaged, _intake, imap_share)

if __name__ == "__main__":
    sys.exit(main())
