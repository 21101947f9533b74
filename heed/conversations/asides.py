"""What passing a message on to somebody outside comes to: its subject, and whether it is an answer. No queries."""

import re
from typing import Final

from heed.conversations.models import Message
from heed.kernel.words import ASIDES, DeliveryState, Direction

FORWARDED_CHARACTERS: Final = 100_000  # of a message that is passed on
SUBJECT_CHARACTERS: Final = 500
_RE: Final = re.compile(r"\s*re\s*:", re.IGNORECASE)
_FWD: Final = re.compile(r"\s*fwd?\s*:", re.IGNORECASE)


def may_be_forwarded(source: Message) -> bool:
    """Whether a message can be passed on, or answered aside: no note, and nothing that has not left."""
    return source.direction != Direction.NOTE and source.state != DeliveryState.HELD


def is_answered(source: Message) -> bool:
    """Whether a message said aside about this one answers it: one that was said aside itself. Others are passed on."""
    return source.direction in ASIDES


def subject_for(source: Message) -> str:
    """The subject of a message said aside about this one."""
    subject = (source.subject or source.conversation.subject)[: SUBJECT_CHARACTERS - 5]
    if is_answered(source):
        return subject if _RE.match(subject) else f"Re: {subject}".strip()
    return subject if _FWD.match(subject) else f"Fwd: {subject}".strip()
