"""The clock tells the present, unless a story is being told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import available_timezones

import pytest

from heed.kernel import clock

NOON = datetime(2024, 2, 29, 12, 0, tzinfo=UTC)


def test_the_clock_tells_the_present_in_utc():
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC


def test_inside_a_story_the_clock_stands_still_and_afterwards_it_runs_again():
    with clock.at(NOON):
        assert clock.now() == clock.now() == NOON
        with clock.at(NOON + timedelta(hours=1)):
            assert clock.now() == NOON + timedelta(hours=1)
        assert clock.now() == NOON
    assert clock.now() > NOON


def test_an_error_in_a_story_lets_the_clock_run_again():
    with pytest.raises(RuntimeError), clock.at(NOON):
        raise RuntimeError
    assert clock.now() > NOON


def test_other_threads_keep_the_present():
    with ThreadPoolExecutor(1) as other, clock.at(NOON):
        assert other.submit(clock.now).result() > NOON


def test_an_instant_is_told_in_utc_and_needs_a_zone():
    with clock.at(NOON.astimezone(timezone(timedelta(hours=5)))):
        assert clock.now() == NOON
        assert clock.now().tzinfo is UTC
    with pytest.raises(ValueError, match="zone"), clock.at(NOON.replace(tzinfo=None)):
        pass


def test_zones_are_those_that_iana_names_in_order():
    assert {"Europe/Berlin", "UTC"} <= set(clock.zones()) == available_timezones()
    assert list(clock.zones()) == sorted(clock.zones())
