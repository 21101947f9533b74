"""The Date header."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

_USUAL = re.compile(
    rb"[ \t]*(?:[A-Za-z]{3},)?[ \t]*(\d{1,2})[ \t]+([A-Za-z]{3})[ \t]+(\d{4})"
    rb"[ \t]+(\d\d):(\d\d):(\d\d)[ \t]+([+-])(\d\d)(\d\d)(?:[ \t]*\([^)]*\))?[ \t]*\Z"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"), 1
    )
}


def read_date(value: bytes) -> datetime | None:
    """Return the instant that a raw Date header names, in UTC, or None where it names none."""
    match = _USUAL.match(value)
    month = _MONTHS.get(match[2].lower()) if match else None
    try:
        if match is None or month is None:
            return _unusual(value)
        day, _, year, hour, minute, second, sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        at = datetime(int(year), month, int(day), int(hour), int(minute), min(int(second), 59), tzinfo=UTC)
        return at + offset if sign == b"-" else at - offset
    except (ValueError, OverflowError):
        return None


def _unusual(value: bytes) -> datetime | None:
    try:
        fields = parsedate_tz(value[:200].decode("latin-1"))
    except (TypeError, ValueError, IndexError):  # its own slips on odd input
        return None
    if fields is None:
        return None
    at = datetime(*fields[:5], min(fields[5], 59), tzinfo=UTC)
    return at - timedelta(seconds=fields[9] or 0)
