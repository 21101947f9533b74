"""After the index was emptied each message gets its document again, once, whatever a worker dies of."""

from datetime import UTC, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from heed.conversations import refilling
from heed.conversations.actions import refilling as actions
from heed.conversations.actions.answering import Wait, add_note, reply
from heed.conversations.actions.refilling import refill
from heed.conversations.filters import read
from heed.conversations.models import Conversation, SearchDocument, SearchRefill
from heed.conversations.queries.conditions import Reader
from heed.conversations.queries.search import search
from heed.eventlog import due
from heed.kernel import clock
from heed.kernel.errors import Refused
from heed.kernel.words import HeldFor
from heed.people.policy import SYSTEM
from heed.testing.world import World

ASKED = ("lantern", "from:dalia", "to:dalia", "kept secret", "tomorrow")


def found(world: World) -> list[list[int]]:
    reader = Reader(world.amara.actor, UTC)
    return [[hit.conversation.pk for hit in search(reader, read(one).filter).hits] for one in ASKED]


def forget_documents() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM conversations_search")
    assert not SearchDocument.objects.exists()


def begin() -> SearchRefill:
    return SearchRefill.objects.create(due_at=clock.now())


def claimed() -> SearchRefill:
    (row,) = due.claim(SearchRefill, limit=1, lease_seconds=60)
    return row


@pytest.fixture
def row(world: World) -> Conversation:
    """A mail, an answer, a note, and an answer that waits until tomorrow."""
    found = world.conversation(text="The lantern is broken.", subject="Lantern")
    world.answered(found)
    add_note(found, text="To be kept secret.", files=(), sent_once="", by=world.amara.actor)
    later = Wait(clock.now() + timedelta(days=1), HeldFor.LATER)
    reply(world.reload(found), answer=world.answer(text="tomorrow", wait=later), by=world.amara.actor)
    world.settle()
    return found


def test_search_finds_all_again_as_before_and_an_answer_that_waits_when_it_is_said(
    world: World, row: Conversation
) -> None:
    before, number = found(world), SearchDocument.objects.count()
    assert before == [[row.pk]] * 4 + [[]]
    forget_documents()
    assert found(world) == [[]] * 5
    begin()
    assert refilling.waiting() == row.messages.count()
    world.settle()
    assert refilling.waiting() == 0
    assert found(world) == before
    assert SearchDocument.objects.count() == number
    with clock.at(clock.now() + timedelta(days=2)):
        world.settle()
    assert found(world)[-1] == [row.pk]


def test_it_goes_on_where_it_ended_and_adds_nothing_twice(
    world: World, row: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = SearchDocument.objects.count()
    monkeypatch.setattr(actions, "MESSAGES_AT_ONCE", 2)
    forget_documents()
    begin()
    assert refill(claimed(), by=SYSTEM) == 2
    assert SearchDocument.objects.count() == 2
    lost = claimed()  # its worker dies
    later = clock.now() + timedelta(minutes=2)
    with clock.at(later):
        assert refill(claimed(), by=SYSTEM) == 2
        with pytest.raises(due.ClaimLost):
            refill(lost, by=SYSTEM)
        world.writes(row)
        world.settle()
    assert SearchDocument.objects.count() == number + 1
    assert SearchRefill.objects.get().due_at is None
    SearchRefill.objects.update(due_at=clock.now(), looked_at=0)
    assert refill(claimed(), by=SYSTEM) == 2
    assert SearchDocument.objects.count() == number + 1, "those that have a document keep it"


def test_an_empty_desk_is_done_at_once(world: World) -> None:
    begin()
    assert refill(claimed(), by=SYSTEM) == 0
    assert SearchRefill.objects.get().due_at is None


def test_only_the_desk_itself_refills(world: World, row: Conversation) -> None:
    forget_documents()
    begin()
    with pytest.raises(Refused):
        refill(claimed(), by=world.chen.actor)
    assert not SearchDocument.objects.exists()


def test_a_desk_with_messages_begins_when_it_is_migrated_and_a_new_one_has_nothing_to_do(
    world: World,
) -> None:
    migration = import_module("heed.conversations.migrations.0016_add_search_refill")
    migration.begin(apps, None)
    assert not SearchRefill.objects.exists()
    world.conversation()
    migration.begin(apps, None)
    assert refilling.waiting() == 1


def test_a_worker_whose_claim_ran_out_makes_no_documents(world: World, row: Conversation) -> None:
    forget_documents()
    begin()
    lost = claimed()
    with clock.at(clock.now() + timedelta(minutes=2)):
        again = claimed()
        with pytest.raises(due.ClaimLost):
            refill(lost, by=SYSTEM)
        assert not SearchDocument.objects.exists()
        refill(again, by=SYSTEM)
    assert SearchDocument.objects.exists()
