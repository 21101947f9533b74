"""Many conversations are changed at once, and put back: only what nobody changed since."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from heed.conversations.actions.labels import tag
from heed.conversations.actions.state import assign, change_priority, change_status, move
from heed.conversations.actions.topics import change_topic, note_down
from heed.conversations.models import Conversation, ConversationTag, FieldValue
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.permissions import Permission
from heed.kernel.words import FieldKind, Priority, Status
from heed.lists.actions.bulk import TakenBack, begin_bulk, step_bulk, undo_bulk
from heed.lists.codes import BulkKind, PartState
from heed.lists.deeds import WAYS, Deed
from heed.lists.models import BulkChange, BulkPart
from heed.people.actions import leave_team
from heed.people.actions.agents import change_role
from heed.people.actions.roles import add_role
from heed.people.actions.topics import add_field, add_topic
from heed.people.policy import SYSTEM
from heed.testing.world import Colleague, World
from heed.triage.actions.senders import block
from heed.triage.models import BlockedSender

_keys = count(1)


RIGHTS_NEEDED = {
    (BulkKind.PRIORITY, "high"): Permission.ANSWER,
    (BulkKind.TAG, "bell"): Permission.ANSWER,
    (BulkKind.ASSIGN, "me"): Permission.ANSWER,
    (BulkKind.ASSIGN, "other"): Permission.ASSIGN,
    (BulkKind.ASSIGN, ""): Permission.ASSIGN,
    (BulkKind.MERGE, "row"): Permission.MERGE,
    (BulkKind.SPAM, ""): Permission.SPAM,
    (BulkKind.TRASH, ""): Permission.DELETE,
}


def begun(
    world: World,
    rows: list[Conversation],
    kind: BulkKind,
    value: object = "",
    *,
    who: Colleague | None = None,
) -> BulkChange:
    deed = Deed(kind, str(value))
    return begin_bulk(
        [row.pk for row in rows], deed=deed, key=str(next(_keys)), by=(who or world.amara).actor
    )


def done(world: World, rows: list[Conversation], kind: BulkKind, value: object = "") -> BulkChange:
    bulk = begun(world, rows, kind, value)
    assert step_bulk(bulk, by=world.amara.actor) == 0
    return bulk


def states(bulk: BulkChange) -> list[str]:
    return [part.state for part in BulkPart.objects.filter(bulk=bulk).order_by("pk")]


def stands(row: Conversation) -> dict[str, Any]:
    found = Conversation.objects.values(
        "status",
        "snoozed_until",
        "next_due_at",
        "assignee",
        "team",
        "priority",
        "merged_into",
        "quarantined_at",
        "trashed_at",
    ).get(pk=row.pk)
    return found | {
        "tags": set(ConversationTag.objects.filter(conversation=row).values_list("tag__name", flat=True))
    }


def three(world: World) -> list[Conversation]:
    """One in each of three states, with different values of all that deeds change."""
    due = clock.now() + timedelta(hours=3)
    rows = [
        world.conversation(assignee=world.amara, due_at=due, priority=Priority.HIGH),
        world.conversation(status=Status.WAITING),
        world.conversation(status=Status.SNOOZED, assignee=world.edda),
    ]
    tag(rows[0], name="bell", by=SYSTEM)
    world.read_log()
    return rows


def values(world: World) -> list[tuple[BulkKind, object]]:
    return [
        (BulkKind.ASSIGN, world.chen.row.pk),
        (BulkKind.ASSIGN, ""),
        (BulkKind.TEAM, world.repairs.pk),
        (BulkKind.STATUS, "solved"),
        (BulkKind.STATUS, "waiting"),
        (BulkKind.STATUS, "open"),
        (BulkKind.SNOOZE, (clock.now() + timedelta(days=2)).isoformat()),
        (BulkKind.PRIORITY, "urgent"),
        (BulkKind.TAG, " Bell "),
        (BulkKind.UNTAG, "bell"),
        (BulkKind.SPAM, ""),
        (BulkKind.TRASH, ""),
    ]


def test_every_deed_is_done_to_all_and_put_back_exactly(world: World) -> None:
    rows = three(world)
    before = [stands(row) for row in rows]
    for kind, value in values(world):
        bulk = done(world, rows, kind, value)
        after = [stands(row) for row in rows]
        assert after != before, kind
        assert set(states(bulk)) <= {PartState.DONE, PartState.SAME}
        world.read_log()
        by = (
            world.chen.actor if kind is BulkKind.TEAM else world.amara.actor
        )  # it left the sight of whoever moved it
        if kind is BulkKind.TEAM:
            BulkChange.objects.filter(pk=bulk.pk).update(agent=world.chen.row)
        assert undo_bulk(bulk, by=by) == 0
        world.read_log()
        assert [stands(row) for row in rows] == before, kind
        assert PartState.KEPT not in states(bulk)


def test_an_undo_before_the_reader_came_by_puts_back_what_was_due(world: World) -> None:
    rows = three(world)
    before = [stands(row) for row in rows]
    bulk = done(world, rows, BulkKind.STATUS, "solved")
    undo_bulk(bulk, by=world.amara.actor)
    world.read_log()
    assert [stands(row) for row in rows] == before


def test_what_somebody_changed_since_is_left_and_said(world: World) -> None:
    changes: list[tuple[BulkKind, object, Any]] = [
        (BulkKind.ASSIGN, world.chen.row.pk, lambda row: assign(row, to=world.edda.row, by=world.edda.actor)),
        (BulkKind.STATUS, "solved", lambda row: world.writes(row)),
        (BulkKind.STATUS, "open", lambda row: world.writes(row)),
        (BulkKind.PRIORITY, "low", lambda row: change_priority(row, to=Priority.URGENT, by=world.edda.actor)),
        (BulkKind.TEAM, world.repairs.pk, lambda row: move(row, to=world.payments, by=world.chen.actor)),
    ]
    for kind, value, act in changes:
        touched, alone = (world.conversation(status=Status.WAITING) for _ in range(2))
        before = stands(alone)
        bulk = done(world, [touched, alone], kind, value)
        act(touched)
        world.read_log()
        now = stands(touched)
        BulkChange.objects.filter(pk=bulk.pk).update(agent=world.chen.row)
        undo_bulk(bulk, by=world.chen.actor)
        assert states(bulk) == [PartState.KEPT, PartState.UNDONE], kind
        assert stands(touched) == now
        world.read_log()
        assert stands(alone) == before


def test_what_was_changed_and_changed_back_is_somebody_elses_word_now(world: World) -> None:
    row = world.conversation()
    bulk = done(world, [row], BulkKind.PRIORITY, "high")
    for priority in (Priority.LOW, Priority.HIGH):
        change_priority(row, to=priority, by=world.edda.actor)
    undo_bulk(bulk, by=world.amara.actor)
    assert states(bulk) == [PartState.KEPT]
    assert stands(row)["priority"] == "high"


def test_another_tag_is_another_matter(world: World) -> None:
    row = world.conversation()
    bulk = begin_bulk([row.pk], deed=Deed(BulkKind.TAG, "bell"), key="k", by=world.amara.actor)
    step_bulk(bulk, by=world.amara.actor)
    tag(row, name="chain", by=world.edda.actor)
    undo_bulk(bulk, by=world.amara.actor)
    assert stands(row)["tags"] == {"chain"}


def test_topics_and_what_is_noted_are_set_and_put_back(world: World) -> None:
    money = add_topic(world.linden, name="Money", parent=None, by=SYSTEM)
    late = add_topic(world.linden, name="Late", parent=None, by=SYSTEM)
    order = add_field(world.linden, topic=None, name="Order", kind=FieldKind.NUMBER, choices=(), by=SYSTEM)
    named, plain = world.conversation(), world.conversation()
    change_topic(named, to=late, by=SYSTEM)
    note_down(named, field=order, value="7", by=SYSTEM)
    far = world.conversation(inbox=world.hello)
    topics = begin_bulk(
        [named.pk, plain.pk, far.pk], deed=Deed(BulkKind.TOPIC, str(money.pk)), key="t", by=world.chen.actor
    )
    step_bulk(topics, by=world.chen.actor)
    assert states(topics) == [PartState.DONE, PartState.DONE, PartState.LEFT]
    assert BulkPart.objects.get(bulk=topics, conversation=far).reason == "topic_unknown_choice"
    notes = done(world, [named, plain], BulkKind.FIELD, f"{order.pk}=8")
    assert list(FieldValue.objects.values_list("value", flat=True)) == ["8", "8"]
    note_down(plain, field=order, value="9", by=world.edda.actor)
    for bulk, who in ((topics, world.chen), (notes, world.amara)):
        undo_bulk(bulk, by=who.actor)
    assert [world.reload(row).topic for row in (named, plain)] == [late, None]
    assert states(notes) == [PartState.UNDONE, PartState.KEPT]
    assert list(FieldValue.objects.order_by("conversation").values_list("value", flat=True)) == ["7", "9"]
    for kind, wrong in (
        (BulkKind.TOPIC, "99"),
        (BulkKind.FIELD, "99=1"),
        (BulkKind.FIELD, f"{order.pk}=many"),
    ):
        with pytest.raises(Unusable):
            begun(world, [named], kind, wrong)


def test_conversations_of_one_customer_are_merged_and_stand_for_themselves_again(world: World) -> None:
    rows = [world.conversation() for _ in range(3)]
    other = world.conversation(customer=world.ines)
    bulk = done(world, [*rows, other], BulkKind.MERGE, rows[0].pk)
    assert states(bulk) == [PartState.SAME, PartState.DONE, PartState.DONE, PartState.LEFT]
    assert BulkPart.objects.get(bulk=bulk, conversation=other).reason == "different_customer"
    assert [stands(row)["merged_into"] for row in rows] == [None, rows[0].pk, rows[0].pk]
    undo_bulk(bulk, by=world.amara.actor)
    assert [stands(row)["merged_into"] for row in rows] == [None] * 3


def test_one_that_can_not_be_changed_holds_up_no_other(world: World) -> None:
    closed, open_ = world.conversation(status=Status.CLOSED), world.conversation()
    bulk = done(world, [closed, open_], BulkKind.STATUS, "waiting")
    assert states(bulk) == [PartState.LEFT, PartState.DONE]
    assert BulkPart.objects.get(bulk=bulk, conversation=closed).reason == "status_not_possible_from_here"
    stranger = done(world, [open_], BulkKind.ASSIGN, world.gita.row.pk)
    assert states(stranger) == [PartState.LEFT]
    assert BulkPart.objects.get(bulk=stranger).reason == "refused"
    solved = world.conversation()
    bulk = done(world, [solved], BulkKind.STATUS, "solved")
    change_status(solved, to=Status.CLOSED, by=SYSTEM)
    undo_bulk(bulk, by=world.amara.actor)
    assert states(bulk) == [PartState.KEPT]


def test_it_goes_in_steps_and_can_be_taken_back_in_the_middle(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(config), "bulk_step", 2)
    rows = [world.conversation() for _ in range(5)]
    deed = Deed(BulkKind.PRIORITY, "high")
    bulk = begin_bulk([row.pk for row in rows], deed=deed, key="k", by=world.amara.actor)
    assert step_bulk(bulk, by=world.amara.actor) == 3
    assert step_bulk(bulk, by=world.amara.actor) == 1
    assert [stands(row)["priority"] for row in rows] == ["high"] * 4 + ["normal"]
    assert undo_bulk(bulk, by=world.amara.actor) == 2
    with pytest.raises(TakenBack):
        step_bulk(bulk, by=world.amara.actor)
    assert undo_bulk(bulk, by=world.amara.actor) == 0
    assert undo_bulk(bulk, by=world.amara.actor) == 0
    assert [stands(row)["priority"] for row in rows] == ["normal"] * 5
    assert states(bulk) == [PartState.UNDONE] * 4 + [PartState.WAITING]


def test_twice_is_once(world: World) -> None:
    rows = [world.conversation()]
    by = world.amara.actor
    deed = Deed(BulkKind.PRIORITY, "high")
    bulk = begin_bulk([rows[0].pk] * 2, deed=deed, key="same", by=by)
    assert begin_bulk([rows[0].pk], deed=deed, key="same", by=by).pk == bulk.pk
    assert begin_bulk([rows[0].pk], deed=deed, key="same", by=world.edda.actor).pk != bulk.pk
    step_bulk(bulk, by=by)
    size = world.log_size()
    assert step_bulk(bulk, by=by) == 0
    assert world.log_size() == size
    again = done(world, rows, BulkKind.PRIORITY, "high")
    assert states(again) == [PartState.SAME]
    assert world.log_size() == size
    undo_bulk(again, by=by)
    assert stands(rows[0])["priority"] == "high"


def test_only_what_one_may_see_is_touched_and_only_by_those_who_change(world: World) -> None:
    mine, theirs = world.conversation(), world.conversation(inbox=world.workshop)
    bulk = begun(world, [mine, theirs], BulkKind.PRIORITY, "high")
    assert [part.conversation_id for part in BulkPart.objects.filter(bulk=bulk)] == [mine.pk]
    with pytest.raises(NotFound):
        begun(world, [theirs], BulkKind.PRIORITY, "high")
    with pytest.raises(Unusable):
        begun(world, [], BulkKind.PRIORITY, "high")
    for name in ("farid", "nobody"):
        with pytest.raises(Refused):
            begun(world, [mine], BulkKind.PRIORITY, "high", who=world.colleague(name))
    for other in (world.edda, world.chen, world.nobody):
        with pytest.raises(NotFound):
            step_bulk(bulk, by=other.actor)
        with pytest.raises(NotFound):
            undo_bulk(bulk, by=other.actor)
    leave_team(world.payments, agent=world.amara.row, by=SYSTEM)
    step_bulk(bulk, by=world.amara.actor)
    assert states(bulk) == [PartState.LEFT]
    assert stands(mine)["priority"] == "normal"


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [
        (BulkKind.ASSIGN, "x", "assignee"),
        (BulkKind.ASSIGN, "999999", "assignee"),
        (BulkKind.TEAM, "", "team"),
        (BulkKind.TEAM, "999999", "team"),
        (BulkKind.STATUS, "closed", "status"),
        (BulkKind.STATUS, "snoozed", "status"),
        (BulkKind.SNOOZE, "2020-01-01T00:00:00+00:00", "until"),
        (BulkKind.SNOOZE, "2099-01-01", "until"),
        (BulkKind.SNOOZE, "soon", "until"),
        (BulkKind.PRIORITY, "extreme", "priority"),
        (BulkKind.TAG, " ", "tag"),
        (BulkKind.TAG, "x" * 61, "tag"),
        (BulkKind.MERGE, "999999", "into"),
        (BulkKind.SPAM, "x", "value"),
    ],
)
def test_a_deed_that_means_nothing_is_not_begun(world: World, kind: BulkKind, value: str, field: str) -> None:
    with pytest.raises(Unusable) as refused:
        begun(world, [world.conversation()], kind, value)
    assert refused.value.field == field
    assert not BulkChange.objects.exists()


def test_each_deed_is_begun_by_those_who_have_its_right(world: World) -> None:
    """As with one conversation: to take it is part of answering, to give it to somebody is not."""
    row, me, other = world.conversation(), str(world.amara.row.pk), str(world.chen.row.pk)
    for held in sorted(set(RIGHTS_NEEDED.values())):
        role = add_role(held, permissions=frozenset({Permission.SEE_OWN_TEAMS, held}), by=SYSTEM)
        change_role(world.amara.row, to=role, by=SYSTEM)
        for (kind, value), right in RIGHTS_NEEDED.items():
            given = {"me": me, "other": other, "row": str(row.pk)}.get(value, value)
            if right is held:
                begun(world, [row], kind, given)
            else:
                with pytest.raises(Refused):
                    begun(world, [row], kind, given)


def test_too_many_at_once_and_too_late_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [world.conversation() for _ in range(3)]
    monkeypatch.setattr(type(config), "bulk_most", 2)
    with pytest.raises(Unusable) as refused:
        begun(world, rows, BulkKind.PRIORITY, "high")
    assert (refused.value.field, refused.value.reason) == ("number", "too_many")
    for key in ("", "k" * 65):
        with pytest.raises(Unusable):
            begin_bulk([rows[0].pk], deed=Deed(BulkKind.SPAM), key=key, by=world.amara.actor)
    bulk = done(world, rows[:2], BulkKind.PRIORITY, "high")
    BulkChange.objects.update(begun_at=clock.now() - timedelta(days=config.bulk_undo_days, seconds=1))
    with pytest.raises(NotFound):
        undo_bulk(bulk, by=world.amara.actor)
    begun(world, rows[:1], BulkKind.PRIORITY, "low")
    assert not BulkChange.objects.filter(pk=bulk.pk).exists()


def test_every_kind_of_deed_has_its_way() -> None:
    assert set(WAYS) == set(BulkKind)


def test_spam_blocks_its_senders_if_wished_and_the_undo_lets_in_only_those_it_blocked(world: World) -> None:
    known, new = world.conversation(), world.conversation(customer=world.ines)
    block(world.linden, sender=world.dalia.address, by=world.edda.actor)
    bulk = done(world, [known, new], BulkKind.SPAM, "address")
    assert set(BlockedSender.objects.values_list("value", flat=True)) == {
        world.dalia.address,
        world.ines.address,
    }
    assert undo_bulk(bulk, by=world.amara.actor) == 0
    assert list(BlockedSender.objects.values_list("value", flat=True)) == [world.dalia.address]
    assert not Conversation.objects.filter(quarantined_at__isnull=False).exists()
