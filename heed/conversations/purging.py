"""Due work of conversations: what was purged is removed, some messages at a time, and last the conversation itself.

Whatever a worker dies of, the next one goes on where it ended: each part is one transaction, and says by itself what
is left. What other rooms keep of a message, such as the bytes it came in, they let go of before it is gone.
"""

from collections.abc import Callable, Sequence
from typing import Final

from heed.conversations.actions.purging import remove_conversation, remove_messages
from heed.conversations.models import Message, Purge
from heed.conversations.scope import family_of
from heed.eventlog import due
from heed.eventlog.reader import position, read_to
from heed.eventlog.unit import Commit
from heed.kernel.config import config
from heed.people.policy import SYSTEM

MESSAGES_AT_ONCE: Final = 100

LetGo = Callable[[Sequence[int]], None]
"""Lets go of what a room keeps of these messages; harmless when it is done twice."""


def step(let_go: Sequence[LetGo]) -> int:
    """Remove the next part of what is being purged; how many parts. What the reader is not done with waits for it."""
    done = 0
    for row in due.claim(Purge, limit=1, lease_seconds=config.lease_seconds, commit=Commit.LAZY):
        try:
            if not _is_read(row):
                due.give_back(row)
                continue
            _remove_some(row, let_go)
            done += 1
        except due.ClaimLost:
            continue  # another worker did it
    return done


def _is_read(claimed: Purge) -> bool:
    """Whether this purge may go on: no consumer has yet to hear of what is removed. Nothing is recorded about it any
    more, so this stays so. Asked of the claimed one: another worker may have the one that was due before it.
    """
    return position() >= read_to(family_of([claimed.pk]))


def _remove_some(row: Purge, let_go: Sequence[LetGo]) -> None:
    said = Message.objects.filter(conversation_id__in=family_of([row.pk])).order_by("pk")
    numbers = list(said.values_list("pk", flat=True)[:MESSAGES_AT_ONCE])
    if not numbers:
        remove_conversation(row, by=SYSTEM)
        return
    for one in let_go:
        one(numbers)
    remove_messages(row, messages=numbers, by=SYSTEM)


def waiting() -> int:
    """How many conversations are being removed."""
    return due.waiting(Purge)
