"""`heed status`: is all work done, or what waits."""

import argparse
import json
from collections.abc import Sequence
from typing import Final

from heed import flow
from heed.eventlog.queries import waiting
from heed.eventlog.reader import last_event_id

EVENTS: Final = "events"
LOOKS: Final = 5


def main(argv: Sequence[str]) -> int:
    """Say whether the desk is settled: no mail to be parsed, no event to be consumed, nothing due to be sent."""
    parser = argparse.ArgumentParser(
        prog="heed status", description="Say whether all work is done, or what waits."
    )
    parser.add_argument(
        "--json", action="store_true", help="as JSON: settled, and how much of each kind waits"
    )
    options = parser.parse_args(argv)
    settled, found = look()
    if options.json:
        print(json.dumps({"settled": settled, "waiting": found}))
    elif settled:
        meanwhile = ", ".join(f"{number} {name}" for name, number in found.items() if number)
        print("Settled: nothing waits." + (f" Goes on meanwhile: {meanwhile}." if meanwhile else ""))
    else:
        print(
            "Waiting: "
            + (", ".join(f"{number} {name}" for name, number in found.items() if number) or "in motion")
        )
    return 0


def look() -> tuple[bool, dict[str, int]]:
    """Whether nothing waits, and how much of each kind does.

    Work moves on while it is counted: a mail that was parsed between two counts would stand in neither. Whatever
    moves leaves an event, so a look counts only when the log stood still.
    """
    found: dict[str, int] = {}
    later = {work.name for work in flow.DUE if work.can_wait}
    for _ in range(LOOKS):
        before = last_event_id()
        found = {**{work.name: work.waiting() for work in flow.DUE}, EVENTS: waiting()}
        if last_event_id() == before:
            return not any(number for name, number in found.items() if name not in later), found
    return False, found
