"""Who is in a conversation now: said, forgotten by itself, and never more rows than tabs."""

from datetime import timedelta

import pytest

from heed.conversations.actions.presence import say_left, say_present
from heed.conversations.models import Conversation, Presence
from heed.conversations.presence import FORGOTTEN, LOOKING, WRITING, present_now
from heed.kernel import clock
from heed.kernel.errors import NotFound
from heed.kernel.words import PresenceKind
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World


def here(conversation: Conversation) -> list[tuple[str, bool]]:
    return [(one.name, one.is_writing) for one in present_now().get(conversation.pk, ())]


def look(conversation: Conversation, who: Colleague) -> None:
    say_present(conversation, kind=PresenceKind.LOOKING, by=who.actor)


def write(conversation: Conversation, who: Colleague) -> None:
    say_present(conversation, kind=PresenceKind.WRITING, by=who.actor)


def test_who_looks_and_who_writes_is_known_writers_first(world: World) -> None:
    row = world.conversation()
    look(row, world.amara)
    look(row, world.farid)
    write(row, world.edda)
    assert here(row) == [("Edda", True), ("Amara", False), ("Farid", False)]


def test_nothing_of_it_is_logged(world: World) -> None:
    row = world.conversation()
    before = world.log_size()
    write(row, world.amara)
    say_left(row, by=world.amara.actor)
    assert world.log_size() == before


def test_who_stops_writing_still_looks_and_who_is_silent_is_gone(world: World) -> None:
    row = world.conversation()
    now = clock.now()
    with clock.at(now):
        write(row, world.amara)
        assert here(row) == [("Amara", True)]
    with clock.at(now + WRITING):
        assert here(row) == [("Amara", False)]
    with clock.at(now + LOOKING):
        assert here(row) == []


def test_who_looks_does_not_write_any_more(world: World) -> None:
    row = world.conversation()
    for kind in (PresenceKind.WRITING, PresenceKind.LOOKING):
        say_present(row, kind=kind, by=world.amara.actor)
    assert here(row) == [("Amara", False)]


def test_who_left_is_gone_at_once_from_there_alone(world: World) -> None:
    row, other = world.conversation(), world.conversation()
    for conversation in (row, other):
        look(conversation, world.amara)
        write(conversation, world.amara)
    say_left(row, by=world.amara.actor)
    assert (here(row), here(other)) == ([], [("Amara", True)])


def test_leaving_twice_or_without_having_come_harms_nobody(world: World) -> None:
    row = world.conversation()
    look(row, world.edda)
    say_left(row, by=world.amara.actor)
    say_left(row, by=world.amara.actor)
    assert here(row) == [("Edda", False)]


def test_said_twice_is_one_row_and_old_ones_go(world: World) -> None:
    rows = [world.conversation() for _ in range(3)]
    now = clock.now()
    for minute, row in enumerate(rows):
        with clock.at(now + minute * 2 * FORGOTTEN):
            for kind in (PresenceKind.LOOKING, PresenceKind.LOOKING, *[PresenceKind.WRITING] * 2):
                say_present(row, kind=kind, by=world.amara.actor)
    assert {row.conversation_id for row in Presence.objects.all()} == {rows[-1].pk}
    assert Presence.objects.count() == 2


def test_an_earlier_word_that_comes_late_moves_nothing_back(world: World) -> None:
    row = world.conversation()
    now = clock.now()
    with clock.at(now):
        write(row, world.amara)
    with clock.at(now - timedelta(seconds=8)):
        write(row, world.amara)
    with clock.at(now + timedelta(seconds=8)):
        assert here(row) == [("Amara", True)]


@pytest.mark.parametrize("who", ["bruno", "gita", "nobody"])
def test_who_may_not_see_it_is_nowhere(world: World, who: str) -> None:
    row = world.conversation()
    for kind in PresenceKind:
        with pytest.raises(NotFound):
            say_present(row, kind=kind, by=world.colleague(who).actor)
    with pytest.raises(NotFound):
        say_left(row, by=world.colleague(who).actor)
    assert not Presence.objects.exists()


def test_a_pulse_costs_few_queries_and_the_look_costs_one(world: World) -> None:
    rows = [world.conversation() for _ in range(20)]
    for row in rows:
        look(row, world.edda)
    actor = world.amara.actor
    look(rows[0], world.amara)
    with assert_queries(at_most=4):  # the scope, the agent's rows, the unit's savepoint around them
        say_present(rows[0], kind=PresenceKind.WRITING, by=actor)
    with assert_queries(at_most=1):
        present_now()
