"""A desk that answers on a real port in this process, and browsers that listen to its stream."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from heed.project.asgi import Desk
from heed.testing.world import Colleague

PATIENCE_SECONDS = 12.0  # less than the beats and checks that would hide a lost word


@dataclass
class Told:
    """One event of a stream."""

    kind: str
    id: int
    data: dict[str, Any]


@dataclass
class Browser:
    """An open line to the desk. Lines are read as they come; beats are counted, not told."""

    line: socket.socket
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    beats: int = 0
    pause: int = 0  # milliseconds between two looks at the lists, as the last beat said
    last_id: int = 0
    _text: str = ""

    def told(self, *, within: float = PATIENCE_SECONDS) -> Told | None:
        """The next event; None when none came in time, or the stream ended."""
        until = time.monotonic() + within
        while True:
            block, found, rest = self._text.partition("\n\n")
            if not found:
                if not self._read(until - time.monotonic()):
                    return None
                continue
            self._text = rest
            event = self._event(block)
            if event is not None:
                return event

    def wait_for_beat(self, *, pause: int, number: int = 1) -> None:
        """Listen until so many beats came and the last says this pause, in milliseconds. Fails after a while."""
        until = time.monotonic() + PATIENCE_SECONDS
        while self.pause != pause or self.beats < number:
            assert time.monotonic() < until, f"{self.beats} beats, the last says {self.pause} ms"
            self.told(within=0.1)

    def is_ended(self, *, within: float = PATIENCE_SECONDS) -> bool:
        """True when the desk ends the stream in time."""
        until = time.monotonic() + within
        while self.told(within=until - time.monotonic()) is not None:
            pass
        return self._ended

    _ended: bool = False

    def _event(self, block: str) -> Told | None:
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        self.last_id = int(fields.get("id", self.last_id))
        kind = fields.get("event", "message")
        if kind == "beat":
            self.beats += 1
            self.pause = json.loads(fields["data"])["pause"]
        if "data" not in fields or kind == "beat":
            return None
        return Told(kind, self.last_id, json.loads(fields["data"]))

    def _read(self, seconds: float) -> bool:
        if self._ended or seconds <= 0:
            return False
        self.line.settimeout(seconds)
        try:
            piece = self.line.recv(65536)
        except TimeoutError:
            return False
        if not piece or b"0\r\n\r\n" in piece:
            self._ended = True
        for part in piece.split(b"\r\n"):
            if part and not (len(part) < 6 and all(c in b"0123456789abcdef" for c in part)):
                self._text += part.decode()
        return bool(piece)


@dataclass
class Port:
    """Where the desk answers."""

    number: int
    server: uvicorn.Server

    @contextmanager
    def request(
        self, path: str, *, method: str = "GET", cookie: str = "", **headers: str
    ) -> Iterator[Browser]:
        """Ask for something; gives the status, the headers and what follows."""
        with socket.create_connection(("127.0.0.1", self.number), PATIENCE_SECONDS) as line:
            lines = [
                f"{method} {path} HTTP/1.1",
                "Host: localhost",
                *([f"Cookie: {cookie}"] if cookie else []),
            ]
            lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
            line.sendall("\r\n".join([*lines, "", ""]).encode())
            head = b""
            while b"\r\n\r\n" not in head:
                piece = line.recv(1)
                assert piece, head
                head += piece
            first, *rest = head.decode().strip().splitlines()
            yield Browser(
                line, int(first.split()[1]), {k.lower(): v for k, v in (r.split(": ", 1) for r in rest)}
            )

    @contextmanager
    def listen(
        self, who: Colleague, *, after: int | None = None, address: str = "/events"
    ) -> Iterator[Browser]:
        """Open the stream as this agent's browser, and wait until it is open."""
        headers = {} if after is None else {"Last_Event_ID": str(after)}
        with self.request(address, cookie=cookie_of(who), **headers) as browser:
            assert browser.status == 200, browser.status
            until = time.monotonic() + PATIENCE_SECONDS
            while "\n\n" not in browser._text and time.monotonic() < until:
                browser._read(0.5)
            yield browser


def cookie_of(who: Colleague) -> str:
    """The session of someone who logged in."""
    return f"sessionid={who.client.cookies['sessionid'].value}"


@contextmanager
def desk() -> Iterator[Port]:
    """A desk on a free port, in a thread."""
    listening = socket.create_server(("127.0.0.1", 0))
    app = Desk()
    server = uvicorn.Server(
        uvicorn.Config(app, lifespan="on", log_config=None, access_log=False, timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    try:
        yield Port(listening.getsockname()[1], server)
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
