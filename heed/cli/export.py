"""`heed export conversations`: every conversation, one JSON object a line."""

import argparse
import json
import sys
from collections.abc import Sequence

from heed.conversations.export import conversations


def main(argv: Sequence[str]) -> int:
    """Print them as they are read, whatever their number."""
    argparse.ArgumentParser(
        prog="heed export conversations",
        description="Print every conversation with its messages, one JSON object a line: reference, brand, inbox, "
        "status, subject, customer, messages. A conversation that was merged is part of the one it was merged into.",
    ).parse_args(argv)
    for conversation in conversations():
        sys.stdout.write(json.dumps(conversation, ensure_ascii=False) + "\n")
    return 0
