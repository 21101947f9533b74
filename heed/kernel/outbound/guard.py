"""Keeps the network out of verbs and consumers.

What leaves inside a transaction can't be rolled back, and a slow server would hold the database's lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from heed.kernel.turns import end_turn

# A context variable, not a thread-local: it follows the work from a coroutine into its worker thread.
_forbidden: Final = ContextVar("outbound_forbidden", default=False)


class OutboundInsideTransaction(RuntimeError):
    """Our own mistake: a verb or a consumer tried to reach the network."""


@contextmanager
def forbidden() -> Iterator[None]:
    """Within this, everything in ``heed.kernel.outbound`` raises OutboundInsideTransaction."""
    token = _forbidden.set(True)
    try:
        yield
    finally:
        _forbidden.reset(token)


def require_allowed() -> None:
    """End the turn outside ``forbidden``: a server may let us wait. Raise OutboundInsideTransaction within."""
    if _forbidden.get():
        raise OutboundInsideTransaction("the network is for workers: write a due row")
    end_turn()
