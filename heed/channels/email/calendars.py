"""Invitations: what a calendar file in a mail says, as plain facts. Nothing is computed ahead: a series is only named.

Reading is bounded before the library sees anything; what it can't read is no invitation, and stays a file.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from heed.channels.email.charsets import clean, decode
from heed.channels.email.limits import Limits
from heed.channels.email.mail import Invitation
from heed.kernel.later import later

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = later("icalendar")

_EVENTS: Final = 20  # components that are looked at: what follows belongs to a series
_CHARS: Final = 300
_METHODS: Final = frozenset(
    {"request", "publish", "reply", "cancel", "counter", "refresh", "add", "declinecounter"}
)
# What the library raises at files that are none.
_BROKEN: Final = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


def read_invitation(data: bytes, charset: str, limits: Limits) -> Invitation | None:
    """Return the first event that a calendar file tells of, None when there is none or it is over the limit."""
    if len(data) > limits.calendar_bytes:
        return None
    text = decode(data, charset)
    try:
        calendar = icalendar.Calendar.from_ical(text)
        events = [part for part in calendar.subcomponents[:_EVENTS] if part.name == "VEVENT"]
        return _invitation(calendar, events[0]) if events else None
    except _BROKEN:
        return None


def _invitation(calendar: "icalendar.Component", event: "icalendar.Component") -> Invitation:
    method = _words(calendar, "METHOD").lower()
    starts_at, zone = _instant(event, "DTSTART")
    ends_at, _ = _instant(event, "DTEND")
    if (
        ends_at is None
        and starts_at is not None
        and isinstance(lasts := _plain(event, "DURATION"), timedelta)
    ):
        ends_at = starts_at + lasts
    organizer = event.get("ORGANIZER")
    return Invitation(
        method=method if method in _METHODS else "publish",
        summary=_words(event, "SUMMARY"),
        starts_at=starts_at,
        ends_at=ends_at,
        is_all_day=not isinstance(_plain(event, "DTSTART"), datetime),
        zone=zone,
        organizer=_person(organizer),
        place=_words(event, "LOCATION"),
        repeats="RRULE" in event or "RDATE" in event,
        is_cancelled=method == "cancel" or _words(event, "STATUS").lower() == "cancelled",
    )


def _plain(event: "icalendar.Component", name: str) -> object:
    """The value behind a property; of a property that stands twice, the first."""
    value = event.get(name)
    value = value[0] if isinstance(value, list) else value
    return getattr(value, "dt", None)


def _instant(event: "icalendar.Component", name: str) -> tuple[datetime | None, str]:
    """Return when something is, in UTC, and the name of the zone it was said in ('': none, taken as UTC)."""
    value = _plain(event, name)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC), ""
        key = getattr(value.tzinfo, "key", "") or value.tzname() or ""
        return value.astimezone(UTC), clean(str(key))[:64]
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC), ""
    return None, ""


def _words(part: "icalendar.Component", name: str) -> str:
    value = part.get(name)
    value = value[0] if isinstance(value, list) and value else value
    return " ".join(clean(str(value)).split())[:_CHARS] if value is not None else ""


def _person(value: object) -> str:
    if value is None:
        return ""
    first = value[0] if isinstance(value, list) and value else value
    name = getattr(first, "params", {}).get("CN", "")
    address = clean(str(first)).partition(":")[2] or clean(str(first))
    return " ".join(clean(str(name or address)).split())[:_CHARS]
