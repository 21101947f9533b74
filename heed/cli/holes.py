"""Filling the holes of memory before a fork, so that children don't write into pages which they share.

Loading everything leaves some two megabytes of small holes, scattered over thousands of pages. A child's first
objects would go there, and each of them copies a page of four kilobytes for a few bytes. Filled, the holes cost nothing
that was not taken already, and what a child makes stands together in pages of its own.
"""

import ctypes
import gc
import sys
from contextlib import suppress
from typing import Any, Final

LARGEST_BLOCK: Final = 512  # bytes: what is larger Python takes from malloc
POOL_BYTES: Final = 16_384  # blocks of one size stand together in so much, one after the other
BLOCK_STEP: Final = 16
HEADER_BYTES: Final = sys.getsizeof(b"")
LARGEST_CHUNK: Final = 4_096
CHUNK_STEP: Final = 16
ONE_ARENA_FOR_ALL_THREADS: Final = (
    -8
)  # M_ARENA_MAX: few of our threads work at once, and each had holes of its own
MOST_OF_A_SIZE: Final = 20_000  # far more holes than there are; the end where memory is not what we think

_kept: list[object] = []


class _Usage(ctypes.Structure):
    """What mallinfo2 tells; `keepcost` are the bytes at the top that were never handed out, or came back."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost",
        )
    )


def fill_holes() -> None:
    """Fill them for good; once, in the process that forks, with nothing else going on. Without effect but on memory."""
    gc.collect()  # or the children would do it, in pages that they share
    _fill_blocks()
    with suppress(AttributeError, OSError):  # not glibc, or one before 2.33: there the holes stay
        libc = ctypes.CDLL(None)
        libc.mallopt(ONE_ARENA_FOR_ALL_THREADS, 1)
        _fill_chunks(libc)


def _fill_blocks() -> None:
    """Take every free block in the pools that are in use: until as many as a whole pool has follow each other."""
    for size in range(_first_size(), LARGEST_BLOCK + 1, BLOCK_STEP):
        last, in_a_row = 0, 1
        for _ in range(MOST_OF_A_SIZE):
            _kept.append(bytes(size - HEADER_BYTES))
            in_a_row = in_a_row + 1 if id(_kept[-1]) == last + size else 1
            last = id(_kept[-1])
            if in_a_row == POOL_BYTES // size - 1:
                break
        del _kept[-in_a_row:]  # a pool that was empty before


def _first_size() -> int:
    return -(-HEADER_BYTES // BLOCK_STEP) * BLOCK_STEP + BLOCK_STEP


def _fill_chunks(libc: Any) -> None:
    """Take every free chunk of malloc's below its top, the large before the small; the top stays free."""
    libc.mallinfo2.restype = _Usage
    libc.sbrk.restype = libc.malloc.restype = ctypes.c_void_p
    libc.sbrk.argtypes = (ctypes.c_ssize_t,)
    libc.malloc.argtypes = (ctypes.c_size_t,)
    libc.free.argtypes = (ctypes.c_void_p,)
    top = libc.sbrk(0) - libc.mallinfo2().keepcost
    above = []
    for size in range(LARGEST_CHUNK, 0, -CHUNK_STEP):
        for _ in range(MOST_OF_A_SIZE):
            chunk = libc.malloc(size - CHUNK_STEP // 2)  # what malloc adds makes it whole
            if chunk is None or chunk >= top:
                above.append(chunk)
                break
    for chunk in reversed(above):
        libc.free(chunk)
