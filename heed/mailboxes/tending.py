"""Looking after all mailboxes from one worker: a thread for each that is due, which listens on while there is room.

Threads, not processes and not an event loop each: a line that waits costs a socket and a stack. Those beyond
config.mailbox_lines are looked into every config.mailbox_poll_seconds instead. Nothing is kept here that a kill -9
could lose: a claim that nobody renews runs out.
"""

import importlib
import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol

from django.db import DatabaseError, connections

from heed.kernel.config import config
from heed.kernel.errors import describe
from heed.mailboxes.actions.reports import claim_mailboxes
from heed.mailboxes.models import Mailbox
from heed.mailboxes.queries import any_due, wanted_now
from heed.mailboxes.work import VISITING
from heed.people.policy import SYSTEM

LOOK_SECONDS: Final = 1.0
SPARE_THREADS: Final = 4  # for mailboxes that are looked into in turn, when every line is taken
LAST_SECONDS: Final = 3.0  # how long a thread may take to end; one that still connects is left behind

log = logging.getLogger(__name__)


class Hangable(Protocol):
    """A line that can be cut from another thread."""

    def cut_off(self) -> None:
        """End every wait on it."""


@dataclass(slots=True)
class Watch:
    """One thread with one mailbox, as it sees its tender and its tender sees it."""

    tender: "Tender"
    line: Hangable | None = None
    bell: int = -1
    rope: int = -1
    thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self.bell, self.rope = os.pipe()
        for end in (self.bell, self.rope):
            os.set_blocking(end, False)

    def stopping(self) -> bool:
        """Whether to end."""
        return self.tender.stopping.is_set()

    def may_listen(self) -> bool:
        """Whether there is room to keep the line open."""
        return self.tender.has_room()

    def rest(self, seconds: float) -> None:
        """Wait, but not for longer than the tender does."""
        self.tender.stopping.wait(seconds)

    def heard(self) -> None:
        """Forget that the bell rang."""
        with suppress(BlockingIOError):
            os.read(self.bell, 4096)

    def ring(self) -> None:
        """Wake the thread if it listens."""
        with suppress(OSError):  # full, or the thread has ended
            os.write(self.rope, b"!")

    def close(self) -> None:
        """The thread has ended."""
        os.close(self.bell)
        os.close(self.rope)


@dataclass(slots=True)
class Tender:
    """Runs until it is told to stop."""

    stopping: threading.Event = field(default_factory=threading.Event)
    _watches: dict[int, Watch] = field(default_factory=dict)  # by mailbox
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        """Look after mailboxes until stop() was called."""
        while not self.stopping.wait(LOOK_SECONDS):
            try:
                self.round()
            except DatabaseError as error:
                log.error("mailboxes rest for a moment: %s", describe(error))
                connections.close_all()
        self._end()
        connections.close_all()

    def round(self) -> int:
        """Begin what is due, and wake who is wanted; how many mailboxes were begun."""
        with self._lock:
            watches = dict(self._watches)
        for pk in wanted_now(watches) if watches else ():
            watches[pk].ring()
        free = config.mailbox_lines + SPARE_THREADS - len(watches)
        if free <= 0 or not any_due():
            return 0
        claimed = claim_mailboxes(limit=free, by=SYSTEM)
        for mailbox in claimed:
            self._begin(mailbox)
        return len(claimed)

    def has_room(self) -> bool:
        """Whether one more line may be kept open."""
        with self._lock:
            return len(self._watches) <= config.mailbox_lines

    def stop(self) -> None:
        """End all waits. What is fetched is kept; what is not comes next time."""
        self.stopping.set()
        with self._lock:
            watches = list(self._watches.values())
        for watch in watches:
            watch.ring()
            if watch.line is not None:
                watch.line.cut_off()

    def _begin(self, mailbox: Mailbox) -> None:
        watch = Watch(self)
        work = threading.Thread(
            target=self._watch, args=(mailbox, watch), name=f"mailbox {mailbox.pk}", daemon=True
        )
        watch.thread = work
        with self._lock:
            self._watches[mailbox.pk] = watch
        work.start()

    def _watch(self, mailbox: Mailbox, watch: Watch) -> None:
        try:
            run: Callable[[Mailbox, Watch], None] = importlib.import_module(VISITING).watch
            run(mailbox, watch)
        except DatabaseError as error:
            log.error("mailbox %d: %s", mailbox.pk, describe(error))  # its claim runs out
        finally:
            connections.close_all()
            with self._lock:
                if self._watches.get(mailbox.pk) is watch:
                    del self._watches[mailbox.pk]
            watch.close()

    def _end(self) -> None:
        self.stop()
        with self._lock:
            threads = [watch.thread for watch in self._watches.values() if watch.thread is not None]
        for thread in threads:
            thread.join(LAST_SECONDS)
