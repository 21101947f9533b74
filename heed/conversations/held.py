"""Due work of conversations: answers that waited leave when their time comes."""

from heed.conversations.actions.holding import release
from heed.conversations.models import HeldAnswer
from heed.eventlog import due
from heed.eventlog.unit import Commit
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.words import HeldFor
from heed.people.policy import SYSTEM

BATCH = 50


def step() -> int:
    """Let go what has waited long enough; how many."""
    answers = due.claim(HeldAnswer, limit=BATCH, lease_seconds=config.lease_seconds, commit=Commit.LAZY)
    for held in answers:
        try:
            release(held, by=SYSTEM)
        except due.ClaimLost:
            continue  # another worker did it, or it was taken back
    return len(answers)


def waiting() -> int:
    """How many answers are about to leave: those that may be taken back for some seconds, and those due by now.

    What leaves at a time that somebody chose is no work that waits.
    """
    unfinished = HeldAnswer.objects.filter(due_at__isnull=False)
    soon = unfinished.filter(held_for=HeldFor.UNDO) | unfinished.filter(due_at__lte=clock.now())
    return soon.count()
