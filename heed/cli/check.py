"""`heed check`: do the log, the rows and the kept mail agree?"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from heed.conversations import fold
from heed.delivery import queries as deliveries
from heed.eventlog.queries import count_parked as parked_events
from heed.intake import checks
from heed.intake.queries import all_parked
from heed.people.policy import SYSTEM

SECOND_LOOK_SECONDS: Final = 1.5  # what a running desk was just about to do is no finding
SHOWN: Final = 10_000


def main(argv: Sequence[str]) -> int:
    """Print what does not agree; exit 1 when there is anything."""
    options = _options(argv)
    found = list(_limited(findings(is_thorough=options.bytes)))
    parked = {"mail": all_parked(SYSTEM).count, "events": parked_events()}
    if options.json:
        print(json.dumps({"ok": not found, "findings": found, "parked": parked}, ensure_ascii=False))
    else:
        for finding in found:
            print(f"{finding['where']}: {finding['what']}")
        print(f"{len(found)} findings." if found else "All agrees.", _parked_words(parked))
    return 1 if found else 0


def findings(*, is_thorough: bool = False) -> Iterator[dict[str, str]]:
    """Everything that does not agree: where, and what. Thorough: all kept bytes are read as well."""
    for row in fold.findings():
        where = f"conversation {row.conversation}" if row.conversation is not None else "menu"
        yield {"where": where, "what": f"{row.field} is {row.found}, the log says {row.expected}"}
    for mail in chain(checks.findings(), checks.damaged() if is_thorough else ()):
        yield {"where": mail.where, "what": mail.what}
    for message in _undelivered():
        yield {"where": f"message {message}", "what": "waits to be sent, but no worker will ever send it"}


def _undelivered() -> list[int]:
    first = set(deliveries.lost())
    if not first:
        return []
    time.sleep(SECOND_LOOK_SECONDS)
    return sorted(first & set(deliveries.lost()))


def _limited(found: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    for number, finding in enumerate(found):
        if number == SHOWN:
            yield {"where": "check", "what": f"stopped after {SHOWN} findings"}
            return
        yield finding


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed check",
        description="Compare the rows with the log, recount the menu, and look for every accepted mail: read, parked "
        "or waiting, with its bytes. Changes nothing, and may run beside a working desk. Exit code 1: something was "
        "found.",
    )
    parser.add_argument("--json", action="store_true", help="as JSON: ok, findings, parked")
    parser.add_argument(
        "--bytes", action="store_true", help="also read all kept mail and compare its hash; takes long"
    )
    return parser.parse_args(argv)


def _parked_words(parked: dict[str, int]) -> str:
    words = [f"{number} {kind} parked" for kind, number in parked.items() if number]
    return f"({', '.join(words)}: `heed mail parked`, `heed replay`)" if words else ""
