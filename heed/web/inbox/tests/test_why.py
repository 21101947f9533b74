"""The third line of a row says why it is one's turn: what is late or soon, and what makes it so."""

import re
from datetime import timedelta

import pytest

from heed.conversations.actions.answering import add_note, reply
from heed.conversations.actions.labels import save_draft
from heed.conversations.actions.sending import mark_bounced, mark_sent
from heed.conversations.actions.state import assign, change_status, set_next_due
from heed.conversations.models import Conversation
from heed.kernel import clock
from heed.kernel.words import Automatic, Direction, Status
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World


@pytest.fixture
def row(world: World) -> Conversation:
    """Amara's, answered once, and the customer wrote again: due in two hours."""
    found = world.conversation(assignee=world.amara)
    with clock.at(clock.now() + timedelta(seconds=1)):
        world.answered(found)
    with clock.at(clock.now() + timedelta(seconds=2)):
        world.writes(world.reload(found))
        world.settle()
    set_next_due(world.reload(found), due_at=clock.now() + timedelta(hours=2), by=SYSTEM)
    return world.reload(found)


def why(world: World, row: Conversation) -> str:
    """What Amara's list says of a conversation."""
    world.settle()
    told = world.amara.get("/inbox/my-turn/").content.decode()
    assert f"row-{row.pk}" in told
    line = told.partition(f'id="row-{row.pk}"')[2].partition("row-why")[2].partition("<span>")[2]
    return " ".join(re.sub(r"<[^>]*>", "", line.partition("</span>")[0]).split())


def test_how_often_somebody_asked_is_said_from_the_third_time_on_and_machines_do_not_count(
    world: World, row: Conversation
) -> None:
    assert re.fullmatch(r"Reply due \S+( \S+)*", why(world, row))
    now = clock.now()
    for seconds in (3, 4):
        assert "mails" not in why(world, row)
        with clock.at(now + timedelta(seconds=seconds)):
            world.writes(row, automatic=Automatic.AUTO_REPLY)
            world.writes(row)
    assert why(world, row).endswith(": 3 mails wait")
    with clock.at(now + timedelta(seconds=9)):
        world.answered(world.reload(row))
    with clock.at(now + timedelta(seconds=10)):
        world.writes(world.reload(row))
    assert "mails" not in why(world, row)


def test_what_came_back_from_its_snooze_says_since_when(world: World, row: Conversation) -> None:
    until = clock.now() + timedelta(hours=1)
    change_status(row, to=Status.SNOOZED, until=until, by=world.amara.actor)
    world.settle()
    assert f"row-{row.pk}" not in world.amara.get("/inbox/my-turn/").content.decode()
    with clock.at(until + timedelta(minutes=5)):
        assert why(world, row).startswith("Back from snooze since ")


def test_what_a_customer_woke_says_so_until_it_is_answered_and_stays_so_when_it_is_late(
    world: World, row: Conversation
) -> None:
    change_status(row, to=Status.SNOOZED, until=clock.now() + timedelta(days=3), by=world.amara.actor)
    world.settle()
    with clock.at(clock.now() + timedelta(seconds=5)):
        world.writes(world.reload(row))
        world.settle()
    assert why(world, row).endswith(": back from snooze")
    set_next_due(world.reload(row), due_at=clock.now() + timedelta(minutes=30), by=SYSTEM)
    with clock.at(clock.now() + timedelta(hours=1)):
        late = why(world, row)
        assert late.startswith("Reply overdue by")
        assert late.endswith(": back from snooze")


def test_an_answer_that_came_back_is_said_before_all_else(world: World, row: Conversation) -> None:
    message = reply(row, answer=world.answer(), by=world.amara.actor)
    mark_sent(message, message_id="out@linden.example", attempts=1, by=SYSTEM)
    mark_bounced(message, report=None, words="550 5.1.1 user unknown", by=SYSTEM)
    assert why(world, row) == "Came back: not delivered"


def test_who_gave_it_to_one_is_named_until_it_is_answered(world: World, row: Conversation) -> None:
    with clock.at(clock.now() + timedelta(seconds=5)):
        assign(row, to=world.edda.row, by=world.amara.actor)
        assign(world.reload(row), to=world.amara.row, by=world.edda.actor)
    assert why(world, row).endswith(f": assigned by {world.edda.row.name}")
    with clock.at(clock.now() + timedelta(seconds=9)):
        world.answered(world.reload(row))
    with clock.at(clock.now() + timedelta(seconds=10)):
        world.writes(world.reload(row))
    assert "assigned" not in why(world, row)


def test_a_call_in_a_note_and_a_draft_are_said_unless_something_is_late_or_soon(
    world: World, row: Conversation
) -> None:
    save_draft(row, kind=Direction.OUT, text="I began", by=world.amara.actor)
    assert why(world, row).startswith("Your draft from ")
    name = world.amara.row.name
    add_note(row, text=f"@{name} what do you think?", files=(), sent_once="", by=world.edda.actor)
    assert why(world, row) == f"{world.edda.row.name} asks you in a note"
    set_next_due(world.reload(row), due_at=clock.now() + timedelta(minutes=18), by=SYSTEM)
    assert why(world, row).startswith("Reply due in 1")
    set_next_due(world.reload(row), due_at=clock.now() + timedelta(hours=3), by=SYSTEM)
    add_note(world.reload(row), text="Fine.", files=(), sent_once="", by=world.amara.actor)
    assert why(world, row).startswith("Your draft from ")


def test_the_list_stands_in_the_order_of_what_is_due_in_as_many_queries_for_one_as_for_many(
    world: World, row: Conversation
) -> None:
    def told() -> list[int]:
        page = world.amara.get("/inbox/my-turn/").content.decode()
        return [int(number) for number in re.findall(r'id="row-(\d+)"', page)]

    told()
    with assert_queries(at_most=12) as few:
        assert told() == [row.pk]
    now = clock.now()
    undated = world.conversation(assignee=world.amara)
    set_next_due(undated, due_at=None, by=SYSTEM)
    dues = {
        hours: world.conversation(assignee=world.amara, due_at=now + timedelta(hours=hours))
        for hours in (5, -1, 1)
    }
    for one in dues.values():
        world.writes(one)
        save_draft(one, kind=Direction.OUT, text="I began", by=world.amara.actor)
    world.settle()
    set_next_due(world.reload(undated), due_at=None, by=SYSTEM)
    with assert_queries(at_most=12) as many:
        assert told() == [dues[-1].pk, dues[1].pk, row.pk, dues[5].pk, undated.pk]
    assert len(many.captured_queries) == len(few.captured_queries)


def test_an_empty_list_says_what_sleeps_and_when_the_first_comes_back(
    world: World, row: Conversation
) -> None:
    other = world.conversation(assignee=world.amara)
    theirs = world.conversation(assignee=world.edda)
    for days, one in ((3, row), (1, other), (1, theirs)):
        until = clock.now() + timedelta(days=days)
        change_status(one, to=Status.SNOOZED, until=until, by=world.amara.actor)
    world.settle()
    told = " ".join(world.amara.get("/inbox/my-turn/").content.decode().split())
    assert "2 snoozed conversations come back, the first <time" in told
    assert ">tomorrow " in told.partition("the first")[2][:200]
