"""An import of real processes is killed and stopped, goes on, and ends with each mail once and nothing sent."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from heed.delivery.tests.sink import Sink
from tests.journeys.company import HELP
from tests.journeys.desk import HEED, PROJECT, Desk, is_at_work
from tests.journeys.letters import Letter, Writer
from tests.journeys.sameness import digest

pytestmark = pytest.mark.journey

MAILS = 600
THREADS = 60
MAILS_BESIDE_A_DESK = 120
KILLS = 3
MEMORY_LIMIT_MB = 400
INTERRUPTED = 130
UNREADABLE = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(40))
TOO_LARGE_BYTES = 300_000_000


def _folder(root: Path, chance: random.Random, mails: int) -> dict[str, str]:
    """Fill a folder with mails of last year; the hash of each by its thread."""
    writer = Writer(chance)
    people = [(writer.person(), writer.id("x@old.example")) for _ in range(THREADS)]
    threads: dict[str, str] = {}
    for number in range(mails):
        sender, first = people[number % THREADS]
        headers = [
            f"From: {sender}",
            f"To: {HELP}",
            f"Subject: Once {sender}",
            f"Date: Tue, 4 Nov 2025 {number // 3600:02}:{number // 60 % 60:02}:{number % 60:02} +0000",
            f"Message-ID: <{first if number < THREADS else writer.id(sender)}>",
            *([f"In-Reply-To: <{first}>"] if number >= THREADS else []),
        ]
        letter: Letter = writer.letter(str(number), sender, headers=headers)
        path = root / f"{number % 7}" / f"{chance.getrandbits(40):x}.eml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(letter.raw.replace(b"\r\n", b"\n") if number % 2 else letter.raw)
        threads[digest(path.read_bytes())] = first
    return threads


def _start(desk: Desk, folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [HEED, "import", "mail", str(folder), "--inbox", HELP],
        env=dict(desk.environment),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _end_when_at_work(importing: "subprocess.Popen[str]", number: signal.Signals, after: float) -> int:
    time.sleep(after)
    until = time.monotonic() + 1
    while not is_at_work(importing.pid) and time.monotonic() < until:
        time.sleep(0.001)
    importing.send_signal(number)
    importing.communicate(timeout=60)
    return importing.returncode


def _finish(desk: Desk, folder: Path, expected: int = 0) -> tuple[str, str]:
    importing = _start(desk, folder)
    out, said = importing.communicate(timeout=150)
    assert importing.returncode == expected, said
    return out, said


def _is_all_there(desk: Desk, threads: dict[str, str], sink: Sink) -> None:
    where: dict[str, set[str]] = {}
    seen: Counter[str] = Counter()
    for line in desk.heed("export", "conversations").splitlines():
        conversation = json.loads(line)
        assert conversation["status"] == "closed"
        for message in conversation["messages"]:
            assert message["direction"] == "in"
            seen.update(message["raw_sha256"])
            for sha256 in message["raw_sha256"]:
                where.setdefault(threads[sha256], set()).add(conversation["reference"])
    assert seen == Counter(dict.fromkeys(threads, 1))
    assert {len(references) for references in where.values()} == {1}
    assert sink.mails == []
    assert desk.tells("check")["ok"]
    assert desk.tells("status")["settled"]


def test_an_import_that_is_killed_and_stopped_ends_with_each_mail_once(
    heed_home: Path, database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(os.environ.get("JOURNEY_SEED") or str(random.SystemRandom().getrandbits(32)))
    threads = _folder(tmp_path / "old", chance, MAILS)
    newer = _folder(tmp_path / "newer", chance, MAILS_BESIDE_A_DESK)
    with Sink() as sink:
        desk = Desk(heed_home, database_url, sink.url)
        desk.set_up()
        for _ in range(KILLS):
            _end_when_at_work(_start(desk, tmp_path / "old"), signal.SIGKILL, chance.uniform(0.5, 3.5))
        code = _end_when_at_work(_start(desk, tmp_path / "old"), signal.SIGINT, 2.5)
        assert code in (INTERRUPTED, 0)  # 0: it was done before it was told
        _finish(desk, tmp_path / "old")
        _is_all_there(desk, threads, sink)
        with desk.serving():
            out, _ = _finish(desk, tmp_path / "old")
            assert out.startswith(f"0 mails were brought in, {MAILS:,} were here already")
            out, _ = _finish(desk, tmp_path / "newer")
            assert out.startswith(f"{MAILS_BESIDE_A_DESK} mails were brought in, 0 were here already")
        _is_all_there(desk, threads | newer, sink)


MEASURE = """
import os, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _rss_mb(desk: Desk, words: Sequence[str]) -> tuple[int, float]:
    """Exit code of a command, and the most memory it held.

    A process of its own starts it: the kernel counts what the parent held when it began (getrusage(2), execve(2)),
    and these tests themselves hold some hundred megabytes.
    """
    code, kilobytes = desk.run(sys.executable, "-c", MEASURE, HEED, *words).split()
    return int(code), int(kilobytes) / 1024


def test_of_two_hundred_mails_one_unreadable_and_one_of_300_mb_are_parked_in_little_memory(
    heed_home: Path, database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    writer = Writer(random.Random(1))
    for number in range(1, 201):
        sender = writer.person()
        (folder / f"{number:03}.eml").write_bytes(writer.letter(str(number), sender).raw)
    (folder / "017.eml").write_bytes(UNREADABLE)
    with (folder / "040.eml").open("wb") as large:
        large.write(b"From: a@old.example\nMessage-ID: <large@old.example>\n\n")
        large.truncate(TOO_LARGE_BYTES)
    with Sink() as sink:
        desk = Desk(heed_home, database_url, sink.url)
        desk.set_up()
        code, megabytes = _rss_mb(desk, ["import", "mail", str(folder), "--inbox", HELP])
        assert code == 0
        assert megabytes < MEMORY_LIMIT_MB
        lines = desk.heed("export", "conversations").splitlines()
        assert sum(len(json.loads(line)["messages"]) for line in lines) == 198
        parked = desk.tells("mail", "parked")
        assert sorted((row["reason"], row["size"]) for row in parked) == [
            ("too_large", TOO_LARGE_BYTES),
            ("unreadable", len(UNREADABLE)),
        ]
        assert sink.mails == []
        assert desk.tells("check")["ok"]
