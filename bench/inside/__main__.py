"""`python -m bench.inside MODULE:FUNCTION`: run one function on the desk that the environment names.

Arguments come as one line of JSON. A generator gets ready until its first yield; then "ready" is said, and the work
begins with the next line. What it returns is told as JSON.
"""

import importlib
import json
import sys
from collections.abc import Generator

import django


def main() -> None:
    """Run what the command line names."""
    django.setup()
    module, _, name = sys.argv[1].partition(":")
    function = getattr(importlib.import_module(f"bench.inside.{module}"), name)
    result = function(**json.loads(sys.stdin.readline()))
    if isinstance(result, Generator):
        next(result)
        _say("ready ")
        if sys.stdin.readline().strip() != "go":  # whoever started us is gone
            return
        try:
            next(result)
        except StopIteration as end:
            result = end.value
    else:
        _say("ready ")
    _say(f"result {json.dumps(result)}")


def _say(line: str) -> None:
    print(line, flush=True)


main()
