"""Gives a test run a folder of its own for all state, before anything reads the settings.

pytest loads this first (`-p tools.pytest_home` in pyproject.toml): pytest-django reads the settings before any
conftest.py is loaded, and a run that is not started by `make test` would see the data of a desk on the same machine.
Workers of pytest-xdist load it too, so each has a folder that no other writes to.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

KEPT: Final = frozenset({"HEED_DATABASE_URL", "HEED_TEST_DATA", "HEED_CHROMIUM"})
HOME: Final = Path(tempfile.mkdtemp(prefix="heed-test-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

for _name in [name for name in os.environ if name.startswith("HEED_") and name not in KEPT]:
    del os.environ[_name]  # settings of a person's own desk must not change what the tests see
os.environ["HEED_HOME"] = str(HOME)
os.environ["HEED_SECRET"] = "only-for-tests-" + "0123456789abcdef" * 3
