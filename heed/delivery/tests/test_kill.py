"""A real worker, killed with SIGKILL at every point of a delivery, loses nothing and repeats only itself."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from heed.delivery.tests.sink import Hung, Sink

pytestmark = pytest.mark.journey

MAILS = 60
POINTS = ("at_mail", "at_data", "before_250", "after_250")
TAKEN = ("before_250", "after_250")
WORKER = "from heed.cli.main import main; raise SystemExit(main(['worker']))"


@dataclass
class Office:
    """A desk, its worker, and the server that its mail leaves through."""

    environment: Mapping[str, str]
    sink: Sink
    worker: subprocess.Popen[bytes] | None = None
    kills: int = 0
    killed_over: list[str] = field(default_factory=list)

    def ask(self, *words: str) -> object:
        done = subprocess.run(
            [sys.executable, "-m", "heed.delivery.tests.office", *words],
            env=dict(self.environment),
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def heed(self, *words: str, stdin: bytes = b"") -> bytes:
        program = f"from heed.cli.main import main; raise SystemExit(main({list(words)}))"
        command = [sys.executable, "-c", program]
        done = subprocess.run(
            command, env=dict(self.environment), input=stdin, check=False, capture_output=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def waiting(self, work: str) -> int:
        number: int = json.loads(self.heed("status", "--json"))["waiting"][work]
        return number

    def start(self) -> None:
        self.worker = subprocess.Popen(
            [sys.executable, "-c", WORKER], env=dict(self.environment), stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        assert self.worker is not None
        self.worker.send_signal(signal.SIGKILL)
        self.worker.wait(10)  # dead before it can notice anything else
        self.kills += 1

    def restart_when_dead(self) -> None:
        if self.worker is not None and self.worker.poll() is not None:
            self.start()

    def keep_running(self, enough: Callable[[], bool], *, seconds: float = 120) -> None:
        ends = time.monotonic() + seconds
        while not enough():
            assert time.monotonic() < ends, f"{len(self.sink.copies())} of {MAILS} after {seconds} s"
            self.restart_when_dead()
            time.sleep(0.02)

    def stop(self) -> None:
        if self.worker is not None:
            self.worker.kill()
            self.worker.wait(10)


@pytest.fixture
def office(heed_home: Path, database_url: str) -> Iterator[Office]:
    with Sink() as sink:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HEED_")},
            "HEED_HOME": str(heed_home),
            "HEED_SECRET": os.environ["HEED_SECRET"],
            "HEED_DATABASE_URL": database_url,
            "HEED_SMTP_URL": sink.url,
            "HEED_LEASE_SECONDS": "5",
        }
        running = Office(environment, sink)
        try:
            yield running
        finally:
            running.stop()


def settled(office: Office) -> bool:
    found = office.ask("states")
    assert isinstance(found, dict)
    return all(state == "sent" for state, _, _ in found.values())


def check(office: Office, queued: object) -> dict[str, int]:
    """Every message is sent and arrived; the repeats, by Message-ID, are identical. Returns the repeats."""
    office.keep_running(lambda: len(office.sink.copies()) == MAILS)
    for _ in range(20):
        if settled(office):
            break
        time.sleep(1)
        office.restart_when_dead()
    found = office.ask("states")
    assert isinstance(found, dict)
    assert isinstance(queued, list)
    assert {int(pk) for pk in found} == set(queued)
    assert {state for state, _, _ in found.values()} == {"sent"}
    assert {message_id for _, message_id, _ in found.values()} == set(office.sink.copies())
    by_id: dict[str, set[bytes]] = {}
    for mail in office.sink.mails:
        by_id.setdefault(mail.message_id, set()).add(mail.raw)
    assert all(len(raws) == 1 for raws in by_id.values())
    return {message_id: copies - 1 for message_id, copies in office.sink.copies().items() if copies > 1}


def kill_at_each_point_in_turn(office: Office, *, times: int) -> None:
    """Kill the worker at every seventh mail, each time at the next point, and hang up."""
    passed = 0

    def hook_of(point: str) -> Callable[[Sink], Awaitable[None]]:
        async def hook(sink: Sink) -> None:
            nonlocal passed
            if office.kills >= times or point != POINTS[office.kills % len(POINTS)]:
                return
            passed += 1
            if passed % 7 == 0:
                if point in TAKEN:
                    office.killed_over.append(sink.mails[-1].message_id)
                office.kill()
                raise Hung

        return hook

    for point in POINTS:
        setattr(office.sink, point, hook_of(point))


def test_a_worker_killed_at_every_point_loses_nothing(office: Office) -> None:
    queued = office.ask("fill", str(MAILS))
    kill_at_each_point_in_turn(office, times=8)
    office.start()
    repeats = check(office, queued)
    print(f"killed 8 times, 4 of them with the mail taken: {sum(repeats.values())} of {MAILS} mails repeated")  # noqa: T201 - a figure
    assert office.kills == 8
    assert set(repeats) <= set(office.killed_over)
    assert set(repeats.values()) <= {1}


def more_arrived(office: Office, *, than: int) -> Callable[[], bool]:
    return lambda: len(office.sink.mails) > than or len(office.sink.copies()) == MAILS


def test_a_worker_killed_at_random_loses_nothing(office: Office) -> None:
    queued = office.ask("fill", str(MAILS))
    chance = random.Random(20261122)
    office.sink.before_250 = lambda sink: asyncio.sleep(0.03)  # so that there is something to interrupt
    office.start()
    for _ in range(6):
        office.keep_running(more_arrived(office, than=len(office.sink.mails)))
        time.sleep(chance.uniform(0.0, 0.3))
        office.kill()
    repeats = check(office, queued)
    print(f"killed {office.kills} times at random: {sum(repeats.values())} of {MAILS} arrived again")  # noqa: T201 - a figure
    assert sum(repeats.values()) <= office.kills


def test_a_server_that_says_nothing_holds_up_no_incoming_mail(office: Office) -> None:
    office.ask("fill", str(MAILS))

    async def say_nothing(sink: Sink) -> None:
        await asyncio.sleep(60)

    office.sink.at_mail = say_nothing
    office.environment = {**office.environment, "HEED_LEASE_SECONDS": "60"}  # a patience of 30 seconds
    office.start()
    office.keep_running(lambda: office.sink.connections > 0)
    mail = b"From: dalia@example.org\nMessage-ID: <1@example.org>\nSubject: hello\n\nhello\n"
    office.heed("mail", "receive", "--to", "help@linden.example", stdin=mail)
    begun = time.monotonic()
    office.keep_running(lambda: office.waiting("mail") == 0, seconds=20)
    assert time.monotonic() - begun < 15
    assert office.waiting("delivery") > 0


def test_two_workers_at_once_send_each_mail_once(office: Office) -> None:
    queued = office.ask("fill", str(MAILS))
    office.start()
    second = subprocess.Popen(
        [sys.executable, "-c", WORKER], env=dict(office.environment), stderr=subprocess.DEVNULL
    )
    try:
        assert check(office, queued) == {}
    finally:
        second.kill()
        second.wait(10)
