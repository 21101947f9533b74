"""`heed replay`: hand parked events to their consumers again."""

import argparse
from collections.abc import Sequence

from heed import flow
from heed.cli.problem import Problem
from heed.eventlog.models import ParkedEvent
from heed.eventlog.queries import parked_events
from heed.eventlog.reader import replay


def main(argv: Sequence[str]) -> int:
    """Replay some parked events or all; without either, list them. Exit code 1: something stays parked."""
    parser = argparse.ArgumentParser(
        prog="heed replay",
        description="Hand events that a consumer could not take in to that consumer again, in the order of the log. "
        "Without a number and without --all it lists them.",
    )
    parser.add_argument("event", nargs="?", type=int, metavar="NUMBER", help="the event's number")
    parser.add_argument("--all", action="store_true", help="every parked event")
    options = parser.parse_args(argv)
    found = parked_events(options.event)
    if options.event is not None and not found:
        raise Problem(f"event {options.event} is not parked; `heed replay` lists those that are.")
    if options.event is None and not options.all:
        return _list(found)
    failed = [row for row in found if not replay(flow.CONSUMERS, row)]
    print(f"{len(found) - len(failed)} taken in, {len(failed)} parked again.")
    return 1 if failed else 0


def _list(found: Sequence[ParkedEvent]) -> int:
    for row in found:
        print(f"event {row.event_id}  {row.consumer}  {row.attempts} attempts  {row.error}")
    print(f"{len(found)} parked; `heed replay --all` tries them again." if found else "No event is parked.")
    return 0
