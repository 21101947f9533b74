"""The short ways on PostgreSQL give what psycopg and Django give."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from heed.kernel.postgres import base

FIRST, LAST = datetime.fromisoformat("0001-01-02"), datetime.fromisoformat("9999-12-30")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_on_postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL's own ways")


def asked(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def test_a_long_read_is_read_for_its_places_once() -> None:
    long = "SELECT %s::bigint, '100%%', %s::text -- " + "x" * 9_000
    base._converted.cache_clear()
    assert asked(long, 7, "%s") == [(7, "100%", "%s")]
    assert asked(long, 8, "Ü'\"") == [(8, "100%", "Ü'\"")]
    told = base._converted.cache_info()
    assert (told.misses, told.hits) == (1, 1)


def test_a_write_is_not_kept_and_named_values_work() -> None:
    base._converted.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE numbers (n bigint)")
        cursor.execute("INSERT INTO numbers VALUES (%s), (%s)", [1, 2])
        assert base._converted.cache_info().currsize == 0
        cursor.execute("SELECT sum(n) * %(by)s + %(by)s FROM numbers", {"by": 10})
        assert cursor.fetchone() == (40,)


def test_values_that_do_not_fit_their_places_are_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(psycopg.ProgrammingError), connection.cursor() as cursor:
            cursor.cursor.execute("SELECT %s::bigint, %s::bigint", [1])


def known_plans() -> list[tuple[str, int, int]]:
    """The statements of this connection that the server has plans of: text, and how often run by each kind of plan."""
    return [
        tuple(row)
        for row in asked("SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements")
    ]


def test_numbers_of_every_size_share_one_plan_and_come_back_as_they_were() -> None:
    numbers = [0, 1, -1, 32_767, 32_768, -32_769, 2**31 - 1, -(2**31)]
    for first in numbers:
        assert asked("WITH n AS (SELECT %s + 0::bigint AS n) SELECT n, %s FROM n", first, 5) == [(first, 5)]
    [(_, generic, custom)] = [plan for plan in known_plans() if plan[0].startswith("WITH n AS")]
    assert (generic, custom) == (len(numbers), 0)


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 2**63 - 1, -(2**63), 2**63, 10**30])
def test_numbers_that_are_no_integer_keep_their_value(number: int) -> None:
    assert asked("SELECT %s::numeric, %s::text", number, number) == [(number, str(number))]


def test_an_integer_goes_wherever_the_server_wants_one() -> None:
    assert asked("SELECT left(%s, %s), %s::smallint, %s = ANY(%s)", "Heed", 2, 7, 3, [1, 3]) == [
        ("He", 7, True)
    ]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE small (n smallint)")
        cursor.execute("INSERT INTO small VALUES (%s)", [12])
        cursor.execute("SELECT n FROM small WHERE n = %s LIMIT %s OFFSET %s", [12, 1, 0])
        assert cursor.fetchone() == (12,)


def test_reads_of_several_parts_are_planned_at_the_first_time_and_others_when_they_come_again() -> None:
    asked("WITH once AS (SELECT %s AS n) SELECT n FROM once", 1)
    asked("SELECT %s AS alone", 1)
    texts = [plan[0] for plan in known_plans()]
    assert any(text.startswith("WITH once AS") for text in texts)
    assert not any("AS alone" in text for text in texts)


@settings(max_examples=60, deadline=None)
@given(at=st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC)))
def test_a_time_comes_back_as_it_was(at: datetime) -> None:
    [(back,)] = asked("SELECT %s::timestamptz", at)
    assert back == at
    assert back.tzinfo is UTC


def test_a_time_in_another_zone_and_one_that_python_has_not() -> None:
    at = datetime(2026, 11, 24, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert asked("SELECT %s::timestamptz", at) == [(at,)]
    assert asked("SELECT NULL::timestamptz") == [(None,)]
    with pytest.raises(psycopg.DataError), connection.cursor() as cursor:
        cursor.cursor.execute("SELECT 'infinity'::timestamptz")
        cursor.cursor.fetchall()
