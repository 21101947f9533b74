"""The unit of work: all of it or nothing, the same rows on both engines as plain saves would make."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection, connections, models, transaction
from django.db.utils import DatabaseError, IntegrityError, OperationalError

from heed.brands.models import Brand
from heed.conversations import queries
from heed.conversations.actions.labels import tag
from heed.conversations.actions.state import assign, change_priority, change_status
from heed.conversations.models import Conversation, Count, Message, Tag
from heed.eventlog.kinds import ConversationPriorityChanged, ConversationTagged
from heed.eventlog.models import EventRow
from heed.eventlog.unit import (
    Commit,
    HalfDone,
    OutsideUnit,
    add,
    change,
    lock,
    lock_many,
    record,
    savepoint,
    unit,
    verb,
)
from heed.intake.models import Receipt, ReceiptPart
from heed.kernel import rows
from heed.kernel.buffer import KEY_BLOCK
from heed.kernel.errors import NotAllowedNow, Unusable
from heed.kernel.outbound.guard import OutboundInsideTransaction, require_allowed
from heed.kernel.words import Priority, Status, TagId
from heed.people.policy import SYSTEM, Actor
from heed.testing.queries import assert_queries
from heed.testing.world import World

AT = datetime(2026, 3, 2, 9, 30, 15, 250_000, tzinfo=timezone(timedelta(hours=5, minutes=30)))
postgres_only = pytest.mark.skipif("not __import__('heed.kernel.rows').kernel.rows.is_postgres()")
sqlite_only = pytest.mark.skipif("__import__('heed.kernel.rows').kernel.rows.is_postgres()")


@verb
def tag_then_fail(conversation: Conversation, *, by: Actor) -> None:
    """Afterwards nothing is changed: it raises after its first change."""
    tag(conversation, name="half", by=by)
    raise NotAllowedNow


def stored(row: models.Model) -> tuple[Any, ...]:
    """A row as the engine keeps it, past Django's conversions."""
    columns = [f.column for f in row._meta.concrete_fields if not f.primary_key]
    shown = "quote({})" if connection.vendor == "sqlite" else '"{}"::text'
    listed = ", ".join(shown.format(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {listed} FROM "{row._meta.db_table}" WHERE id = %s', [row.pk])
        return tuple(cursor.fetchone())


def an_event() -> ConversationTagged:
    return ConversationTagged(tag=TagId(1))


@pytest.mark.parametrize("at", [AT, AT.replace(microsecond=0), datetime(2026, 1, 1, tzinfo=UTC)])
def test_buffered_rows_are_stored_as_saved_ones_would_be(unchecked_world: World, at: datetime) -> None:
    receipt = {
        "received_at": at, "mail_from": "Zoë <z@example.org> 🚲 \\ ' \"", "recipients": ["a@b.example", "ü"],
        "sha256": "a" * 64,
        "size": 2**40, "origin": "live", "due_at": at, "is_moved": True,
    }  # fmt: skip
    saved = Receipt.objects.create(**receipt)
    part = ReceiptPart.objects.create(receipt=saved, number=0, content=bytes(range(256)))
    with unit():
        added = add(Receipt(**receipt))
        other = add(ReceiptPart(receipt=added, number=0, content=bytes(range(256))))
    assert stored(added) == stored(saved)
    assert stored(other)[1:] == stored(part)[1:]
    assert Receipt.objects.get(pk=added.pk).received_at == at
    assert bytes(ReceiptPart.objects.get(pk=other.pk).content) == bytes(range(256))


def test_many_rows_at_once_are_stored_as_one_would_be(unchecked_world: World) -> None:
    awkward = ["\\N", "\\.", "a\tb", "a\nb\r\n", "", "\\", "ü\u2028🚲", "'\"", "NULL"]
    receipts = [
        {
            "received_at": AT,
            "mail_from": text,
            "recipients": [text, {"é": None}],
            "sha256": "a" * 64,
            "size": 2**40,
            "origin": "live",
            "due_at": None if number % 2 else AT,
            "is_moved": bool(number % 2),
        }
        for number, text in enumerate(awkward)
    ]
    assert len(receipts) >= rows.COPIED
    saved = [Receipt.objects.create(**receipt) for receipt in receipts]
    parts = [ReceiptPart.objects.create(receipt=row, number=0, content=bytes(range(256))) for row in saved]
    with unit() as work:
        work.expect(len(receipts), Receipt)
        added = [add(Receipt(**receipt)) for receipt in receipts]
        others = [add(ReceiptPart(receipt=row, number=0, content=bytes(range(256)))) for row in added]
    assert [stored(row) for row in added] == [stored(row) for row in saved]
    assert [stored(row)[1:] for row in others] == [stored(row)[1:] for row in parts]


def test_changed_columns_are_stored_as_saved_ones_would_be(unchecked_world: World) -> None:
    hours = {"0": [[540, 1020]], "é": [["\u2028", None, 1.5, True]]}
    one = Brand.objects.create(name="One", slug="one", hours=hours, acknowledges=False)
    two = Brand.objects.create(name="Two", slug="two")
    with unit():
        change(lock(two), name="One", slug="one2", hours=hours, acknowledges=False)
    assert [a for a, b in zip(stored(one), stored(two), strict=True) if a != b] == [stored(one)[1]]
    assert Brand.objects.get(pk=two.pk).hours == hours


def test_a_payload_comes_back_as_it_was_recorded(world: World) -> None:
    conversation = world.conversation()
    until = datetime.now(UTC) + timedelta(days=3, microseconds=7)
    change_status(conversation, to=Status.SNOOZED, until=until, by=world.amara.actor)
    event = world.events(conversation)[-1]
    assert (event.data.previous, event.data.current, event.data.until) == (Status.OPEN, Status.SNOOZED, until)  # type: ignore[attr-defined]  # a status change
    assert isinstance(event.data.current, Status)  # type: ignore[attr-defined]  # as above
    assert EventRow.objects.filter(pk=event.id, data__current="snoozed").exists(), "encoded once, not twice"


def test_a_query_sees_what_is_buffered(world: World) -> None:
    conversation = world.conversation()
    with unit():
        held = lock(conversation)
        change(held, subject="Changed")
        assert Conversation.objects.get(pk=conversation.pk).subject == "Changed"
        change(held, assignee=world.amara.row)
        assert [row.pk for row in queries.my_turn(world.amara.actor).rows] == [conversation.pk]
        change(held, assignee=None)
        added = add(Tag(brand=world.linden, name="fresh"))
        assert Tag.objects.filter(name="fresh").first() == added


def test_only_tables_that_a_query_names_are_written_before_it(world: World) -> None:
    with unit() as work:
        add(Tag(brand=world.linden, name="later"))
        list(Brand.objects.all())
        assert Tag in work.new
        list(Tag.objects.all())
        assert Tag not in work.new


def test_an_error_leaves_nothing_behind(world: World) -> None:
    conversation = world.conversation()
    size = world.log_size()
    with pytest.raises(ZeroDivisionError), unit():
        change_priority(conversation, to=Priority.HIGH, by=SYSTEM)
        tag(conversation, name="gone", by=SYSTEM)
        list(Tag.objects.all())  # written before it is rolled back
        raise ZeroDivisionError
    assert world.reload(conversation).priority == Priority.NORMAL
    assert not Tag.objects.exists()
    assert world.log_size() == size


def test_a_broken_invariant_leaves_nothing_behind(world: World) -> None:
    with pytest.raises(IntegrityError), unit():
        add(Tag(brand=world.linden, name="same"))
        add(Tag(brand=world.linden, name="same"))
    assert not Tag.objects.exists()
    world.conversation()  # and the next unit works


def test_one_broken_row_of_many_leaves_nothing_behind(world: World) -> None:
    names = [f"tag {number}" for number in range(rows.COPIED)]
    with pytest.raises(IntegrityError), unit():
        for name in [*names, names[0]]:
            add(Tag(brand=world.linden, name=name))
    assert not Tag.objects.exists()
    with unit():
        for name in names:
            add(Tag(brand=world.linden, name=name))
    assert Tag.objects.count() == len(names)


def test_what_an_inner_verb_left_half_done_is_not_committed(world: World) -> None:
    conversation = world.conversation()
    with pytest.raises(HalfDone), unit(), suppress(NotAllowedNow):
        tag_then_fail(conversation, by=SYSTEM)
    assert not Tag.objects.exists()


def test_an_inner_verb_that_refuses_before_its_first_change_spoils_nothing(world: World) -> None:
    conversation = world.conversation()
    with unit():
        change_priority(conversation, to=Priority.HIGH, by=SYSTEM)
        with pytest.raises(Unusable):
            tag(conversation, name=" ", by=SYSTEM)
    assert world.reload(conversation).priority == Priority.HIGH


def test_a_savepoint_undoes_rows_events_and_what_stands_in_memory(world: World) -> None:
    conversation = world.conversation()
    with unit() as work:
        held = lock(conversation)
        change_priority(held, to=Priority.HIGH, by=SYSTEM)
        assign(held, to=world.amara.row, by=SYSTEM)
        events = len(work.events)
        with pytest.raises(NotAllowedNow), savepoint():
            change_priority(held, to=Priority.URGENT, by=SYSTEM)
            assign(held, to=world.chen.row, by=SYSTEM)
            tag_then_fail(held, by=SYSTEM)
        assert (held.priority, held.assignee_id, held.assignee) == (
            Priority.HIGH,
            world.amara.row.pk,
            world.amara.row,
        )
        assert len(work.events) == events
        assert lock(conversation) is held
        change(held, subject="Afterwards")
    row = world.reload(conversation)
    assert (row.priority, row.assignee_id, row.subject) == (Priority.HIGH, world.amara.row.pk, "Afterwards")
    assert not Tag.objects.exists()


def test_keys_go_on_after_a_savepoint_was_undone(world: World) -> None:
    with unit():
        first = add(Tag(brand=world.linden, name="one"))
        with pytest.raises(NotAllowedNow), savepoint():
            add(Tag(brand=world.linden, name="two"))
            raise NotAllowedNow
        add(Tag(brand=world.linden, name="three"))
        assert first.pk is not None
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["one", "three"]


def test_verbs_inside_a_unit_are_one_transaction_and_events_come_last(world: World) -> None:
    conversation = world.conversation()
    with unit() as outer:
        change_priority(conversation, to=Priority.HIGH, by=SYSTEM)
        with unit(Commit.LAZY) as inner:
            assert inner is outer
            tag(conversation, name="both", by=SYSTEM)
        assert world.log_size() == 2, "no event is written before the end"
    assert world.kinds(conversation)[-2:] == [ConversationPriorityChanged.name, ConversationTagged.name]


def test_locking_shows_the_row_as_it_stands_and_keeps_one_object_for_it(world: World) -> None:
    conversation = world.conversation()
    Conversation.objects.filter(pk=conversation.pk).update(subject="As it stands")
    with unit():
        held = lock(conversation)
        assert held.subject == "As it stands"
        assert lock(world.reload(conversation)) is held


def test_a_row_changed_before_it_was_locked_keeps_the_change_and_sees_the_rest(world: World) -> None:
    conversation = world.conversation()
    Conversation.objects.filter(pk=conversation.pk).update(language="fr")
    with unit():
        change(conversation, subject="Unlocked")
        held = lock(conversation)
        assert held is conversation
        assert (held.subject, held.language) == ("Unlocked", "fr")
        change(held, language="de")
    row = world.reload(conversation)
    assert (row.subject, row.language) == ("Unlocked", "de")


def test_two_objects_of_one_row_never_overwrite_each_other(world: World) -> None:
    conversation = world.conversation()
    with unit():
        one, two = world.reload(conversation), world.reload(conversation)
        change(one, subject="By one")
        change(two, language="de")
        change(one, trouble="x")
        change(two, trouble="y")
        assert one.trouble == "y", "the first object is the one that is kept"
    row = world.reload(conversation)
    assert (row.subject, row.language, row.trouble) == ("By one", "de", "y")


def test_only_changed_columns_are_written(world: World) -> None:
    conversation = world.conversation()
    stale = world.reload(conversation)
    Conversation.objects.filter(pk=conversation.pk).update(language="pt")
    with unit():
        change(stale, subject="New")
    assert world.reload(conversation).language == "pt"


def test_keys_are_drawn_in_blocks_and_few_are_wasted(world: World) -> None:
    with unit(), assert_queries(at_most=5):
        keys = [add(Tag(brand=world.linden, name=f"tag {n}")).pk for n in range(20)]
    assert keys == list(range(keys[0], keys[0] + 20))
    with unit():
        after = add(Tag(brand=world.linden, name="after")).pk
    assert after - keys[-1] <= 20 <= KEY_BLOCK


def test_keys_of_rows_that_are_expected_are_drawn_together(world: World) -> None:
    with unit() as work, assert_queries(at_most=1):
        work.expect(20, Tag)
        keys = [add(Tag(brand=world.linden, name=f"tag {n}")).pk for n in range(20)]
    assert keys == list(range(keys[0], keys[0] + 20))


def test_rows_with_a_key_of_their_own_need_none_drawn(world: World) -> None:
    with unit(), assert_queries(at_most=0):
        add(Count(key="0:0:open", status="open"))
    with unit():
        assert lock_many(Count, ["0:0:open", "nowhere"]).keys() == {"0:0:open"}
    Count.objects.all().delete()


def test_nothing_is_buffered_outside_a_unit(world: World) -> None:
    with pytest.raises(OutsideUnit):
        add(Tag(brand=world.linden, name="lost"))
    with pytest.raises(OutsideUnit):
        record(an_event())


def test_the_network_is_out_of_reach_inside_a_unit(world: World) -> None:
    require_allowed()
    with unit(), pytest.raises(OutboundInsideTransaction):
        require_allowed()
    require_allowed()


def test_a_missing_row_can_not_be_locked(world: World) -> None:
    with unit(), pytest.raises(Conversation.DoesNotExist):
        lock(Conversation(pk=999_999))


def test_events_name_the_innermost_actor(world: World) -> None:
    conversation = world.conversation()
    with unit():
        change_priority(conversation, to=Priority.HIGH, by=world.amara.actor)
        record(an_event(), on=conversation.pk)
    first, second = world.events(conversation)[-2:]
    assert (first.actor_kind, first.actor_id) == ("agent", world.amara.row.pk)
    assert (second.actor_kind, second.actor_id) == ("system", None)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What SQLite really executes, in order."""
    seen: list[str] = []
    connection.ensure_connection()
    connection.connection.set_trace_callback(seen.append)
    try:
        yield seen
    finally:
        connection.connection.set_trace_callback(None)


@sqlite_only
@pytest.mark.django_db(transaction=True)
def test_nothing_touches_the_database_between_the_events_and_the_commit(unchecked_world: World) -> None:
    conversation = unchecked_world.conversation()
    with statements() as seen:
        change_priority(conversation, to=Priority.HIGH, by=SYSTEM)
    writes = [text.split(" (")[0] for text in seen if not text.startswith(("SELECT", "PRAGMA"))]
    assert writes[0] == "BEGIN IMMEDIATE"
    assert [text.split('"')[1] for text in writes[1:-1]] == ["conversations_conversation", "eventlog_event"]
    assert writes[-1] == "COMMIT"
    assert seen[-2].startswith('INSERT INTO "eventlog_event"')


@sqlite_only
@pytest.mark.django_db(transaction=True)
def test_a_promise_is_flushed_and_repeatable_work_is_not(unchecked_world: World) -> None:
    def level() -> int:
        with connection.cursor() as cursor:
            return int(cursor.execute("PRAGMA synchronous").fetchone()[0])

    for commit, expected in ((Commit.DURABLE, 2), (Commit.LAZY, 1), (Commit.DURABLE, 2)):
        with unit(commit), unit():
            assert level() == expected


@postgres_only
@pytest.mark.django_db(transaction=True)
def test_a_durable_unit_is_flushed_when_it_answers_and_a_lazy_one_later(unchecked_world: World) -> None:
    def unflushed() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn()")
            return int(cursor.fetchone()[0])

    conversation = unchecked_world.conversation()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")  # a test server commits lazily
    high = [Priority.HIGH, Priority.NORMAL]
    lazy, durable = [], []
    for turn in range(10):
        with unit(Commit.LAZY):
            change_priority(conversation, to=high[turn % 2], by=SYSTEM)
        lazy.append(unflushed())
        change_priority(conversation, to=high[1 - turn % 2], by=SYSTEM)
        durable.append(unflushed())
    connection.close()
    assert max(lazy) > 0, "otherwise this test shows nothing"
    assert min(durable) == 0  # others may write to the same server in between


@pytest.mark.django_db(transaction=True)
def test_a_unit_refuses_to_begin_inside_a_foreign_transaction(unchecked_world: World) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError), unit():
        pass


def in_thread(work: Any) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_threads_have_units_of_their_own(unchecked_world: World) -> None:
    ids = [unchecked_world.conversation().pk for _ in range(4)]

    def work(pk: int) -> None:
        for name in ("one", "two", "three"):
            tag(Conversation(pk=pk), name=f"{name} {pk}", by=SYSTEM)

    threads = [in_thread(lambda pk=pk: work(pk)) for pk in ids]
    for thread in threads:
        thread.join()
    assert {pk: Conversation.objects.get(pk=pk).tagged.count() for pk in ids} == dict.fromkeys(ids, 3)


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_in_the_order_of_their_keys_so_nobody_deadlocks(unchecked_world: World) -> None:
    ids = [unchecked_world.conversation().pk for _ in range(6)]
    failed: list[Exception] = []

    def work(keys: list[int]) -> None:
        try:
            for _ in range(10):
                with unit():
                    for row in lock_many(Conversation, keys).values():
                        change_priority(
                            row, to=Priority.HIGH if row.priority == "normal" else Priority.NORMAL, by=SYSTEM
                        )
        except Exception as error:  # shown by the assertion below
            failed.append(error)

    threads = [in_thread(lambda keys=keys: work(keys)) for keys in (ids, ids[::-1], ids[3:] + ids[:3])]
    for thread in threads:
        thread.join()
    assert failed == []
    unchecked_world.check()


@postgres_only
@pytest.mark.django_db(transaction=True)
def test_an_event_waits_until_those_before_it_are_committed(
    unchecked_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = unchecked_world.conversation(), unchecked_world.conversation()
    written, may_commit, done = threading.Event(), threading.Event(), threading.Event()
    write_log = rows.write_log

    def slow(*args: Any, **kwargs: Any) -> None:
        write_log(*args, **kwargs)
        if threading.current_thread().name == "slow":
            written.set()
            may_commit.wait(10)

    monkeypatch.setattr(rows, "write_log", slow)

    def fast() -> None:
        change_priority(second, to=Priority.HIGH, by=SYSTEM)
        done.set()

    def be_slow() -> None:
        change_priority(first, to=Priority.HIGH, by=SYSTEM)
        connections.close_all()

    slow_one = threading.Thread(target=be_slow, name="slow")
    slow_one.start()
    assert written.wait(10)
    fast_one = in_thread(fast)
    assert not done.wait(0.5), "the second event was committed while the first was not"
    may_commit.set()
    slow_one.join()
    fast_one.join()
    assert done.is_set()
    kinds = EventRow.objects.filter(kind=ConversationPriorityChanged.name).order_by("pk")
    assert list(kinds.values_list("conversation_id", flat=True)) == [first.pk, second.pk]


def test_a_message_and_its_conversation_are_one_unit(world: World) -> None:
    conversation = world.conversation()
    size = Message.objects.count()
    with pytest.raises(ZeroDivisionError), unit():
        world.writes(conversation)
        raise ZeroDivisionError
    assert Message.objects.count() == size


@pytest.mark.django_db(transaction=True)
def test_waiting_too_long_for_a_lock_passes_and_a_wrong_statement_does_not(unchecked_world: World) -> None:
    conversation = unchecked_world.conversation()
    is_held, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with unit():
            lock(Conversation(pk=conversation.pk))
            is_held.set()
            may_go.wait(10)

    thread = in_thread(hold)
    assert is_held.wait(10)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 50" if rows.is_postgres() else "PRAGMA busy_timeout = 50")
    with pytest.raises(OperationalError) as waited:
        change_priority(conversation, to=Priority.HIGH, by=SYSTEM)
    may_go.set()
    thread.join()
    connection.close()
    with pytest.raises(DatabaseError) as wrong, connection.cursor() as cursor:
        cursor.execute("SELECT nonsense")
    assert rows.is_passing(waited.value)
    assert not rows.is_passing(wrong.value)
