"""Instants as people say them, in the reader's zone and language.

Pure but for the reader's zone and language, which Django keeps.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import dateformat, timezone
from django.utils.translation import get_language, gettext, ngettext, pgettext

from heed.kernel import clock

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NEAR_DAYS = 6
"""Within this many days a weekday says which day is meant."""


def local(at: datetime) -> datetime:
    """The same instant in the reader's zone."""
    return timezone.localtime(at)


def today() -> date:
    """The reader's date of today."""
    return local(clock.now()).date()


@lru_cache(maxsize=512)
def _worded(day: date, pattern: str, language: str | None) -> str:
    """A date by Django's pattern; language is part of the key because the words depend on it."""
    return dateformat.format(day, pattern)


def _date(day: date, pattern: str) -> str:
    return _worded(day, pattern, get_language())


def _short(day: date) -> str:
    if day.year == today().year:
        # Translators: j day, M short month
        return _date(day, gettext("j M"))
    return _whole(day)


def _whole(day: date) -> str:
    return _date(day, gettext("j M Y"))


def _weekday(day: date) -> str:
    # Translators: D short weekday, l the whole word
    return _date(day, gettext("D"))


def clock_time(at: datetime) -> str:
    """Hour and minute: 09:47."""
    return f"{local(at):%H:%M}"


def city() -> str:
    """The reader's zone as its city: Berlin."""
    return timezone.get_current_timezone_name().rpartition("/")[2].replace("_", " ")


def exact(at: datetime) -> str:
    """The whole truth, for a title: Tuesday 17 November 2026, 07:47 in Berlin."""
    return gettext("%(day)s, %(time)s in %(city)s") % {
        # Translators: a date by Django's letters, here all of it: l weekday, j day, F month, Y year
        "day": _date(local(at).date(), gettext("l j F Y")),
        "time": clock_time(at),
        "city": city(),
    }


def full_day(at: datetime) -> str:
    """A date for paper, wherever one reads it: 17 Nov 2026."""
    return _whole(local(at).date())


def full_time(at: datetime) -> str:
    """A point in time for paper: 17 Nov 2026, 07:47."""
    return full_day(at) + comma() + clock_time(at)


def comma() -> str:
    """What stands between two values in a line: a comma and a blank, as the reader's language writes them."""
    return pgettext("between two values", ", ")


def day_name(day: date) -> str:
    """A day near today: today, yesterday, tomorrow, Mon, 16 Nov, 16 Nov 2025."""
    apart = (day - today()).days
    if apart == 0:
        return gettext("today")
    if apart == -1:
        return gettext("yesterday")
    if apart == 1:
        return gettext("tomorrow")
    if abs(apart) <= NEAR_DAYS:
        return _weekday(day)
    return _short(day)


def day_line(at: datetime) -> str:
    """The head of a day in a timeline: Today, Yesterday, Mon 16 Nov, Mon 17 Nov 2025."""
    day = local(at).date()
    apart = (day - today()).days
    if apart == 0:
        return gettext("Today")
    if apart == -1:
        return gettext("Yesterday")
    if day.year == today().year:
        # Translators: D short weekday, j day, M short month
        return _date(day, gettext("D j M"))
    return _date(day, gettext("D j M Y"))


def when(at: datetime) -> str:
    """A point in time, short: 09:47, Mon 16:40, tomorrow 09:30, 13 Nov 16:40."""
    day = local(at).date()
    if day == today():
        return clock_time(at)
    name = _weekday(day) if (day - today()).days == -1 else day_name(day)
    return f"{name} {clock_time(at)}"


def spell(length: timedelta) -> str:
    """A length of time in its largest unit, rounded down: 16 min, 2 h, 3 d.

    Less than a minute counts as one.
    """
    minutes = max(1, int(length / MINUTE))
    if minutes < 60:
        return gettext("%(count)d min") % {"count": minutes}
    if minutes < 24 * 60:
        return gettext("%(count)d h") % {"count": minutes // 60}
    return gettext("%(count)d d") % {"count": minutes // (24 * 60)}


def ago(at: datetime) -> str:
    """How long ago, in a list: now, 24 min, 2 h, Mon, 13 Nov, 13 Nov 2025."""
    passed = clock.now() - at
    day = local(at).date()
    if passed < MINUTE:
        return gettext("now")
    if passed < HOUR or day == today():
        return spell(passed)
    if (today() - day).days <= NEAR_DAYS:
        return _weekday(day)
    return _short(day)


def until(at: datetime) -> str:
    """When something is due: in 16 min, 11:11, tomorrow 09:30. For what lies behind us, how long: 49 min."""
    left = at - clock.now()
    if left < timedelta():
        return spell(-left)
    if left < HOUR:
        minutes = max(1, int(left / MINUTE))
        return ngettext("in %(count)d min", "in %(count)d min", minutes) % {"count": minutes}
    return when(at)


def time_in(zone: str) -> str:
    """The time of day in a zone, with its city: 09:29, Berlin. Empty for a zone that nobody knows."""
    try:
        there = clock.now().astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return ""
    place = zone.rpartition("/")[2].replace("_", " ")
    return gettext("%(time)s, %(city)s") % {"time": f"{there:%H:%M}", "city": place}
