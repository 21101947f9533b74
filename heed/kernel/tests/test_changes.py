"""Whoever waits for changes wakes up when another connection commits, and not for ever late."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connections

from heed.eventlog.kinds import NoteAdded
from heed.eventlog.unit import record, unit
from heed.intake.receipts import accepted_now, keep
from heed.kernel.changes import Changes
from heed.kernel.words import MessageId, Origin
from heed.people.policy import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def changes() -> Iterator[Changes]:
    found = Changes()
    yield found
    found.close()


def commit() -> None:
    with unit():
        record(NoteAdded(message=MessageId(1)))


def seconds_waited(changes: Changes, at_most: float) -> float:
    begun = time.monotonic()
    changes.wait(at_most)
    return time.monotonic() - begun


def test_a_commit_ends_the_wait(changes: Changes) -> None:
    assert seconds_waited(changes, 0.2) >= 0.19

    def later() -> None:
        time.sleep(0.2)
        commit()
        connections.close_all()

    writer = threading.Thread(target=later)
    writer.start()
    assert 0.1 < seconds_waited(changes, 10) < 5
    writer.join()


def test_a_commit_before_the_wait_is_not_missed(changes: Changes) -> None:
    commit()
    assert seconds_waited(changes, 10) < 5


def test_what_is_due_ends_the_wait_though_no_event_tells_of_it(changes: Changes) -> None:
    mail = accepted_now(b"Subject: Hello\r\n\r\nMy order?", mail_from="", recipients=["help@linden.example"])
    keep([mail], origin=Origin.LIVE, by=SYSTEM)
    assert seconds_waited(changes, 10) < 5


def test_one_who_is_called_stops_waiting(changes: Changes) -> None:
    threading.Timer(0.2, changes.wake).start()
    assert 0.1 < seconds_waited(changes, 10) < 5
    changes.wake()
    assert seconds_waited(changes, 10) < 1


def test_a_broken_connection_is_mended(changes: Changes) -> None:
    changes._connection.connection.close()  # type: ignore[union-attr]  # as a server that restarts would
    assert seconds_waited(changes, 0.2) < 1
    changes.wait(0.1)
    commit()
    assert seconds_waited(changes, 10) < 5
