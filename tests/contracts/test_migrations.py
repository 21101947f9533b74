"""Migrations: complete, small enough to go back, and the same on both engines."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parents[2]
OURS = [app.label for app in apps.get_app_configs() if app.name.startswith("heed.")]


def manage(home: Path, database_url: str, *arguments: str) -> str:
    environment = {**os.environ, "HEED_HOME": str(home), "HEED_DATABASE_URL": database_url}
    environment["DJANGO_SETTINGS_MODULE"] = "heed.project.settings"
    command = [sys.executable, "-m", "django", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_migrations_go_up_down_and_up_again(heed_home: Path, empty_database_url: str) -> None:
    manage(heed_home, empty_database_url, "migrate", "--verbosity", "0")
    loader = MigrationLoader(None)
    for label in [name for name in OURS if name in loader.migrated_apps]:
        manage(heed_home, empty_database_url, "migrate", label, "zero", "--verbosity", "0")
    for line in manage(
        heed_home, empty_database_url, "showmigrations", *loader.migrated_apps & set(OURS)
    ).splitlines():
        assert "[X]" not in line
    manage(heed_home, empty_database_url, "migrate", "--verbosity", "0")
    manage(heed_home, empty_database_url, "migrate", "--check")


def test_a_migration_is_named_after_what_it_does() -> None:
    names = [name for label, name in MigrationLoader(None).disk_migrations if label in OURS]
    assert names
    assert [name for name in names if "_auto_" in name] == []
