"""The verb that counts what may be done so often in a stretch of time, the same for all processes."""

from datetime import timedelta

from heed.eventlog.unit import add, change, lock_many, remove, verb
from heed.kernel import clock
from heed.kernel.errors import require
from heed.kernel.words import ActorKind
from heed.people.models import Tally
from heed.people.policy import Actor

THROWN_AWAY = 20  # tallies of the past, whenever a new one begins


@verb
def tally(key: str, *, most: int, seconds: int, by: Actor) -> bool:
    """Afterwards one more is counted for this key; or not, and False, when `most` were in this stretch of `seconds`.

    A stretch begins with the first after the one before was over. Records nothing. Refused for people.
    """
    require(by.kind is ActorKind.SYSTEM)
    now = clock.now()
    ends_at = now + timedelta(seconds=seconds)
    row = lock_many(Tally, [key]).get(key)
    if row is None:
        for old in list(Tally.objects.filter(ends_at__lt=now).order_by("ends_at")[:THROWN_AWAY]):
            remove(old)
        row = add(Tally(key=key, ends_at=ends_at))
    elif row.ends_at <= now:
        change(row, number=0, ends_at=ends_at)
    if row.number >= most:
        return False
    change(row, number=row.number + 1)
    return True
