"""`heed worker`: does what is due and hands on what happened, until it is told to stop."""

import argparse
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from django.db import connections

from heed import flow
from heed.kernel.changes import Changes
from heed.kernel.errors import describe
from heed.mailboxes.tending import Tender

log = logging.getLogger("heed.worker")

OUTSIDE: Final = frozenset(
    {"delivery", "round trips", "keys", "watch", "digests", "push"}
)  # duties that wait for machines which are not ours
TENDED: Final = frozenset({"mailboxes"})  # these as well, and each of them for long: a thread each
NICENESS: Final = 5  # where there is not enough for all, who waits for a page comes first
LOOK_AGAIN_SECONDS: Final = 1.0  # for what falls due by itself, and for wake-ups that were lost
FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 30.0


@dataclass(slots=True)
class Duty:
    """One kind of work of a worker. When it fails as a whole it rests, longer each time; the others go on.

    What is not prompt and found nothing to do rests as well, as long as a worker waits for what falls due by itself:
    every commit wakes the workers, and asking each kind of work each time was half of what they did.
    """

    name: str
    step: Callable[[], int]
    is_prompt: bool = True
    pause: float = FIRST_PAUSE_SECONDS
    rests_until: float = 0.0

    def run(self) -> int:
        """Do some, and say how much; 0 as well when it failed or rests."""
        if time.monotonic() < self.rests_until:
            return 0
        try:
            done = self.step()
        except Exception as error:  # border: the worker loop
            log.error("%s failed and rests %.0f s: %s", self.name, self.pause, describe(error))
            self.rests_until = time.monotonic() + self.pause
            self.pause = min(2 * self.pause, LONGEST_PAUSE_SECONDS)
            connections.close_all()  # a broken connection must not be what fails next time
            return 0
        self.pause = FIRST_PAUSE_SECONDS
        if not done and not self.is_prompt:
            self.rests_until = time.monotonic() + LOOK_AGAIN_SECONDS
        return done


def duties() -> list[Duty]:
    """Each kind of due work, and reading the log."""
    return [*(Duty(work.name, work.step, work.is_prompt) for work in flow.DUE), Duty("reader", flow.read)]


@dataclass(slots=True)
class Worker:
    """Works while there is something to do, then waits until something was committed or a second has passed."""

    duties: Sequence[Duty] = field(default_factory=duties)
    changes: Changes = field(default_factory=Changes)
    stopping: bool = False

    def run(self) -> None:
        """Work until stop() was called. What has been begun is finished first."""
        while not self.stopping:
            if not self.round():
                self.changes.wait(LOOK_AGAIN_SECONDS)
        self.changes.close()
        connections.close_all()

    def round(self) -> int:
        """Do some work of each kind; how much was done."""
        done = 0
        for duty in self.duties:
            if not self.stopping:
                done += duty.run()
        return done

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Finish what has been begun, and no more. Also a signal handler."""
        self.stopping = True
        self.changes.wake()


def run() -> None:
    """Be a worker until SIGTERM or SIGINT. Sending has a thread of its own: no slow mail server holds up the rest.

    So has looking after mailboxes, which starts one more for each.
    """
    os.nice(NICENESS)
    worker = Worker([duty for duty in duties() if duty.name not in OUTSIDE | TENDED])
    sender = Worker([duty for duty in duties() if duty.name in OUTSIDE])

    tender = Tender()

    def besides(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            worker.stop()  # half a worker is none: whoever started it starts it again

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    threads = [
        threading.Thread(target=besides, args=(work,), name=name)
        for name, work in (("sender", sender.run), ("mailboxes", tender.run))
    ]
    for thread in threads:
        thread.start()
    try:
        worker.run()
    finally:
        sender.stop()
        tender.stop()
        for thread in threads:
            thread.join()


def main(argv: Sequence[str]) -> int:
    """Run one worker in the foreground."""
    argparse.ArgumentParser(
        prog="heed worker",
        description="Run one worker: it reads mail, sends mail and keeps everything up to date. "
        "Start as many as wanted with PostgreSQL; with SQLite one is enough.",
    ).parse_args(argv)
    log.info("working")
    run()
    return 0
