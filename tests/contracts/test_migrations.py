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


DOWN_AND_UP = """
import sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

labels = sys.argv[1:]
MigrationExecutor(connection).migrate([(label, None) for label in labels])
executor = MigrationExecutor(connection)
left = sorted(name for name in executor.loader.applied_migrations if name[0] in labels)
tables = sorted(name for name in connection.introspection.table_names() if name.partition("_")[0] in labels)
assert not left, left
assert not tables, tables
call_command("migrate", verbosity=0)
call_command("migrate", check_unapplied=True, verbosity=0)
"""


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_migrations_go_down_and_up_again(heed_home: Path, database_url: str) -> None:
    """They went up when the database was made that each test of a real process begins with a copy of."""
    environment = {**os.environ, "HEED_HOME": str(heed_home), "HEED_DATABASE_URL": database_url}
    environment["DJANGO_SETTINGS_MODULE"] = "heed.project.settings"
    labels = sorted(MigrationLoader(None).migrated_apps & set(OURS))
    assert labels
    command = [sys.executable, "-c", DOWN_AND_UP, *labels]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_migration_is_named_after_what_it_does() -> None:
    names = [name for label, name in MigrationLoader(None).disk_migrations if label in OURS]
    assert names
    assert [name for name in names if "_auto_" in name] == []
