"""Waking up when something was committed: on a connection of its own that never writes.

PostgreSQL tells (LISTEN); SQLite is asked for its data version, which costs microseconds and does not move for
commits of the connection that asks. Whoever waits looks again after a second anyway, so a wake-up that is lost
costs a second, never work.
"""

import os
import select
import time
from contextlib import suppress
from typing import Final

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

POLL_SECONDS: Final = 0.05
RETRY_SECONDS: Final = 1.0


class Changes:
    """Waits for commits of other connections. Used by one thread, but wake() may be called from anywhere."""

    def __init__(self) -> None:
        """Begin to listen: what is committed from now on ends the next wait. Raises DatabaseError."""
        self._bell, self._rope = os.pipe()
        for end in (self._bell, self._rope):
            os.set_blocking(end, False)
        self._seen = 0
        self._connection: BaseDatabaseWrapper | None = self._connect()

    def wait(self, seconds: float) -> None:
        """Return when another connection committed, wake() was called, or the seconds are over. Never raises."""
        try:
            if self._connection is None:
                self._connection = self._connect()
                return
            with self._connection.wrap_database_errors:
                if self._connection.vendor == "postgresql":
                    self._listen(seconds)
                else:
                    self._poll(seconds)
        except DatabaseError:
            self._disconnect()
            self._rest(min(seconds, RETRY_SECONDS))

    def wake(self) -> None:
        """End the present wait, or the next one. Safe in signal handlers and other threads."""
        with suppress(OSError):  # closed, or full of earlier wishes
            os.write(self._rope, b"!")

    def close(self) -> None:
        """Give everything back."""
        self._disconnect()
        for end in (self._bell, self._rope):
            os.close(end)

    def _connect(self) -> BaseDatabaseWrapper:
        connection = connections.create_connection(DEFAULT_DB_ALIAS)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("LISTEN heed")
            else:
                self._seen = cursor.execute("PRAGMA data_version").fetchone()[0]
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(DatabaseError):
                self._connection.close()
            self._connection = None

    def _rest(self, seconds: float, *others: int) -> bool:
        """Wait for the bell or one of these file numbers; True when it was the bell."""
        ready, _, _ = select.select([self._bell, *others], [], [], max(seconds, 0))
        if self._bell not in ready:
            return False
        with suppress(BlockingIOError):
            os.read(self._bell, 4096)
        return True

    def _listen(self, seconds: float) -> None:
        raw = self._connection.connection  # type: ignore[union-attr]  # wait() has checked it
        self._rest(seconds, raw.fileno())
        for _ in raw.notifies(timeout=0):
            pass  # one look at the log serves all that came

    def _poll(self, seconds: float) -> None:
        raw = self._connection.connection  # type: ignore[union-attr]  # wait() has checked it
        until = time.monotonic() + seconds
        while True:
            seen = raw.execute("PRAGMA data_version").fetchone()[0]
            if seen != self._seen:
                self._seen = seen
                return
            remaining = until - time.monotonic()
            if remaining <= 0 or self._rest(min(remaining, POLL_SECONDS)):
                return
