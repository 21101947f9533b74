"""Whom an answer goes to, unless its writer says otherwise. Pure."""

from collections.abc import Sequence

from heed.channels.email.mailboxes import key_of
from heed.conversations.actions.answering import RECIPIENTS
from heed.conversations.models import Conversation, Message, Participant
from heed.kernel.words import Automatic, Direction, Hold, RecipientRole


def default_lines(
    conversation: Conversation, said: Sequence[Message], people: Sequence[Participant]
) -> dict[str, list[str]]:
    """Whom an answer goes to unless the agent says otherwise: who wrote last, and everybody else in copy.

    Where they are more than one answer may go to, only who wrote last. Never those who came by a mail that is held.
    """
    here = [
        person
        for person in people
        if person.left_at is None and person.role != RecipientRole.BCC and not person.is_flagged
    ]
    incoming = [
        m
        for m in said
        if m.direction == Direction.IN
        and m.automatic == Automatic.NO
        and m.from_address
        and m.hold not in (Hold.HELD, Hold.REJECTED)
    ]
    first = key_of(incoming[-1].from_address) if incoming else ""
    addresses = [person.address for person in here]
    if first not in addresses:
        first = next((p.address for p in here if p.role in (RecipientRole.FROM, RecipientRole.TO)), "")
    others = [address for address in addresses if address != first]
    return {"to": [first] if first else [], "cc": others if len(others) < RECIPIENTS else [], "bcc": []}
