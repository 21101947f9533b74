"""`/events`: the stream that tells agents' browsers what changed. Raw ASGI: no thread and no request of Django each."""

import asyncio
from typing import Final
from urllib.parse import parse_qs

from heed.live.sessions import session_of
from heed.live.streams import Message, Receive, Send, Stream
from heed.live.tail import Tail

WELCOME_SECONDS: Final = 15.0
_LARGEST: Final = 2**63 - 1


class Events:
    """Answers requests for the stream. start and stop belong to the server's life."""

    def __init__(self) -> None:
        self._tail: Tail | None = None
        self._open: set[Stream] = set()

    def start(self) -> None:
        """Follow the log from now on. Called in the event loop."""
        self._tail = Tail(asyncio.get_running_loop())

    async def close_streams(self) -> None:
        """End every stream: browsers come back to the next process."""
        for stream in list(self._open):
            stream.close()

    async def stop(self) -> None:
        """Follow the log no more."""
        if self._tail is not None:
            await self._tail.stop()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request: 200 and a stream without end, 401 for nobody, 405 for anything but GET."""
        if scope["method"] != "GET":
            await _refuse(send, 405)
            return
        session = session_of(scope["headers"])
        if session is None:
            await _refuse(send, 401)
            return
        if self._tail is None:
            await _refuse(send, 503)
            return
        await self._listen(self._tail, Stream(session, send), after(scope), receive, send)

    async def _listen(
        self, tail: Tail, stream: Stream, after: int | None, receive: Receive, send: Send
    ) -> None:
        try:
            welcome = await asyncio.wait_for(tail.join(stream, after=after), WELCOME_SECONDS)
            if welcome.first is None:
                await _refuse(send, 401)
                return
            self._open.add(stream)
            await stream.open(welcome.first)
            while (await receive())["type"] != "http.disconnect":
                pass
        except TimeoutError:
            await _refuse(send, 503)
        finally:
            self._open.discard(stream)
            tail.leave(stream)
            stream.forget()


def after(scope: Message) -> int | None:
    """The last event that the browser has seen: from the header of one that lost its line, or from the address."""
    header = next((value for name, value in scope["headers"] if name == b"last-event-id"), b"")
    query = parse_qs(scope.get("query_string", b"")).get(b"after", [b""])[-1]
    seen = [int(text) for text in (header, query) if text.isdigit() and len(text) < 20]
    return min(max(seen), _LARGEST) if seen else None


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
