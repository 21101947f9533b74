"""What a conversation is about, and what agents note down of it."""

import pytest

from heed.brands.models import CustomField, Topic
from heed.conversations.actions.merging import merge, merge_thread
from heed.conversations.actions.state import Merged
from heed.conversations.actions.topics import change_topic, note_down
from heed.conversations.actions.unmerging import unmerge
from heed.conversations.models import Conversation, FieldValue
from heed.eventlog.kinds import ConversationNoted, ConversationTopicChanged
from heed.eventlog.models import EventRow
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import FieldKind
from heed.people.actions.topics import add_field, add_topic, archive_field, archive_topic
from heed.people.policy import SYSTEM
from heed.testing.world import World

STRANGERS = [("bruno", NotFound), ("gita", NotFound), ("nobody", NotFound), ("farid", Refused)]


def topic(world: World, name: str = "Refunds", below: Topic | None = None) -> Topic:
    return add_topic(world.linden, name=name, parent=below, by=SYSTEM)


def field(world: World, about: Topic | None = None, kind: FieldKind = FieldKind.TEXT) -> CustomField:
    return add_field(world.linden, topic=about, name="Order", kind=kind, choices=(), by=SYSTEM)


def noted(conversation: Conversation) -> list[str]:
    return list(FieldValue.objects.filter(conversation=conversation).values_list("value", flat=True))


def test_a_conversation_is_about_one_topic_or_none(world: World) -> None:
    conversation, refunds = world.conversation(), topic(world)
    for to in (refunds, refunds, None, None):
        change_topic(conversation, to=to, by=world.amara.actor)
        assert world.reload(conversation).topic == to
    changes = [
        event.data for event in world.events(conversation) if isinstance(event.data, ConversationTopicChanged)
    ]
    assert [(one.previous, one.current) for one in changes] == [(None, refunds.pk), (refunds.pk, None)]


def test_what_is_offered_no_more_is_kept_and_not_chosen_anew(world: World) -> None:
    refunds = topic(world)
    late = topic(world, "Late", refunds)
    before, after = world.conversation(), world.conversation()
    change_topic(before, to=late, by=world.amara.actor)
    archive_topic(refunds, by=SYSTEM)
    assert change_topic(before, to=late, by=world.amara.actor).topic_id == late.pk
    foreign = add_topic(world.kestrel, name="Maps", parent=None, by=SYSTEM)
    for wrong in (late, refunds, foreign):
        with pytest.raises(Unusable, match="topic: unknown_choice"):
            change_topic(after, to=wrong, by=world.amara.actor)


def test_a_value_is_noted_changed_and_taken_out_and_never_told_to_the_log(world: World) -> None:
    conversation, order = world.conversation(), field(world)
    for value, kept in (
        (" A 4711 ", ["A 4711"]),
        ("A 4711", ["A 4711"]),
        ("A 4712", ["A 4712"]),
        ("", []),
        ("", []),
    ):
        note_down(conversation, field=order, value=value, by=world.amara.actor)
        assert noted(conversation) == kept
    assert world.kinds(conversation).count(ConversationNoted.name) == 3
    assert not [row for row in EventRow.objects.all() if "471" in str(row.data)]


def test_fields_of_a_topic_are_for_it_and_those_below(world: World) -> None:
    money = topic(world, "Money")
    refunds, order = topic(world, "Refunds", money), field(world, money)
    conversation = world.conversation()
    with pytest.raises(Unusable, match="field: unknown_choice"):
        note_down(conversation, field=order, value="1", by=world.amara.actor)
    for about in (refunds, money):
        change_topic(conversation, to=about, by=world.amara.actor)
        note_down(conversation, field=order, value=about.name, by=world.amara.actor)
    change_topic(conversation, to=None, by=world.amara.actor)
    assert noted(conversation) == ["Money"], "what was noted stays"
    archive_field(order, by=SYSTEM)
    note_down(conversation, field=order, value="", by=world.amara.actor)
    assert noted(conversation) == [], "and can be taken out"
    with pytest.raises(Unusable):
        note_down(conversation, field=order, value="2", by=world.amara.actor)


@pytest.mark.parametrize(("who", "error"), STRANGERS)
def test_those_who_may_not_change_it_say_nothing_about_it(
    world: World, who: str, error: type[Exception]
) -> None:
    conversation, refunds, order = world.conversation(), topic(world), field(world)
    by = world.colleague(who).actor
    with pytest.raises(error):
        change_topic(conversation, to=refunds, by=by)
    with pytest.raises(error):
        note_down(conversation, field=order, value="1", by=by)
    assert noted(conversation) == []


def test_nothing_is_said_about_one_that_was_merged(world: World) -> None:
    conversation, other = world.conversation(), world.conversation()
    order = field(world)
    merge_thread(conversation, into=other, by=SYSTEM)
    with pytest.raises(Merged):
        change_topic(conversation, to=None, by=world.amara.actor)
    with pytest.raises(Merged):
        note_down(conversation, field=order, value="1", by=world.amara.actor)


def test_a_merge_passes_on_topic_and_values_where_there_are_none_and_its_undo_takes_them_back(
    world: World,
) -> None:
    refunds, order = topic(world), field(world)
    serial = add_field(world.linden, topic=None, name="Serial", kind=FieldKind.NUMBER, choices=(), by=SYSTEM)
    source, target = world.conversation(), world.conversation()
    change_topic(source, to=refunds, by=world.amara.actor)
    for one, about, value in ((source, order, "A 4711"), (source, serial, "12"), (target, serial, "7")):
        note_down(one, field=about, value=value, by=world.amara.actor)

    merge(source, into=target, by=world.amara.actor)
    assert world.reload(target).topic == refunds
    assert sorted(noted(target)) == ["7", "A 4711"]

    unmerge(source, by=world.amara.actor)
    assert world.reload(target).topic is None
    assert noted(target) == ["7"]
    assert (world.reload(source).topic, sorted(noted(source))) == (refunds, ["12", "A 4711"])


def test_what_an_agent_changed_since_a_merge_stays_when_it_is_undone(world: World) -> None:
    refunds, late, order = topic(world), topic(world, "Late"), field(world)
    source, target = world.conversation(), world.conversation()
    change_topic(source, to=refunds, by=world.amara.actor)
    note_down(source, field=order, value="A 4711", by=world.amara.actor)
    merge(source, into=target, by=world.amara.actor)
    change_topic(target, to=late, by=world.amara.actor)
    note_down(target, field=order, value="B 12", by=world.amara.actor)

    unmerge(source, by=world.amara.actor)
    assert (world.reload(target).topic, noted(target)) == (late, ["B 12"])
