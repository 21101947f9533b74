"""`heed demo`: the demo company."""

import argparse
import importlib
import importlib.util
import json
from collections.abc import Sequence
from types import ModuleType
from typing import Final

from heed.cli.database import migrate
from heed.cli.problem import Problem

COMPANY: Final = "heed.demo"
"""Has `load() -> bool` (False: it is there already) and `logins()`: email, password and role of each agent."""


def main(argv: Sequence[str]) -> int:
    """Load the demo company once, or print who can log in."""
    options = _options(argv)
    company = _company()
    if company is None:
        raise Problem("this Heed comes without the demo company.")
    migrate()
    if options.what == "logins":
        return _print_logins(company, as_json=options.json)
    print(
        "The demo company is loaded."
        if company.load()
        else "The demo company is there already; nothing changed."
    )
    return 0


def greeting() -> str:
    """Who can log in, for a person; empty without the demo company."""
    company = _company()
    logins = company.logins() if company is not None else []
    if not logins:
        return ""
    width = max(len(login["email"]) for login in logins)
    lines = [f"    {login['email']:{width}}  {login['password']}  {login['role']}" for login in logins]
    return "\n".join(["", "  Demo log-ins (address, password, role):", *lines, ""])


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed demo",
        description="Load the demo company: two brands, three teams, five agents and their conversations. "
        "`heed demo logins` prints who can log in.",
    )
    parser.add_argument("what", nargs="?", choices=["logins"], help="print who can log in")
    parser.add_argument("--json", action="store_true", help="as JSON")
    return parser.parse_args(argv)


def _company() -> ModuleType | None:
    if importlib.util.find_spec(COMPANY) is None:
        return None
    return importlib.import_module(COMPANY)


def _print_logins(company: ModuleType, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(company.logins(), ensure_ascii=False))
    else:
        print(greeting().strip("\n") or "The demo company is not loaded; `heed demo` loads it.")
    return 0
