"""Turns: few work at the same time, and who begins to wait for something outside lets somebody else work.

The pages of a process share one interpreter; more of them at once finish no sooner, and each waits longer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_end_turn: Final[ContextVar[Callable[[], None] | None]] = ContextVar("end_turn", default=None)


@contextmanager
def turn(end: Callable[[], None]) -> Iterator[None]:
    """Within this, end_turn() calls `end`, however often it is said; work that has no turn is not counted."""
    token = _end_turn.set(end)
    try:
        yield
    finally:
        _end_turn.reset(token)


def end_turn() -> None:
    """Say that what follows mostly waits: a server outside, another process. The work itself goes on, uncounted."""
    if end := _end_turn.get():
        end()
