"""Dataclasses that share what is alike in all of them.

A frozen dataclass compiles functions of its own that refuse changes, and one that writes it down: 7 KB a class, and a
desk has some seven hundred. Here all have the same ones; 4 MB of what every process of a desk shares.
It replaces two helpers inside the standard library, so it is for the versions that it was read in: elsewhere nothing
changes but memory.
"""

import dataclasses
import sys
from reprlib import recursive_repr
from typing import Any, Final, NoReturn

READ_IN: Final = ((3, 11), (3, 12))


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


@recursive_repr()
def _written_down(self: Any) -> str:
    shown = ", ".join(
        f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr
    )
    return f"{type(self).__qualname__}({shown})"


_refuse_to_set.__name__, _refuse_to_delete.__name__ = "__setattr__", "__delattr__"


def install() -> None:
    """Let dataclasses that are made from now on share these functions. Without effect the second time."""
    helpers = vars(dataclasses)
    if sys.version_info[:2] in READ_IN and {"_frozen_get_del_attr", "_repr_fn"} <= set(helpers):
        helpers["_frozen_get_del_attr"] = lambda *_: (_refuse_to_set, _refuse_to_delete)
        helpers["_repr_fn"] = lambda *_: _written_down
