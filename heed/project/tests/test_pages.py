"""Requests under ASGI: what is larger than any form of ours is refused; who waits goes before what looks again."""

import asyncio
import threading

import pytest
from django.http import HttpRequest, HttpResponse

from heed.project import pages
from heed.project.pages import Message, Pages


def test_a_request_without_end_is_refused_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "BODY_BYTES", 10_000)
    given, sent = [], []

    async def receive() -> Message:
        given.append(1)
        return {"type": "http.request", "body": b"x" * 1_000, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/accounts/login/", "headers": [], "query_string": b""}
    asyncio.run(Pages()(scope, receive, send))
    assert sent[0]["status"] == 413
    assert len(given) == 11


def test_a_page_is_answered_while_everybody_looks_at_the_list_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looking, may_go_on = threading.Semaphore(0), threading.Event()
    answered: list[str] = []

    def answer(_: Pages, request: HttpRequest) -> HttpResponse:
        if request.headers.get("HX-Trigger") == "list":
            looking.release()
            assert may_go_on.wait(10)
        answered.append(request.path)
        return HttpResponse()

    monkeypatch.setattr(Pages, "get_response", answer)
    desk = Pages()

    async def ask(path: str, *, trigger: str) -> None:
        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(_: Message) -> None:
            pass

        headers = [(b"host", b"localhost"), (b"hx-trigger", trigger.encode())]
        await desk(
            {"type": "http", "method": "GET", "path": path, "headers": headers, "query_string": b""},
            receive,
            send,
        )

    async def everybody() -> None:
        looks = [asyncio.create_task(ask("/list/", trigger="list")) for _ in range(50)]
        for _ in range(pages.LOOK_THREADS):
            await asyncio.to_thread(looking.acquire, timeout=10)
        await ask("/page/", trigger="a-link")
        assert answered == ["/page/"]
        may_go_on.set()
        await asyncio.gather(*looks)

    asyncio.run(everybody())
    assert len(answered) == 51
