"""Two thousand alarms within the hour become one conversation, at a bounded cost for each mail, page and preview."""

import time
from datetime import timedelta

import pytest
import time_machine

from heed.conversations.models import Conversation, Message
from heed.delivery.models import CaughtMail
from heed.intake.tests.letters import arrives, letter, received
from heed.kernel import clock
from heed.kernel.words import Direction, JoinedBy, StormKey
from heed.testing.queries import assert_queries
from heed.testing.world import World
from heed.triage import queries
from heed.triage.actions.storms import Wording, add_storm_rule
from heed.triage.queries import active_rules, preview, storm_rules

pytestmark = pytest.mark.scale

ALARMS, AT_ONCE = 2_000, 250
MONITOR = "alarm@monitor.example"
QUERIES_A_MAIL = 2.85  # beside what an idle desk asks; 2.70 on SQLite and 2.80 on PostgreSQL, at any hour
PAGE_QUERIES = 40
PAGE_BYTES = 600_000
SECONDS = 1.0  # CPU time of a page or a preview
WORDING = Wording("Monitor", "*@monitor.example", "", "", StormKey.RULE, 3600)


def alarm(number: int) -> bytes:
    subject = f"Alarm host-{number % 40}: disk {number % 100}% full"
    return letter(f"{number}@monitor.example", sender=MONITOR, subject=subject, text=f"Alarm {number}. " * 40)


def settled(world: World) -> int:
    """How many queries it takes until nothing is left to do."""
    with assert_queries(at_most=1_000_000) as counted:
        world.settle()
    return len(counted.captured_queries)


def looked_at(world: World, path: str) -> str:
    """A page as Chen gets it, within its limits."""
    world.chen.get(path)
    with assert_queries(at_most=PAGE_QUERIES):
        began = time.process_time()
        answer = world.chen.get(path)
        spent = time.process_time() - began
    assert answer.status_code == 200
    assert len(answer.content) < PAGE_BYTES
    assert spent < SECONDS
    return answer.content.decode()


def test_two_thousand_alarms_are_one_conversation_that_can_be_opened(world: World) -> None:
    add_storm_rule(world.linden, wording=WORDING, by=world.chen.actor)
    costs = []
    with time_machine.travel(clock.now().replace(minute=10), tick=False):
        world.settle()  # what the jump in time made due is none of the storm's
        idle = settled(world)  # what a desk asks that has nothing to do
        for start in range(0, ALARMS, AT_ONCE):
            for number in range(start, start + AT_ONCE):
                arrives(alarm(number), mail_from=MONITOR)
            costs.append((settled(world) - idle) / AT_ONCE)
        other = received(world, letter("a@example.org")).conversation
        storm = Conversation.objects.exclude(pk=other.pk).get()
        assert storm.messages.filter(direction=Direction.IN).count() == ALARMS
        assert CaughtMail.objects.filter(recipients=[MONITOR]).count() <= 1
        assert max(costs) < QUERIES_A_MAIL, costs
        assert costs[-1] < costs[1] * 1.2, costs

        assert "Alarm 1999." in looked_at(world, f"/inbox/all-open/{storm.pk}/")
        assert "disk" in looked_at(world, "/inbox/unassigned/")
        assert "2000 mails" in looked_at(world, "/settings/mail-storms/")
        [line] = storm_rules(world.chen.actor)
        assert line.examples[0].mails == ALARMS
        world.check()


def yesterdays(world: World, number: int, *, of: timedelta) -> None:
    """So many mails, each of which began a conversation, ended so long ago; one conversation stands for all."""
    row = world.conversation(subject="Disk 1 is full")
    first = row.messages.get()
    fields = {
        f.attname: getattr(first, f.attname) for f in Message._meta.concrete_fields if not f.primary_key
    }
    now = clock.now()
    Message.objects.bulk_create(
        Message(
            **{
                **fields,
                "from_address": MONITOR,
                "subject": f"Disk {n % 7} is full",
                "text": "x" * 4_000,
                "received_at": now - of,
                "joined_by": JoinedBy.NEW,
                "same_key": f"{of}{n}",
            }
        )
        for n in range(number)
    )


def previewed(world: World) -> queries.Preview:
    with assert_queries(at_most=PAGE_QUERIES):
        began = time.process_time()
        found = preview(world.chen.actor, active_rules()[0])
        spent = time.process_time() - began
    assert spent < SECONDS
    return found


def test_a_preview_near_its_limit_is_whole_and_one_beyond_says_that_it_is_not(
    unchecked_world: World,
) -> None:
    world = unchecked_world
    add_storm_rule(world.linden, wording=WORDING, by=world.chen.actor)
    yesterdays(world, 500, of=timedelta(days=2))
    yesterdays(world, queries.LOOKED_THROUGH - 2, of=timedelta(hours=2))
    found = previewed(world)
    assert (found.mails, found.is_partial) == (queries.LOOKED_THROUGH - 2, False)
    yesterdays(world, 10, of=timedelta(hours=1))
    found = previewed(world)
    assert found.is_partial
    assert found.mails <= queries.LOOKED_THROUGH
