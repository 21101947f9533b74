"""Dates as mail programs write them for people, above what they forward, in many languages."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from heed.channels.email.dates import read_date

# Beginnings of the names of months, as far as they mean one month in all these languages.
_MONTHS: Final = (
    "jan ene gen janv janu tam sty led ocak янв січ яну ιαν يناير ינואר",
    "feb fév fev febr helm lut úno şub фев лют φεβ فبراير פברואר",
    "mar mär maa brez бер мар μαρ مارس מרץ",
    "apr avr abr huh kwi dub nis апр кві απρ أبريل אפריל",
    "may mai mag maj mei tou kvě май мая тра μαι μαΐ مايو מאי",
    "jun juin giu cze čvn červn haz июн чер ιουν يونيو יוני",
    "jul juil lip čvc červe lug hei čvc tem июл ιουλ يوليو יולי",
    "aug août ago elo sie srp ağu авг сер αυγ أغسطس אוגוסט",
    "sep set syy wrz zář eyl сен вер σεπ سبتمبر ספטמבר",
    "oct okt ott out lok paź říj eki окт жов οκτ أكتوبر אוקטובר",
    "nov lis lst marr kas ноя ное νοε نوفمبر נובמבר",
    "dec dez dic déc jou gru pro ara дек гру δεκ ديسمبر דצמבר",
)
_BY_NAME: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_TIME = re.compile(r"(?<!\d)(\d{1,2})[:.h](\d\d)(?:[:.](\d\d))?(?!\d|\.\d)")
_AFTERNOON = re.compile(r"\bp\.?\s?m\b|下午|午後|오후|μ\.?μ|ÖS|\bCH\b", re.IGNORECASE)
_MORNING = re.compile(r"\ba\.?\s?m\b|上午|午前|오전|π\.?μ|ÖÖ|\bSA\b", re.IGNORECASE)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d\d):?(\d\d)\b")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})\s?[./\-年년]\s?(\d{1,2})\s?[./\-月월]\s?(\d{1,4})(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
# A day beside the name of its month, on either side: names of weekdays begin like those of months.
_DAY_MONTH = re.compile(r"(?<![\d:.])(\d{1,2})[.,]?(?:\s|de\s|d['’]){0,3}([^\W\d_]{3,12})")
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.?\s(\d{1,2})(?![\d:])")
_FULL_OFFSET = re.compile(r"\s[+-]\d{4}\b")
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_LONGEST: Final = 120
_SLACK: Final = timedelta(days=1)  # clocks differ, and so do the zones that nobody wrote down


def read_spoken_date(value: str, *, not_after: datetime | None) -> datetime | None:
    """Return the instant that a date for people names, or None. One without a zone is taken as UTC.

    ``not_after`` is when it was passed on: what would be later than that, or is in doubt, is read so that it is not.
    """
    text = value[:_LONGEST].translate(_DIGITS)
    exact = read_date(text.encode("ascii", "replace")) if text.isascii() else None
    if exact is not None and _FULL_OFFSET.search(text):
        return exact if _is_possible(exact, not_after) else None
    time = _TIME.search(text)
    clock = _clock(time, text)
    rest = text[: time.start()] + " " + text[time.end() :] if time else text
    rest = _OFFSET.sub(" ", rest)
    found = [at for day in _days(rest) if (at := _instant(day, clock, text)) and _is_possible(at, not_after)]
    return max(found, default=None)


def _is_possible(at: datetime, not_after: datetime | None) -> bool:
    return at.year >= 1990 and (not_after is None or at <= not_after + _SLACK)


def _clock(time: re.Match[str] | None, text: str) -> tuple[int, int, int]:
    if time is None:
        return 0, 0, 0
    hour = int(time[1])
    if _AFTERNOON.search(text) and hour < 12:
        hour += 12
    elif _MORNING.search(text) and hour == 12:
        hour = 0
    return hour, int(time[2]), int(time[3] or 0)


def _days(text: str) -> list[tuple[int, int, int]]:
    """Return the dates, as (year, month, day), that a text may mean."""
    numeric = _NUMERIC.search(text)
    if numeric is not None:
        first, second, third = (int(number) for number in numeric.groups())
        if first > 31:
            return [(first, second, third)]
        year = third + 2000 if third < 100 else third
        return [(year, second, first), (year, first, second)]
    year_found = _YEAR.search(text)
    if year_found is None:
        return []
    year = int(year_found[1])
    rest = text[: year_found.start()] + " " + text[year_found.end() :]
    named = [(found[2], found[1]) for found in _DAY_MONTH.finditer(rest)]
    named += [(found[1], found[2]) for found in _MONTH_DAY.finditer(rest)]
    return [(year, month, int(day)) for word, day in named if (month := _month(word.lower()))][:1]


def _month(word: str) -> int:
    if word in _BY_NAME:
        return _BY_NAME[word]
    return next((_BY_NAME[word[:size]] for size in (6, 5, 4, 3) if word[:size] in _BY_NAME), 0)


def _instant(day: tuple[int, int, int], clock: tuple[int, int, int], text: str) -> datetime | None:
    try:
        at = datetime(*day, *clock, tzinfo=UTC)
    except ValueError:
        return None
    offset = _OFFSET.search(text)
    if offset is None:
        return at
    shift = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    return at + shift if offset[1] == "-" else at - shift
