"""Whose turn it is: only so many files are read or drawn at the same time for readers, and nobody waits long."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

AT_ONCE: Final = threading.BoundedSemaphore(2)  # a page of pictures asks for all of them at the same time
WAIT_SECONDS: Final = 2.0
"""Whoever waits holds one of the threads that answer pages, and two hostile files take all the time that they get."""


class Busy(Exception):
    """Others are still at it: this file was not looked at, and may be asked for again."""


@contextmanager
def turn() -> Iterator[None]:
    """Read or draw within this. Raises Busy when it is not one's turn soon."""
    if not AT_ONCE.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        yield
    finally:
        AT_ONCE.release()
