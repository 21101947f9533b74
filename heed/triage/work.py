"""Due work of triage: what agents decided is taught to the content models."""

from heed.eventlog import due
from heed.eventlog.unit import Commit
from heed.kernel.config import config
from heed.people.policy import SYSTEM
from heed.triage.actions.spam import learn
from heed.triage.models import SpamDecision

BATCH = 50


def step() -> int:
    """Teach the next decisions; how many."""
    claimed = due.claim(SpamDecision, limit=BATCH, lease_seconds=config.lease_seconds, commit=Commit.LAZY)
    if claimed:
        try:
            learn(claimed, by=SYSTEM)
        except due.ClaimLost:
            return 0  # another worker did it
    return len(claimed)


def waiting() -> int:
    """How many decisions are to be learnt."""
    return due.waiting(SpamDecision)
