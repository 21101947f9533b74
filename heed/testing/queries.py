"""How a read goes about it: how many queries it may need, whatever the amount of data, and along which index."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from heed.kernel.rows import is_postgres


@contextmanager
def assert_queries(*, at_most: int) -> Iterator[CaptureQueriesContext]:
    """Fail when more queries than `at_most` run inside, and show them all. SET, on PostgreSQL, asks nothing: none."""
    with CaptureQueriesContext(connection) as captured:
        yield captured
    queries = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith("SET ")]
    if len(queries) > at_most:
        listed = "\n".join(f"{number}. {text[:400]}" for number, text in enumerate(queries, 1))
        raise AssertionError(f"{len(queries)} queries where {at_most} are allowed:\n{listed}")


@contextmanager
def plans(about: str, *, without: Sequence[str] = ("seqscan",)) -> Iterator[list[str]]:
    """Lists, line by line, how the engine goes about each SELECT inside that says `about`.

    On PostgreSQL without a look at the values, as the desk's connections are set to, and without these ways of reading,
    which it prefers for tables as small as a test's.
    """
    lines: list[str] = []

    def explain(
        execute: Callable[..., object], query: str, params: Any, many: object, context: object
    ) -> object:
        if query.startswith(("SELECT", "WITH")) and about in query:
            lines.extend(_plan(query, params or (), without))
        return execute(query, params, many, context)

    with connection.execute_wrapper(explain):
        yield lines


def _plan(query: str, params: Sequence[Any], without: Sequence[str]) -> list[str]:
    with connection.cursor() as cursor:
        if not is_postgres():
            cursor.execute(f"EXPLAIN QUERY PLAN {query}", params)
            return [str(row[-1]) for row in cursor.fetchall()]
        for way in without:
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(
            "PREPARE looked AS " + query % tuple(f"${place}" for place in range(1, len(params) + 1))
        )
        values = ", ".join(["NULL"] * len(params))  # which nobody looks at
        cursor.execute(f"EXPLAIN EXECUTE looked({values})" if values else "EXPLAIN EXECUTE looked")
        lines = [str(row[0]) for row in cursor.fetchall()]
        cursor.execute("DEALLOCATE looked")
        return lines
