"""The tree of topics and its fields: named once, never below itself, archived rather than deleted, told in the log."""

from collections.abc import Callable

import pytest

from heed.brands.models import CustomField, Topic
from heed.brands.queries import topics_of
from heed.brands.topics import in_order
from heed.eventlog.kinds import CustomFieldChanged, TopicChanged
from heed.eventlog.models import EventRow
from heed.kernel.errors import HeedError, NotFound, Refused, Unusable
from heed.kernel.words import FieldKind
from heed.people.actions import AlreadyThere, topics
from heed.people.actions.topics import (
    add_field,
    add_topic,
    archive_field,
    archive_topic,
    change_field,
    move_topic,
    rename_topic,
    restore_field,
    restore_topic,
)
from heed.people.policy import Actor
from heed.testing.world import World


def topic(world: World, name: str, below: Topic | None = None) -> Topic:
    return add_topic(world.linden, name=name, parent=below, by=world.chen.actor)


def field(world: World, name: str = "Order", kind: FieldKind = FieldKind.TEXT, **more: object) -> CustomField:
    given = {"topic": None, "choices": (), **more}
    return add_field(world.linden, name=name, kind=kind, by=world.chen.actor, **given)  # type: ignore[arg-type]  # a topic or choices


def told(kind: type[TopicChanged] | type[CustomFieldChanged]) -> list[str]:
    return [row.data["part"] for row in EventRow.objects.filter(kind=kind.name).order_by("pk")]


def tree(world: World) -> list[str]:
    return ["/".join(branch.names) for branch in in_order(topics_of(world.linden)) if not branch.is_archived]


def steps(world: World, by: Actor) -> list[Callable[[], object]]:
    one, noted = topic(world, "Refunds"), field(world)
    return [
        lambda: add_topic(world.linden, name="N", parent=None, by=by),
        lambda: rename_topic(one, name="N", by=by),
        lambda: move_topic(one, below=None, by=by),
        lambda: archive_topic(one, by=by),
        lambda: restore_topic(one, by=by),
        lambda: add_field(world.linden, topic=None, name="N", kind=FieldKind.TEXT, choices=(), by=by),
        lambda: change_field(noted, name="N", choices=(), by=by),
        lambda: archive_field(noted, by=by),
        lambda: restore_field(noted, by=by),
    ]


@pytest.mark.parametrize("who", ["amara", "edda", "farid", "hugo", "nobody"])
def test_only_admins_say_what_conversations_can_be_about(world: World, who: str) -> None:
    for step in steps(world, world.colleague(who).actor):
        with pytest.raises(Refused):
            step()
    assert (told(TopicChanged), told(CustomFieldChanged)) == (["added"], ["added"])


def test_topics_stand_in_a_tree_and_move_with_what_is_below_them(world: World) -> None:
    money = topic(world, "Money")
    refunds = topic(world, "Refunds", money)
    topic(world, "Late", refunds)
    bikes = topic(world, "Bikes")
    assert tree(world) == ["Bikes", "Money", "Money/Refunds", "Money/Refunds/Late"]
    move_topic(refunds, below=bikes, by=world.chen.actor)
    assert tree(world) == ["Bikes", "Bikes/Refunds", "Bikes/Refunds/Late", "Money"]
    assert Topic.objects.get(name="Late").above == [bikes.pk, refunds.pk]
    move_topic(refunds, below=bikes, by=world.chen.actor)
    rename_topic(refunds, name="Money back", by=world.chen.actor)
    rename_topic(refunds, name="Money back", by=world.chen.actor)
    assert told(TopicChanged) == [*["added"] * 4, "place", "name"], "what is so already is no change"
    move_topic(refunds, below=None, by=world.chen.actor)
    assert tree(world) == ["Bikes", "Money", "Money back", "Money back/Late"]


def test_an_archived_topic_takes_those_below_it_along_and_brings_them_back(world: World) -> None:
    money = topic(world, "Money")
    topic(world, "Refunds", money)
    for _ in range(2):
        archive_topic(money, by=world.chen.actor)
    assert tree(world) == []
    with pytest.raises(Unusable, match="unknown_choice"):
        topic(world, "Late", Topic.objects.get(name="Refunds"))
    for _ in range(2):
        restore_topic(money, by=world.chen.actor)
    assert tree(world) == ["Money", "Money/Refunds"]
    assert told(TopicChanged) == ["added", "added", "archived", "restored"]


def test_a_tree_stays_a_tree_of_few_levels_and_one_brand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = topic(world, "1")
    fourth = topic(world, "4", topic(world, "3", topic(world, "2", first)))
    foreign = add_topic(world.kestrel, name="Maps", parent=None, by=world.chen.actor)
    other = topic(world, "Other")
    refused: list[tuple[Callable[[], object], str]] = [
        (lambda: topic(world, "5", fourth), "too_deep"),
        (lambda: move_topic(first, below=fourth, by=world.chen.actor), "below_itself"),
        (lambda: move_topic(first, below=first, by=world.chen.actor), "below_itself"),
        (lambda: move_topic(first, below=other, by=world.chen.actor), "too_deep"),
        (lambda: topic(world, "5", foreign), "unknown_choice"),
        (lambda: move_topic(first, below=foreign, by=world.chen.actor), "unknown_choice"),
        (lambda: topic(world, " "), "missing"),
    ]
    for deed, reason in refused:
        with pytest.raises(Unusable, match=reason):
            deed()
    monkeypatch.setattr(topics, "TOPICS", 5)
    with pytest.raises(Unusable, match="too_many"):
        topic(world, "One more")


