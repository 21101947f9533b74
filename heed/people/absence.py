"""Whether somebody is there to take care of what a customer writes, and if not, why. Pure: it reads one row's facts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from heed.brands.hours import Calendar, calendar_from, is_open
from heed.kernel.errors import Unusable
from heed.kernel.words import Absence, Availability

MOST_LEAVES: Final = 50  # stretches of days
LONGEST_LEAVE: Final = timedelta(days=366)


class Worker(Protocol):
    """What of an agent's row says when they work."""

    is_active: bool
    availability: str
    availability_at: datetime | None
    shift: Mapping[str, Sequence[Sequence[int]]]
    leave: Sequence[Sequence[str]]
    time_zone: str


def absence(who: Worker, at: datetime, *, away_after: timedelta) -> Absence | None:
    """Why they can't take care of something at an instant; None: they can.

    What holds longest is said first. Away counts only after a while; hours that nobody said are no reason.
    """
    if not who.is_active:
        return Absence.SWITCHED_OFF
    calendar = shift_of(who.shift, who.time_zone)
    if is_on_leave(who.leave, at.astimezone(calendar.zone).date()):
        return Absence.ON_LEAVE
    if who.availability == Availability.OFF:
        return Absence.OFF
    since = who.availability_at
    if who.availability == Availability.AWAY and since is not None and since + away_after <= at:
        return Absence.AWAY
    return Absence.OFF_SHIFT if calendar.opens and not is_open(calendar, at) else None


def shift_of(shift: Mapping[str, Sequence[Sequence[int]]], time_zone: str) -> Calendar:
    """The hours of a week, by the clock of their zone. Raises Unusable for what makes no sense."""
    return calendar_from(time_zone=time_zone, hours=shift)


def is_on_leave(leave: Sequence[Sequence[str]], day: date) -> bool:
    """Whether a day lies in one of the stretches, both ends included."""
    return any(date.fromisoformat(first) <= day <= date.fromisoformat(last) for first, last in leave)


def checked_leave(leave: Sequence[tuple[date, date]], *, today: date) -> list[list[str]]:
    """As a row holds it: in order, without what has passed. Raises Unusable for backwards, too long, too many."""
    for first, last in leave:
        if last < first:
            raise Unusable("leave", "backwards")
        if last - first > LONGEST_LEAVE:
            raise Unusable("leave", "too_long")
    kept = sorted({(first, last) for first, last in leave if last >= today})
    if len(kept) > MOST_LEAVES:
        raise Unusable("leave", "too_many")
    return [[first.isoformat(), last.isoformat()] for first, last in kept]
