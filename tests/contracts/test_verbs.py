"""Verbs: each says what a caller may rely on, and has at least four tests that use it."""

import ast
import importlib
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import heed

ROOT = Path(__file__).resolve().parents[2]
LEAST = 4  # it works, refuses the wrong person, refuses the wrong state, does nothing harmful twice


def verbs() -> Iterator[Callable[..., Any]]:
    for module in pkgutil.walk_packages(heed.__path__, "heed."):
        if ".actions" in module.name and ".tests" not in module.name:
            for value in vars(importlib.import_module(module.name)).values():
                if getattr(value, "is_verb", False) and value.__module__ == module.name:
                    yield value


def uses() -> Counter[str]:
    """How many tests call a function of each name."""
    counted: Counter[str] = Counter()
    for path in [*ROOT.glob("heed/**/tests/**/test_*.py"), *ROOT.glob("tests/**/test_*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                names |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
                counted.update(names)
    return counted


VERBS = sorted(verbs(), key=lambda verb: (verb.__module__, verb.__name__))
USES = uses()


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
def test_a_verb_has_at_least_four_tests(verb: Callable[..., Any]) -> None:
    assert USES[verb.__name__] >= LEAST, f"{verb.__module__}.{verb.__name__}: {USES[verb.__name__]} tests"


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
def test_a_verb_says_what_it_records_or_refuses(verb: Callable[..., Any]) -> None:
    text = (verb.__doc__ or "").lower()
    assert any(word in text for word in ("record", "refuse", "afterwards", "nothing"))
