"""Bringing the database to this version, one process at a time."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from heed.kernel.exclusive import exclusively


def pending() -> int:
    """How many migrations are missing."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> int:
    """Apply what is missing, and say how many migrations that were. Waits while another process does it."""
    if not pending():
        return 0
    with exclusively("migrate"):
        missing = pending()  # another process may have been first
        if missing:
            call_command("migrate", verbosity=0, interactive=False)
        return missing
