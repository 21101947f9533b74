"""Event kinds: a noun and a past participle, ids, enums, numbers and times; never a person's words."""

import re
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from heed.eventlog.kinds import KINDS, Kind

PLAIN = {int, bool, float, datetime, NoneType}
IRREGULAR = {
    "split",
    "sent",
    "said",
    "kept",
    "broken",
    "begun",
    "found",
    "left",
    "put",
    "read",
    "met",
    "held",
    "told",
}


def holds_no_text(hint: Any) -> bool:
    """Whether a type can hold nothing that a person wrote."""
    if get_origin(hint) in (Union, UnionType, tuple):
        return all(part is ... or holds_no_text(part) for part in get_args(hint))
    supertype = getattr(hint, "__supertype__", hint)
    return supertype in PLAIN or (isinstance(supertype, type) and issubclass(supertype, StrEnum))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_payload_holds_no_personal_text(kind: type[Kind]) -> None:
    hints = get_type_hints(kind)
    assert is_dataclass(kind)
    assert [field.name for field in fields(kind) if not holds_no_text(hints[field.name])] == []


def test_the_check_above_would_find_text() -> None:
    assert not holds_no_text(str)
    assert not holds_no_text(str | None)
    assert not holds_no_text(tuple[str, ...])
    assert not holds_no_text(dict[str, int])
    assert not holds_no_text(Any)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_is_a_noun_and_a_past_participle(kind: type[Kind]) -> None:
    noun, _, happened = kind.name.partition(".")
    assert re.fullmatch(r"[a-z]+", noun)
    assert happened.rsplit("_", 1)[-1].endswith("ed") or happened.rsplit("_", 1)[-1] in IRREGULAR
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}("), "a kind says in a sentence what happened"


def test_a_payload_can_not_be_changed() -> None:
    assert [kind.name for kind in KINDS.values() if not kind.__dataclass_params__.frozen] == []  # type: ignore[attr-defined]  # every dataclass has them
