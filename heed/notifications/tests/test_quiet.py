"""Quiet hours: whatever they are, somebody is sent something after them, and nothing within."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from heed.notifications.quiet import Quiet

BERLIN = "Europe/Berlin"
NIGHT = Quiet(BERLIN, 20 * 60, 7 * 60)
MINUTES = st.integers(0, 1439)
ZONES = st.sampled_from(["UTC", BERLIN, "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo"])
FIRST, LAST = (datetime(year, 1, 1) for year in (2020, 2035))  # noqa: DTZ001 - hypothesis adds the zone
INSTANTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
QUIETS = st.builds(
    Quiet, ZONES, MINUTES, MINUTES, st.lists(st.integers(0, 6), max_size=6, unique=True).map(tuple)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_night_ends_in_the_morning_by_the_clock_there() -> None:
    assert NIGHT.over_at(at("2026-11-02 12:00")) == at("2026-11-02 12:00")
    assert NIGHT.over_at(at("2026-11-02 20:30")) == at("2026-11-03 06:00")
    assert NIGHT.over_at(at("2026-11-03 02:00")) == at("2026-11-03 06:00")
    assert NIGHT.over_at(at("2026-07-03 02:00")) == at("2026-07-03 05:00")


def test_a_quiet_day_ends_at_midnight_and_the_night_after_it_counts() -> None:
    sundays = Quiet(BERLIN, 22 * 60, 6 * 60, (6,))
    assert sundays.over_at(at("2026-11-01 12:00")) == at("2026-11-02 05:00")
    assert Quiet(BERLIN, days=(6,)).over_at(at("2026-11-01 12:00")) == at("2026-11-01 23:00")


def test_who_is_never_to_be_told_is_asked_again_some_day() -> None:
    always = Quiet(BERLIN, days=tuple(range(7)))
    now = at("2026-11-01 12:00")
    assert timedelta(days=7) < always.over_at(now) - now < timedelta(days=9)


def test_nights_in_which_clocks_are_changed_end_when_they_end_there() -> None:
    short = Quiet(BERLIN, 22 * 60, 2 * 60 + 30)
    assert short.over_at(at("2026-03-28 23:00")) == at("2026-03-29 01:00")  # half past two is not there
    assert short.over_at(at("2026-10-24 23:00")) == at("2026-10-25 00:30")
    assert short.over_at(at("2026-10-25 01:15")) == at("2026-10-25 01:30")  # it is there a second time
    assert Quiet(BERLIN, 170, 180).over_at(at("2026-10-25 00:55")) == at("2026-10-25 01:00")


@given(
    st.sampled_from([at("2026-03-29 01:00"), at("2026-10-25 01:00")]),
    MINUTES,
    MINUTES,
    st.integers(-600, 600),
)
def test_around_a_change_of_clocks_nothing_leaves_early_or_late(
    change: datetime, begins: int, ends: int, minutes: int
) -> None:
    quiet, now = Quiet(BERLIN, begins, ends), change + timedelta(minutes=minutes)
    over, walked = quiet.over_at(now), now
    while quiet.is_quiet(walked):
        walked += timedelta(minutes=1)
    assert over == walked


def test_hours_that_begin_where_they_end_are_none() -> None:
    assert not Quiet(BERLIN, 300, 300).is_quiet(at("2026-11-02 04:30"))


@given(QUIETS, INSTANTS)
def test_what_waits_leaves_when_it_is_over_and_not_before(quiet: Quiet, now: datetime) -> None:
    over = quiet.over_at(now)
    assert over >= now
    assert not quiet.is_quiet(over)
    assert over - now < timedelta(days=9)
    between = now
    while between < over:
        assert quiet.is_quiet(between)
        between += timedelta(minutes=37)
