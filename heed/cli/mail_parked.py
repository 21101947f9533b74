"""`heed mail parked`: mail that could not be read, with the reason."""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Any

from heed.intake.queries import parked
from heed.people.policy import SYSTEM


def main(argv: Sequence[str]) -> int:
    """List parked mails, newest first."""
    parser = argparse.ArgumentParser(
        prog="heed mail parked",
        description="List accepted mail that could not be read, with the reason. `heed mail retry` reads it again.",
    )
    parser.add_argument("--json", action="store_true", help="as JSON, a list")
    options = parser.parse_args(argv)
    if options.json:
        print(json.dumps(list(rows()), ensure_ascii=False))
        return 0
    number = 0
    for row in rows():
        number += 1
        print(f"{row['id']}  {row['received_at']}  {row['size']} bytes  {row['reason']}  {row['detail']}")
    print(f"{number} parked; `heed mail retry` reads them again." if number else "Nothing is parked.")
    return 0


def rows() -> Iterator[dict[str, Any]]:
    """Every parked mail as plain data."""
    after = ""
    while True:
        page = parked(SYSTEM, after=after)
        for row in page.rows:
            yield {
                "id": row.pk,
                "received_at": row.received_at.isoformat(),
                "from": row.mail_from,
                "to": row.recipients,
                "size": row.size,
                "sha256": row.sha256,
                "reason": row.reason,
                "detail": row.detail,
            }
        after = page.after
        if not after:
            return
