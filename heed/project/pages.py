"""Django's pages under ASGI: one thread does a whole request, on one of a few that stay.

Django's own ASGI handler starts a thread, and so a database connection, for each request, and changes threads for
each middleware; that costs more than many a page.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from heed.kernel.config import config
from heed.kernel.turns import turn

THREADS: Final = 8
"""Each has a database connection; they are started when that many requests are under way, and further ones wait."""

TURNS: Final = 1
"""So many of them work at the same time. They share one interpreter: of several that work side by side each takes as
many times longer, and with SQLite, which lets go of the interpreter at each row, they spent a fifth of their time on
changing places. The other threads are for requests that wait for something outside (heed.kernel.turns), or are long."""

LONG_SECONDS: Final = 0.1
"""After so long a request holds up nobody any more: the next one begins beside it."""

LOOK_TURNS: Final = 3
"""So many look again at what a page shows, because something happened: after every event everybody does, and nobody
waits for it as for a page they asked for. With SQLite they take turns with pages; on PostgreSQL, where a request also
waits for the server, they have turns of their own."""

LOOKS: Final = frozenset({b"list", b"nav-links", b"nav-made"})
"""The elements that fetch themselves again (desk.js), as HTMX names them in HX-Trigger."""

BODY_BYTES: Final = 2 * config.upload_max_bytes + 10_000_000
"""The largest request: files of an answer and of a note, and their texts. More is not even kept on the disk."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Run = Callable[..., Awaitable[Any]]


class TooLarge(Exception):
    """A request has more bytes than any form of ours."""


class Turns:
    """Work in threads, a few at a time."""

    def __init__(self, number: int, threads: ThreadPoolExecutor) -> None:
        self._free = asyncio.Semaphore(number)
        self._threads = threads

    async def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """What the work returns. It counts until it is done, takes long, or says that it waits (heed.kernel.turns)."""
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        is_over = False

        def end() -> None:
            nonlocal is_over
            if not is_over:
                is_over = True
                self._free.release()

        def tell() -> None:
            loop.call_soon_threadsafe(end)

        def work_in_turn() -> Any:
            with turn(tell):
                return work(*arguments)

        long = loop.call_later(LONG_SECONDS, end)
        try:
            return await loop.run_in_executor(self._threads, work_in_turn)
        finally:
            long.cancel()
            end()


class Looks:
    """Work of which only a little is under way, however long it takes."""

    def __init__(self, number: int, turns: Turns) -> None:
        self._free = asyncio.Semaphore(number)
        self._turns = turns

    async def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """What the work returns."""
        async with self._free:
            return await self._turns.run(work, *arguments)


class Pages(ASGIHandler):
    """Answers requests with Django's views and middleware, which are all synchronous."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)
        self._asked: Turns | None = None
        self._looks: Looks | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        try:
            body = await self.read_body(_limited(receive))
        except RequestAborted:
            return
        except TooLarge:
            await _refuse(send)
            return
        with body:
            set_script_prefix(get_script_prefix(scope))
            request, refusal = self.create_request(scope, body)
            run = self._turns(scope).run
            response = await run(self._answer, scope, request) if request is not None else refusal
            assert response is not None  # one of the two is there
            try:
                await self._send(response, send, run)
            finally:
                await run(response.close)

    def _answer(self, scope: Message, request: HttpRequest) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        return self.get_response(request)

    def _turns(self, scope: Message) -> Turns | Looks:
        if self._asked is None or self._looks is None:  # not before the fork
            threads = ThreadPoolExecutor(THREADS, thread_name_prefix="heed-page")
            self._asked = Turns(TURNS, threads)
            apart = self._asked if connection.vendor == "sqlite" else Turns(TURNS, threads)
            self._looks = Looks(LOOK_TURNS, apart)
        return self._looks if dict(scope["headers"]).get(b"hx-trigger") in LOOKS else self._asked

    async def _send(self, response: Any, send: Send, run: Run) -> None:
        headers = [(name.encode("ascii").lower(), value.encode("latin1")) for name, value in response.items()]
        headers += [
            (b"set-cookie", cookie.output(header="").strip().encode("ascii"))
            for cookie in response.cookies.values()
        ]
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        if response.streaming:
            parts = iter(response)
            while (part := await run(next, parts, None)) is not None:
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        else:
            await send({"type": "http.response.body", "body": response.content})


def _limited(receive: Receive) -> Receive:
    size = 0

    async def receive_some() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > BODY_BYTES:
            raise TooLarge
        return message

    return receive_some


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
