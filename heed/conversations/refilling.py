"""Due work of conversations: search documents are made anew for all messages, after a migration emptied their index.

It can wait: each step is one transaction that says how far it came, so a worker that dies costs nothing. New messages
have their documents from the first.
"""

from heed.conversations.actions.refilling import refill
from heed.conversations.models import Message, SearchRefill
from heed.eventlog import due
from heed.eventlog.unit import Commit
from heed.kernel.config import config
from heed.people.policy import SYSTEM


def step() -> int:
    """Make the next documents; how many messages were looked at."""
    claimed = due.claim(SearchRefill, limit=1, lease_seconds=config.lease_seconds, commit=Commit.LAZY)
    done = 0
    for row in claimed:
        try:
            done += refill(row, by=SYSTEM)
        except due.ClaimLost:
            continue  # another worker did it
    return done


def waiting() -> int:
    """How many messages are still to be looked at."""
    row = SearchRefill.objects.filter(due_at__isnull=False).order_by("-pk").first()
    if row is None:
        return 0
    rest = Message.objects.filter(pk__gt=row.looked_at)
    return (rest if row.last is None else rest.filter(pk__lte=row.last)).count()
