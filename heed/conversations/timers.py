"""Due work of conversations: snoozed ones wake, solved ones close after silence, the trash is emptied in time."""

from heed.conversations.actions.purging import purge_in_time
from heed.conversations.actions.state import run_timer
from heed.conversations.models import Timer
from heed.eventlog import due
from heed.eventlog.unit import Commit
from heed.kernel.config import config
from heed.kernel.words import TimerKind
from heed.people.policy import SYSTEM

BATCH = 50


def step() -> int:
    """Run the timers that have fallen due; how many."""
    timers = due.claim(Timer, limit=BATCH, lease_seconds=config.lease_seconds, commit=Commit.LAZY)
    for timer in timers:
        try:
            (purge_in_time if timer.kind == TimerKind.PURGE else run_timer)(timer, by=SYSTEM)
        except due.ClaimLost:
            continue  # another worker did it
    return len(timers)


def waiting() -> int:
    """How many timers are due."""
    return due.waiting(Timer)
