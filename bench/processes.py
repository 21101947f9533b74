"""Processes of the product, as the system sees them: started on a desk, waited for, weighed."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.desk import ChildFailed, Desk

_PSS = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)


@contextmanager
def running(desk: Desk, *commands: list[str]) -> Iterator[list[int]]:
    """Start these commands of the product, and end them afterwards; gives their process ids."""
    processes = [
        desk.heed(*words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for words in commands
    ]
    try:
        yield [process.pid for process in processes]
        for process in processes:
            if process.poll() is not None:
                raise ChildFailed(f"a process of the desk ended by itself with {process.returncode}")
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(timeout=60)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, *, seconds: float = 60) -> None:
    """Return when someone listens there. Raises OSError when nobody does in time."""
    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def memory_bytes(pid: int) -> tuple[int, int]:
    """What a process and all below it hold: bytes (PSS: shared pages counted once in all), and how many they are."""
    family = _family(pid)
    total = 0
    for member in family:
        found = _PSS.search(Path(f"/proc/{member}/smaps_rollup").read_text("ascii"))
        assert found is not None
        total += int(found[1]) * 1024
    return total, len(family)


def most_bytes(pid: int) -> int:
    """The most memory (RSS) that a process has had so far."""
    rows = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(row.split()[1]) * 1024 for row in rows if row.startswith("VmHWM:"))


def cpu_seconds(pid: int) -> float:
    """The seconds of CPU that a process and all below it have taken, those that ended included."""
    ticks = 0
    for member in _family(pid):
        fields = Path(f"/proc/{member}/stat").read_text("utf-8").rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))  # its own, and of children that it has waited for
    return ticks / os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [pid, *(member for child in children for member in _family(int(child)))]
