"""What the tests of mail share."""

import asyncio
import contextlib
import ssl
from collections.abc import Iterator

import pytest
import uvloop

from heed.channels.email.listener import ListenerLimits
from heed.channels.email.tests.listening import Running, Start


@pytest.fixture(params=["asyncio", "uvloop"])
def start(request: pytest.FixtureRequest) -> Iterator[Start]:
    with contextlib.ExitStack() as stack:

        def run(limits: ListenerLimits | None = None, tls: ssl.SSLContext | None = None) -> Running:
            loop = uvloop.new_event_loop() if request.param == "uvloop" else asyncio.new_event_loop()
            running = Running(limits or ListenerLimits(), tls, loop)
            stack.callback(running.stop)
            return running

        yield run
