"""Requests under ASGI: what is larger than any form of ours is refused before it is read."""

import asyncio

import pytest

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
