"""Looking on, from outside, how far a desk has come with its mails."""

import importlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from bench.desk import ChildFailed, Desk
from bench.mails import Mail

POLL_SECONDS = 0.02
PATIENCE_SECONDS = 120.0  # without any progress: how long it takes in all is for the machine to say


@contextmanager
def look(desk: Desk) -> Iterator[Callable[[], tuple[int, int]]]:
    """Gives a function that says how many mails are read, and how many acknowledgements are queued for delivery."""
    connection: Any
    if desk.database_url:
        connection = psycopg.connect(desk.database_url, autocommit=True)
    else:
        driver = importlib.import_module("pysqlite3")
        connection = driver.connect(f"file:{desk.sqlite}?mode=ro", uri=True, isolation_level=None)
    sql = "SELECT (SELECT count(*) FROM intake_receipt WHERE state = 'read'), (SELECT count(*) FROM delivery_delivery)"

    def done() -> tuple[int, int]:
        read, queued = connection.execute(sql).fetchone()
        return int(read), int(queued)

    try:
        yield done
    finally:
        connection.close()


def wait(done: Callable[[], tuple[int, int]], mails: Sequence[Mail]) -> None:
    """Return when so many mails are read, and what opened a conversation is acknowledged."""
    wait_for(done, (len(mails), sum(not mail.is_reply for mail in mails)))


def wait_for(done: Callable[[], tuple[int, int]], wanted: tuple[int, int]) -> None:
    """Return when so many mails are read, and so many acknowledgements are queued. Raises ChildFailed."""
    before = found = done()
    until = time.monotonic() + PATIENCE_SECONDS
    while found[0] < wanted[0] or found[1] < wanted[1]:
        if found != before:
            until, before = time.monotonic() + PATIENCE_SECONDS, found
        if time.monotonic() > until:
            raise ChildFailed(f"for {PATIENCE_SECONDS:.0f} s the desk is at {found} of {wanted}")
        time.sleep(POLL_SECONDS)
        found = done()
