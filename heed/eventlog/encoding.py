"""Payloads of events as plain JSON values, and back."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from heed.eventlog.kinds import KINDS, Kind, KindUnknown


def encode(payload: Kind) -> dict[str, Any]:
    """The payload as plain JSON values: instants in ISO 8601, enums as their codes."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name in DECODERS[type(payload)]
        for value in (getattr(payload, name),)
    }


def decode(name: str, data: dict[str, Any]) -> Kind:
    """The payload of a stored event; KindUnknown for one that this version can't read."""
    kind = KINDS.get(name)
    if kind is None:
        return KindUnknown()
    decoders = DECODERS[kind]
    try:
        return kind(**{key: decoders[key](value) for key, value in data.items() if key in decoders})
    except (TypeError, ValueError):
        return KindUnknown()


def _same(value: Any) -> Any:
    return value


def _decoders(kind: type[Kind]) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(kind)
    return {item.name: _decoder(hints[item.name]) for item in fields(kind)}


def _decoder(hint: Any) -> Callable[[Any], Any]:
    if get_origin(hint) in (Union, UnionType):
        inner = _decoder(next(part for part in get_args(hint) if part is not NoneType))
        return _same if inner is _same else lambda value: None if value is None else inner(value)
    if hint is datetime:
        return datetime.fromisoformat
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    return _same


DECODERS = {kind: _decoders(kind) for kind in KINDS.values()}
