"""Due work of the catcher: what it has held long enough is discarded, so that a desk without a server stays small."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from heed.delivery.actions import discard_caught
from heed.delivery.models import CaughtMail
from heed.eventlog.unit import Commit, unit
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.prepared import prepared
from heed.people.policy import SYSTEM

BATCH = 50


@prepared
def _oldest() -> "QuerySet[CaughtMail, tuple[int, datetime]]":
    return CaughtMail.objects.order_by("pk").values_list("pk", "at")[:BATCH]


def step() -> int:
    """Discard some of the oldest mails, when they are too old; how many."""
    old = list(_too_old())
    if not old:
        return 0
    with unit(Commit.LAZY):
        return discard_caught(old, by=SYSTEM)


def waiting() -> int:
    """How many of the oldest are to be discarded."""
    return len(list(_too_old()))


def _too_old() -> Iterable[int]:
    until = clock.now() - timedelta(days=config.catcher_days)
    return (pk for pk, at in _oldest() if at < until)
