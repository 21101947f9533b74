"""A desk of real processes takes a thousand mails while they are killed at random, and loses and doubles nothing.

Numbers of a run are printed (`pytest -s`); JOURNEY_SEED repeats one, as far as processes can be repeated.
"""

import asyncio
import os
import queue
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from heed.delivery.tests.sink import Sink
from tests.journeys.answers import answers
from tests.journeys.desk import Desk, is_at_work
from tests.journeys.doors import Doors
from tests.journeys.letters import Letter, Story, Writer, dealt, stories
from tests.journeys.material import corpus, fixtures
from tests.journeys.verdict import Verdict

pytestmark = pytest.mark.journey

KILLS = 20
HANDLE_MAIL = ("doors", "worker")  # the kinds of processes that do
KILLS_AMONG_ANSWERS = 3
SENDERS = 6
LONGEST_WAIT_SECONDS = 20
BUSY_WITHIN_SECONDS = 0.3
LINGER_SECONDS = 0.02  # between having a mail and saying so, the sink takes its time, as real servers do
SETTLE_SECONDS = 90


@dataclass
class Journey:
    """Sends letters through many hands, kills processes meanwhile, and counts both."""

    desk: Desk
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    killed: set[int] = field(default_factory=set)
    retries: Counter[str] = field(default_factory=Counter)
    sent: list[Letter] = field(default_factory=list)

    def send(self, letters: Sequence[Letter], *, kills: int) -> None:
        """Return when every letter was accepted, and so many processes died over it."""
        waiting: queue.SimpleQueue[Letter] = queue.SimpleQueue()
        for letter in dealt(letters, self.chance):
            waiting.put(letter)
        stopped = threading.Event()
        trouble: list[BaseException] = []
        hands = [
            threading.Thread(target=self._carry, args=(waiting, stopped, trouble)) for _ in range(SENDERS)
        ]
        for hand in hands:
            hand.start()
        try:
            self._kill_meanwhile(kills, len(letters), stopped)
        finally:
            for hand in hands:
                hand.join()
        if trouble:
            raise trouble[0]

    def _carry(
        self, waiting: "queue.SimpleQueue[Letter]", stopped: threading.Event, trouble: list[BaseException]
    ) -> None:
        doors = Doors(self.desk.environment)
        try:
            while not stopped.is_set():
                letter = waiting.get_nowait()
                doors.send(letter, stopped)
                self.sent.append(letter)
        except queue.Empty:
            pass
        except BaseException as error:
            trouble.append(error)
            stopped.set()
        finally:
            doors.close()
            self.retries.update(doors.retries)

    def _kill_meanwhile(self, kills: int, letters: int, stopped: threading.Event) -> None:
        roles = [HANDLE_MAIL[number % len(HANDLE_MAIL)] for number in range(kills)]
        self.chance.shuffle(roles)
        begun = len(self.sent)
        for number, role in enumerate(roles):
            threshold = begun + letters * (number + self.chance.random()) / kills
            while len(self.sent) < threshold and not stopped.is_set():
                time.sleep(0.01)
            if stopped.is_set():
                return
            self._kill(role)

    def _kill(self, role: str) -> None:
        """Kill a process of a role, if it can be in the middle of its work."""
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        while not (pids := set(self.desk.processes(role)) - self.killed):
            assert time.monotonic() < until, f"{role} does not come back\n{self.desk.log.read_text()}"
            time.sleep(0.02)
        pid = self.chance.choice(sorted(pids))
        time.sleep(self.chance.uniform(0, 0.05))
        until = time.monotonic() + BUSY_WITHIN_SECONDS
        while not is_at_work(pid) and time.monotonic() < until:
            time.sleep(0.001)
        os.kill(pid, signal.SIGKILL)
        self.killed.add(pid)  # its parent may not have noticed yet
        self.kills[role] += 1

    def settle(self) -> float:
        """Wait until the desk says that nothing is left to do; how long that took, in seconds.

        A delivery that the sink was too slow for is due again later, so nothing is due meanwhile: wait for it too.
        """
        begun = time.monotonic()
        while not (status := self.desk.tells("status"))["settled"] or self._is_queued():
            assert time.monotonic() - begun < SETTLE_SECONDS, f"{status}\n{self.desk.log.read_text()}"
        return time.monotonic() - begun

    def _is_queued(self) -> bool:
        return '"state": "queued"' in self.desk.heed("export", "conversations")


async def _linger(sink: Sink) -> None:
    await asyncio.sleep(LINGER_SECONDS)


def _material() -> list[Letter]:
    third_party = list(fixtures())
    if not third_party:
        print("HEED_TEST_DATA names no folder with email-fixtures: the project's own corpus travels alone")
    return [*corpus(), *third_party]


def _report(journey: Journey, verdict: Verdict, seconds: float, settled: float) -> None:
    rate = len(journey.sent) / seconds
    print(
        f"\n{len(journey.sent)} mails accepted in {seconds:.1f} s ({rate:.0f} a second), settled {settled:.1f} s later"
    )
    print(f"killed: {dict(journey.kills)}; senders tried again: {dict(journey.retries)}")
    for name, value in verdict.figures.items():
        print(f"{name}: {value}")


def test_mail_survives_kill_nine(
    heed_home: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = os.environ.get("JOURNEY_SEED") or str(random.SystemRandom().getrandbits(32))
    chance = random.Random(seed)
    on_postgres = database_url.startswith("postgres")
    told: list[Story] = stories(chance)
    with Sink(before_250=_linger) as sink:
        desk = Desk(heed_home, database_url, sink.url, workers=2 if on_postgres else 1)
        desk.set_up()
        journey = Journey(desk, chance)
        with capsys.disabled():
            print(f"\nJOURNEY_SEED={seed}, {'PostgreSQL' if on_postgres else 'SQLite'}")
            with desk.serving():
                begun = time.monotonic()
                journey.send([*_letters(told), *_material()], kills=KILLS - KILLS_AMONG_ANSWERS)
                late, new = answers(Writer(chance, number=1_000_000), desk, sink, told)
                journey.send(late, kills=KILLS_AMONG_ANSWERS)
                seconds = time.monotonic() - begun
                settled = journey.settle()
                desk.await_all_roles()
                verdict = Verdict.of(desk, sink, journey.sent, [*told, *new])
                _report(journey, verdict, seconds, settled)
                checked = desk.tells("check")
    assert not verdict.complaints, "\n".join([f"JOURNEY_SEED={seed}", *verdict.complaints])
    assert checked["ok"], checked
    assert checked["parked"]["events"] == 0, checked
    assert sum(journey.kills.values()) == KILLS


def _letters(told: Iterable[Story]) -> list[Letter]:
    return [letter for story in told for letter in story.letters]
