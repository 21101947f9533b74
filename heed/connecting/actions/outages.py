"""Verbs about what does not work: note it, end it, and say that leads and admins were told."""

from collections.abc import Sequence
from datetime import timedelta

from heed.connecting.models import Outage, Watch
from heed.connecting.outages import Trouble
from heed.eventlog import due
from heed.eventlog.reader import behind, position
from heed.eventlog.unit import add, change, lock_many, verb
from heed.kernel import clock
from heed.kernel.config import config
from heed.people.policy import Actor

WATCH = 1
WORDS_CHARACTERS = 300
REST = timedelta(minutes=15)
"""What comes back so soon is told only when it stays: what comes and goes must not send a mail each time."""
TRIES = 12


@verb
def claim_watch(*, by: Actor) -> Watch | None:
    """Afterwards the caller looks, and nobody else for config.lease_seconds; None: it is not time, or another looks."""
    return next(iter(due.claim(Watch, limit=1, lease_seconds=config.lease_seconds)), None)


@verb
def note_outages(watch: Watch, *, troubles: Sequence[Trouble], by: Actor) -> list[Outage]:
    """Afterwards these do not work, and all others do; what is new is to be told, what ended as well if it was told.

    Returns what does not work. Pages show it at once. Refuses with ClaimLost.
    """
    held = due.hold(watch)
    now = clock.now()
    known = {row.key: row for row in Outage.objects.filter(ended_at__isnull=True).select_related("inbox")}
    lock_many(Outage, sorted(row.pk for row in known.values()))
    found = {trouble.key: trouble for trouble in troubles}
    for key, row in known.items():
        if key not in found:
            _end(row)
    still = [_go_on(known[key], one) if key in known else _begin(one) for key, one in found.items()]
    where = position()
    moved = not behind() or where != held.position or held.moved_at is None
    change(
        held,
        looked_at=now,
        position=where,
        moved_at=now if moved else held.moved_at,
        open=[[row.kind, row.brand_id, row.inbox.address if row.inbox else ""] for row in still],
        due_at=now + timedelta(seconds=config.alarm_look_seconds),
        claimed_until=None,
    )
    return still


def _end(row: Outage) -> None:
    now = clock.now()
    change(row, ended_at=now, tell_at=now if row.told_at else None, tries=0)


def _go_on(row: Outage, trouble: Trouble) -> Outage:
    words = trouble.words[:WORDS_CHARACTERS]
    if (row.reason, row.words) == (trouble.reason, words):
        return row
    return change(row, reason=trouble.reason, words=words)


def _begin(trouble: Trouble) -> Outage:
    now = clock.now()
    before = Outage.objects.filter(key=trouble.key).order_by("-pk").first()
    is_back = before is not None and before.ended_at is not None and now - before.ended_at < REST
    return add(
        Outage(
            kind=trouble.kind,
            key=trouble.key,
            brand=trouble.inbox.brand if trouble.inbox else None,
            inbox=trouble.inbox,
            reason=trouble.reason,
            words=trouble.words[:WORDS_CHARACTERS],
            started_at=trouble.since,
            tell_at=now + REST if is_back else now,
        )
    )


@verb
def note_told(outage: Outage, *, by: Actor) -> Outage:
    """Afterwards leads and admins know of it, or, for one that ended, that it is over. Nothing is told twice."""
    held = lock_many(Outage, [outage.pk])[outage.pk]
    now = clock.now()
    if held.told_at is None:
        ended = held.ended_at is not None
        return change(held, told_at=now, tries=0, tell_at=now if ended else None)
    if held.ended_at is not None and held.told_end_at is None:
        return change(held, told_end_at=now, tell_at=None)
    return change(held, tell_at=None)


@verb
def put_off_telling(outage: Outage, *, by: Actor) -> Outage:
    """Afterwards the mail about it is tried again later, at most TRIES times. Records nothing."""
    held = lock_many(Outage, [outage.pk])[outage.pk]
    tries = held.tries + 1
    pause = timedelta(seconds=due.pause_seconds(tries, first=60.0, longest=3600.0))
    return change(held, tries=tries, tell_at=clock.now() + pause if tries < TRIES else None)
