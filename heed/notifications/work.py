"""Due work of notifications: who is responsible is told of what is due soon; what is old is forgotten."""

from collections.abc import Sequence
from datetime import timedelta

from heed.eventlog import due
from heed.eventlog.unit import Commit
from heed.kernel import clock
from heed.kernel.config import config
from heed.notifications.actions import forget_notifications, tell_deadline
from heed.notifications.models import Deadline, Notification
from heed.people.policy import SYSTEM

BATCH = 50
FORGOTTEN_AT_ONCE = 500


def step() -> int:
    """Tell of what is due soon; how many promises were looked at."""
    claimed = due.claim(Deadline, limit=BATCH, lease_seconds=config.lease_seconds, commit=Commit.LAZY)
    for deadline in claimed:
        try:
            tell_deadline(deadline, by=SYSTEM)
        except due.ClaimLost:
            continue  # another worker did it
    return len(claimed)


def waiting() -> int:
    """How many promises are due to be told of."""
    return due.waiting(Deadline)


def forget() -> int:
    """Forget some of the oldest notifications, when they are too old; how many."""
    old = _too_old()
    return forget_notifications(old, by=SYSTEM) if old else 0


def to_forget() -> int:
    """How many are to be forgotten, of the oldest."""
    return len(_too_old())


def _too_old() -> Sequence[int]:
    until = clock.now() - timedelta(days=config.notification_days)
    rows = Notification.objects.filter(at__lt=until).order_by("at", "pk")
    return list(rows.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
