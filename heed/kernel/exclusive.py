"""One process at a time, on all machines of a desk: for what must not run twice at once, such as migrations."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from heed.kernel.config import config

KEYS = {  # advisory keys of PostgreSQL, by name; the log has one of its own
    "migrate": 0x48454D49,
    "demo": 0x48454445,
    "intake": 0x4845494E,
}


@contextmanager
def exclusively(name: str) -> Iterator[None]:
    """Wait until no other process is inside under this name, then be inside. A process that dies is out.

    SQLite has one machine, so a locked file in HEED_HOME serves; PostgreSQL locks for all machines.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [KEYS[name]])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [KEYS[name]])
        return
    with (config.folder / f"{name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
