"""Opening hours as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.brands.hours import Calendar
from heed.brands.hours_text import hours_text, read_hours
from heed.kernel.errors import Unusable

MINUTES = st.lists(st.integers(min_value=0, max_value=1440), unique=True, max_size=12)


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("", []),
        (" , ", []),
        ("9-17", [[540, 1020]]),
        ("9:00–12:30, 13:30–17:00", [[540, 750], [810, 1020]]),
        ("13:30 - 17 and 9.00 to 12.30", [[540, 750], [810, 1020]]),
        ("9am-5pm", [[540, 1020]]),
        ("12 am - 12 pm", [[0, 720]]),
        ("8h–12h30; 14h-18h", [[480, 750], [840, 1080]]),
        ("0:00–24:00", [[0, 1440]]),
        ("9-12, 12-17", [[540, 1020]]),
    ],
)
def test_many_ways_of_writing_hours_are_read(typed: str, spans: list[list[int]]) -> None:
    assert read_hours(typed) == spans


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("9", "no_hours"),
        ("nine to five", "no_hours"),
        ("9-25", "no_hours"),
        ("9-24:30", "no_hours"),
        ("9:60-10", "no_hours"),
        ("13pm-14pm", "no_hours"),
        ("0am-3am", "no_hours"),
        ("22-2", "backwards"),
        ("9-9", "backwards"),
        ("9-12, 11-13", "overlapping"),
        ("9-12, 9-12", "overlapping"),
        ("9-10," * 60, "too_long"),
    ],
)
def test_what_is_no_hours_says_why(typed: str, reason: str) -> None:
    with pytest.raises(Unusable) as told:
        read_hours(typed)
    assert (told.value.field, told.value.reason) == ("hours", reason)


@given(MINUTES)
def test_what_is_written_is_read_again(minutes: list[int]) -> None:
    bounds = sorted(minutes)[: len(minutes) // 2 * 2]
    spans = [list(pair) for pair in zip(bounds[::2], bounds[1::2], strict=True)]
    assert read_hours(hours_text(spans)) == spans


@given(st.text(alphabet="0123456789:.-–, apmhtond\n", max_size=60))
def test_whatever_is_typed_makes_a_day_or_is_refused(typed: str) -> None:
    try:
        spans = read_hours(typed)
    except Unusable:
        return
    day = tuple((first, last) for first, last in spans)
    assert Calendar("UTC", (day, *((),) * 6)).windows[0] == day
