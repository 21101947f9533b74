"""A desk of the benchmark's own: a folder and a database that go away with it, worked on by child processes.

Settings are read once in a process, so whatever uses the product runs in a child: `python -m bench.inside
MODULE FUNCTION`, which gets its arguments and gives its result as JSON.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tools.postgres import durable_postgres, kept_postgres

ROOT = Path(__file__).resolve().parent.parent
ADDRESSES = ("help@desk.example", "orders@desk.example")
_numbers = count(1)


class ChildFailed(Exception):
    """What a child was asked to do went wrong; the text is what it said."""


class Child:
    """A function of bench.inside in a process of its own. It gets ready by itself, then waits for go."""

    def __init__(self, command: list[str], env: dict[str, str], arguments: dict[str, Any]) -> None:
        """Start it, and return when it is ready."""
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.pid = self._process.pid
        self._tell(json.dumps(arguments))
        self._hear("ready")

    def go(self) -> None:
        """Let it begin."""
        self._tell("go")

    def result(self) -> Any:
        """Wait until it is done; what its function returned. Raises ChildFailed."""
        line = self._hear("result")
        self._process.wait()
        return json.loads(line)

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _hear(self, word: str) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(f"{word} "):
                return line.removeprefix(f"{word} ")
        raise ChildFailed(f"a child of the benchmark ended with {self._process.wait()} before its {word}")


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder of state and a database. An empty URL means SQLite in the folder."""

    home: Path
    database_url: str = ""
    more: dict[str, str] = field(default_factory=dict)  # further settings

    @property
    def engine(self) -> str:
        """The name of its engine, for people."""
        return "PostgreSQL" if self.database_url else "SQLite"

    @property
    def sqlite(self) -> Path:
        """The database's file, on SQLite."""
        return self.home / "heed.sqlite3"

    def environment(self) -> dict[str, str]:
        """The variables of a process that works on this desk: none of ours, only the desk's own settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HEED_")}
        return {
            **kept,
            "HEED_HOME": str(self.home),
            "HEED_DATABASE_URL": self.database_url,
            "HEED_SECRET": "a secret of benchmarks alone, long enough to sign with",
            "DJANGO_SETTINGS_MODULE": "heed.project.settings",
            "PYTHONHASHSEED": "0",
            **self.more,
        }

    def start(self, function: str, **arguments: Any) -> Child:
        """Get a function ready, "module:name" in bench.inside, in a process of its own."""
        return Child([sys.executable, "-m", "bench.inside", function], self.environment(), arguments)

    def call(self, function: str, **arguments: Any) -> Any:
        """Run a function in a process of its own, and give its result. Raises ChildFailed."""
        child = self.start(function, **arguments)
        child.go()
        return child.result()

    def heed(self, *words: str, **options: Any) -> subprocess.Popen[bytes]:
        """Start a command of the product."""
        command = [
            sys.executable,
            "-c",
            "import sys; from heed.cli.main import main; sys.exit(main())",
            *words,
        ]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment(), **options)


class House:
    """Makes desks on one engine, each a copy of a first one that is set up and empty."""

    def __init__(self, folder: Path, server: str = "") -> None:
        """Set up the first desk. Server: the URL of a PostgreSQL, empty for SQLite."""
        self._folder, self._server = folder, server
        self.first = self._place("first")
        if server:
            _ask(self._server, f"CREATE DATABASE {self.first.home.name}")
        self.first.call("setup:build", addresses=ADDRESSES)

    def empty(self, **more: str) -> Desk:
        """A fresh desk, set up and empty."""
        return self.copy(self.first, **more)

    def copy(self, desk: Desk, **more: str) -> Desk:
        """Another desk with the same rows. Nobody may work on the first meanwhile."""
        new = self._place(f"desk{next(_numbers)}", **more)
        shutil.rmtree(new.home)
        shutil.copytree(desk.home, new.home)
        if self._server:
            _ask(self._server, f"CREATE DATABASE {new.home.name} TEMPLATE {desk.home.name}")
        return new

    def drop(self, desk: Desk) -> None:
        """Give a desk's space back."""
        shutil.rmtree(desk.home)
        if self._server:
            _ask(self._server, f"DROP DATABASE {desk.home.name} WITH (FORCE)")

    def _place(self, name: str, **more: str) -> Desk:
        home = self._folder / name
        home.mkdir()
        url = urlunsplit(urlsplit(self._server)._replace(path=f"/{name}")) if self._server else ""
        return Desk(home, url, more)


@contextmanager
def kept_desk(folder: Path, name: str, *, conversations: int, **more: str) -> Iterator[Desk]:
    """A filled desk in a folder that stays, of this engine: filled by who comes first, then used again."""
    home, filled = folder / "desk", folder / "filled"
    with _kept_server(folder, name) as server:
        url = urlunsplit(urlsplit(server)._replace(path="/desk")) if server else ""
        desk = Desk(home, url, more)
        if not filled.exists():
            home.mkdir(parents=True)
            if server:
                _ask(server, "CREATE DATABASE desk")
            desk.call("setup:build", addresses=ADDRESSES)
            desk.call("fill:fill", conversations=conversations)
            desk.call("searches:learn")
            filled.write_text(f"{conversations}\n", encoding="utf-8")
        desk.call("setup:migrate")  # it may be older than the code
        yield desk


@contextmanager
def _kept_server(folder: Path, name: str) -> Iterator[str]:
    if name == "sqlite":
        yield ""
        return
    with kept_postgres(folder / "postgres") as server:
        yield server


def _ask(server: str, sql: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql)


@contextmanager
def sqlite_house() -> Iterator[House]:
    """Desks on SQLite, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="heed-bench-") as folder:
        yield House(Path(folder))


@contextmanager
def postgres_house() -> Iterator[House]:
    """Desks on a PostgreSQL of our own that flushes as a real one does, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="heed-bench-") as folder, durable_postgres() as server:
        yield House(Path(folder), server)
