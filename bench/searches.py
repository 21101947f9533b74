"""How long searches take, with many and very many conversations. See README.md.

python -m bench.searches [--quick] [--json]
"""

import sys
from collections.abc import Mapping
from typing import Any

from bench.desk import House, postgres_house, sqlite_house
from bench.figures import Bench, percentile

SIZES, QUICK = (100_000, 1_000_000), (5_000,)
TIMES = 40
MOST = 200  # milliseconds, the 95th percentile


def main() -> int:
    """Measure on SQLite, and on PostgreSQL too."""
    bench = Bench.from_arguments("searches", "Searches of every kind, with many conversations.")
    sizes = QUICK if bench.quick else SIZES
    with sqlite_house() as house:
        _engine(bench, house, "sqlite", sizes)
    if not bench.quick:
        with postgres_house() as house:
            _engine(bench, house, "postgres", sizes)
    return bench.finish()


def _engine(bench: Bench, house: House, name: str, sizes: tuple[int, ...]) -> None:
    for size in sizes:
        bench.say(f"{name}: a desk with {size:,} conversations")
        desk = house.copy(house.first)
        desk.call("fill:fill", conversations=size)
        desk.call("searches:learn")
        bench.say(f"{name}: searching")
        _judge(bench, f"{name}_{size // 1_000}k", desk.call("searches:measure", times=TIMES))


def _judge(bench: Bench, label: str, found: Mapping[str, Mapping[str, Any]]) -> None:
    for kind, one in found.items():
        p95 = percentile(one["ms"], 0.95)
        unit = f"ms, p95, {one['hits']} hits"
        if bench.quick:
            bench.add_unshown(f"{label}_{kind}_p95", p95, unit, f"<= {MOST}")
        else:
            bench.add(f"{label}_{kind}_p95", p95, unit, f"<= {MOST}")


if __name__ == "__main__":
    sys.exit(main())
