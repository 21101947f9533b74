"""Patterns of admins: a star stands for anything, nothing makes them slow, and they agree with a plain matcher."""

from contextlib import suppress
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.testing.speed import at_most
from heed.triage.patterns import LONGEST, SEEN, WrongPattern, whole, within

LETTERS = st.text(alphabet="ab*", min_size=1, max_size=12).filter(lambda text: text.replace("*", ""))
TEXTS = st.text(alphabet="ab", max_size=30)


@given(LETTERS, TEXTS)
def test_a_whole_pattern_matches_what_a_plain_matcher_does(pattern: str, text: str) -> None:
    assert (whole(pattern).match(text) is not None) == fnmatchcase(text, pattern)


@given(LETTERS, TEXTS)
def test_a_pattern_within_a_text_matches_as_if_stars_stood_around_it(pattern: str, text: str) -> None:
    assert (within(pattern).match(text) is not None) == fnmatchcase(text, f"*{pattern}*")


@given(st.text(max_size=40), st.text(max_size=60))
def test_no_pattern_and_no_text_raise_anything_else(pattern: str, text: str) -> None:
    for read in (whole, within):
        with suppress(WrongPattern):
            read(pattern).match(text)


@pytest.mark.parametrize(
    ("pattern", "text", "key"),
    [
        ("Alert {key}:", "[prod] Alert db-7: disk full", "db-7"),
        ("host {key}", "Down: host web-3\nsince 10:00", "web-3"),
        ("{key} is down", "Router 4 is down", "router 4"),
        ("PROBLEM*host {key},*critical", "PROBLEM on Host x, CRITICAL", "x"),
        ("no such {key}", "something else", None),
    ],
)
def test_a_key_is_what_stands_in_its_place(pattern: str, text: str, key: str | None) -> None:
    assert within(pattern).match(text) == key


def test_a_key_in_an_address_is_found_too() -> None:
    assert whole("{key}@alerts.example").match("db@Alerts.example") == "db"
    assert whole("robot-{key}").match("robot-9") == "9"


@pytest.mark.parametrize("pattern", ["a*" * (LONGEST // 2), "*a" * (LONGEST // 2), "a*b" * (LONGEST // 3)])
def test_hostile_patterns_are_matched_in_no_time(pattern: str) -> None:
    text = "a" * (SEEN * 50)
    with at_most(2):
        for _ in range(20):
            within(pattern).match(text)
            whole(pattern).match(text)


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("", "empty"),
        ("***", "empty"),
        ("{key}{key}a", "two_keys"),
        ("x" * 201, "too_long"),
        ("a*{key}", "key_beside_star"),
    ],
)
def test_what_can_not_be_used_says_why(pattern: str, code: str) -> None:
    with pytest.raises(WrongPattern, match=code):
        within(pattern)
