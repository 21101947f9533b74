"""Hands inside a desk that runs as real processes: what a test arranges in its database, or asks of it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
WORK = "import django; django.setup(); from tests.browser.deeds import work; work()"


class Hands:
    """A process with the desk's settings that does the deeds of deeds.py, one after the other."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", WORK],
            env=dict(environment),
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, deed: str, **arguments: Any) -> Any:
        """What the deed gives. Fails where it failed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([deed, arguments]), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, f"the hands ended in {deed}({arguments})"
        worked, found = json.loads(answer)
        assert worked, f"{deed}({arguments}): {found}"
        return found

    def rest(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(10)
