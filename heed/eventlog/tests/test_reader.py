"""The one reader: each event once to each consumer, in order, whatever one of them does."""

import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import OperationalError, connections

from heed import flow
from heed.conversations.actions.labels import tag
from heed.conversations.actions.state import change_priority, set_next_due
from heed.conversations.models import Conversation, Tag
from heed.eventlog import reader
from heed.eventlog.kinds import (
    ConversationOpened,
    ConversationPriorityChanged,
    ConversationTagged,
    Kind,
    KindUnknown,
)
from heed.eventlog.models import Cursor, EventRow, ParkedEvent
from heed.eventlog.reader import (
    Consumer,
    Event,
    behind,
    events_of,
    last_event_id,
    position,
    read_after,
    replay,
    run,
)
from heed.eventlog.unit import MAX_DEPTH, TooDeep, unit
from heed.kernel import rows
from heed.kernel.errors import NotAllowedNow
from heed.kernel.words import Origin, Priority
from heed.people.policy import SYSTEM
from heed.testing.world import World

OPENED: tuple[type[Kind], ...] = (ConversationOpened,)
postgres_only = pytest.mark.skipif("not __import__('heed.kernel.rows').kernel.rows.is_postgres()")


class Broken(NotAllowedNow):
    """A consumer of a test can't."""

    code = "broken"


def tagging(name: str) -> Consumer:
    def on_event(event: Event) -> None:
        tag(Conversation(pk=event.conversation_id), name=name, by=SYSTEM)

    return Consumer(name, OPENED, on_event)


def failing(name: str, when: Callable[[Event], bool] = lambda event: True) -> Consumer:
    """Changes something and then raises, naming a person as careless code does."""

    def on_event(event: Event) -> None:
        tag(Conversation(pk=event.conversation_id), name=name, by=SYSTEM)
        if when(event):
            raise ValueError("dalia@example.org is not a number")

    return Consumer(name, OPENED, on_event)


def read_all(consumers: Sequence[Consumer], *, limit: int = 100) -> int:
    total = 0
    while done := run(consumers, limit=limit):
        total += done
    return total


def tags(conversation: Conversation) -> list[str]:
    return list(
        Tag.objects.filter(conversationtag__conversation=conversation)
        .order_by("name")
        .values_list("name", flat=True)
    )


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_each_consumer_hears_each_event_once_in_order(unchecked_world: World, limit: int) -> None:
    conversations = [unchecked_world.conversation() for _ in range(4)]
    heard: list[tuple[str, int]] = []

    def hearing(name: str) -> Consumer:
        return Consumer(name, OPENED, lambda event: heard.append((name, event.conversation_id or 0)))

    consumers = [hearing(name) for name in "ab"]
    assert behind()
    assert read_all(consumers, limit=limit) == EventRow.objects.count()
    assert heard == [(name, conversation.pk) for conversation in conversations for name in "ab"]
    assert not behind()
    assert position() == last_event_id()
    assert read_all(consumers) == 0


def test_prepare_sees_the_whole_batch_before_the_first_event(unchecked_world: World) -> None:
    conversations = [unchecked_world.conversation() for _ in range(3)]
    seen: list[object] = []
    consumer = Consumer(
        "one", OPENED, lambda event: seen.append(event.conversation_id), lambda batch: seen.append(len(batch))
    )
    read_all([consumer])
    assert seen == [3, *[conversation.pk for conversation in conversations]]


def test_a_consumer_that_raises_parks_its_event_and_holds_up_nobody(unchecked_world: World) -> None:
    good, bad, after = (unchecked_world.conversation() for _ in range(3))
    broken = failing("broken", lambda event: event.conversation_id == bad.pk)
    read_all([broken, tagging("whole")])
    assert [tags(row) for row in (good, bad, after)] == [["broken", "whole"], ["whole"], ["broken", "whole"]]
    parked = ParkedEvent.objects.get()
    assert (parked.consumer, parked.event_id) == ("broken", unchecked_world.events(bad)[0].id)
    assert "ValueError at " in parked.error
    assert "test_reader.py" in parked.error
    assert "dalia" not in parked.error, "what an error says may be personal"
    assert not behind()


def test_replay_takes_a_parked_event_in_once(unchecked_world: World) -> None:
    conversation = unchecked_world.conversation()
    read_all([failing("broken"), tagging("whole")])
    parked = ParkedEvent.objects.get()
    assert replay([failing("broken")], parked) is False
    assert ParkedEvent.objects.get().attempts == 2
    assert tags(conversation) == ["whole"]
    assert replay([tagging("broken"), tagging("other")], parked) is True
    assert not ParkedEvent.objects.exists()
    assert tags(conversation) == ["broken", "whole"]
    assert replay([failing("broken")], parked) is True, "someone else was faster: nothing is done again"
    assert not ParkedEvent.objects.exists()


def test_an_event_of_a_consumer_that_is_gone_stays_parked(unchecked_world: World) -> None:
    unchecked_world.conversation()
    read_all([failing("broken")])
    assert replay([tagging("whole")], ParkedEvent.objects.get()) is False
    assert ParkedEvent.objects.exists()


