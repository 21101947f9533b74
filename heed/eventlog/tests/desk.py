"""A desk whose processes die where they are told to. Run as a program by the kill tests, never by the product.

    python -m heed.eventlog.tests.desk prepare 4     make the company and so many conversations; say their ids
    python -m heed.eventlog.tests.desk write ID 20   change its priority so often; say so for each that is kept
    python -m heed.eventlog.tests.desk tail          follow the log until the input ends; say the ids of all seen
    python -m heed.eventlog.tests.desk snooze        snooze all conversations until a time that is over
    python -m heed.eventlog.tests.desk work          read the log and do due work until nothing is left
    python -m heed.eventlog.tests.desk work_on       the same, for ever
    python -m heed.eventlog.tests.desk later 3600    shift the clock by so many seconds
    python -m heed.eventlog.tests.desk check         say what is not as the log tells it
    python -m heed.eventlog.tests.desk woken, log, changes, position, die

Several commands are joined by "+"; each says one line of JSON. DIE names the point at which the process kills itself,
DIE_AT the how many-eth time.
"""

import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import Any

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heed.project.settings")
django.setup()

from heed import flow  # noqa: E402 - models need the set-up above
from heed.conversations import fold, timers  # noqa: E402 - as above
from heed.conversations.actions.state import change_priority, change_status, run_timer, set_timer  # noqa: E402 - as above
from heed.conversations.models import Conversation  # noqa: E402 - as above
from heed.eventlog import due, reader  # noqa: E402 - as above
from heed.eventlog.kinds import ConversationPriorityChanged, ConversationStatusChanged  # noqa: E402 - as above
from heed.eventlog.models import EventRow, ParkedEvent  # noqa: E402 - as above
from heed.eventlog.unit import unit  # noqa: E402 - as above
from heed.kernel import clock, rows  # noqa: E402 - as above
from heed.kernel.words import Priority, Status, TimerKind  # noqa: E402 - as above
from heed.people.policy import SYSTEM  # noqa: E402 - as above
from heed.testing.world import build  # noqa: E402 - as above

POINT, TURN = os.environ.get("DIE", ""), int(os.environ.get("DIE_AT", "1"))
reached = 0
real_now = clock.now


def say(what: object) -> None:
    """Print one line of JSON at once."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def reach(point: str) -> None:
    """Die here when told so."""
    global reached
    if point == POINT:
        reached += 1
        if reached == TURN:
            os.kill(os.getpid(), signal.SIGKILL)


def then(function: Callable[..., Any], point: str) -> Callable[..., Any]:
    """The same function, with a point right after it."""

    def run(*args: Any, **kwargs: Any) -> Any:
        answer = function(*args, **kwargs)
        reach(point)
        return answer

    return run


def put_points() -> None:
    """Put the points where they belong."""
    real_write = rows.write

    def write(writes: Any) -> None:
        real_write(writes)
        if any("eventlog_cursor" in one.sql for one in writes):
            reach("cursor moved, not committed")

    rows.write = write
    rows.write_log = then(rows.write_log, "events written, not committed")
    flow.CONSUMERS = tuple(replace(c, on_event=then(c.on_event, "in a consumer")) for c in flow.CONSUMERS)
    due.claim = then(due.claim, "claimed")
    vars(timers)["run_timer"] = then(run_timer, "due work done")


def prepare(number: int) -> None:
    """Make the company and so many conversations."""
    call_command("migrate", verbosity=0, interactive=False)
    world = build()
    say([world.conversation().pk for _ in range(number)])


def write(conversation: int, times: int) -> None:
    """Change a conversation's priority so often, two events each; now and then slow to commit them."""
    quick = rows.write_log

    def sometimes_slow(*args: Any, **kwargs: Any) -> None:
        quick(*args, **kwargs)
        if random.random() < 0.2:
            time.sleep(random.random() * 0.01)

    rows.write_log = sometimes_slow
    row = Conversation(pk=conversation)
    for turn in range(times):
        with unit():
            held = change_priority(row, to=Priority.URGENT, by=SYSTEM)
            change_priority(held, to=(Priority.HIGH, Priority.LOW)[turn % 2], by=SYSTEM)
        say(turn)
        reach("committed")


def tail() -> None:
    """Follow the log as a stream does, from its beginning."""
    seen: list[int] = []
    say("ready")
    is_over = False
    while True:
        page = reader.read_after(seen[-1] if seen else 0, limit=7)
        seen += [event.id for event in page]
        if not page and is_over:
            break
        is_over = bool(select.select([sys.stdin], [], [], 0)[0])
    say(seen)


def snooze() -> None:
    """Snooze all conversations until a time that is over."""
    for row in Conversation.objects.all():
        with unit():
            change_status(row, to=Status.SNOOZED, until=clock.now() + timedelta(days=1), by=SYSTEM)
            set_timer(row, TimerKind.WAKE, clock.now() - timedelta(minutes=1))


def work() -> None:
    """Read the log and do due work until nothing is left."""
    while flow.read() + timers.step() or reader.behind():
        pass


def work_on() -> None:
    """Read the log for ever."""
    say("ready")
    while True:
        work()


def later(seconds: int) -> None:
    """Shift the clock."""
    clock.now = lambda: real_now() + timedelta(seconds=seconds)


def woken() -> None:
    """Say which conversations woke, as often as they did."""
    events = EventRow.objects.filter(kind=ConversationStatusChanged.name, data__previous=Status.SNOOZED)
    say(list(events.order_by("conversation_id").values_list("conversation_id", flat=True)))


def log() -> None:
    """Say the ids of all events."""
    say(list(EventRow.objects.order_by("pk").values_list("pk", flat=True)))


def changes() -> None:
    """Say how often a priority was changed for good."""
    say(
        EventRow.objects.filter(kind=ConversationPriorityChanged.name, data__previous=Priority.URGENT).count()
    )


def position() -> None:
    """Say how far the reader has come."""
    say(reader.position())


def die() -> None:
    """End as in a power cut: nothing is closed, nothing is tidied."""
    os.kill(os.getpid(), signal.SIGKILL)


def check() -> None:
    """Say every difference between rows and log."""
    say([str(finding) for finding in fold.findings()] + [str(row) for row in ParkedEvent.objects.all()])


if __name__ == "__main__":
    put_points()
    for is_joint, words in groupby(sys.argv[1:], key=lambda word: word == "+"):
        if not is_joint:
            command, *arguments = words
            globals()[command](*map(int, arguments))
