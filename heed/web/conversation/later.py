"""When an answer leaves: at once after the seconds of undo, or at a time that is offered or chosen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from heed.brands.hours import Calendar, NeverOpen, next_opening
from heed.conversations.actions.answering import Wait
from heed.conversations.actions.holding import check_time
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import Unusable
from heed.kernel.words import HeldFor
from heed.people.models import Agent

MORNING = time(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeChoice:
    """One offered time. code: in_two_hours, this_evening, in_one_hour, opening, tomorrow, next_week."""

    code: str
    until: datetime


def later_choices(now: datetime, calendar: Calendar) -> list[SnoozeChoice]:
    """Offered times to send at, from a wall time of the writer: each instant once, none that has passed."""
    found: dict[datetime, SnoozeChoice] = {}
    for code, until in _offered(now, calendar):
        if until > now:
            found.setdefault(until, SnoozeChoice(code=code, until=until))
    return sorted(found.values(), key=lambda choice: choice.until)


def _offered(now: datetime, calendar: Calendar) -> Iterator[tuple[str, datetime]]:
    yield "in_one_hour", (now + timedelta(hours=1)).replace(second=0, microsecond=0)
    tomorrow, monday = now + timedelta(days=1), now + timedelta(days=7 - now.weekday())
    midnight = datetime.combine(tomorrow.astimezone(calendar.zone).date(), time(), tzinfo=calendar.zone)
    for start in (now, midnight):
        try:
            yield "opening", next_opening(calendar, start).astimezone(now.tzinfo)
        except NeverOpen:
            break
    yield "tomorrow", datetime.combine(tomorrow.date(), MORNING, tzinfo=now.tzinfo)
    yield "next_week", datetime.combine(monday.date(), MORNING, tzinfo=now.tzinfo)


def wait_of(agent: Agent, given: str, chosen: str) -> Wait | None:
    """How long this answer waits: until a time that was offered or chosen (`given` is "own"), else for undo.

    Raises Unusable for a time that can't be read, has passed or is far away.
    """
    if given:
        until = instant(chosen if given == "own" else given)
        check_time(until)
        return Wait(until, HeldFor.LATER)
    seconds = config.undo_seconds if agent.undo_seconds is None else agent.undo_seconds
    return Wait(clock.now() + timedelta(seconds=seconds), HeldFor.UNDO) if seconds else None


def instant(text: str) -> datetime:
    """An instant, or a wall time in the agent's zone. Raises Unusable."""
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None:
        raise Unusable("until", "missing" if not text else "unknown_choice")
    return timezone.make_aware(found) if timezone.is_naive(found) else found
