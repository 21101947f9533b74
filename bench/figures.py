"""What a benchmark prints: figures with what they must be, as a table for people or one JSON object for programs."""

import argparse
import json
import operator
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil
from statistics import median
from time import monotonic

from bench.machine import describe_machine

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. Must: a comparison such as ">= 0.2", or "" for what is only reported. Holds: None when not shown."""

    name: str
    value: float | None
    unit: str
    must: str = ""
    holds: bool | None = None


def judge(value: float | None, must: str) -> bool | None:
    """Whether a value is what it must be; None when there is nothing to compare."""
    if value is None or not must:
        return None
    sign, bound = must.split()
    return COMPARISONS[sign](value, float(bound))


@dataclass(slots=True)
class Bench:
    """One benchmark's run: its options, and the figures found so far."""

    name: str
    quick: bool
    as_json: bool
    figures: list[Figure] = field(default_factory=list)
    began: float = field(default_factory=monotonic)

    @classmethod
    def from_arguments(cls, name: str, about: str, argv: Sequence[str] | None = None) -> "Bench":
        """Read --quick and --json."""
        parser = cls.parser(name, about)
        options = parser.parse_args(argv)
        return cls(name, options.quick, options.json)

    @staticmethod
    def parser(name: str, about: str) -> argparse.ArgumentParser:
        """What every benchmark can be told; one that can be told more adds to it."""
        parser = argparse.ArgumentParser(prog=f"python -m bench.{name}", description=about)
        parser.add_argument("--quick", action="store_true", help="in under three minutes, with less data")
        parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
        return parser

    def add(self, name: str, value: float | None, unit: str, must: str = "") -> None:
        """Note a figure, judged by what it must be."""
        self.figures.append(Figure(name, _rounded(value), unit, must, judge(value, must)))
        self.say(f"  {name} {_shown(value)}")

    def add_unshown(self, name: str, value: float | None, unit: str, must: str) -> None:
        """Note a figure that this run can't judge, whatever its value: its `holds` is null."""
        self.figures.append(Figure(name, _rounded(value), unit, must))

    def say(self, words: str) -> None:
        """Tell a waiting person what goes on, beside the result."""
        print(f"[{monotonic() - self.began:5.0f} s] {words}", file=sys.stderr, flush=True)

    def finish(self) -> int:
        """Print the result; the exit code is 1 when a figure is not what it must be."""
        print(self._as_json() if self.as_json else self._as_table(), flush=True)
        return 1 if any(figure.holds is False for figure in self.figures) else 0

    def _as_json(self) -> str:
        figures = {
            f.name: {"value": f.value, "unit": f.unit, "must": f.must or None, "holds": f.holds}
            for f in self.figures
        }
        return json.dumps({"bench": self.name, "figures": figures}, ensure_ascii=False)

    def _as_table(self) -> str:
        words = {True: "holds", False: "FAILS", None: ""}
        rows = [
            (f.name, _shown(f.value), f.unit, f.must, words[f.holds] if f.must else "") for f in self.figures
        ]
        unshown = {f.name for f in self.figures if f.must and f.holds is None}
        rows = [(*row[:4], "not shown") if row[0] in unshown else row for row in rows]
        widths = [max(len(row[n]) for row in rows) for n in range(4)]
        lines = [
            f"{name:{widths[0]}}  {value:>{widths[1]}}  {unit:{widths[2]}}  {must:{widths[3]}}  {word}".rstrip()
            for name, value, unit, must, word in rows
        ]
        return "\n".join([f"bench.{self.name} on {describe_machine()}", *lines])


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}") if value < 1000 else round(value)


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed, by the nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def median_share(pairs: Sequence[tuple[float, float]]) -> float:
    """The median of what one is of the other, pair by pair: both of a pair met the same noise."""
    return median(one / other for one, other in pairs)
