"""Memory before a fork: what is made after the holes were filled stands together."""

import json
import subprocess
import sys

import pytest

LOOK = """
import gc, json, sys
from heed.cli.holes import fill_holes

kept = [[bytes(size) for _ in range(40)] for _ in range(400) for size in (67, 131, 600, 1_900)]
for row in kept:
    del row[1::2]  # holes between what stays
if sys.argv[1] == "filled":
    fill_holes()
made = [bytes(int(sys.argv[2])) for _ in range(400)]
print(len({id(block) // 4_096 for block in made}))
"""


def pages_of_what_is_made(how: str, size: int) -> int:
    done = subprocess.run(
        [sys.executable, "-c", LOOK, how, str(size)], capture_output=True, text=True, check=True
    )
    return int(json.loads(done.stdout))


@pytest.mark.parametrize(
    "size", [67, 131, 600, 1_900], ids=["block", "larger block", "chunk", "larger chunk"]
)
def test_what_is_made_after_a_fork_writes_into_few_pages_of_its_own(size: int) -> None:
    scattered, together = pages_of_what_is_made("as it is", size), pages_of_what_is_made("filled", size)
    assert scattered > 400 * size // 4_096 * 1.7  # the holes are there
    assert together < scattered * 0.6
