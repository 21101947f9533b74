"""A calendar file's facts as they are kept with a message, and back."""

from dataclasses import asdict
from datetime import datetime

from heed.channels.email.mail import Invitation

Row = dict[str, str | bool | None]


def to_row(invitation: Invitation | None) -> Row | None:
    """What is kept of an invitation; None for none."""
    if invitation is None:
        return None
    facts = asdict(invitation)
    for name in ("starts_at", "ends_at"):
        facts[name] = facts[name].isoformat() if facts[name] else None
    return facts


def from_row(row: Row | None) -> Invitation | None:
    """The invitation that was kept."""
    if row is None:
        return None
    return Invitation(
        method=str(row["method"]),
        summary=str(row["summary"]),
        starts_at=_instant(row["starts_at"]),
        ends_at=_instant(row["ends_at"]),
        is_all_day=bool(row["is_all_day"]),
        zone=str(row["zone"]),
        organizer=str(row["organizer"]),
        place=str(row["place"]),
        repeats=bool(row["repeats"]),
        is_cancelled=bool(row["is_cancelled"]),
    )


def _instant(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None
