"""Times are said as people say them, in the reader's zone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from heed.ui import times
from heed.ui.templatetags import heed_ui

NOW = datetime(2026, 11, 17, 8, 29, tzinfo=UTC)  # a Tuesday, 09:29 in Berlin


@pytest.fixture(autouse=True)
def in_berlin() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), timezone.override("Europe/Berlin"):
        yield


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(minutes=16), "in 16 min"),
        (timedelta(seconds=20), "in 1 min"),
        (timedelta(minutes=102), "11:11"),
        (timedelta(days=1, minutes=1), "tomorrow 09:30"),
        (timedelta(days=3), "Fri 09:29"),
        (timedelta(days=20), "7 Dec 09:29"),
        (timedelta(days=400), "22 Dec 2027 09:29"),
        (timedelta(minutes=-49), "49 min"),
        (timedelta(hours=-30), "1 d"),
    ],
)
def test_what_is_due_is_said_shortly(ahead: timedelta, said: str) -> None:
    assert times.until(NOW + ahead) == said


@pytest.mark.parametrize(
    ("back", "said"),
    [
        (timedelta(seconds=10), "now"),
        (timedelta(minutes=44), "44 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=16), "Mon"),
        (timedelta(days=6), "Wed"),
        (timedelta(days=10), "7 Nov"),
        (timedelta(days=400), "13 Oct 2025"),
    ],
)
def test_a_list_says_how_long_ago(back: timedelta, said: str) -> None:
    assert times.ago(NOW - back) == said


def test_a_time_is_exact_in_its_title_and_readable_by_machines() -> None:
    drawn = heed_ui.when(NOW)

    assert 'datetime="2026-11-17T09:29:00+01:00"' in drawn
    assert "Tuesday 17 November 2026, 09:29 in Berlin" in drawn
    assert ">09:29</time>" in drawn


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Daniel Kessler", "DK"),
        ("نور حداد", "نح"),
        ("billing@acme.example", "B"),
        ("", "?"),
        ("佐藤 花", "佐花"),
    ],
)
def test_an_avatar_shows_initials(name: str, letters: str) -> None:
    assert heed_ui.initials(name) == letters


def test_written_text_is_escaped_and_its_links_open_elsewhere() -> None:
    drawn = heed_ui.written("<b>hello</b>\nsee https://bank.example/?a=1&b=2\n\nmy card •••• •••• •••• ••••")

    assert "&lt;b&gt;hello&lt;/b&gt;<br>see" in drawn
    assert 'target="_blank"' in drawn
    assert "noopener" in drawn
    assert '<span class="hidden-digits">•••• •••• •••• ••••</span>' in drawn
    assert drawn.count("<p>") == 2


@pytest.mark.parametrize(("size", "said"), [(0, "1 KB"), (188_400, "184 KB"), (1_258_000, "1.2 MB")])
def test_a_size_is_said_in_few_digits(size: int, said: str) -> None:
    assert heed_ui.filesize(size) == said


@pytest.mark.parametrize(
    ("language", "size", "exact", "days_ago"),
    [
        ("de", "1,2 MB", "Dienstag, 17. November 2026, 09:29 in Berlin", "7. Nov"),
        ("es", "1,2 MB", "martes 17 de noviembre de 2026", "7 nov"),
    ],
)
def test_sizes_and_days_are_written_as_the_readers_language_writes_them(
    language: str, size: str, exact: str, days_ago: str
) -> None:
    with translation.override(language):
        assert heed_ui.filesize(1_258_000) == size
        assert times.exact(NOW).lower().startswith(exact.lower())
        assert times.ago(NOW - timedelta(days=10)).lower() == days_ago.lower()


@pytest.mark.parametrize(
    ("language", "day", "due", "on_paper"),
    [
        ("en", "Fri 09:29", "in 16 min", "17 Nov 2026, 09:29"),
        ("ar", "الجمعة 09:29", "بعد 16 د", "17 نوفمبر 2026، 09:29"),
    ],
)
def test_arabic_names_a_day_as_a_sentence_does(language: str, day: str, due: str, on_paper: str) -> None:
    with translation.override(language):
        assert times.when(NOW + timedelta(days=3)) == day
        assert times.until(NOW + timedelta(minutes=16)) == due
        assert times.full_time(NOW) == on_paper
