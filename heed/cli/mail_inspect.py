"""`heed mail inspect`: what Heed sees in a mail, and why, and where it would go."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from django.db import OperationalError, ProgrammingError

from heed.channels.email.errors import Unreadable
from heed.channels.email.explain import explain
from heed.channels.email.inspect import describe
from heed.cli.problem import Problem
from heed.intake.explain import Place, in_words, places


def main(argv: Sequence[str]) -> int:
    """Explain one mail, from a file or standard input. Exit code 1: it would be parked."""
    parser = argparse.ArgumentParser(
        prog="heed mail inspect",
        description="Explain what Heed sees in a mail, and why; with a desk, also which conversation it would join. "
        "Changes nothing.",
    )
    parser.add_argument("file", help="a file with one mail (.eml), or - for standard input")
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    options = parser.parse_args(argv)
    raw = _read(options.file)
    try:
        described = describe(raw, "rfc822")
        where = _places(raw)
    except Unreadable as error:
        return _refused(raw, error, as_json=options.json)
    if options.json:
        threads = None if where is None else [asdict(place) for place in where]
        print(json.dumps({**described, "threads": threads}, ensure_ascii=False))
    else:
        _print(raw, where)
    return 0


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise Problem(f"{name} can't be read: {error.strerror}.") from None


def _places(raw: bytes) -> list[Place] | None:
    """Where it would go; None without a desk to ask."""
    try:
        return places(raw)
    except (OperationalError, ProgrammingError):  # no database yet: the mail is explained alone
        return None


def _refused(raw: bytes, error: Unreadable, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"unreadable": error.code, "detail": error.detail}))
    else:
        _print(raw, None)
    return 1


def _print(raw: bytes, where: list[Place] | None) -> None:
    sights = [*explain(raw), *(in_words(where) if where is not None else ())]
    width = max(len(sight.about) for sight in sights)
    for sight in sights:
        for number, line in enumerate([*sight.sees.splitlines(), sight.why]):
            if line:
                print(f"{'' if number else sight.about:{width}}  {line}")
