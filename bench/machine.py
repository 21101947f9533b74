"""The machine that figures come from: what decides its speed, nothing that names it."""

import importlib
import os
import platform
import subprocess
from pathlib import Path

from tools.machine import find_postgres


def describe_machine() -> str:
    """Cores, processor, and the versions of Python and both engines, in one line."""
    return ", ".join(
        (
            f"{os.cpu_count()} cores",
            _processor(),
            f"Python {platform.python_version()}",
            _sqlite(),
            _postgres(),
        )
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _sqlite() -> str:
    try:
        return f"SQLite {importlib.import_module('pysqlite3').sqlite_version}"
    except ImportError:
        return f"SQLite {importlib.import_module('sqlite3').sqlite_version}"


def _postgres() -> str:
    programs = find_postgres()
    if programs is None:
        return "no PostgreSQL"
    done = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=False)
    return f"PostgreSQL {done.stdout.split()[2]}"
