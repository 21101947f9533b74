"""Whatever a server's Retry-After says, we wait as long as it asks for, never longer than we would."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heed.kernel.outbound.retry_after import wait_asked_for

NOW = datetime(1994, 11, 6, 8, 47, 37, tzinfo=UTC)
LONGEST = timedelta(hours=4)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0120 ", 120),
        ("0", 0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 120),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 120),
        ("Sun Nov  6 08:49:37 1994", 120),
        ("Sun, 06 Nov 1994 08:40:00 GMT", 0),
        ("Sun, 06 Nov 2094 08:49:37 GMT", 14_400),
        ("9" * 5_000, 14_400),
        ("", 0),
        ("-5", 0),
        ("soon", 0),
        ("Sun, 99 Nov 1994 08:49:37 GMT", 0),
        ("\u0661\u0662\u0660", 0),  # digits of another script
    ],
)
def test_seconds_and_all_forms_of_dates_are_read(value: str, seconds: int) -> None:
    assert wait_asked_for(value, now=NOW, longest=LONGEST) == timedelta(seconds=seconds)


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,4} Nov [0-9]{1,9} [0-9:]{1,12} [+-][0-9]{1,9}"))
@example("Sun, 06 Nov 9999 08:49:37 -9999")
def test_nothing_that_is_said_makes_us_wait_longer_or_fail(value: str) -> None:
    assert timedelta() <= wait_asked_for(value, now=NOW, longest=LONGEST) <= LONGEST
