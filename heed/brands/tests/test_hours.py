from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from heed.brands.hours import (
    ALWAYS_OPEN,
    Calendar,
    NeverOpen,
    Windows,
    add,
    between,
    calendar_from,
    is_open,
    next_opening,
)
from heed.kernel.errors import Unusable

BERLIN = ZoneInfo("Europe/Berlin")
SPLIT: Windows = ((8 * 60, 12 * 60), (13 * 60 + 30, 18 * 60))
OFFICE = Calendar("Europe/Berlin", (SPLIT,) * 5 + ((), ()))
NIGHT = Calendar("Europe/Berlin", (((0, 24 * 60),),) * 7)

# Zones with half hours, changes at midnight, a skipped day and none at all.
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Africa/Cairo",
    "America/Havana",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
]
ZONES += ["Pacific/Apia", "America/Santiago", "UTC"]


def berlin(*when: int, fold: int = 0) -> datetime:
    """An instant by the clock in Berlin, in UTC: what comes twice equals nothing in its own zone."""
    wall = datetime(*when, tzinfo=BERLIN, fold=fold)  # type: ignore[misc,arg-type]  # year to minute
    return wall.astimezone(UTC)


@st.composite
def windows(draw: st.DrawFn) -> Windows:
    minutes = sorted(draw(st.lists(st.integers(0, 1_440), max_size=6, unique=True)))
    return tuple(zip(minutes[::2], minutes[1::2], strict=False))


calendars = st.builds(
    Calendar,
    st.sampled_from(ZONES),
    st.tuples(*[windows()] * 7),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20),
)


def instants_in(first: date, last: date) -> st.SearchStrategy[datetime]:
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    span = (last - first) // timedelta(microseconds=1)
    return st.integers(0, span).map(lambda passed: start + timedelta(microseconds=passed))


instants = instants_in(date(2026, 1, 1), date(2027, 1, 1))
# Apia skipped the 30th of December 2011.
old_instants = instants_in(date(2011, 12, 20), date(2012, 1, 10))
seconds = st.integers(0, 400 * 3_600)


def test_the_deadline_of_the_hand_computed_case() -> None:
    """Friday 16:30, two hours, Monday a holiday, clocks change on Sunday, 45 minutes waiting for the customer.

    Friday has 90 minutes left until 18:00, so 30 remain. They and the 45 minutes that did not count run on
    Tuesday from 8:00: 8:30 without the waiting, 9:15 with it.
    """
    for monday, year in ((date(2026, 3, 30), (2026, 3, 27)), (date(2026, 10, 26), (2026, 10, 23))):
        calendar = Calendar("Europe/Berlin", OFFICE.windows, frozenset({monday}))
        asked = berlin(*year, 16, 30)
        tuesday = monday + timedelta(days=1)
        eight = berlin(tuesday.year, tuesday.month, tuesday.day, 8)
        assert add(calendar, asked, 2 * 3_600) == eight + timedelta(minutes=30)
        assert add(calendar, asked, 2 * 3_600 + 45 * 60) == eight + timedelta(minutes=75)
        assert between(calendar, asked, eight + timedelta(minutes=30)) == 2 * 3_600


def test_windows_open_and_close_by_the_clock_on_the_wall() -> None:
    assert is_open(OFFICE, berlin(2026, 3, 27, 8))
    assert is_open(OFFICE, berlin(2026, 3, 30, 8))  # an hour earlier in UTC than the week before
    assert not is_open(OFFICE, berlin(2026, 3, 30, 7, 59))
    assert not is_open(OFFICE, berlin(2026, 3, 30, 12))
    assert not is_open(OFFICE, berlin(2026, 3, 28, 9))


def test_a_night_is_shorter_or_longer_when_clocks_change() -> None:
    assert between(NIGHT, berlin(2026, 3, 29), berlin(2026, 3, 30)) == 23 * 3_600
    assert between(NIGHT, berlin(2026, 10, 25), berlin(2026, 10, 26)) == 25 * 3_600


def test_a_skipped_time_is_the_moment_of_the_change_and_of_a_double_one_the_first_counts() -> None:
    early = Calendar("Europe/Berlin", (((2 * 60 + 30, 4 * 60),),) * 7)
    assert next_opening(early, berlin(2026, 3, 29)) == berlin(2026, 3, 29, 3)
    assert between(early, berlin(2026, 3, 29), berlin(2026, 3, 30)) == 3_600
    assert next_opening(early, berlin(2026, 10, 25)) == berlin(2026, 10, 25, 2, 30)
    assert between(early, berlin(2026, 10, 25), berlin(2026, 10, 26)) == 5 * 1_800
    within = Calendar("Europe/Berlin", (((2 * 60 + 10, 2 * 60 + 50),),) * 7)
    assert between(within, berlin(2026, 3, 29), berlin(2026, 3, 30)) == 0
    assert between(within, berlin(2026, 10, 25), berlin(2026, 10, 26)) == 40 * 60


def test_the_next_opening_is_now_or_later() -> None:
    assert next_opening(OFFICE, berlin(2026, 11, 23, 9)) == berlin(2026, 11, 23, 9)
    assert next_opening(OFFICE, berlin(2026, 11, 20, 18)) == berlin(2026, 11, 23, 8)
    assert next_opening(OFFICE, berlin(2026, 11, 23, 12, 15)) == berlin(2026, 11, 23, 13, 30)


