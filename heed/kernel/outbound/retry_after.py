"""When a server wants to be asked again: the Retry-After of RFC 9110, 10.2.3, pure."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

_SECONDS: Final = re.compile(r"0*([0-9]+)", re.ASCII)
_DIGITS: Final = 9  # more seconds than anybody waits


def wait_asked_for(value: str, *, now: datetime, longest: timedelta) -> timedelta:
    """How long the header asks to wait, in seconds or as a date, at most `longest`; none for what can't be read."""
    value = value.strip()
    seconds = _SECONDS.fullmatch(value)
    if seconds is not None:
        digits = seconds[1]
        return longest if len(digits) > _DIGITS else min(longest, timedelta(seconds=int(digits)))
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return timedelta()
    if at.tzinfo is None:  # of the old forms one names no zone, and all are in GMT
        at = at.replace(tzinfo=UTC)
    return min(longest, max(timedelta(), at - now))
