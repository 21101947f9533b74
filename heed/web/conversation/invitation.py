"""What is shown of an invitation."""

from dataclasses import dataclass
from datetime import datetime

from heed.conversations.invitations import from_row
from heed.conversations.models import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationContext:
    """conversation/_invitation.html: what a calendar file says, as plain facts. Nothing is done with it."""

    summary: str
    starts_at: datetime | None
    ends_at: datetime | None = None
    is_all_day: bool = False
    zone: str = ""  # in which it was said; empty: none was named
    organizer: str = ""
    place: str = ""
    repeats: bool = False  # it is the first of a series
    answer: str = ""  # code of the method where it is no plain invitation: reply, cancel, counter


def invitation_of(message: Message) -> InvitationContext | None:
    """The facts of the calendar file that came with a message, if one did."""
    found = from_row(message.invitation)
    if found is None:
        return None
    return InvitationContext(
        summary=found.summary,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        is_all_day=found.is_all_day,
        zone=found.zone,
        organizer=found.organizer,
        place=found.place,
        repeats=found.repeats,
        answer="cancel"
        if found.is_cancelled
        else found.method
        if found.method in ("reply", "counter")
        else "",
    )
