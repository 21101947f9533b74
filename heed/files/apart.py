"""Read a file in a process apart, which may take so much time and memory and no more, and end with anything."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from heed.files.kinds import FileKind
from heed.kernel.customer_words import FileTrouble
from heed.kernel.text import tidy
from heed.kernel.turns import end_turn

CHILD: Final = Path(__file__).with_name("child.py")
GRACE_SECONDS: Final = 10  # to start and to wait for the processor, beyond the time that it may work


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in a file, or why nothing was read."""

    text: str = ""
    trouble: FileTrouble | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading one file may take."""

    characters: int
    seconds: int
    megabytes: int


def words_in(content: bytes, kind: FileKind, *, bounds: Bounds) -> Words:
    """The words of a file, such as every database takes. Never raises for what stands in it: it has a trouble then."""
    given = run_apart(CHILD, [kind, bounds.characters], content=content, bounds=bounds)
    if given is None:
        return Words(trouble=FileTrouble.TOO_MUCH)
    try:
        found = json.loads(given)
        trouble = FileTrouble(found["trouble"]) if found["trouble"] else None
        return Words(tidy(str(found["text"]).replace("\0", " ")), trouble)
    except (ValueError, KeyError, TypeError):
        return Words(trouble=FileTrouble.BROKEN)


def run_apart(child: Path, arguments: Sequence[str | int], *, content: bytes, bounds: Bounds) -> bytes | None:
    """What this program of ours says about a file, in a process that gets these bounds last; None: it was too much."""
    end_turn()
    command = [sys.executable, "-I", str(child)]
    command += [str(one) for one in (*arguments, bounds.seconds, bounds.megabytes)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and nothing of the file in the command
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=bounds.seconds + GRACE_SECONDS,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    # a child that was ended from outside: its time was over, or the machine had no memory left
    return None if done.returncode < 0 else done.stdout
