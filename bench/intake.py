"""How fast mail comes in, as a share of what the machine can do at all. See README.md for every figure.

python -m bench.intake [--quick] [--json]
"""

import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import psycopg

from bench import limit
from bench.desk import ADDRESSES, ChildFailed, Desk, House, postgres_house, sqlite_house
from bench.figures import Bench, median_share
from bench.mails import make
from bench.processes import free_port, running, wait_for_port
from bench.watch import look, wait
from bench.wire import send_all

WARM = 100  # mails read before it counts


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done: mails a round, rounds, and conversations that are there already."""

    mails: int
    rounds: int
    filled: int


QUICK = Size(300, 2, 20_000)
FULL = Size(2_000, 9, 100_000)


def main() -> int:
    """Measure on both engines."""
    bench = Bench.from_arguments("intake", "Mails in, one worker, as a share of what the machine can do.")
    with sqlite_house() as house:
        _engine(bench, house, "sqlite")
    with postgres_house() as house:
        _engine(bench, house, "postgres")
        _two_workers(bench, house)
    return bench.finish()


def _engine(bench: Bench, house: House, name: str) -> None:
    size = QUICK if bench.quick else FULL
    bench.say(f"{name}: which rows a mail causes")
    file, rows = _recorded(house, size)
    bench.say(f"{name}: limit and worker, in turns")
    pairs = [_worker_round(house, file, size) for _ in range(size.rounds)]
    bench.add(f"{name}_share", median_share(pairs), "share of limit", ">= 0.2")
    bench.add(f"{name}_rate", median(mine for mine, _ in pairs), "mails/s")
    bench.add(f"{name}_limit", median(its for _, its in pairs), "mails/s")
    reception = sum(number for table, number in rows.items() if table.startswith("intake_"))
    bench.add(f"{name}_rows", sum(rows.values()) - reception, "rows a mail")
    bench.say(f"{name}: limit and SMTP, in turns")
    pairs = [_smtp_round(house, file, size) for _ in range(size.rounds)]
    bench.add(f"{name}_smtp_share", median_share(pairs), "share of limit with reception", ">= 0.1")
    bench.add(f"{name}_smtp_rate", median(mine for mine, _ in pairs), "mails/s")
    bench.add(f"{name}_smtp_limit", median(its for _, its in pairs), "mails/s")
    bench.say(f"{name}: {size.filled} conversations are there already")
    add = bench.add_unshown if bench.quick else bench.add
    unit = f"rate with {size.filled:,} conversations / rate in an empty desk"
    add(f"{name}_filled_rate", _filled(house, size), unit, ">= 0.9")


def worker_shares(house: House, size: Size) -> list[tuple[float, float]]:
    """Mails a second of one worker and of the limit, round by round."""
    file, _ = _recorded(house, size)
    return [_worker_round(house, file, size) for _ in range(size.rounds)]


def _recorded(house: House, size: Size) -> tuple[Path, dict[str, float]]:
    """The file in which every row that the mails cause is written down, and how many those are a mail, by table."""
    file = house.first.home.parent / "recorded"
    desk = house.empty(PGOPTIONS="-c synchronous_commit=off")  # one mail at a time would wait for every flush
    rows: dict[str, float] = desk.call(
        "record:record", number=WARM + size.mails, seed=0, addresses=ADDRESSES, to=str(file)
    )
    house.drop(desk)
    return file, rows


def _rate(number: int, took: dict[str, float]) -> float:
    return number / (took["ended"] - took["began"])


def _limit(house: House, file: Path, size: Size, *, with_reception: bool) -> float:
    """Mails a second that the bare drivers manage, on a fresh database of the same tables."""
    desk = house.empty()
    with get_context("spawn").Pool(1) as pool:
        took = pool.apply(
            limit.run,
            (desk.database_url or str(desk.sqlite), str(file)),
            {"number": size.mails, "warm": WARM, "with_reception": with_reception},
        )
    house.drop(desk)
    return _rate(size.mails, took)


def _worker_round(house: House, file: Path, size: Size) -> tuple[float, float]:
    desk = house.empty()
    took = desk.call("mail:work", keep_first=size.mails, warm=WARM, seed=0, addresses=ADDRESSES)
    _check(desk, WARM + size.mails)
    house.drop(desk)
    return _rate(size.mails, took), _limit(house, file, size, with_reception=False)


def _check(desk: Desk, number: int) -> None:
    """Raise ChildFailed when a mail was lost or doubled, or one that should be acknowledged was not."""
    found = desk.call("mail:audit")
    good = {
        "receipts": number,
        "messages": number,
        "unread": 0,
        "doubled": 0,
        "parked_events": 0,
        "unacknowledged": 0,
    }
    wrong = {name: found[name] for name, value in good.items() if found[name] != value}
    if wrong:
        raise ChildFailed(f"{number} mails went in, and this came out: {wrong}")


def _filled(house: House, size: Size) -> float:
    """The rate with many conversations there already, as a share of that in an empty desk; in turns."""
    full = house.copy(house.first)
    full.call("fill:fill", conversations=size.filled)
    pairs = []
    for number in range(size.rounds):
        took = full.call("mail:work", keep_first=size.mails, warm=WARM, seed=10 + number, addresses=ADDRESSES)
        empty = house.empty()
        other = empty.call(
            "mail:work", keep_first=size.mails, warm=WARM, seed=10 + number, addresses=ADDRESSES
        )
        house.drop(empty)
        pairs.append((_rate(size.mails, took), _rate(size.mails, other)))
    house.drop(full)
    return median_share(pairs)


# --- by SMTP: the real processes ---------------------------------------------------------------------


def _smtp_round(house: House, file: Path, size: Size) -> tuple[float, float]:
    port = free_port()
    desk = house.empty(HEED_SMTP=f"127.0.0.1:{port}", HEED_LMTP=f"127.0.0.1:{free_port()}")
    now = datetime.now(UTC)
    warm = list(make(WARM, recipients=ADDRESSES, now=now, seed=1_000))
    mails = list(make(size.mails, recipients=ADDRESSES, now=now, seed=0))
    with running(desk, ["mail", "serve"], ["worker"]):
        wait_for_port(port)
        with look(desk) as settled:
            send_all(port, warm)
            wait(settled, warm)
            began = time.monotonic()
            send_all(port, mails)
            wait(settled, warm + mails)
            ended = time.monotonic()
    _check(desk, WARM + size.mails)
    house.drop(desk)
    return size.mails / (ended - began), _limit(house, file, size, with_reception=True)


# --- two workers -------------------------------------------------------------------------------------


def _two_workers(bench: Bench, house: House) -> None:
    size = QUICK if bench.quick else FULL
    bench.say("postgres: one worker and two, in turns")
    one, two = [], []
    for _ in range(size.rounds):
        one.append(_together(house, size.mails, workers=1))
        two.append(_together(house, size.mails, workers=2))
    cpu = median(b[1] / a[1] for a, b in zip(one, two, strict=True))
    rate = median(b[0] / a[0] for a, b in zip(one, two, strict=True))
    bench.add("postgres_two_workers_lost_or_doubled", 0, "mails", "== 0")  # _together raises otherwise
    bench.add("postgres_two_workers_cpu", cpu, "CPU a mail / that of one worker, server included", "<= 1.25")
    bench.add("postgres_two_workers_rate", rate, "rate / that of one worker")


def _together(house: House, number: int, *, workers: int) -> tuple[float, float]:
    """Mails a second of so many workers on the same mails, and CPU seconds a mail of them and of the server."""
    desk = house.empty()
    children = [
        desk.start("mail:work", keep_first=0, warm=WARM, seed=worker, addresses=ADDRESSES)
        for worker in range(workers)
    ]
    desk.call("mail:accept", number=number, seed=workers, addresses=ADDRESSES)
    before = _server_cpu(desk)
    for child in children:
        child.go()
    took = [child.result() for child in children]
    server = _server_cpu(desk) - before
    _check(desk, number + workers * WARM)
    house.drop(desk)
    seconds = max(one["ended"] for one in took) - min(one["began"] for one in took)
    return number / seconds, (sum(one["cpu"] for one in took) + server) / number


def _server_cpu(desk: Desk) -> float:
    """CPU seconds of the PostgreSQL server so far, all its processes, those that ended too."""
    with psycopg.connect(desk.database_url) as connection:
        postmaster = _stat(connection.info.backend_pid)[1]
    ticks = 0
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent, used, of_ended = _stat(int(path.name))[1:]
        except OSError:
            continue
        if parent == postmaster:
            ticks += used
        if int(path.name) == postmaster:
            ticks += used + of_ended
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> tuple[int, int, int, int]:
    """Its id, its parent's, its ticks of CPU, and those of children that ended."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    return pid, int(fields[1]), int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])


if __name__ == "__main__":
    sys.exit(main())
