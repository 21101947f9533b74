"""Reads that are compiled once give what the ORM gives, whatever the values."""

import gc
from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from heed.conversations.models import Conversation, Message, Tag
from heed.conversations.queries.access import seen_by
from heed.kernel import clock
from heed.kernel.prepared import SHAPES, Limit, Slot, prepared
from heed.kernel.words import Direction
from heed.people.policy import Sight, sight
from heed.testing.queries import assert_queries
from heed.testing.world import World


@prepared
def said(
    *, conversations: Iterable[int], until: datetime | None, direction: str
) -> "QuerySet[Message, Message]":
    rows = Message.objects.filter(conversation_id__in=conversations, direction=direction)
    return (rows if until is None else rows.filter(at__lte=until)).select_related("customer").order_by("pk")


@prepared
def seen(*, view: Sight, limit: Limit) -> "QuerySet[Conversation, int]":
    return Conversation.objects.filter(seen_by(view)).order_by("pk").values_list("pk", flat=True)[:limit]


@prepared
def named(*, name: str) -> "QuerySet[Tag, tuple[int, str]]":
    return Tag.objects.filter(name=name).values_list("pk", "name")


def test_it_gives_the_rows_of_the_values_it_is_called_with(world: World) -> None:
    rows = [world.conversation(text=f"Mail {number}") for number in range(3)]
    for chosen in ([rows[0]], [rows[1]], rows[:2], rows, [], [rows[2]]):
        numbers = [row.pk for row in chosen]
        found = said(conversations=numbers, until=None, direction=Direction.IN)
        assert found == list(Message.objects.filter(conversation_id__in=numbers).order_by("pk"))
        assert [message.text for message in found] == [f"Mail {rows.index(row)}" for row in chosen]
    assert said(conversations=[rows[0].pk], until=None, direction=Direction.OUT) == []


def test_instants_and_nothing_are_told_apart(world: World) -> None:
    row = world.conversation()
    now = clock.now() + timedelta(seconds=1)
    (message,) = said(conversations=[row.pk], until=now, direction=Direction.IN)
    assert message.at.tzinfo is not None
    assert said(conversations=[row.pk], until=now - timedelta(days=900), direction=Direction.IN) == []
    assert said(conversations=[row.pk], until=None, direction=Direction.IN) == [message]


def test_one_query_brings_related_rows_too(world: World) -> None:
    row = world.conversation()
    with assert_queries(at_most=1):
        (message,) = said(conversations=[row.pk], until=None, direction=Direction.IN)
        assert message.customer is not None


def test_a_dataclass_has_the_shape_of_its_fields(world: World) -> None:
    for inbox in (world.help, world.workshop, world.hello):
        world.conversation(inbox=inbox)
    for who in world.colleagues:
        view = sight(who.actor)
        expected = Conversation.objects.filter(seen_by(view)).order_by("pk").values_list("pk", flat=True)
        assert seen(view=view, limit=Limit(9)) == list(expected)
        assert seen(view=view, limit=Limit(1)) == list(expected[:1])


@pytest.mark.parametrize("name", ["%s", "'; DROP TABLE x; --", "100 %", "Straße", "\u202e"])
def test_values_are_values_whatever_they_hold(world: World, name: str) -> None:
    made = Tag.objects.create(brand=world.help.brand, name=name)
    assert named(name=name) == [(made.pk, name)]
    assert named(name=f"{name}x") == []


def test_a_read_with_many_shapes_forgets_instead_of_growing(world: World) -> None:
    row = world.conversation()
    for size in range(2 * SHAPES):
        limit = Limit(size + 1)
        assert seen(view=Sight(everything=True), limit=limit) == [row.pk]
    assert len(seen._compiled) <= SHAPES


def test_what_one_thread_compiled_another_may_run(world: World) -> None:
    row = world.conversation()
    assert seen(view=Sight(everything=True), limit=Limit(7)) == [row.pk]
    found: list[object] = []

    def run() -> None:
        try:
            found.append(seen(view=Sight(everything=True), limit=Limit(7)))
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    assert found == [[]] or found == [[row.pk]], "its own connection: what is not committed is not there"


class Forgetful(dict[Hashable, Any]):
    """As another thread makes it look that forgets right after each question."""

    def __contains__(self, key: object) -> bool:
        found = super().__contains__(key)
        self.clear()
        return found

    def __setitem__(self, key: Hashable, value: object) -> None:
        super().__setitem__(key, value)
        self.clear()


def test_another_thread_may_forget_at_any_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = Tag.objects.create(brand=world.help.brand, name="x")
    known = dict(named._compiled) if named(name="x") else {}
    for kept in (Forgetful(), Forgetful(known)):
        monkeypatch.setattr(named, "_compiled", kept)
        assert named(name="x") == [(tag.pk, "x")]


def slots_in_memory() -> int:
    gc.collect()
    return sum(isinstance(one, Slot) for one in gc.get_objects())


def test_a_read_of_hundreds_keeps_nothing_of_their_conditions(world: World) -> None:
    row = world.conversation()
    made = Slot(0)
    before = slots_in_memory()
    assert before >= 1
    numbers = [row.pk, *range(1_000_000, 1_000_300)]
    assert len(said(conversations=numbers, until=None, direction=Direction.IN)) == 1
    assert slots_in_memory() <= before
    assert made.number == 0
