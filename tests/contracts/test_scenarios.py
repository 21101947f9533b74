"""Each scenario that breaks other desks has its tests, and they are there under these names."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.contracts.scenarios import SCENARIOS

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = [*map(str, range(1, 12)), "11b", *map(str, range(12, 22)), *map(str, range(23, 29))]


@cache
def names_in(path: str) -> frozenset[str]:
    """Names of the tests in a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_every_scenario_stands_in_the_table() -> None:
    assert [name.partition(":")[0] for name in SCENARIOS] == NUMBERS


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_has_tests_and_they_exist(scenario: str) -> None:
    assert SCENARIOS[scenario]
    for name in SCENARIOS[scenario]:
        path, _, test = name.partition("::")
        assert test in names_in(path), f"{path} has no {test}"
