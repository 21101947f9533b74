"""The line between browsers and the desk: it counts open event streams, can go dead, and can lose answers."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 65_536
STREAM = b"GET /events"


@dataclass(eq=False)
class Call:
    """One connection of a browser and the one behind it."""

    browser: socket.socket
    desk: socket.socket
    asked: bytes = b""  # the line of its newest request

    def hang_up(self) -> None:
        """Close both ends."""
        for end in (self.browser, self.desk):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@dataclass
class Wire:
    """Listens on a port of its own and passes everything on."""

    port_of_desk: int
    calls: set[Call] = field(default_factory=set)
    requests: list[bytes] = field(default_factory=list)
    is_dead: bool = False
    loses: bytes = b""  # answers to requests whose line holds these bytes never arrive
    lost: int = 0

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Where browsers look at the desk through this line."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    @property
    def streams(self) -> int:
        """How many event streams are open."""
        return sum(call.asked.startswith(STREAM) for call in self.calls)

    def cut(self) -> None:
        """The line is dead from now on: what is open ends, what is new is not answered."""
        self.is_dead = True
        for call in list(self.calls):
            call.hang_up()

    def mend(self) -> None:
        """The line works again."""
        self.is_dead = False

    def close(self) -> None:
        """End everything."""
        self.cut()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listening.accept()
            except OSError:
                return
            if self.is_dead:
                browser.close()
                continue
            try:
                call = Call(browser, socket.create_connection(("127.0.0.1", self.port_of_desk), timeout=5))
            except OSError:  # the desk is being started again
                browser.close()
                continue
            call.desk.settimeout(None)
            self.calls.add(call)
            threading.Thread(target=self._pass_on, args=(call, self._ask), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(call, self._answer), daemon=True).start()

    def _pass_on(self, call: Call, step: Callable[[Call], bool]) -> None:
        with suppress(OSError):
            while step(call):
                pass
        call.hang_up()
        self.calls.discard(call)

    def _ask(self, call: Call) -> bool:
        sent = call.browser.recv(CHUNK)
        if sent.startswith((b"GET /", b"POST /")):
            call.asked = sent.partition(b"\r\n")[0]
            self.requests.append(call.asked)
        call.desk.sendall(sent)
        return bool(sent)

    def _answer(self, call: Call) -> bool:
        said = call.desk.recv(CHUNK)
        if said and self.loses and self.loses in call.asked:
            self.lost += 1
            return False
        call.browser.sendall(said)
        return bool(said)


@contextmanager
def wired(port_of_desk: int) -> Iterator[Wire]:
    """A line to the desk on this port, until the block is left."""
    wire = Wire(port_of_desk)
    try:
        yield wire
    finally:
        wire.close()


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether something became true in so many seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return holds()
