import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.language.acknowledgements import PLACEHOLDERS, TEXTS, fill, when_words

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday, ten o'clock in Berlin


def when(language: str = "en", **later: float) -> str:
    return when_words(NOW + timedelta(**later), NOW, "Europe/Berlin", language)


def test_a_time_today_tomorrow_and_later() -> None:
    assert when(hours=4, minutes=30) == "today by 14:30 (Europe/Berlin)"
    assert when(days=1) == "tomorrow, Tuesday 24 November, by 10:00 (Europe/Berlin)"
    assert when(days=4) == "on Friday 27 November by 10:00 (Europe/Berlin)"
    assert when(days=45) == "on Thursday 7 January 2027 by 10:00 (Europe/Berlin)"


def test_today_is_the_day_in_the_zone_of_the_desk() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert when_words(late + timedelta(hours=9), late, "Europe/Berlin", "en").startswith("today by 09:30")
    assert when_words(late + timedelta(hours=9), late, "UTC", "en").startswith("tomorrow, Tuesday")


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0.1, "10:05"), (5, "10:05"), (5.1, "10:10"), (59, "11:00"), (13 * 60 + 59, "23:59")],
)
def test_a_promise_is_never_earlier_than_what_we_owe(minutes: float, said: str) -> None:
    assert when(minutes=minutes) == f"today by {said} (Europe/Berlin)"


def test_what_was_due_already_gets_no_time() -> None:
    assert when(hours=-1) == when(hours=0) == "as soon as we can"


def test_words_of_other_languages() -> None:
    assert when("de", days=1) == "morgen, Dienstag, 24. November, bis 10:00 Uhr (Europe/Berlin)"
    assert when("fr", hours=5) == "aujourd’hui avant 15h00 (Europe/Berlin)"
    assert when("pl", days=2) == "w środę 25 listopada do godziny 10:00 (Europe/Berlin)"
    assert when("ja", days=2) == "11月25日（水）10:00まで (Europe/Berlin)"
    assert when("de-AT", hours=1).startswith("heute")
    assert when("xx", hours=1).startswith("today")


@given(st.sampled_from(sorted(TEXTS)), st.integers(1, 500 * 1_440))
def test_every_language_words_every_time(language: str, minutes: int) -> None:
    assert re.search(r"\d", when(language, minutes=minutes))
    assert "{" not in when(language, minutes=minutes)


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_every_text_says_what_it_must_calmly(language: str) -> None:
    text = TEXTS[language]
    for name in ("reference", "brand", "when"):
        assert f"{{{name}}}" in text
    assert not re.search("[!！]", text)
    filled = fill(text, name="Dalia", reference="#4821", brand="Northwind", when="today")
    assert "{" not in filled
    assert "#4821" in filled
    assert set(re.findall(r"\{([^}]*)\}", text)) <= set(PLACEHOLDERS)


def test_without_a_name_the_greeting_still_reads_well() -> None:
    greeting = fill(TEXTS["en"], name="", reference="#1", brand="B", when="w").splitlines()[0]
    assert greeting == "Hello,"
    assert (
        fill("Hello {name?},", name=" Dalia\nHaddad ", reference="", brand="", when="")
        == "Hello Dalia Haddad,"
    )


@pytest.mark.parametrize(
    "name", ["Win at https://x.example", "www.x.example", "a@b.example", "buy.cheap", "x" * 61, "{brand}"]
)
def test_a_name_that_is_none_is_not_carried_to_anybody(name: str) -> None:
    assert fill("Hello {name?},", name=name, reference="", brand="B", when="") == "Hello,"


def test_braces_that_mean_nothing_stay() -> None:
    assert fill("{x} {reference} {", name="", reference="#1", brand="", when="") == "{x} #1 {"
