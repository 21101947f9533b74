"""Fifty agents at work at once while mail flows in: how long each waits. See README.md for every figure.

python -m bench.workspace [--quick] [--json]
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from bench import agents
from bench.desk import ADDRESSES, Desk, House, postgres_house, sqlite_house
from bench.figures import Bench, percentile
from bench.mails import Mail, make
from bench.processes import free_port, running, wait_for_port
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


def main() -> int:
    """Measure on both engines, full and nearly empty."""
    bench = Bench.from_arguments("workspace", "Fifty agents at once on a full desk, while mail flows in.")
    with sqlite_house() as house:
        _engine(bench, house, "sqlite")
    if not bench.quick:
        with postgres_house() as house:
            _engine(bench, house, "postgres")
    return bench.finish()


def _engine(bench: Bench, house: House, name: str) -> None:
    found: list[Took] = []
    for conversations in (EMPTY, QUICK if bench.quick else CONVERSATIONS):
        bench.say(f"{name}: a desk with {conversations:,} conversations")
        ports = Ports(free_port(), free_port())
        desk = house.copy(
            house.first,
            HEED_HTTP=f"127.0.0.1:{ports.http}",
            HEED_SMTP=f"127.0.0.1:{ports.smtp}",
            HEED_LMTP=f"127.0.0.1:{free_port()}",
        )
        desk.call("fill:fill", conversations=conversations)
        desk.call("searches:learn")
        bench.say(f"{name}: {AGENTS} agents at work")
        found.append(_work(desk, ports, SECONDS_QUICK if bench.quick else SECONDS))
        house.drop(desk)
    _judge(bench, name, *found)


def _work(desk: Desk, ports: Ports, seconds: float) -> Took:
    """Let everybody work, on the product's own processes; milliseconds by what they did."""
    cookies = desk.call("workspace:staff", number=AGENTS)
    with running(desk, ["serve"]):
        wait_for_port(ports.http)
        wait_for_port(ports.smtp)
        return asyncio.run(_together(ports, cookies, seconds))


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


def _judge(bench: Bench, name: str, empty: Took, full: Took) -> None:
    add = bench.add_unshown if bench.quick else bench.add
    for what in agents.ASKED:
        add(
            f"{name}_{what}_p95", percentile(full[what], 0.95), f"ms, {len(full[what]):,} times", f"<= {MOST}"
        )
        add(
            f"{name}_{what}_growth",
            median(full[what]) / median(empty[what]),
            "median, full / empty",
            f"<= {GROWTH}",
        )
    bench.add(f"{name}_requests", sum(map(len, full.values())), "requests of everybody together")


if __name__ == "__main__":
    sys.exit(main())
