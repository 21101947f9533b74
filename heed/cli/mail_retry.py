"""`heed mail retry`: read parked mail again."""

import argparse
from collections.abc import Sequence

from heed.cli.mail_parked import rows
from heed.cli.problem import Problem
from heed.intake.queries import parked_mail
from heed.intake.receipts import try_again
from heed.kernel.errors import NotFound
from heed.people.policy import SYSTEM


def main(argv: Sequence[str]) -> int:
    """Make parked mails due again; a worker reads them."""
    parser = argparse.ArgumentParser(
        prog="heed mail retry",
        description="Read parked mail again: some by their numbers, or all. A running worker does it at once.",
    )
    parser.add_argument(
        "numbers", nargs="*", type=int, metavar="NUMBER", help="as `heed mail parked` shows them"
    )
    parser.add_argument("--all", action="store_true", help="every parked mail")
    options = parser.parse_args(argv)
    if bool(options.numbers) == options.all:
        parser.error("name some numbers, or --all")
    numbers = [row["id"] for row in rows()] if options.all else options.numbers
    for number in numbers:
        try:
            try_again(parked_mail(SYSTEM, number), by=SYSTEM)
        except NotFound:
            raise Problem(f"no parked mail has the number {number}; `heed mail parked` lists them.") from None
    print(f"{len(numbers)} will be read again.")
    return 0