@given(calendars, instants, seconds)
def test_adding_then_measuring_gives_what_was_added(calendar: Calendar, start: datetime, amount: int) -> None:
    assume(_opens(calendar, start))
    end = add(calendar, start, amount)
    assert end >= start
    assert between(calendar, start, end) == amount
    # … and a moment earlier it had not passed yet.
    if amount:
        assert between(calendar, start, end - timedelta(microseconds=1)) < amount


@given(st.builds(Calendar, st.just("Pacific/Apia"), st.tuples(*[windows()] * 7)), old_instants, seconds)
def test_a_day_that_never_was_counts_nothing(calendar: Calendar, start: datetime, amount: int) -> None:
    assume(_opens(calendar, start))
    assert between(calendar, start, add(calendar, start, amount)) == amount


@given(calendars, instants, st.integers(0, 90 * 86_400), st.integers(0, 90 * 86_400))
def test_stretches_of_time_add_up(calendar: Calendar, start: datetime, first: int, second: int) -> None:
    middle, end = start + timedelta(seconds=first), start + timedelta(seconds=first + second)
    whole = between(calendar, start, end)
    parts = between(calendar, start, middle) + between(calendar, middle, end)
    assert 0 <= whole - parts <= 1  # each part leaves its fraction of a second away
    assert whole <= first + second


@given(calendars, instants, seconds, seconds)
def test_more_time_never_ends_earlier(calendar: Calendar, start: datetime, few: int, more: int) -> None:
    assume(_opens(calendar, start))
    first, second = sorted((few, more))
    assert add(calendar, start, first) <= add(calendar, start, second)
    assert add(calendar, start, first) <= add(calendar, start + timedelta(hours=1), first) or first == 0


@given(calendars, instants)
def test_open_means_that_time_counts(calendar: Calendar, at: datetime) -> None:
    at = at.replace(microsecond=0)
    assert is_open(calendar, at) == (between(calendar, at, at + timedelta(seconds=1)) == 1)
    if _opens(calendar, at):
        opening = next_opening(calendar, at)
        assert is_open(calendar, opening)
        assert between(calendar, at, opening) == 0
        assert (opening == at) == is_open(calendar, at)


def _opens(calendar: Calendar, at: datetime) -> bool:
    """Not only within an hour that is skipped once."""
    return any(
        between(calendar, at + timedelta(days=n), at + timedelta(days=n + 1)) > 600 for n in (400, 401, 402)
    )


def test_hours_that_never_open_are_said_to_be_so_at_once() -> None:
    never = Calendar("UTC")
    assert not is_open(never, berlin(2026, 1, 1))
    assert between(never, berlin(2026, 1, 1), berlin(2027, 1, 1)) == 0
    every_monday = frozenset(date(2026, 1, 5) + timedelta(weeks=n) for n in range(600))
    mondays = Calendar("UTC", (SPLIT, (), (), (), (), (), ()), every_monday)
    for calendar in (never, mondays):
        with pytest.raises(NeverOpen):
            add(calendar, berlin(2026, 1, 1), 1)
        with pytest.raises(NeverOpen):
            next_opening(calendar, berlin(2026, 1, 1))
    with pytest.raises(NeverOpen):
        add(Calendar("UTC", (((0, 1),), (), (), (), (), (), ())), berlin(2026, 1, 1), 10**9)


def test_always_open_counts_every_second() -> None:
    start = berlin(2026, 3, 28, 20)
    assert add(ALWAYS_OPEN, start, 86_400) == start.astimezone(UTC) + timedelta(days=1)
    assert between(ALWAYS_OPEN, start, start.astimezone(UTC) + timedelta(days=1)) == 86_400
    assert is_open(ALWAYS_OPEN, start)
    assert next_opening(ALWAYS_OPEN, start) == start


@pytest.mark.parametrize(
    "day", [((60, 60),), ((60, 50),), ((0, 1_441),), ((-1, 5),), ((0, 60), (50, 70)), ((50, 70), (0, 60))]
)
def test_windows_that_make_no_sense_are_refused(day: Windows) -> None:
    with pytest.raises(Unusable):
        Calendar("UTC", (day,) + ((),) * 6)


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "", "../etc/passwd", "Europe"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(Unusable):
        Calendar(zone)


def test_a_brand_row_is_read() -> None:
    calendar = calendar_from(
        time_zone="Europe/Berlin", hours={"0": [[810, 1080], [480, 720]]}, holidays=["2026-12-25"]
    )
    assert calendar.windows[0] == SPLIT
    assert calendar.windows[1:] == ((),) * 6
    assert calendar.holidays == {date(2026, 12, 25)}
    for wrong in ({"0": [[1]]}, {"0": 5}, {"0": [["a", "b"]]}, {"0": [[0, 9999]]}):
        with pytest.raises(Unusable):
            calendar_from(time_zone="UTC", hours=wrong)  # type: ignore[arg-type]  # the point of it


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        add(OFFICE, berlin(2026, 1, 1), -1)
    assert between(OFFICE, berlin(2026, 1, 9), berlin(2026, 1, 2)) == 0
