"""Who and what goes with an answer: its participants, its files. For verbs that speak."""

from collections.abc import Collection, Sequence
from datetime import datetime

from heed.conversations.actions.file_texts import expect_texts
from heed.conversations.models import Attachment, Conversation, Message, Participant
from heed.eventlog.kinds import ConversationParticipantsChanged
from heed.eventlog.unit import add, change, lock_many, record
from heed.kernel.errors import NotAllowedNow, Unusable
from heed.kernel.words import RecipientRole
from heed.people.policy import Actor, agent_of

Line = tuple[tuple[str, str], ...]


class SuppressedRecipients(NotAllowedNow):
    """Mail to these came back for good, so nothing is sent to them until somebody lifts that."""

    code = "suppressed_recipients"

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__()
        self.addresses = addresses


def require_open(suppressed: Collection[str]) -> None:
    """Raise SuppressedRecipients when these are any: mail to them is not sent."""
    if suppressed:
        raise SuppressedRecipients(sorted(suppressed))


def take_files(message: Message, files: Sequence[int], by: Actor) -> None:
    """Inside a verb: the writer's uploads go with this message. Raises Unusable for others."""
    if not files:
        return
    agent = agent_of(by)
    held = lock_many(
        Attachment, sorted(set(files))
    ).values()  # against the worker that discards what nobody sent
    rows = [row for row in held if row.message_id is None and row.uploaded_by_id == agent]
    if len(rows) != len(set(files)):
        raise Unusable("files", "unknown")
    for row in rows:
        change(row, message=message, uploaded_by=None)
    expect_texts(rows)


def set_participants(conversation: Conversation, *, to: Line, cc: Line, bcc: Line, now: datetime) -> None:
    """Inside a verb: those of these lines take part from now on; others of earlier lines left."""
    wanted = {
        address: (name, role)
        for line, role in (
            (bcc, RecipientRole.BCC),
            (cc, RecipientRole.CC),
            (to, RecipientRole.TO),
        )
        for name, address in line
    }
    people = list(conversation.participants.all())
    # Whoever wrote stays; where nobody did, so do those whom we wrote to: without them there is nobody to answer.
    stays = {RecipientRole.FROM}
    if not any(person.role == RecipientRole.FROM for person in people):
        stays.add(RecipientRole.TO)
    joined = left = 0
    for person in people:
        given = wanted.pop(person.address, None)
        if given is None:
            if person.left_at is None and person.role not in stays:
                change(person, left_at=now)
                left += 1
        elif person.left_at is not None:
            change(person, left_at=None, role=given[1])
            joined += 1
        elif person.role not in (given[1], RecipientRole.FROM):
            change(person, role=given[1])
    for address, (name, role) in wanted.items():
        add(Participant(conversation=conversation, address=address, name=name, role=role, joined_at=now))
        joined += 1
    if joined or left:
        record(ConversationParticipantsChanged(joined=joined, left=left, flagged=0), on=conversation.pk)
