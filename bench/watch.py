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
PATIENCE_SECONDS = 300.0


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
    until = time.monotonic() + PATIENCE_SECONDS
    wanted = (len(mails), sum(not mail.is_reply for mail in mails))
    while any(found < number for found, number in zip(done(), wanted, strict=True)):
        if time.monotonic() > until:
            raise ChildFailed(f"after {PATIENCE_SECONDS:.0f} s the desk is at {done()} of {wanted}")
        time.sleep(POLL_SECONDS)
