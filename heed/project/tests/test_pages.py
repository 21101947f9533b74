"""Requests under ASGI: what is larger than any form of ours is refused; who waits goes before what looks again."""

import asyncio
import threading

import pytest
from django.http import HttpRequest, HttpResponse

from heed.kernel.outbound.guard import require_allowed
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


async def ask(desk: Pages, path: str, *, trigger: str = "a-link") -> None:
    """Ask for a page, and wait until it was answered."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Message) -> None:
        pass

    headers = [(b"host", b"localhost"), (b"hx-trigger", trigger.encode())]
    scope = {"type": "http", "method": "GET", "path": path, "headers": headers, "query_string": b""}
    await desk(scope, receive, send)


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

    async def everybody() -> None:
        looks = [asyncio.create_task(ask(desk, "/list/", trigger="list")) for _ in range(50)]
        for _ in range(pages.LOOK_TURNS):
            await asyncio.to_thread(looking.acquire, timeout=10)
        await ask(desk, "/page/")
        assert answered == ["/page/"]
        may_go_on.set()
        await asyncio.gather(*looks)

    asyncio.run(everybody())
    assert len(answered) == 51


def test_few_pages_are_made_at_once_and_who_waits_for_a_server_is_not_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting, servers_answer = threading.Semaphore(0), threading.Event()
    begun: list[str] = []

    def answer(_: Pages, request: HttpRequest) -> HttpResponse:
        begun.append(request.path)
        if request.path == "/page/":
            return HttpResponse()
        if request.path == "/try/":
            require_allowed()  # as everything does that goes to the network
        waiting.release()
        assert servers_answer.wait(10)
        return HttpResponse()

    monkeypatch.setattr(Pages, "get_response", answer)
    monkeypatch.setattr(pages, "LONG_SECONDS", 60)
    desk = Pages()

    async def everybody() -> None:
        under_way = [asyncio.create_task(ask(desk, "/try/")) for _ in range(pages.TURNS)]
        for _ in under_way:
            await asyncio.to_thread(waiting.acquire, timeout=10)
        await asyncio.wait_for(ask(desk, "/page/"), 10)
        under_way += [asyncio.create_task(ask(desk, "/slow/")) for _ in range(pages.TURNS)]
        for _ in range(pages.TURNS):
            await asyncio.to_thread(waiting.acquire, timeout=10)
        under_way.append(asyncio.create_task(ask(desk, "/page/")))
        await asyncio.sleep(0.05)
        assert begun.count("/page/") == 1  # the second waits for a turn
        servers_answer.set()
        await asyncio.gather(*under_way)

    asyncio.run(everybody())
    assert begun.count("/page/") == 2


def test_a_page_that_takes_long_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end = threading.Semaphore(0), threading.Event()
    answered: list[str] = []

    def answer(_: Pages, request: HttpRequest) -> HttpResponse:
        if request.path == "/long/":
            begun.release()
            assert may_end.wait(10)
        answered.append(request.path)
        return HttpResponse()

    monkeypatch.setattr(Pages, "get_response", answer)
    monkeypatch.setattr(pages, "LONG_SECONDS", 0.02)
    desk = Pages()

    async def everybody() -> None:
        long = asyncio.create_task(ask(desk, "/long/"))
        await asyncio.to_thread(begun.acquire, timeout=10)
        await asyncio.wait_for(ask(desk, "/page/"), 10)
        assert answered == ["/page/"]
        may_end.set()
        await long

    asyncio.run(everybody())
    assert answered == ["/page/", "/long/"]