def test_a_name_stands_once_at_a_place_whatever_its_case(world: World) -> None:
    money, bikes = topic(world, "Money"), topic(world, "Bikes")
    topic(world, "Late", money)
    late = topic(world, "late", bikes)
    field(world, "Order")
    other = field(world, "Device")
    taken: list[Callable[[], object]] = [
        lambda: topic(world, "MONEY"),
        lambda: rename_topic(bikes, name="money", by=world.chen.actor),
        lambda: move_topic(late, below=money, by=world.chen.actor),
        lambda: field(world, "order"),
        lambda: change_field(other, name="ORDER", choices=(), by=world.chen.actor),
    ]
    for deed in taken:
        with pytest.raises(AlreadyThere):
            deed()
    rename_topic(bikes, name="BIKES", by=world.chen.actor)
    assert Topic.objects.get(pk=bikes.pk).name == "BIKES"


def test_a_field_keeps_its_kind_and_offers_each_choice_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    colour = field(world, "Colour", FieldKind.CHOICE, choices=[" red ", "", "blue", "red"])
    assert colour.choices == ["red", "blue"]
    change_field(colour, name="Paint", choices=["blue", "green"], by=world.chen.actor)
    change_field(colour, name="Paint", choices=["blue", "green"], by=world.chen.actor)
    for _ in range(2):
        archive_field(colour, by=world.chen.actor)
    for _ in range(2):
        restore_field(colour, by=world.chen.actor)
    assert told(CustomFieldChanged) == ["added", "name", "choices", "archived", "restored"]
    for choices, reason in (
        ([], "missing"),
        (["x" * 501], "too_long"),
        ([str(n) for n in range(101)], "too_many"),
    ):
        with pytest.raises(Unusable, match=reason):
            change_field(colour, name="Paint", choices=choices, by=world.chen.actor)
    foreign = add_topic(world.kestrel, name="Maps", parent=None, by=world.chen.actor)
    with pytest.raises(Unusable, match="unknown_choice"):
        field(world, "Other", topic=foreign)
    monkeypatch.setattr(topics, "FIELDS", 1)
    with pytest.raises(HeedError, match="too_many"):
        field(world, "One more")


def test_a_topic_that_is_gone_is_not_there_for_anybody(world: World) -> None:
    late, money = topic(world, "Late"), topic(world, "Money")
    Topic.objects.filter(pk=late.pk).delete()
    gone: list[Callable[[], object]] = [
        lambda: rename_topic(late, name="N", by=world.chen.actor),
        lambda: move_topic(late, below=money, by=world.chen.actor),
        lambda: archive_topic(late, by=world.chen.actor),
        lambda: restore_topic(late, by=world.chen.actor),
    ]
    for deed in gone:
        with pytest.raises((NotFound, Topic.DoesNotExist)):
            deed()
    assert tree(world) == ["Money"]


def test_what_is_archived_may_be_renamed_and_moved_and_stays_archived(world: World) -> None:
    late, money = topic(world, "Late"), topic(world, "Money")
    archive_topic(late, by=world.chen.actor)
    rename_topic(late, name="Later", by=world.chen.actor)
    move_topic(late, below=money, by=world.chen.actor)
    assert tree(world) == ["Money"]
    restore_topic(late, by=world.chen.actor)
    assert tree(world) == ["Money", "Money/Later"]


def test_a_name_is_tidied_and_one_that_is_none_is_refused_everywhere(world: World) -> None:
    late, order = topic(world, "  Late \n parcels "), field(world, " Order\tnumber ")
    assert (late.name, order.name) == ("Late parcels", "Order number")
    refused: list[Callable[[], object]] = [
        lambda: rename_topic(late, name="x" * 121, by=world.chen.actor),
        lambda: change_field(order, name="\u202e", choices=(), by=world.chen.actor),
        lambda: field(world, ""),
    ]
    for deed in refused:
        with pytest.raises(Unusable):
            deed()


def test_restoring_what_was_never_archived_and_archiving_twice_tell_nothing(world: World) -> None:
    late, order = topic(world, "Late"), field(world)
    restore_topic(late, by=world.chen.actor)
    restore_field(order, by=world.chen.actor)
    archive_field(order, by=world.chen.actor)
    archive_field(order, by=world.chen.actor)
    assert (told(TopicChanged), told(CustomFieldChanged)) == (["added"], ["added", "archived"])


def test_an_archived_field_keeps_its_name_to_itself_until_it_comes_back(world: World) -> None:
    order = field(world)
    archive_field(order, by=world.chen.actor)
    with pytest.raises(AlreadyThere):
        field(world)
    change_field(order, name="Old order", choices=(), by=world.chen.actor)
    assert field(world).name == "Order"
    restore_field(order, by=world.chen.actor)
    assert CustomField.objects.filter(archived_at=None).count() == 2


def test_a_role_that_sets_up_no_rules_changes_no_topic(world: World) -> None:
    late, order = topic(world, "Late"), field(world)
    by = world.edda.actor
    refused: list[Callable[[], object]] = [
        lambda: archive_topic(late, by=by),
        lambda: restore_topic(late, by=by),
        lambda: archive_field(order, by=by),
        lambda: restore_field(order, by=by),
        lambda: change_field(order, name="N", choices=(), by=by),
    ]
    for deed in refused:
        with pytest.raises(Refused):
            deed()
