"""The desk starts only on a database that is safe, and says which ways out there are."""

import sqlite3

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from heed.kernel.config import Config, WrongSetting
from heed.project.settings import SAFE_SQLITE, check_language, check_sqlite, database
from heed.testing.world import World


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2)])
def test_a_sqlite_that_can_corrupt_its_log_is_refused_with_the_two_ways_out(version: tuple[int, ...]) -> None:
    with pytest.raises(WrongSetting) as refused:
        check_sqlite(version, "wal")
    assert "HEED_DATABASE_URL=postgresql://" in str(refused.value)
    assert "HEED_SQLITE_JOURNAL=delete" in str(refused.value)


def test_a_safe_sqlite_or_another_journal_is_taken() -> None:
    check_sqlite(SAFE_SQLITE, "wal")
    check_sqlite((3, 40, 1), "delete")


def test_the_sqlite_of_this_installation_is_a_safe_one() -> None:
    assert sqlite3.sqlite_version_info >= SAFE_SQLITE


def test_a_url_names_host_port_user_and_database() -> None:
    found = database("postgresql://heed:p%40ss@db.example:5433/desk")
    assert (found["HOST"], found["PORT"], found["USER"]) == ("db.example", "5433", "heed")
    assert (found["PASSWORD"], found["NAME"]) == ("p@ss", "desk")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEED_HTTP", "8000"),
        ("HEED_SQLITE_JOURNAL", "off"),
        ("HEED_DATABASE_URL", "mysql://x"),
        ("HEED_LEASE_SECONDS", "1"),
        ("HEED_PAGES", "33"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(name: str, value: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        Config.read({name: value})
    assert name in str(refused.value)


def test_the_desks_language_is_one_that_has_a_catalogue() -> None:
    check_language("de", ["en", "de"])
    with pytest.raises(WrongSetting, match="HEED_LANGUAGE must be one of en, de"):
        check_language("tlh", ["en", "de"])


def test_whose_browser_asks_for_none_that_there_is_reads_the_desks_language(
    world: World, client: Client, settings: Settings
) -> None:
    asked = {"accept-language": "tlh, vo"}
    assert '<html lang="en"' in client.get("/accounts/login/", headers=asked).content.decode()
    settings.LANGUAGE_CODE = "de"
    assert '<html lang="de"' in client.get("/accounts/login/", headers=asked).content.decode()
    client.force_login(world.amara.row)
    assert '<html lang="de"' in client.get("/settings/you/", headers=asked).content.decode()


def test_pages_leave_compressed_and_files_do_not(world: World) -> None:
    page = world.amara.client.get("/inbox/my-turn/", headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    row = world.conversation()
    plain = f"/messages/{world.newest_message(row)}/text/"
    assert "Content-Encoding" not in world.amara.client.get(plain, headers={"Accept-Encoding": "gzip"})


def test_every_transaction_on_sqlite_takes_the_write_lock_at_once(world: World) -> None:
    if connection.vendor == "sqlite":
        assert connection.transaction_mode == "IMMEDIATE"  # type: ignore[attr-defined]  # of the SQLite backend


@pytest.mark.parametrize(
    ("settings", "cores", "expected"),
    [
        ({}, 8, 1),  # SQLite: a small machine
        ({"HEED_DATABASE_URL": "postgresql://heed@db.example/desk"}, 2, 2),
        ({"HEED_DATABASE_URL": "postgresql://heed@db.example/desk"}, 1, 1),
        ({"HEED_PAGES": "4"}, 1, 4),
        ({"HEED_DATABASE_URL": "postgresql://heed@db.example/desk", "HEED_PAGES": "1"}, 8, 1),
    ],
)
def test_how_many_processes_answer_pages(
    settings: dict[str, str], cores: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert Config.read(settings).page_processes == expected
