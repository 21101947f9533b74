"""`heed migrate`: bring the database to this version."""

import argparse
from collections.abc import Sequence

from heed.cli.database import migrate


def main(argv: Sequence[str]) -> int:
    """Apply missing migrations."""
    parser = argparse.ArgumentParser(
        prog="heed migrate",
        description="Bring the database to this version. Safe to run at any time; `heed serve` does it too.",
    )
    parser.add_argument("--quiet", action="store_true", help="say something only when something was done")
    options = parser.parse_args(argv)
    applied = migrate()
    if applied:
        print(f"The database is of this version now; {applied} migrations were applied.")
    elif not options.quiet:
        print("Nothing to do: the database is of this version.")
    return 0
