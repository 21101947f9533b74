"""The parent of a running desk: a program of its own that waits, starts again what dies, and stops all together.

`heed serve` forks its children and then turns into this program, by exec: its number and its children stay, and what
it had loaded is gone from memory. So nothing but the smallest part of Python's own library may be loaded here, and
nothing of Heed. What a child is and how it is started again stands in `processes`; here it is only words.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

GRACE_SECONDS = 20.0  # how long a child may take to finish what it has begun
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 10.0
STEADY_SECONDS = 20.0  # a child that lived so long is started again at once
STOPS = (signal.SIGINT, signal.SIGTERM)
HELD_BACK = (*STOPS, signal.SIGCHLD)  # while nobody is there who would hear them


class Child:
    """One child: what it is called, and the word that says which it is when it is started again."""

    __slots__ = ("began", "call", "name", "pause", "pid", "start_at")

    def __init__(self, pid: int, call: str) -> None:
        """Take over one that runs."""
        self.pid = pid  # 0: not running
        self.call = call
        self.name = call.partition("|")[0]
        self.began = time.monotonic()
        self.pause = FIRST_PAUSE_SECONDS
        self.start_at = 0.0

    def started(self, pid: int) -> None:
        """It runs again."""
        self.pid, self.began = pid, time.monotonic()

    def bury(self, ended: str) -> None:
        """It ended. The sooner it did, the longer until it is started again."""
        if time.monotonic() - self.began > STEADY_SECONDS:
            self.pause = FIRST_PAUSE_SECONDS
        say(f"{self.name} (process {self.pid}) {ended}; starting it again in {self.pause:.1f} s")
        self.pid, self.start_at = 0, time.monotonic() + self.pause
        self.pause = min(2 * self.pause, LONGEST_PAUSE_SECONDS)


class Family:
    """The children and the one who looks after them."""

    def __init__(self, children: Sequence[Child], start: Callable[[Child], int]) -> None:
        """Take over children that run; start() starts one again and gives its process."""
        self._children = children
        self._start = start
        self._stopping = False

    def watch(self) -> None:
        """Start again what dies, until SIGINT or SIGTERM; then stop all, and return when none is left."""
        bell, rope = os.pipe()
        for end in (bell, rope):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(rope, warn_on_full_buffer=False)
        for number in HELD_BACK:
            signal.signal(number, self._note)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD_BACK)
        while not self._stopping:
            self._bury_and_restart()
            select.select([bell], [], [], self._next_start_in())
            with suppress(BlockingIOError):
                os.read(bell, 4096)
        self._stop()

    def _note(self, number: int, frame: "FrameType | None") -> None:
        if number in STOPS:
            self._stopping = True

    def _bury_and_restart(self) -> None:
        for child in self._children:
            ended = _ended(child.pid) if child.pid else None
            if ended is not None:
                child.bury(ended)
            if not child.pid and child.start_at <= time.monotonic():
                self._restart(child)

    def _restart(self, child: Child) -> None:
        try:
            child.started(self._start(child))
        except OSError as error:  # no memory or no room for a process, for the moment
            child.start_at = time.monotonic() + LONGEST_PAUSE_SECONDS
            say(f"{child.name} can't be started: {error}; trying again in {LONGEST_PAUSE_SECONDS:.0f} s")
        else:
            say(f"{child.name} runs again as process {child.pid}")

    def _next_start_in(self) -> float | None:
        waiting = [child.start_at for child in self._children if not child.pid]
        return max(min(waiting) - time.monotonic(), 0.0) if waiting else None

    def _stop(self) -> None:
        running = [child for child in self._children if child.pid and _ended(child.pid) is None]
        for child in running:
            os.kill(child.pid, signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        while running and time.monotonic() < until:
            running = [child for child in running if _ended(child.pid) is None]
            time.sleep(0.02)
        for child in running:
            say(f"{child.name} did not end within {GRACE_SECONDS:.0f} s and was killed; nothing is lost")
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)


def _ended(pid: int) -> str | None:
    """How a child ended; None while it lives."""
    found, status = os.waitpid(pid, os.WNOHANG)
    if not found:
        return None
    code = os.waitstatus_to_exitcode(status)
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def say(text: str) -> None:
    """Tell the person who runs the desk, in the form that the other processes use. Nobody may be listening."""
    with suppress(OSError, ValueError):
        print(time.strftime("%Y-%m-%d %H:%M:%S"), "WARNING heed.serve", text, file=sys.stderr, flush=True)


def call_oneself(name: str) -> None:
    """Show this name in `top` and in /proc/PID/comm, on systems that can (Linux: 15 characters)."""
    with suppress(OSError), open("/proc/self/comm", "w", encoding="ascii") as comm:
        comm.write(name[:15])


def starting_with(command: Sequence[str]) -> Callable[[Child], int]:
    """What starts a child: a new process that runs this command with the child's call after it."""

    def start(child: Child) -> int:
        pid = os.fork()
        if pid == 0:
            try:
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; we tell by SIGTERM
                signal.signal(signal.SIGTERM, signal.SIG_DFL)  # while it loads there is nothing to finish
                os.execv(command[0], [*command, child.call])  # noqa: S606 - our own program
            finally:
                os._exit(1)
        return pid

    return start


def main(words: Sequence[str]) -> None:
    """Look after `PID|CALL` …, which are started again with the command that stands behind `--`.

    The first word is our end of the pipe of life: it closes when we end, however that happens.
    """
    call_oneself("heed serve")
    os.set_inheritable(int(words[0]), False)  # noqa: FBT003 - it takes no keyword
    border = words.index("--")
    children = [Child(int(pid), call) for pid, _, call in (word.partition("|") for word in words[1:border])]
    Family(children, starting_with(words[border + 1 :])).watch()
    with suppress(OSError, ValueError):
        print("Heed has stopped; the data is kept.", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
