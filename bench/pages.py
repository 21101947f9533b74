"""How long the inbox and a conversation take, with few and very many conversations. See README.md for every figure.

python -m bench.pages [--quick] [--json]
"""

import sys
from statistics import median
from typing import Any

from bench.desk import House, postgres_house, sqlite_house
from bench.figures import Bench, percentile

SMALL, MIDDLE, LARGE = 1_000, 100_000, 1_000_000
TURNS = 3  # each size is looked at so often, in turns: the machine's noise meets all of them alike
TIMES = 200  # looks at a page in each turn
PAGES = ("my_turn", "all_open", "conversation")
Looks = dict[str, dict[str, Any]]


def main() -> int:
    """Measure on SQLite at every size, and on PostgreSQL too."""
    bench = Bench.from_arguments(
        "pages", "The inbox and a conversation page, with few and many conversations."
    )
    sizes = (SMALL, MIDDLE) if bench.quick else (SMALL, MIDDLE, LARGE)
    with sqlite_house() as house:
        _engine(bench, house, "sqlite", sizes)
    if bench.quick:
        _leave_out(bench, "postgres", sizes)
    else:
        with postgres_house() as house:
            _engine(bench, house, "postgres", sizes)
    return bench.finish()


def _engine(bench: Bench, house: House, name: str, sizes: tuple[int, ...]) -> None:
    desks = {}
    for size in sizes:
        bench.say(f"{name}: a desk with {size:,} conversations")
        desks[size] = house.copy(house.first)
        desks[size].call("fill:fill", conversations=size)
    bench.say(f"{name}: looking at pages")
    turns: dict[int, list[Looks]] = {size: [] for size in sizes}
    for _ in range(TURNS):
        for size in sizes:
            turns[size].append(desks[size].call("pages:measure", times=TIMES, conversations=size))
    for page in PAGES:
        _judge(bench, f"{name}_{page}", {size: [turn[page] for turn in turns[size]] for size in sizes})


def _leave_out(bench: Bench, name: str, sizes: tuple[int, ...]) -> None:
    """Say which figures a quick run has no time for."""
    for page in PAGES:
        for size in sizes:
            bench.add_unshown(f"{name}_{page}_{size // 1_000}k_median", None, "ms", "<= 30")
        bench.add_unshown(f"{name}_{page}_growth", None, "p95, not looked at by a quick run", "<= 1.5")


def _judge(bench: Bench, name: str, looks: dict[int, list[dict[str, Any]]]) -> None:
    """Figures of one page: medians, p95 and how it grew, queries."""
    p95 = {}
    for size, turns in looks.items():
        label = f"{name}_{size // 1_000}k"
        bench.add(f"{label}_median", median(ms for turn in turns for ms in turn["ms"]), "ms", "<= 30")
        p95[size] = median(percentile(turn["ms"], 0.95) for turn in turns)
        bench.add(f"{label}_p95", p95[size], "ms")
    largest = max(looks)
    grown = p95[largest] / p95[SMALL]
    unit = f"p95 with {largest:,} conversations / with {SMALL:,}"
    if largest == LARGE:
        bench.add(f"{name}_growth", grown, unit, "<= 1.5")
    else:
        bench.add_unshown(f"{name}_growth", grown, unit, "<= 1.5")
    counts = {size: turns[0]["queries"] for size, turns in looks.items()}
    most = max(most for _, most in counts.values())
    bench.add(f"{name}_queries", most, "queries, session and counts included")
    more = most - max(most for _, most in [counts[SMALL]])
    bench.add(f"{name}_more_queries", more, f"queries more than with {SMALL:,} conversations", "<= 0")


if __name__ == "__main__":
    sys.exit(main())
