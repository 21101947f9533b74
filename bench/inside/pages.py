"""Pages through the desk's own ASGI application, in process: middleware, session, queries, templates, all of it.

Only the socket and the HTTP parser in front of it are left out.
"""

import asyncio
from collections.abc import Callable, Sequence
from random import Random
from time import perf_counter
from typing import Any

from asgiref.typing import ASGI3Application
from django.conf import settings
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import import_string

from bench.inside.setup import VIEWER
from heed.conversations import queries
from heed.people.models import Agent
from heed.people.queries import actor_for

HOST = "localhost"
WARM = 20


def measure(*, times: int, conversations: int) -> dict[str, dict[str, Any]]:
    """Look at each page so often. Gives by page the milliseconds of every look and how many queries it took.

    The conversation page is of another conversation each time, spread over all that the agent's lists reach.
    """
    agent = Agent.objects.get(email=VIEWER)
    client = _client(agent)
    cookie = _cookie(client)
    numbers = _numbers(agent, times + WARM, conversations)
    found = {}
    for name, path in (
        ("my_turn", lambda n: "/inbox/my-turn/"),
        ("all_open", lambda n: "/inbox/all-open/"),
        ("conversation", lambda n: f"/inbox/all-open/{numbers[n]}/"),
    ):
        found[name] = _look(path, cookie, times) | {"queries": _count_queries(client, path)}
    connection.close()
    return found


def log_in() -> str:
    """The cookie of an agent who is logged in."""
    cookie = _cookie(_client(Agent.objects.get(email=VIEWER)))
    connection.close()
    return cookie


def _client(agent: Agent) -> Client:
    client = Client(HTTP_HOST=HOST)
    client.force_login(agent, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def _cookie(client: Client) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _numbers(agent: Agent, wanted: int, conversations: int) -> list[int]:
    """Numbers of conversations that the agent may see, from the oldest to the newest."""
    random = Random("heed pages")
    actor = actor_for(agent)
    seen: list[int] = []
    while len(seen) < wanted:
        some = [random.randrange(1, conversations + 1) for _ in range(2 * wanted)]
        seen += sorted(queries.visible(actor, some), key=lambda number: random.random())
    return seen[:wanted]


def _look(path: Callable[[int], str], cookie: str, times: int) -> dict[str, Any]:
    application = import_string(settings.ASGI_APPLICATION)
    return asyncio.run(_looks(application, path, cookie, times))


async def _looks(
    application: ASGI3Application, path: Callable[[int], str], cookie: str, times: int
) -> dict[str, Any]:
    for number in range(WARM):
        await _get(application, path(times + number), cookie)
    taken, size = [], 0
    for number in range(times):
        began = perf_counter()
        size = await _get(application, path(number), cookie)
        taken.append((perf_counter() - began) * 1_000)
    return {"ms": taken, "bytes": size}


async def _get(application: ASGI3Application, path: str, cookie: str) -> int:
    """One GET; the size of the answer's body. Raises RuntimeError for anything but 200."""
    asked = False
    status, size = 0, 0

    async def receive() -> Any:
        nonlocal asked
        if asked:
            await asyncio.sleep(3_600)  # a browser that waits
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status, size
        status = message.get("status", status)
        size += len(message.get("body", b""))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": _headers(cookie),
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8_000),
    }
    await application(scope, receive, send)  # type: ignore[arg-type]  # a plain dict is what servers give
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    return size


def _headers(cookie: str) -> list[tuple[bytes, bytes]]:
    given = {
        "host": HOST,
        "accept": "text/html,application/xhtml+xml",
        "accept-encoding": "gzip, deflate, br",
        "accept-language": "en",
        "cookie": cookie,
        "user-agent": "bench",
    }
    return [(name.encode(), value.encode()) for name, value in given.items()]


def _count_queries(client: Client, path: Callable[[int], str]) -> Sequence[int]:
    """How many queries a look takes, session and log-in included: the fewest and the most of some looks."""
    reset_queries()
    counts = []
    for number in range(WARM):
        with CaptureQueriesContext(connection) as captured:
            client.get(path(number))
        counts.append(len(captured))
    return min(counts), max(counts)
