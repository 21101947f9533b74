"""Due rows: claimed for a while, by one worker at a time, done again when a worker dies."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections

from heed.conversations import timers
from heed.conversations.actions.state import change_status, run_timer, set_timer
from heed.conversations.models import Timer
from heed.eventlog import due
from heed.eventlog.unit import change, unit
from heed.intake.models import Receipt
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.words import Origin, ReceiptState, Status, TimerKind
from heed.people.policy import SYSTEM
from heed.testing.queries import plans
from heed.testing.world import World

LEASE = 60


def timer(world: World, *, minutes: int = -1) -> Timer:
    with unit():
        conversation = world.conversation(status=Status.SNOOZED)
        set_timer(conversation, TimerKind.WAKE, clock.now() + timedelta(minutes=minutes))
    return Timer.objects.get(conversation=conversation, kind=TimerKind.WAKE)


def test_only_what_is_due_is_claimed_oldest_first(world: World) -> None:
    late, later, future = timer(world, minutes=-1), timer(world, minutes=-9), timer(world, minutes=+5)
    assert due.waiting(Timer) == 2
    assert due.next_due(Timer) == later.due_at
    assert due.claim(Timer, limit=1, lease_seconds=LEASE) == [later]
    assert due.claim(Timer, limit=9, lease_seconds=LEASE) == [late]
    assert due.claim(Timer, limit=9, lease_seconds=LEASE) == []
    assert Timer.objects.get(pk=future.pk).claimed_until is None


def test_looking_for_due_rows_never_reads_the_finished_ones(world: World) -> None:
    now = clock.now()
    finished = {
        "received_at": now,
        "recipients": [],
        "size": 1,
        "origin": Origin.LIVE,
        "state": ReceiptState.READ,
    }
    Receipt.objects.bulk_create(Receipt(**finished, due_at=None) for _ in range(4_000))
    Receipt.objects.bulk_create(Receipt(**finished, due_at=now) for _ in range(400))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE intake_receipt")
    with plans("due_at", without=()) as lines:
        assert due.claim(Receipt, limit=3, lease_seconds=LEASE)
    scans = [line for line in lines if "intake_receipt" in line and ("SEARCH" in line or "Scan" in line)]
    assert len(scans) == 2
    assert all("receipt_due" in line for line in scans), lines


def test_a_claim_runs_out_and_the_row_is_done_again_by_another(world: World) -> None:
    row = timer(world)
    with time_machine.travel(clock.now(), tick=False) as now:
        (first,) = due.claim(Timer, limit=9, lease_seconds=LEASE)
        now.shift(LEASE)
        assert due.claim(Timer, limit=9, lease_seconds=LEASE) == []
        now.shift(1)
        (second,) = due.claim(Timer, limit=9, lease_seconds=LEASE)
        assert (first.pk, first.attempts, second.attempts) == (row.pk, 1, 2)
        with pytest.raises(due.ClaimLost):
            run_timer(first, by=SYSTEM)
        run_timer(second, by=SYSTEM)
        with pytest.raises(due.ClaimLost):
            run_timer(second, by=SYSTEM)


def test_a_slow_worker_may_finish_what_nobody_else_has_claimed(world: World) -> None:
    row = timer(world)
    (claimed,) = due.claim(Timer, limit=9, lease_seconds=LEASE)
    with time_machine.travel(clock.now() + timedelta(seconds=2 * LEASE)):
        run_timer(claimed, by=SYSTEM)
    assert world.reload(row.conversation).status == Status.OPEN


def test_a_row_that_was_set_anew_is_lost_to_the_one_who_had_it(world: World) -> None:
    row = timer(world)
    (claimed,) = due.claim(Timer, limit=9, lease_seconds=LEASE)
    change_status(
        row.conversation, to=Status.SNOOZED, until=clock.now() + timedelta(days=2), by=world.amara.actor
    )
    with time_machine.travel(clock.now() + timedelta(days=3)):
        (again,) = due.claim(Timer, limit=9, lease_seconds=LEASE)
        assert again.attempts == claimed.attempts, "a count alone would not tell them apart"
        with pytest.raises(due.ClaimLost):
            run_timer(claimed, by=SYSTEM)


def test_a_lost_claim_does_not_stop_the_others(world: World) -> None:
    lost, kept = timer(world), timer(world)
    claimed = due.claim(Timer, limit=9, lease_seconds=LEASE)
    with unit():
        change(Timer.objects.get(pk=lost.pk), claimed_until=None, due_at=None)
    for row in claimed:
        if row.pk == kept.pk:
            run_timer(row, by=SYSTEM)
    assert world.reload(kept.conversation).status == Status.OPEN
    assert timers.step() == 0


def test_pauses_grow_and_differ_a_little() -> None:
    pauses = [due.pause_seconds(attempt, first=10, longest=1000) for attempt in range(1, 60)]
    assert all(9 * 2**n <= pause <= 11 * 2**n for n, pause in enumerate(pauses[:6]))
    assert max(pauses) <= 1100
    assert len({due.pause_seconds(3) for _ in range(20)}) > 1


@pytest.mark.django_db(transaction=True)
def test_two_claimers_never_share_a_row(unchecked_world: World) -> None:
    rows = {timer(unchecked_world).pk for _ in range(60)}
    claimed: list[int] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            while found := due.claim(Timer, limit=4, lease_seconds=config.lease_seconds):
                claimed.extend(row.pk for row in found)
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(claimed) == sorted(rows)
