"""Verbs of mail that tells agents of what they have not read."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from heed.eventlog import due
from heed.eventlog.unit import change, verb
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import require
from heed.kernel.words import ActorKind
from heed.notifications.models import TO_MAIL, Digest, Notification
from heed.people.policy import Actor

TRIES: Final = 12  # then what was to be told stands in the list alone


@verb
def begin_digest(digest: Digest, *, by: Actor) -> list[Notification]:
    """Afterwards it is fixed what a claimed digest tells of: the same at every attempt, without what was read since.

    Returns that, oldest first. Nothing is recorded. Refused for people. Raises ClaimLost.
    """
    require(by.kind is ActorKind.SYSTEM)
    held = due.hold(digest)
    waiting = _waiting(held)
    if held.up_to is None:
        newest = waiting[: config.digest_most].values_list("pk", flat=True)
        change(held, up_to=max(newest, default=None))
    if held.up_to is None:
        return []
    rows = waiting.filter(pk__lte=held.up_to)
    return list(rows.select_related("conversation__inbox__brand", "conversation__customer", "by"))


@verb
def end_digest(digest: Digest, *, by: Actor) -> None:
    """Afterwards what a claimed digest told of waits for no mail any more; the next is due when more waits.

    Nothing is recorded. Refused for people. Raises ClaimLost.
    """
    require(by.kind is ActorKind.SYSTEM)
    held = due.hold(digest)
    if held.up_to is not None:
        _waiting(held).filter(pk__lte=held.up_to).update(wants_mail=False)
    due_at = clock.now() + timedelta(minutes=config.digest_minutes) if _waiting(held).exists() else None
    change(held, up_to=None, due_at=due_at, claimed_until=None, attempts=0)


@verb
def put_off_digest(digest: Digest, *, until: datetime | None, by: Actor) -> None:
    """Afterwards a claimed digest is due later: at that time, or, for None, when it was tried too often, never.

    Nothing is recorded. Refused for people. Raises ClaimLost.
    """
    require(by.kind is ActorKind.SYSTEM)
    held = due.hold(digest)
    if until is None and held.attempts >= TRIES:
        end_digest(digest, by=by)
        return
    later = until or clock.now() + timedelta(seconds=due.pause_seconds(held.attempts))
    change(held, due_at=later, claimed_until=None)


def _waiting(digest: Digest) -> "QuerySet[Notification, Notification]":
    return Notification.objects.filter(TO_MAIL, agent_id=digest.pk).order_by("pk")
