"""What the machine can do at all: decode each mail once, insert every row it causes, one durable transaction a mail.

Runs in a process of its own, without Django: plain drivers, statements that the drivers keep prepared.
"""

import email
import importlib
import pickle
import resource
from collections.abc import Sequence
from email.message import Message
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

import psycopg

Row = tuple[Any, ...]
Inserts = list[tuple[str, list[Row]]]  # table and rows
Recorded = list[tuple[bytes, Inserts, Inserts]]  # a mail, reception's rows, all others


class Database(Protocol):
    """Keeps a mail's rows: in one transaction, on the disk when it returns."""

    def keep(self, inserts: Inserts) -> None:
        """Insert all."""

    def close(self) -> None:
        """End."""


class Sqlite:
    """The bare driver, with the settings that a desk has for what it promises."""

    def __init__(self, path: str, statements: dict[str, str]) -> None:
        """Open the database."""
        driver = importlib.import_module("pysqlite3")
        self._statements = statements
        self._connection = driver.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._cursor = self._connection.cursor()

    def keep(self, inserts: Inserts) -> None:
        """Insert all."""
        cursor = self._cursor
        cursor.execute("BEGIN IMMEDIATE")
        for table, rows in inserts:
            cursor.executemany(self._statements[table], rows)
        cursor.execute("COMMIT")

    def close(self) -> None:
        """End."""
        self._connection.close()


class Postgres:
    """psycopg alone: a transaction is one round trip, its inserts pipelined."""

    def __init__(self, url: str, statements: dict[str, str]) -> None:
        """Connect."""
        self._statements = statements
        self._connection = psycopg.connect(url, autocommit=True, prepare_threshold=0)

    def keep(self, inserts: Inserts) -> None:
        """Insert all."""
        with self._connection.pipeline(), self._connection.transaction(), self._connection.cursor() as cursor:
            for table, rows in inserts:
                for row in rows:
                    cursor.execute(self._statements[table], row)

    def close(self) -> None:
        """End."""
        self._connection.close()


def run(database: str, recorded: str, *, number: int, warm: int, with_reception: bool) -> dict[str, float]:
    """Do so many of the recorded mails. Gives when it began and ended, and its CPU."""
    statements, mails = pickle.loads(Path(recorded).read_bytes())  # noqa: S301 - our own file
    store: Database = (
        Postgres(database, statements) if database.startswith("postgres") else Sqlite(database, statements)
    )
    for raw, received, caused in mails[:warm]:
        _one(store, raw, received + caused)
    if not with_reception:  # a receipt is there before a worker begins
        for _, received, _ in mails[warm : warm + number]:
            store.keep(received)
    began, cpu = monotonic(), _cpu()
    for raw, received, caused in mails[warm : warm + number]:
        _one(store, raw, received + caused if with_reception else caused)
    ended, used = monotonic(), _cpu() - cpu
    store.close()
    return {"began": began, "ended": ended, "cpu": used}


def _one(store: Database, raw: bytes, inserts: Sequence[tuple[str, list[Row]]]) -> None:
    _decode(email.message_from_bytes(raw))
    store.keep(list(inserts))


def _decode(mail: Message) -> int:
    """Decode every part once; how many bytes that gave."""
    size = 0
    for part in mail.walk():
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            size += len(payload) if isinstance(payload, bytes) else 0
    return size


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
