"""The process apart that draws a conversation as a PDF. Run by making.py."""

import sys
from pathlib import Path

if __name__ == "__main__":  # started by its path, so that neither folder nor environment says what is loaded
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from heed.files.bounds import limit_itself
from heed.paper.drawing import drawn
from heed.paper.sheet import unpacked


def main(seconds: int, megabytes: int) -> None:
    """Draw the sheet in standard input, within these bounds; whatever goes wrong, nothing is said."""
    limit_itself(seconds, megabytes)
    try:
        given = drawn(*unpacked(sys.stdin.buffer.read()))
    except Exception:
        given = b""
    sys.stdout.buffer.write(given)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