def test_an_event_of_a_newer_version_is_parked_until_it_can_be_read(unchecked_world: World) -> None:
    conversation = unchecked_world.conversation()
    opened = EventRow.objects.filter(kind=ConversationOpened.name)
    opened.update(kind="conversation.knighted")
    read_all([tagging("whole")])
    parked = ParkedEvent.objects.get()
    assert parked.consumer == reader.READER
    assert tags(conversation) == []
    assert isinstance(unchecked_world.events(conversation)[0].data, KindUnknown)
    assert replay([tagging("whole")], parked) is False
    EventRow.objects.filter(pk=parked.event_id).update(kind=ConversationOpened.name)
    assert replay([tagging("whole"), tagging("other")], parked) is True
    assert tags(conversation) == ["other", "whole"]
    assert not ParkedEvent.objects.exists()


def test_a_payload_that_lost_a_field_holds_up_nobody(unchecked_world: World) -> None:
    first, second = unchecked_world.conversation(), unchecked_world.conversation()
    EventRow.objects.filter(kind=ConversationOpened.name, conversation_id=first.pk).update(data={})
    read_all([tagging("whole")])
    assert (tags(first), tags(second)) == ([], ["whole"])
    assert ParkedEvent.objects.count() == 1


def test_trouble_of_the_database_itself_parks_nothing(
    unchecked_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = unchecked_world.conversation()
    monkeypatch.setattr(rows, "is_passing", lambda error: isinstance(error, OperationalError))

    def on_event(event: Event) -> None:
        raise OperationalError("deadlock detected")

    with pytest.raises(OperationalError):
        run([tagging("whole"), Consumer("locked", OPENED, on_event)], limit=100)
    assert not ParkedEvent.objects.exists()
    assert tags(conversation) == []
    assert behind(), "it is all tried again"


def test_effects_and_cursor_are_committed_together(unchecked_world: World) -> None:
    conversation = unchecked_world.conversation()

    def killed(event: Event) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run([tagging("whole"), Consumer("killed", OPENED, killed)], limit=100)
    assert tags(conversation) == []
    assert position() == 0
    read_all([tagging("whole")])
    assert tags(conversation) == ["whole"]


def ping_pong(event: Event) -> None:
    """Two rules in one that undo each other for ever."""
    to = Priority.HIGH if event.data.current is Priority.NORMAL else Priority.NORMAL  # type: ignore[attr-defined]  # a change of priority
    change_priority(Conversation(pk=event.conversation_id), to=to, by=SYSTEM)


def test_a_loop_of_rules_stops_at_depth_five_and_tells_its_chain(unchecked_world: World) -> None:
    conversation = unchecked_world.conversation()
    change_priority(conversation, to=Priority.HIGH, by=SYSTEM)
    read_all([Consumer("ping pong", (ConversationPriorityChanged,), ping_pong)])
    changes = [
        e for e in unchecked_world.events(conversation) if isinstance(e.data, ConversationPriorityChanged)
    ]
    assert [event.depth for event in changes] == list(range(MAX_DEPTH + 1))
    assert [event.cause_id for event in changes] == [None, *[event.id for event in changes[:-1]]]
    parked = ParkedEvent.objects.get()
    assert parked.event_id == changes[-1].id
    assert " > ".join(str(event.id) for event in changes) in parked.error
    assert TooDeep.code in parked.error
    assert not behind()


def test_what_imported_history_causes_is_imported_too(unchecked_world: World) -> None:
    with unit(origin=Origin.IMPORT):
        conversation = unchecked_world.conversation()
    read_all([tagging("old")])
    assert {event.origin for event in unchecked_world.events(conversation)} == {Origin.IMPORT}
    assert isinstance(unchecked_world.events(conversation)[-1].data, ConversationTagged)


def test_what_a_consumer_records_names_its_cause(unchecked_world: World) -> None:
    conversation = unchecked_world.conversation()
    read_all([tagging("whole")])
    opened, *_, tagged = unchecked_world.events(conversation)
    assert (tagged.cause_id, tagged.depth) == (opened.id, 1)


def test_reading_on_from_the_last_event_misses_none(unchecked_world: World) -> None:
    conversation = unchecked_world.conversation()
    tag(conversation, name="a", by=SYSTEM)
    everything = read_after(0, limit=100)
    paged: list[Event] = []
    while page := read_after(paged[-1].id if paged else 0, limit=1):
        paged += page
    assert paged == everything
    assert events_of(conversation.pk, limit=1) == everything[-1:]
    assert events_of(conversation.pk, limit=9, before=everything[-1].id) == everything[:-1]
    assert events_of(conversation.pk, limit=9, without=[ConversationTagged]) == everything[:-1]


def test_the_flow_of_the_product_keeps_up_with_its_own_effects(world: World) -> None:
    world.conversation(assignee=world.amara)
    world.settle()
    assert not behind()
    assert flow.read() == 0


@pytest.mark.django_db(transaction=True)
def test_two_readers_at_once_share_one_cursor(unchecked_world: World) -> None:
    conversations = [unchecked_world.conversation() for _ in range(20)]
    heard: list[int] = []
    failed: list[BaseException] = []

    def on_event(event: Event) -> None:
        set_next_due(Conversation(pk=event.conversation_id), due_at=event.at, by=SYSTEM)
        heard.append(event.conversation_id or 0)

    def work() -> None:
        try:
            while behind():
                run([Consumer("one", OPENED, on_event)], limit=3)
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    Cursor.objects.all().delete()  # both make it
    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert heard == [conversation.pk for conversation in conversations]
    assert Cursor.objects.count() == 1
