"""One open event stream: what waits to be sent to it, and who sends it.

Everything here happens in the event loop. An idle stream costs one waiting coroutine; a writer exists only while
there is something to write, and a reader that is too slow is told to load everything anew.
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any, Final

from heed.conversations.presence import Present

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

WAITING_PIECES: Final = 100  # more than a browser that listens ever leaves unread
RETRY_MILLISECONDS: Final = 2_000


def change(event_id: int, kind: str, conversation_id: int | None, side: int | None = None) -> bytes:
    """One event: that something happened, and where. Never what is there now."""
    where = {"conversation": conversation_id, **({"side": side} if side is not None else {})}
    data = json.dumps({**where, "event": event_id, "kind": kind})
    return f"id: {event_id}\ndata: {data}\n\n".encode()


def reset(event_id: int) -> bytes:
    """Too much was missed: load everything anew; it goes on after this event."""
    return f'id: {event_id}\nevent: reset\ndata: {{"event": {event_id}}}\n\n'.encode()


def beat(event_id: int, *, pause: int) -> bytes:
    """The line is alive, and all up to this event was told. Pause: milliseconds between two looks at the lists."""
    return (
        f': beat\nid: {event_id}\nevent: beat\ndata: {{"event": {event_id}, "pause": {pause}}}\n\n'.encode()
    )


def beginning(event_id: int) -> bytes:
    """The first words: from where it goes on, should it be cut off before anything happens."""
    return f"retry: {RETRY_MILLISECONDS}\nid: {event_id}\n\n".encode()


class Stream:
    """An open stream of one browser, logged in with one session."""

    __slots__ = (
        "_closing",
        "_is_open",
        "_pieces",
        "_send",
        "_writer",
        "agent",
        "checked_at",
        "present",
        "session",
    )

    def __init__(self, session: str, send: Send) -> None:
        self.session = session
        self.agent = 0  # the agent's key, once the session was looked up
        self.checked_at = 0.0
        self.present: Mapping[int, Sequence[Present]] = {}  # who it was told is in a conversation
        self._send = send
        self._pieces: deque[bytes] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._is_open = False
        self._closing = False

    async def open(self, first: bytes) -> None:
        """Answer the request, say this first, then what came meanwhile."""
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        self._is_open = True
        self._pieces.appendleft(first)
        self._write_soon()

    def put(self, piece: bytes, *, up_to: int) -> None:
        """Send this when the line is free. When too much waits, it becomes one reset up to this event."""
        if self._closing:
            return
        if len(self._pieces) >= WAITING_PIECES:
            self._pieces.clear()
            piece = reset(up_to)
        self._pieces.append(piece)
        self._write_soon()

    def close(self) -> None:
        """End the stream after what waits; the browser comes back, and is asked again who it is."""
        self._closing = True
        self._write_soon()

    def forget(self) -> None:
        """The browser has gone: send nothing more."""
        self._closing = True
        self._pieces.clear()
        if self._writer is not None:
            self._writer.cancel()

    def _write_soon(self) -> None:
        if self._is_open and self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        try:
            while self._pieces:
                body = b"".join(self._pieces)
                self._pieces.clear()
                await self._send({"type": "http.response.body", "body": body, "more_body": True})
            if self._closing:
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._writer = None
