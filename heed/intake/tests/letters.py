"""Mails for the tests of intake: written out, so that each test shows what arrives."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from heed.conversations.models import Conversation, Message
from heed.intake.models import Receipt
from heed.intake.receipts import accepted_now, keep
from heed.kernel import clock
from heed.kernel.words import Direction, Origin
from heed.people.policy import SYSTEM
from heed.testing.world import World

HELP = "help@linden.example"


def letter(
    message_id: str | None,
    *,
    sender: str | None = "Dalia Haddad <dalia@example.org>",
    to: str = HELP,
    cc: str = "",
    subject: str = "The chain slips",
    text: str = "It slips when I climb.",
    refers: Sequence[str] = (),
    date: datetime | None = None,
    more: str = "",
) -> bytes:
    """The bytes of a plain mail. Ids come without angle brackets; `more` are header lines."""
    lines = [
        f"From: {sender}" if sender else "",
        f"To: {to}",
        f"Cc: {cc}" if cc else "",
        f"Subject: {subject}",
        f"Date: {format_datetime(date or clock.now())}",
        f"Message-ID: <{message_id}>" if message_id else "",
        f"In-Reply-To: <{refers[-1]}>" if refers else "",
        "References: " + " ".join(f"<{ref}>" for ref in refers) if refers else "",
        *more.splitlines(),
    ]
    head = "\r\n".join(line for line in lines if line)
    return f"{head}\r\n\r\n{text}\r\n".encode()


def arrives(
    raw: bytes,
    *,
    to: Sequence[str] = (HELP,),
    mail_from: str = "dalia@example.org",
    origin: Origin = Origin.LIVE,
) -> Receipt:
    """The mail is accepted and kept; nobody has read it yet."""
    return keep([accepted_now(raw, mail_from=mail_from, recipients=to)], origin=origin, by=SYSTEM)[0]


def received(world: World, raw: bytes, **how: object) -> Message:
    """The mail arrives and all the desk's work is done; the newest message that came in."""
    arrives(raw, **how)  # type: ignore[arg-type]  # handed on as given
    world.settle()
    return Message.objects.filter(direction=Direction.IN).order_by("-pk")[0]


def only_conversation() -> Conversation:
    """The one conversation there is; fails when there are more that stand in lists."""
    return Conversation.objects.get(merged_into__isnull=True)
