"""Stories are data: their times, their texts, and that every one of them can be told."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from heed.demo.content import PLAYED, STORIES
from heed.demo.story import Begins, Stands, Step, Writes, instant, text_of

TUESDAY = datetime(2026, 11, 17, 8, 29, tzinfo=UTC)  # 09:29 in Berlin
MONDAY_NIGHT = datetime(2026, 11, 15, 23, 5, tzinfo=UTC)  # 00:05 in Berlin: no work was done today yet


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("44m", TUESDAY - timedelta(minutes=44)),
        ("2h10m", TUESDAY - timedelta(hours=2, minutes=10)),
        ("3h", TUESDAY - timedelta(hours=3)),
        ("+3h", TUESDAY + timedelta(hours=3)),
        ("1d 17:50", datetime(2026, 11, 16, 16, 50, tzinfo=UTC)),
        ("2d 09:00", datetime(2026, 11, 13, 8, 0, tzinfo=UTC)),  # past the weekend
        ("+1d 09:00", datetime(2026, 11, 18, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_time_is_told_from_the_day_of_loading(told: str, meant: datetime):
    assert instant(told, TUESDAY) == meant


@pytest.mark.parametrize("told", ["", "+", "soon", "3d", "m", "3d 9:00"])
def test_what_is_no_time_is_refused(told: str):
    with pytest.raises(ValueError, match="no time of a story"):
        instant(told, TUESDAY)


def test_lines_of_a_paragraph_are_one_unless_their_end_is_kept():
    assert text_of("\n    Hello,\n\n    one line\n    goes on.\n\n    Bye,|\n    Zoë\n    ") == (
        "Hello,\n\none line goes on.\n\nBye,\nZoë"
    )


@pytest.mark.parametrize("now", [TUESDAY, MONDAY_NIGHT, TUESDAY.replace(day=21), TUESDAY.replace(hour=22)])
@pytest.mark.parametrize("story", PLAYED, ids=lambda story: story.key)
def test_steps_stand_in_the_order_of_time_and_lie_behind_us(story, now: datetime):
    times = [instant(step.at, now) for step in story.steps]
    assert all(earlier < later for earlier, later in pairwise(times))
    assert times[-1] < now
    assert times[0] > now - timedelta(days=25)


def test_there_are_sixty_conversations_in_four_languages_and_a_few_more():
    assert len(STORIES) == 60
    languages = [story.language for story in STORIES]
    assert all(languages.count(language) > 10 for language in ("en", "de", "es", "fr"))
    assert set(languages) > {"ar", "ja"}


def test_each_has_a_name_of_its_own_and_begins_with_a_message():
    assert len({story.key for story in PLAYED}) == len(PLAYED)
    assert all(isinstance(story.steps[0], Writes | Begins) for story in STORIES)


def _of(kind: type[Step]) -> list[Step]:
    return [step for story in PLAYED for step in story.steps if isinstance(step, kind)]


def test_nobody_writes_to_a_real_address():
    written = [story.customer for story in PLAYED]
    written += [f"{step.sender} {step.cc}" for step in _of(Writes) if isinstance(step, Writes)]
    domains = {
        word.strip("<>,").rpartition("@")[2] for text in written for word in text.split() if "@" in word
    }
    reserved = ("example.com", "example.org", "example.net")
    assert {d for d in domains if d not in reserved and ".example" not in f".{d}"} == set()


def test_a_snooze_has_an_end():
    assert all(step.until for step in _of(Stands) if isinstance(step, Stands) and step.to == "snoozed")
