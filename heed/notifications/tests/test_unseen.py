"""What an agent may not see any more is at once in no list, count, mail or push; a thousand cost no more than one."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine

from heed.conversations.actions.answering import add_note
from heed.conversations.actions.merging import merge
from heed.conversations.actions.restricting import restrict
from heed.conversations.actions.trashing import trash
from heed.conversations.models import Conversation
from heed.delivery.tests.sink import Sink
from heed.kernel import clock
from heed.kernel.words import AgentId
from heed.notifications import digests, pushing
from heed.notifications.actions import mark_read_up_to
from heed.notifications.models import Digest, Notification, Push
from heed.notifications.queries import COUNTED_TO, notifications, unread
from heed.notifications.tests.test_push import Service, added, service
from heed.people.actions import leave_team, set_mail_server
from heed.people.actions.agents import switch_off
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

__all__ = ["service"]  # a fixture
Taking = Callable[[World, Conversation], object]
WAYS: dict[str, Taking] = {
    "restricted": lambda world, row: restrict(
        row, agents=[AgentId(world.edda.row.pk)], teams=[], by=world.edda.actor
    ),
    "out of the team": lambda world, row: leave_team(world.payments, agent=world.farid.row, by=SYSTEM),
    "in the trash": lambda world, row: trash(row, by=world.amara.actor),
    "switched off": lambda world, row: switch_off(world.farid.row, by=SYSTEM),
}


@pytest.fixture
def sink(world: World) -> Iterator[Sink]:
    with Sink() as server:
        set_mail_server(world.help, url=f"smtp://127.0.0.1:{server.port}", by=SYSTEM)
        yield server


@pytest.mark.parametrize("way", WAYS)
def test_one_second_after_the_right_is_taken_away_nothing_tells_of_it(
    world: World, sink: Sink, service: Service, way: str
) -> None:
    added(world.farid)
    row = world.conversation(subject="A wobbly saddle")
    add_note(row, text="@Farid look", sent_once="", files=(), by=world.amara.actor)
    world.read_log()
    assert unread(world.farid.actor).number == 1
    WAYS[way](world, row)
    with time_machine.travel(clock.now() + timedelta(seconds=1)):
        assert not notifications(world.farid.actor).rows
        assert unread(world.farid.actor).number == 0
        assert "wobbly" not in world.farid.get("/notifications/").content.decode()
        pushing.step()
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        digests.step()
    assert service.got == []
    assert sink.mails == []
    assert not Push.objects.filter(due_at__isnull=False).exists()
    assert not Digest.objects.filter(due_at__isnull=False).exists()


def test_of_what_was_merged_one_is_told_where_it_is_read_now(world: World, service: Service) -> None:
    added(world.farid)
    row, kept = world.conversation(), world.conversation()
    add_note(row, text="@Farid look", sent_once="", files=(), by=world.amara.actor)
    world.read_log()
    merge(row, into=kept, by=world.amara.actor)
    world.read_log()
    pushing.step()
    assert [one.href for one in notifications(world.farid.actor).rows] == [f"/conversations/{kept.pk}/"]
    assert len(service.got) == 1


def test_a_thousand_are_counted_to_a_limit_paged_and_read_at_once(world: World) -> None:
    row = world.conversation()
    Notification.objects.bulk_create(
        Notification(
            agent=world.farid.row,
            conversation=row,
            kind="assignment",
            event=1_000_000 + number,
            at=clock.now(),
        )
        for number in range(1_000)
    )
    actor = world.farid.actor
    with assert_queries(at_most=1):
        told = unread(actor)
    assert told.number == COUNTED_TO + 1
    world.farid.get("/notifications/")  # logged in
    with assert_queries(at_most=12):
        assert world.farid.get("/notifications/").content.decode().count("held-back-row") == 40
    assert mark_read_up_to(told.up_to, by=actor) == 1_000
    assert unread(actor).number == 0
