"""Fifty agents at work at once while mail flows in: how long each waits. See README.md for every figure.

python -m bench.workspace [--quick] [--json] [--engine sqlite|postgres] [--keep FOLDER]
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time

from bench import agents
from bench.desk import ADDRESSES, Desk, House, kept_desk, postgres_house, sqlite_house
from bench.figures import Bench, percentile
from bench.mails import Mail, make
from bench.processes import cpu_seconds, free_port, running, wait_for_port
from bench.wire import send_all

AGENTS = 50
MOST = 200  # milliseconds, the 95th percentile
GROWTH = 2.0  # a full desk's median / an empty one's
CONVERSATIONS, EMPTY, QUICK = 340_000, 200, 5_000  # about three messages each
SECONDS, SECONDS_QUICK = 120.0, 20.0
MAILS_A_SECOND = 2.0
WARM_SECONDS = 5.0

Took = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a desk listens."""

    http: int
    smtp: int


@dataclass(slots=True)
class Worked:
    """What a desk's day took: milliseconds by what was done, and seconds of CPU of the desk and of the agents."""

    took: Took
    desk: float = 0.0
    agents: float = 0.0


HOUSES = {"sqlite": sqlite_house, "postgres": postgres_house}


def main() -> int:
    """Measure on both engines or on one, full and nearly empty."""
    about = "Fifty agents at once on a full desk, while mail flows in."
    parser = Bench.parser("workspace", about)
    parser.add_argument("--engine", choices=list(HOUSES), help="only this one")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="fill the full desk there, and use it again"
    )
    options = parser.parse_args()
    if options.keep and not options.engine:
        parser.error("--keep needs --engine")
    bench = Bench("workspace", options.quick, options.json)
    for name in [options.engine] if options.engine else ["sqlite"] if options.quick else HOUSES:
        _engine(bench, name, options.keep)
    return bench.finish()


def _engine(bench: Bench, name: str, keep: Path | None) -> None:
    seconds = SECONDS_QUICK if bench.quick else SECONDS
    many = QUICK if bench.quick else CONVERSATIONS
    with HOUSES[name]() as house:
        bench.say(f"{name}: a desk with {EMPTY:,} conversations")
        with _filled(house, EMPTY) as (desk, ports):
            bench.say(f"{name}: {AGENTS} agents at work")
            empty = _work(desk, ports, seconds)
        bench.say(f"{name}: a desk with {many:,} conversations")
        with _kept(keep, name, many) if keep else _filled(house, many) as (desk, ports):
            bench.say(f"{name}: {AGENTS} agents at work")
            full = _work(desk, ports, seconds)
    _judge(bench, name, empty, full)


@contextmanager
def _filled(house: House, conversations: int) -> Iterator[tuple[Desk, Ports]]:
    """A desk with so many conversations, gone afterwards."""
    ports = Ports(free_port(), free_port())
    desk = house.copy(house.first, **_listening(ports))
    desk.call("fill:fill", conversations=conversations)
    desk.call("searches:learn")
    yield desk, ports
    house.drop(desk)


@contextmanager
def _kept(folder: Path, name: str, conversations: int) -> Iterator[tuple[Desk, Ports]]:
    """The desk that is kept in this folder."""
    ports = Ports(free_port(), free_port())
    with kept_desk(folder, name, conversations=conversations, **_listening(ports)) as desk:
        yield desk, ports


def _listening(ports: Ports) -> dict[str, str]:
    return {
        "HEED_HTTP": f"127.0.0.1:{ports.http}",
        "HEED_SMTP": f"127.0.0.1:{ports.smtp}",
        "HEED_LMTP": f"127.0.0.1:{free_port()}",
    }


def _work(desk: Desk, ports: Ports, seconds: float) -> Worked:
    """Let everybody work, on the product's own processes."""
    cookies = desk.call("workspace:staff", number=AGENTS)
    with running(desk, ["serve"]) as [pid]:
        wait_for_port(ports.http)
        wait_for_port(ports.smtp)
        desk_began, agents_began = cpu_seconds(pid), process_time()
        took = asyncio.run(_together(ports, cookies, seconds))
        return Worked(took, cpu_seconds(pid) - desk_began, process_time() - agents_began)


async def _together(ports: Ports, cookies: list[str], seconds: float) -> Took:
    took: Took = defaultdict(list)
    loop = asyncio.get_running_loop()
    counts_from = loop.time() + WARM_SECONDS
    until = counts_from + seconds

    def note(what: str, milliseconds: float) -> None:
        if loop.time() >= counts_from:
            took[what].append(milliseconds)

    mail = asyncio.create_task(_mail(ports.smtp, until))
    async with asyncio.TaskGroup() as group:
        for place, cookie in enumerate(cookies):
            group.create_task(agents.work(ports.http, cookie, seed=place, until=until, note=note))
            group.create_task(agents.listen(ports.http, cookie, seed=place, until=until, note=note))
    await mail
    return took


async def _mail(port: int, until: float) -> None:
    loop = asyncio.get_running_loop()
    mails: Iterator[Mail] = iter(make(10_000, recipients=ADDRESSES, now=datetime.now(UTC)))
    while loop.time() < until:
        await asyncio.to_thread(send_all, port, [next(mails)])
        await asyncio.sleep(1 / MAILS_A_SECOND)


def _judge(bench: Bench, name: str, empty: Worked, full: Worked) -> None:
    add = bench.add_unshown if bench.quick else bench.add
    for what in agents.ASKED:
        few, many = empty.took[what], full.took[what]
        add(f"{name}_{what}_p95", percentile(many, 0.95), f"ms, {len(many):,} times", f"<= {MOST}")
        add(f"{name}_{what}_growth", median(many) / median(few), "median, full / empty", f"<= {GROWTH}")
    requests = sum(map(len, full.took.values()))
    bench.add(f"{name}_requests", requests, "requests of everybody together")
    bench.add(
        f"{name}_desk_cpu",
        full.desk,
        "s of CPU of the desk's processes, without PostgreSQL's, warming up included",
    )
    bench.add(f"{name}_agents_cpu", full.agents, "s of CPU of the agents' browsers and of who sends the mail")


if __name__ == "__main__":
    sys.exit(main())
