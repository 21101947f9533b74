"""Searches as pages make them, in process, without the template: every kind of thing that people type."""

from collections.abc import Callable
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from bench.inside.setup import VIEWER
from heed.conversations.filters import read
from heed.conversations.models import Message
from heed.conversations.queries.conditions import Reader
from heed.conversations.queries.customers import customers, customers_called
from heed.conversations.queries.search import Order, search
from heed.language.tokens import words
from heed.people import naming
from heed.people.models import Agent, Identity
from heed.people.queries import actor_for

UTC = ZoneInfo("UTC")


def learn() -> int:
    """Learn every customer that the desk holds, as its workers would; how many."""
    learnt = 0
    while some := naming.step():
        learnt += some
    connection.close()
    return learnt


def measure(*, times: int) -> dict[str, dict[str, Any]]:
    """Search so often for each kind of text, as one who sees half of the teams. Gives milliseconds and hits by kind."""
    reader = Reader(actor_for(Agent.objects.get(email=VIEWER)), UTC)
    found = {}
    for kind, text in _texts().items():
        asked = read(text).filter
        for order in Order:
            run = _run(lambda: search(reader, asked, order=order).hits, times)  # noqa: B023 - called at once
            found[f"{kind}_{order}"] = run | {"text": text}
    part = Identity.objects.order_by("-pk").values_list("value", flat=True)[0].partition("@")[0][1:]
    people: dict[str, Callable[[], Any]] = {
        "customers": lambda: customers(reader.actor).rows,
        "customers_called": lambda: customers(reader.actor, text=part).rows,
        "customers_palette": lambda: customers_called(reader.actor, part, limit=4),
    }
    for kind, ask in people.items():
        found[kind] = _run(ask, times) | {"text": part}
    connection.close()
    return found


def _run(ask: Callable[[], Any], times: int) -> dict[str, Any]:
    hits, took = len(ask()), []
    for _ in range(times):
        start = perf_counter()
        ask()
        took.append((perf_counter() - start) * 1000)
    return {"ms": took, "hits": hits}


def _texts() -> dict[str, str]:
    """What is typed: words of the newest message that has many, by how common they are."""
    message = Message.objects.exclude(text="").order_by("-pk")[0]
    told = sorted({word for word in words(message.text) if word.isalpha()}, key=len)
    common, long = told[len(told) // 3], told[-1]
    return {
        "common": f"{common} ",
        "typing": long[:3],
        "two": f"{common} {long} ",
        "phrase": f'"{" ".join(words(message.text)[:2])}"',
        "address": message.from_address[:8] or "help",
        "inside": message.from_address[1:6] or "elp@",
        "rare": "zyxophone ",
        "from": f"from:{(message.from_name or 'a b').split()[0]}",
        "fields": "is:open -is:mine",
        "old": f"{common} before:2020",
        "number": f"#{message.conversation_id}",
    }
