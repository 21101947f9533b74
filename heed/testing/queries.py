"""Budgets: a page or read says how many queries it may need, whatever the amount of data."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def assert_queries(*, at_most: int) -> Iterator[CaptureQueriesContext]:
    """Fail when more queries than `at_most` run inside, and show them all. SET, on PostgreSQL, asks nothing: none."""
    with CaptureQueriesContext(connection) as captured:
        yield captured
    queries = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith("SET ")]
    if len(queries) > at_most:
        listed = "\n".join(f"{number}. {text[:400]}" for number, text in enumerate(queries, 1))
        raise AssertionError(f"{len(queries)} queries where {at_most} are allowed:\n{listed}")
