"""The envelope of a mail that was delivered already, as far as the last server wrote it into the headers."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from heed.channels.email.dates import read_date
from heed.channels.email.limits import DEFAULT_LIMITS
from heed.channels.email.mailboxes import read_addresses
from heed.channels.email.words import unfold

HEAD_BYTES: Final = 65_536  # what is looked through for headers
_END: Final = re.compile(rb"\r?\n\r?\n|\r\r")
_FIELD: Final = re.compile(
    rb"^(return-path|received|from|date):((?:.*)(?:\r?\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sent a mail, empty for one that nobody may bounce; and when it came to its last server, if that is known."""

    sender: str
    at: datetime | None


def read_envelope(raw: bytes) -> Envelope:
    """Read the topmost headers: those of the last server stand above all others, which anybody may have written.

    Without Return-Path the sender is who wrote; without Received the time is that of the Date header. Never raises.
    """
    end = _END.search(raw, 0, HEAD_BYTES)
    head = raw[: end.start() if end else HEAD_BYTES]
    found: dict[bytes, bytes] = {}
    for name, value in _FIELD.findall(head):
        found.setdefault(name.lower(), unfold(value))
    return Envelope(_sender(found), _at(found))


def _sender(found: dict[bytes, bytes]) -> str:
    if b"return-path" in found:
        addresses, _ = read_addresses(found[b"return-path"], DEFAULT_LIMITS)
        return addresses[0].address if addresses else ""
    addresses, _ = read_addresses(found.get(b"from", b""), DEFAULT_LIMITS)
    return addresses[0].address if addresses else ""


def _at(found: dict[bytes, bytes]) -> datetime | None:
    received = found.get(b"received", b"").rpartition(b";")[2].strip()
    at = read_date(received) if received else None
    return at or read_date(found.get(b"date", b"").strip())
