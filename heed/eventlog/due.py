"""Rows with a due time: claimed for a while, worked on outside any transaction, reported through a verb."""

import random
from datetime import datetime, timedelta
from functools import cache
from typing import TypeVar

from django.db.models import Q, QuerySet

from heed.eventlog.models import DueRow
from heed.eventlog.unit import Commit, change, lock, unit
from heed.kernel import clock, rows
from heed.kernel.errors import HeedError
from heed.kernel.prepared import Limit, Prepared, prepared

D = TypeVar("D", bound=DueRow)


class ClaimLost(HeedError):
    """The claim ran out and another worker has the row: what was found out is no longer wanted."""

    code, status = "claim_lost", 409


def _due(model: type[D], now: datetime) -> "QuerySet[D, D]":
    unclaimed = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    return model._default_manager.filter(unclaimed, due_at__lte=now)


@cache
def _any_due(model: type[D]) -> Prepared[..., int]:
    def found(*, now: datetime) -> "QuerySet[D, int]":
        # In order, so that the partial index is read: "any one" may be looked for from the front of the whole table,
        # and what is due stands at its end.
        return _due(model, now).order_by("due_at").values_list("pk", flat=True)[:1]

    return prepared(found)


@cache
def _free(model: type[D]) -> Prepared[..., D]:
    def found(*, now: datetime, limit: Limit) -> "QuerySet[D, D]":
        due = _due(model, now).order_by("due_at", "pk")[:limit]
        return due.select_for_update(skip_locked=True, no_key=True) if rows.is_postgres() else due

    return prepared(found)


def claim(model: type[D], *, limit: int, lease_seconds: int, commit: Commit = Commit.DURABLE) -> list[D]:
    """Rows that are due, oldest first, claimed for `lease_seconds`; each was counted as one more attempt.

    No other worker gets them until the lease has run out. Durable by default: whatever leaves afterwards is on record.
    """
    now = clock.now()
    if not _any_due(model)(now=now):
        return []
    with unit(commit):
        claimed = _free(model)(now=now, limit=Limit(limit))
        for row in claimed:
            change(row, claimed_until=now + timedelta(seconds=lease_seconds), attempts=row.attempts + 1)
    return claimed


def hold(claimed: D) -> D:
    """Inside a verb: the claimed row, locked. Raises ClaimLost when another worker has claimed or finished it since."""
    row = lock(claimed)
    if row.claimed_until != claimed.claimed_until or row.due_at is None:  # each claim has an end of its own
        raise ClaimLost
    return row


def has_time(claimed: DueRow, *, seconds: float) -> bool:
    """Whether the claim holds for so long yet. What might outlast it another worker would do as well: give it back."""
    until = claimed.claimed_until
    return until is not None and until - clock.now() >= timedelta(seconds=seconds)


def give_back(claimed: D) -> None:
    """The claimed row is free again, as if nobody had claimed it. Raises ClaimLost."""
    with unit(Commit.LAZY):
        row = hold(claimed)
        change(row, claimed_until=None, attempts=row.attempts - 1)


def pause_seconds(attempts: int, *, first: float = 30.0, longest: float = 6 * 3600.0) -> float:
    """How long to wait before the next attempt: doubling from `first` to `longest` seconds, with a tenth of jitter."""
    doubled: float = first * 2 ** min(attempts - 1, 30)
    return min(longest, doubled) * random.uniform(0.9, 1.1)  # noqa: S311 - spreads load, guards nothing


def waiting(model: type[D]) -> int:
    """How many rows are due by now, claimed or not."""
    return model._default_manager.filter(due_at__lte=clock.now()).count()


def next_due(model: type[D]) -> datetime | None:
    """When the earliest unfinished row falls due; None when nothing is unfinished."""
    unfinished = model._default_manager.filter(due_at__isnull=False)
    return unfinished.order_by("due_at").values_list("due_at", flat=True).first()
