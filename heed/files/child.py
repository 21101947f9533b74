"""The process apart: reads one file from its input, and writes its words, or the trouble, as JSON. Run by apart.py.

It limits itself before it reads a byte: memory, time, no files, no further processes (bounds.py). Nothing of the
desk is loaded, no setting is known here, and what goes wrong ends this process alone.
"""

import json
import sys
from pathlib import Path

if __name__ == "__main__":  # started by its path, so that neither folder nor environment says what is loaded
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from heed.files.bounds import limit_itself
from heed.files.kinds import FileKind
from heed.files.reading import Unread, text_in
from heed.kernel.customer_words import FileTrouble


def main(kind: str, characters: int, seconds: int, megabytes: int) -> None:
    """Read the file in standard input, within these bounds."""
    limit_itself(seconds, megabytes)
    text, trouble = "", ""
    try:
        text = text_in(sys.stdin.buffer.read(), FileKind(kind), characters=characters)
    except Unread as found:
        trouble = found.trouble
    except (MemoryError, RecursionError):
        trouble = FileTrouble.TOO_MUCH
    except Exception:
        trouble = FileTrouble.BROKEN
    sys.stdout.buffer.write(json.dumps({"text": text, "trouble": trouble}).encode())


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
