"""What writing aside comes to: the subject of what is passed on, and what it quotes. No queries."""

import re
from collections.abc import Sequence
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from heed.conversations.models import Message
from heed.kernel.html.written import from_words
from heed.kernel.words import SPOKEN, Automatic, DeliveryState, Direction

FORWARDED_CHARACTERS: Final = 100_000  # of a message that is passed on
QUOTED_CHARACTERS: Final = 20_000  # of each message that is quoted
QUOTED_MESSAGES: Final = 20
SUBJECT_CHARACTERS: Final = 500
_RE: Final = re.compile(r"\s*re\s*:", re.IGNORECASE)
_FWD: Final = re.compile(r"\s*fwd?\s*:", re.IGNORECASE)


def may_be_forwarded(source: Message) -> bool:
    """Whether a message can be passed on: what was said to or by the customer, and has left."""
    return source.direction in SPOKEN and source.state != DeliveryState.HELD


def may_be_quoted(source: Message) -> bool:
    """Whether a side conversation may quote a message: as for passing on, and a person wrote it."""
    return may_be_forwarded(source) and source.automatic == Automatic.NO and bool(source.text.strip())


def forward_subject(source: Message) -> str:
    """The subject of a mail that passes this message on."""
    subject = (source.subject or source.conversation.subject)[: SUBJECT_CHARACTERS - 5]
    return subject if _FWD.match(subject) else f"Fwd: {subject}".strip()


def answer_subject(subject: str) -> str:
    """The subject of a later mail of a side conversation."""
    subject = subject[: SUBJECT_CHARACTERS - 4]
    return subject if _RE.match(subject) else f"Re: {subject}".strip()


def with_quotes(text: str, html: str, quoted: Sequence[Message], *, zone: ZoneInfo) -> tuple[str, str]:
    """Words and form of a message, with these messages below: who wrote, when, and what; never what they quoted."""
    words, form = [text.rstrip()], [html]
    for one in quoted:
        heading, said = _heading(one, zone), one.text[:QUOTED_CHARACTERS].strip()
        words.append("\n".join([heading, *(f"> {line}".rstrip() for line in said.splitlines())]))
        form.append(f"<p>{escape(heading)}</p><blockquote>{from_words(said)}</blockquote>")
    return "\n\n".join(part for part in words if part), "".join(form) if html else ""


def _heading(message: Message, zone: ZoneInfo) -> str:
    """Needs no language: a name and a time."""
    who = message.from_name or message.from_address
    if message.direction == Direction.OUT:
        who = message.brand.name
    return f"{who}, {message.at.astimezone(zone):%Y-%m-%d %H:%M %Z}:"
