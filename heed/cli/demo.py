"""`heed demo`: the demo company."""

import argparse
import importlib
import json
from collections.abc import Sequence
from typing import Final

from heed.cli.database import migrate
from heed.cli.problem import Problem
from heed.demo.logins import logins
from heed.kernel.errors import HeedError

LOADER: Final = "heed.demo.load"
"""Has `load() -> bool` (False: it is there already). Loaded on demand: `heed serve` needs none of its texts."""

WORDS: Final = {
    "desk_not_empty": "this desk has brands or agents of its own, so the demo company was not loaded. "
    "Set HEED_HOME to another folder to look at it there.",
    "demo_disturbed": "another process works on this desk, so the demo company is loaded in part. "
    "Stop `heed serve`, then run `heed demo` again: it goes on from here.",
}


def main(argv: Sequence[str]) -> int:
    """Load the demo company once, or print who can log in."""
    options = _options(argv)
    migrate()
    if options.what == "logins":
        return _print_logins(as_json=options.json)
    try:
        is_new = importlib.import_module(LOADER).load()
    except HeedError as error:
        if error.code not in WORDS:
            raise
        raise Problem(WORDS[error.code]) from error
    print("The demo company is loaded." if is_new else "The demo company is there already; nothing changed.")
    print(greeting().rstrip("\n"))
    return 0


def greeting() -> str:
    """Who can log in, for a person; empty without the demo company."""
    given = logins()
    if not given:
        return ""
    width = max(len(login["email"]) for login in given)
    lines = [f"    {login['email']:{width}}  {login['password']}  {login['role']}" for login in given]
    return "\n".join(["", "  Demo log-ins (address, password, role):", *lines, ""])


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed demo",
        description="Load the demo company into an empty desk, once: two brands, three teams, five agents and their "
        "conversations of the last three weeks. `heed demo logins` prints who can log in.",
    )
    parser.add_argument("what", nargs="?", choices=["logins"], help="print who can log in")
    parser.add_argument("--json", action="store_true", help="as JSON")
    return parser.parse_args(argv)


def _print_logins(*, as_json: bool) -> int:
    if as_json:
        print(json.dumps(logins(), ensure_ascii=False))
    else:
        print(greeting().strip("\n") or "The demo company is not loaded; `heed demo` loads it.")
    return 0
