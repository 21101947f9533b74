"""The process apart that draws: the sizes of a PDF's pages as JSON, or one page as PNG. Run by pictures.py."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

if __name__ == "__main__":  # started by its path, so that neither folder nor environment says what is loaded
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from heed.files.bounds import limit_itself
from heed.files.drawing import picture, sizes


def main(what: str, number: int, seconds: int, megabytes: int) -> None:
    """Draw from the file in standard input, within these bounds; whatever goes wrong, nothing is said."""
    limit_itself(seconds, megabytes)
    content = sys.stdin.buffer.read()
    try:
        if what == "sizes":
            pages, found = sizes(content, most=number)
            given = json.dumps({"pages": pages, "sizes": [asdict(one) for one in found]}).encode()
        else:
            given = picture(content, number)
    except Exception:
        given = b""
    sys.stdout.buffer.write(given)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
