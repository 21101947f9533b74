"""Real processes on a real database: eight that write and one that reads; and any of them killed in every gap."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.journey
WRITERS, TIMES = 8, 25
KILLED = -signal.SIGKILL
Start = Callable[..., "subprocess.Popen[str]"]
Do = Callable[..., list[Any]]


@pytest.fixture
def start(heed_home: Path, database_url: str) -> Start:
    """Start a process of the desk; keywords are variables of its environment."""
    environment = {**os.environ, "HEED_HOME": str(heed_home), "HEED_DATABASE_URL": database_url}

    def run(words: str, **variables: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "heed.eventlog.tests.desk", *words.split()],
            env={**environment, **variables},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    return run


@pytest.fixture
def do(start: Start) -> Do:
    """Run a process to its end; give what it said."""

    def run(words: str, *, expect: int = 0, **variables: str) -> list[Any]:
        return end(start(words, **variables), expect=expect)

    return run


def end(process: "subprocess.Popen[str]", *, expect: int = 0) -> list[Any]:
    """Wait for the end of a process; give what it said."""
    out, err = process.communicate(timeout=300)
    assert process.returncode == expect, err
    return [json.loads(line) for line in out.splitlines() if line.endswith(("]", '"')) or line.isdigit()]


def hear(process: "subprocess.Popen[str]") -> None:
    """Wait until a process says something."""
    assert process.stdout is not None
    while os.read(process.stdout.fileno(), 1) != b"\n":  # a byte at a time: what follows is read by end()
        assert process.poll() is None


def test_eight_writers_and_a_tailing_reader_miss_nothing_and_see_nothing_twice(start: Start, do: Do) -> None:
    (conversations,) = do(f"prepare {WRITERS}")
    reader = start("tail")
    hear(reader)
    writers = [start(f"write {conversation} {TIMES}") for conversation in conversations]
    consumer = start("work_on")
    hear(consumer)
    for process in writers:
        assert end(process) == list(range(TIMES))
    consumer.kill()
    end(consumer, expect=KILLED)
    (seen,) = end(reader)  # its input ends here
    findings, everything, changes = do("work + check + log + changes")
    assert findings == []
    assert changes == WRITERS * TIMES
    assert len(seen) >= 2 * WRITERS * TIMES
    assert seen == everything[: len(seen)], "in commit order, none missed, none twice"


@pytest.mark.parametrize("turn", ["1", "3"])
def test_a_writer_or_reader_killed_in_any_gap_loses_and_doubles_nothing(do: Do, turn: str) -> None:
    ((conversation, *_),) = do("prepare 4")
    do("work", expect=KILLED, DIE="in a consumer", DIE_AT=turn)
    for point, more in (("events written, not committed", 0), ("committed", 1)):
        findings, *kept = do(f"check + write {conversation} 4", expect=KILLED, DIE=point, DIE_AT=turn)
        assert findings == [], "the counts are right for what was read"
        assert len(kept) == int(turn) - 1 + more, "each answered one, and of the others at most the last"
        do("work", expect=KILLED, DIE="cursor moved, not committed")
    assert do("check + work + check + changes") == [[], [], 2 * int(turn) - 1]


@pytest.mark.parametrize("point", ["claimed", "events written, not committed", "due work done"])
def test_due_work_of_a_killed_worker_is_done_once(do: Do, point: str) -> None:
    (conversations,) = do("prepare 3 + work + snooze")
    do("work", expect=KILLED, DIE=point, DIE_AT="1" if point == "claimed" else "2")
    first, findings, woken = do("work + woken + later 3600 + work + check + woken")
    assert len(first) < 3, "what a dead worker has claimed waits until its claim runs out"
    assert findings == []
    assert woken == conversations


def test_readers_and_writers_killed_at_random_lose_and_double_nothing(start: Start, do: Do) -> None:
    (conversations,) = do("prepare 2")
    kept = 0
    for _ in range(4):
        processes = [start(f"write {conversation} 100000") for conversation in conversations] + [
            start("work_on")
        ]
        for process in processes:
            hear(process)
        time.sleep(random.random())
        for process in processes:
            process.kill()
        kept += sum(1 + len(end(process, expect=KILLED)) for process in processes) - 1
    findings, written = do("work + check + changes")
    assert findings == []
    assert kept <= written <= kept + 8, "each answered one is there; of each killed writer at most one more"


def test_a_power_cut_undoes_only_what_is_done_again(do: Do, tmp_path: Path, database_url: str) -> None:
    if database_url.startswith("postgres"):
        pytest.skip("the log of PostgreSQL can't be cut from here; test_unit shows what it has flushed")
    (conversations,) = do("prepare 3 + check")[:1]
    unflushed = tmp_path / "desk.sqlite3-wal"
    (read,) = do("work + position + die", expect=KILLED)
    assert read > 0
    assert unflushed.stat().st_size > 0
    unflushed.unlink()  # nobody waited for these bytes to reach the disk
    assert do("position + check + work + position + check") == [0, [], read, []]
    do(f"write {conversations[0]} 1 + work + check")
    assert do("changes + check") == [1, []]
