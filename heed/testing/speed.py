"""How long something may take: in seconds of an ordinary machine at rest, however slow or busy this one is just now."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time
from typing import Final

ROUNDS: Final = 10
ORDINARY_SECONDS: Final = 0.04
"""What so many rounds of making small objects and writing them out take where nothing else runs: a core of 2 GHz."""


@contextmanager
def at_most(seconds: float, about: str = "") -> Iterator[None]:
    """Fail when what happens inside takes more of the processor than these seconds, as an ordinary machine counts them.

    The machine's own speed is taken before and after, in the same process; a faster one gets no less time.
    """
    slowness = _slowness()
    began = process_time()
    yield
    took = process_time() - began
    slowness = max(1.0, slowness, _slowness())
    assert took < seconds * slowness, (
        f"{about} {took:.2f} s, on a machine {slowness:.1f} times as slow".strip()
    )


def _slowness() -> float:
    began = process_time()
    for _ in range(ROUNDS):
        json.dumps([{"number": number, "text": str(number)} for number in range(5_000)])
    return (process_time() - began) / ORDINARY_SECONDS
