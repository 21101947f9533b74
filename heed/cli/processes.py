"""A parent and its children: forked from one image, started again when they die, never left behind.

Everything is imported before the first fork and frozen, so that the children share its memory; no thread, no
connection and no event loop may exist then. Each child holds one end of a pipe whose other end only the
parent has: when the parent is gone, even by kill -9, the children stop by themselves.
"""

import gc
import logging
import os
import random
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

log = logging.getLogger("heed.serve")

GRACE_SECONDS: Final = 20.0  # how long a child may take to finish what it has begun
FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 10.0
STEADY_SECONDS: Final = 20.0  # a child that lived so long is started again at once
STOPS: Final = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class Role:
    """One child: its name, and what it does until it is told to stop by SIGTERM."""

    name: str
    work: Callable[[], None]
    pid: int = 0  # 0: not running
    began: float = 0.0
    pause: float = FIRST_PAUSE_SECONDS
    start_at: float = 0.0


@dataclass(slots=True)
class Family:
    """Runs the roles until it is told to stop."""

    roles: Sequence[Role]
    grace_seconds: float = GRACE_SECONDS
    _stopping: bool = False
    _life: tuple[int, int] = field(default_factory=os.pipe)

    def start(self) -> None:
        """Fork every child."""
        gc.collect()
        gc.freeze()
        for role in self.roles:
            self._start(role)

    def watch(self) -> None:
        """Start again what dies, until SIGINT or SIGTERM; then stop all, and return when none is left."""
        bell, rope = os.pipe()
        for end in (bell, rope):
            os.set_blocking(end, False)
        before = signal.set_wakeup_fd(rope, warn_on_full_buffer=False)
        for number in (*STOPS, signal.SIGCHLD):
            signal.signal(number, self._note)
        try:
            while not self._stopping:
                self._bury_and_restart()
                select.select([bell], [], [], self._next_start_in())
                with suppress(BlockingIOError):
                    os.read(bell, 4096)
        finally:
            self._stop()
            signal.set_wakeup_fd(before)
            for end in (bell, rope):
                os.close(end)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if number in STOPS:
            self._stopping = True

    def _start(self, role: Role) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        role.began = time.monotonic()
        role.pid = os.fork()
        if role.pid == 0:
            self._live(role)

    def _live(self, role: Role) -> NoReturn:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for number in STOPS:
                signal.signal(number, _do_nothing)
            _call_oneself(f"heed {role.name}")
            os.close(self._life[1])
            threading.Thread(
                target=_stop_with_parent, args=(self._life[0], self.grace_seconds), daemon=True
            ).start()
            random.seed()
            gc.enable()  # the parent may have put it off for the fork
            role.work()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:  # border: nothing of the parent's code may run on in a child
            log.exception("%s failed", role.name)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _bury_and_restart(self) -> None:
        now = time.monotonic()
        for role in self.roles:
            if role.pid:
                self._bury(role, now)
            if not role.pid and role.start_at <= now:
                self._start(role)
                log.warning("%s runs again as process %d", role.name, role.pid)

    def _bury(self, role: Role, now: float) -> None:
        status = _ended(role.pid)
        if status is None:
            return
        if now - role.began > STEADY_SECONDS:
            role.pause = FIRST_PAUSE_SECONDS
        log.warning(
            "%s (process %d) %s; starting it again in %.1f s", role.name, role.pid, status, role.pause
        )
        role.pid, role.start_at = 0, now + role.pause
        role.pause = min(2 * role.pause, LONGEST_PAUSE_SECONDS)

    def _next_start_in(self) -> float | None:
        waiting = [role.start_at for role in self.roles if not role.pid]
        return max(min(waiting) - time.monotonic(), 0.0) if waiting else None

    def _stop(self) -> None:
        running = [role for role in self.roles if role.pid]
        for role in running:
            os.kill(role.pid, signal.SIGTERM)
        until = time.monotonic() + self.grace_seconds
        while running and time.monotonic() < until:
            running = [role for role in running if _ended(role.pid) is None]
            time.sleep(0.02)
        for role in running:
            log.warning(
                "%s did not end within %.0f s and was killed; nothing is lost", role.name, self.grace_seconds
            )
            os.kill(role.pid, signal.SIGKILL)
            os.waitpid(role.pid, 0)


def _call_oneself(name: str) -> None:
    """Show this name in `top` and in /proc/PID/comm, on systems that can (Linux: 15 characters)."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name[:15], encoding="ascii")


def _do_nothing(number: int, frame: FrameType | None) -> None:
    pass  # the role sets its own way to stop; before that there is nothing to finish


def _ended(pid: int) -> str | None:
    """How a child ended; None while it lives."""
    found, status = os.waitpid(pid, os.WNOHANG)
    if not found:
        return None
    code = os.waitstatus_to_exitcode(status)
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def _stop_with_parent(life: int, grace_seconds: float) -> None:
    os.read(life, 1)  # nothing is ever written: it returns when the parent is gone
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace_seconds)
    os._exit(1)
