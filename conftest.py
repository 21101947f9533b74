"""Ground that every test stands on: databases, a free port, a secret.

The folder for all state is there before this file is read: tools/pytest_home.py makes it. `HEED_DATABASE_URL`
chooses the engine; without it tests run on SQLite. `make test` starts a PostgreSQL of its own and sets the
variable; by hand: `python -m tools.postgres -- pytest heed/intake`.
"""

import gc
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.db import connections

from tools.databases import empty_database, mould_file, mould_on, ready_database
from tools.pytest_home import HOME

pytest_plugins = ["heed.testing.fixtures"]

hypothesis.settings.register_profile("heed", deadline=None)  # a busy machine is no reason to fail
hypothesis.settings.load_profile("heed")


GARBAGE_BEFORE_A_LOOK = 10_000  # objects
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "database_url", "empty_database_url", "live_server"})
ENGINE_WORDS = ("connection", "postgres", "sqlite", "HEED_DATABASE_URL", "subprocess", "multiprocessing")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `engineless` what can't tell one database from another: it runs on the first engine alone.

    That is a test without a database, in a file that says nothing of engines, connections or processes.
    """
    silent: dict[Path, bool] = {}
    for item in items:
        asks = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())) or item.get_closest_marker(
            "django_db"
        )
        if item.path not in silent:
            text = item.path.read_text(encoding="utf-8")
            silent[item.path] = not any(word in text for word in ENGINE_WORDS)
        if not asks and silent[item.path]:
            item.add_marker("engineless")


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what stays: thousands of tests, and all modules.

    It went through them again and again, for a quarter of the processor's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_BEFORE_A_LOOK, 20, 20)


@pytest.fixture
def heed_home(tmp_path: Path) -> Path:
    """An empty folder for the state of one desk that a test starts as real processes."""
    home = tmp_path / "desk"
    home.mkdir()
    return home


@pytest.fixture
def free_port() -> int:
    """A TCP port on 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def secret() -> str:
    """The value of HEED_SECRET in this test run."""
    return os.environ["HEED_SECRET"]


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder with third-party material; tests that need it are skipped without it."""
    folder = os.environ.get("HEED_TEST_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("HEED_TEST_DATA names no folder with third-party material")
    return Path(folder)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the Chromium that browser tests start."""
    for candidate in (os.environ.get("HEED_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if candidate and (found := shutil.which(candidate)):
            return found
    pytest.fail("No Chromium found; on Debian: apt-get install chromium, or name one in HEED_CHROMIUM")


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """The URL of a database of its own with tables and nothing in them, on the engine that this run tests.

    For tests that start real processes, or do to a database what the shared one would not survive.
    """
    with ready_database(tmp_path) as url:
        yield url


@pytest.fixture
def empty_database_url(tmp_path: Path) -> Iterator[str]:
    """The same without tables, for tests of how they are made."""
    with empty_database(tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Begin the database of the tests as a copy of one that is ready, and put SQLite's into a file, as a desk has it.

    Django's choice, a shared database in memory, locks whole tables and knows no WAL: threads would meet
    another engine than the one that runs in the desk.
    """
    settings = connections["default"].settings_dict
    if settings["ENGINE"].endswith("sqlite3"):
        path = HOME / "tests.sqlite3"
        shutil.copyfile(mould_file(), path)
        settings["TEST"]["NAME"] = str(path)
    else:
        settings["TEST"]["TEMPLATE"] = mould_on(os.environ["HEED_DATABASE_URL"])


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Whether Django takes the database that is there: SQLite's file was put there a moment ago."""
    return connections["default"].vendor == "sqlite"
