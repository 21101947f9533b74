"""Databases for tests: each test its own, on the engine that the run tests, gone afterwards.

Bringing an empty database to this version takes seconds of computing. It is done once in a run, in a database that
nobody else uses (the mould); whoever wants one that is ready gets a copy. Moulds are named after the migrations that
made them, so that an old one on a server that somebody keeps running is never taken for a new one.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
MOULDS = ROOT / ".venv" / "moulds"
LOCK = 0x4D4F554C  # of the server: one of us makes a mould, the others wait for it


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The URL of a database without tables; on SQLite a file in this folder."""
    if server := _server():
        with _created(server, like="template1") as url:
            yield url
    else:
        yield _in(folder)


@contextmanager
def ready_database(folder: Path) -> Iterator[str]:
    """The URL of a database of this version, with nothing in it; on SQLite a file in this folder."""
    if server := _server():
        with _created(server, like=mould_on(server)) as url:
            yield url
    else:
        shutil.copyfile(mould_file(), folder / "desk.sqlite3")
        yield _in(folder)


def mould_file() -> Path:
    """The SQLite file to copy; made when it is not there."""
    found = MOULDS / f"{_version()}.sqlite3"
    MOULDS.mkdir(exist_ok=True)
    with (MOULDS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            for old in MOULDS.glob("*.sqlite3*"):
                old.unlink()
            unfinished = MOULDS / "unfinished.sqlite3"
            _migrate(f"sqlite:///{unfinished}")
            assert not unfinished.with_name(f"{unfinished.name}-wal").exists(), (
                "closed, so nothing stands beside it"
            )
            unfinished.rename(found)
    return found


def mould_on(server: str) -> str:
    """The name of the database on this server to copy; made when it is not there."""
    name = f"heed_mould_{_version()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            unfinished = f"{name}_unfinished"
            _drop(connection, unfinished)
            _create(connection, unfinished, like="template1")
            _migrate(_named(server, unfinished))
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(name)))
    return name


def _server() -> str:
    url = os.environ.get("HEED_DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


def _in(folder: Path) -> str:
    return f"sqlite:///{folder / 'desk.sqlite3'}"


def _named(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()


@contextmanager
def _created(server: str, *, like: str) -> Iterator[str]:
    name = f"heed_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        _create(connection, name, like=like)
    try:
        yield _named(server, name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            _drop(connection, name)


def _create(connection: psycopg.Connection, name: str, *, like: str) -> None:
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    connection.execute(create.format(sql.Identifier(name), sql.Identifier(like)))


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@cache
def _version() -> str:
    """What the tables of a mould depend on, as one word: all migrations, ours and those of libraries."""
    seen = hashlib.sha256()
    settings = [ROOT / "requirements.lock", ROOT / "heed" / "project" / "settings.py"]
    for path in [*settings, *sorted(ROOT.glob("heed/**/migrations/*.py"))]:
        seen.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return seen.hexdigest()[:12]


def _migrate(url: str) -> None:
    environment = {**os.environ, "HEED_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "heed.project.settings"}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
