"""Tags of a brand: renamed, merged, archived and offered again, by those who set the desk up."""

import pytest

from heed.conversations.actions import tags
from heed.conversations.actions.labels import tag
from heed.conversations.actions.tags import TagMerged, archive_tag, merge_tag, rename_tag, restore_tag
from heed.conversations.models import Conversation, ConversationTag, Tag
from heed.conversations.queries.access import opened
from heed.conversations.queries.panels import panel
from heed.conversations.queries.tags import tag_of_number, tags_of_brand
from heed.eventlog.kinds import TagChanged
from heed.eventlog.models import EventRow
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.people.actions import AlreadyThere
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

OTHERS = ["amara", "edda", "farid", "bruno", "gita", "nobody"]


def carried(row: Conversation) -> set[str]:
    return set(ConversationTag.objects.filter(conversation=row).values_list("tag__name", flat=True))


def told() -> list[str]:
    return [row.data["part"] for row in EventRow.objects.filter(kind=TagChanged.name).order_by("pk")]


def test_a_tag_is_renamed_wherever_it_stands_and_only_to_what_is_free(world: World) -> None:
    row = world.conversation()
    refund, _ = (tag(row, name=name, by=SYSTEM) for name in ("refund", "vip"))
    far = tag(world.conversation(inbox=world.hello), name="money back", by=SYSTEM)
    for _ in range(2):
        rename_tag(refund, name=" Money  Back ", by=world.chen.actor)
    assert carried(row) == {"money back", "vip"}
    assert told() == ["name"], "another brand's tag of this name is another one"
    assert far.name == "money back"
    with pytest.raises(AlreadyThere):
        rename_tag(refund, name="VIP", by=world.chen.actor)
    for wrong in (" ", "x" * 61):
        with pytest.raises(Unusable):
            rename_tag(refund, name=wrong, by=world.chen.actor)


def test_what_carried_one_tag_carries_the_other_once_and_its_name_means_that_one(world: World) -> None:
    both, one, neither = world.conversation(), world.conversation(), world.conversation()
    refund = tag(both, name="refund", by=SYSTEM)
    refunds = tag(both, name="refunds", by=SYSTEM)
    tag(one, name="refunds", by=SYSTEM)
    for _ in range(2):
        merge_tag(refunds, into=refund, by=world.chen.actor)
    assert carried(both) == carried(one) == {"refund"}
    assert told() == ["merged"]
    tag(neither, name="Refunds", by=world.amara.actor)
    assert carried(neither) == {"refund"}
    with pytest.raises(TagMerged):
        rename_tag(refunds, name="x", by=SYSTEM)
    with pytest.raises(TagMerged):
        restore_tag(refunds, by=SYSTEM)
    with pytest.raises(TagMerged):
        archive_tag(refunds, by=SYSTEM)
    money = tag(one, name="money", by=SYSTEM)
    merge_tag(refund, into=money, by=world.chen.actor)
    tag(world.conversation(), name="refunds", by=world.amara.actor)
    assert Tag.objects.get(name="refunds").merged_into == money
    with pytest.raises(TagMerged):
        merge_tag(refunds, into=refund, by=SYSTEM)


def test_a_tag_goes_into_no_other_brand_itself_or_one_that_is_put_away(world: World) -> None:
    row = world.conversation()
    refund, old = (tag(row, name=name, by=SYSTEM) for name in ("refund", "old"))
    far = tag(world.conversation(inbox=world.hello), name="far", by=SYSTEM)
    archive_tag(old, by=SYSTEM)
    for wrong in (refund, far, old):
        with pytest.raises(Unusable, match="into: unknown_choice"):
            merge_tag(refund, into=wrong, by=world.chen.actor)


def test_what_is_archived_is_offered_no_more_and_stays_where_it_is(world: World) -> None:
    row, other = world.conversation(), world.conversation()
    old = tag(row, name="old", by=SYSTEM)
    for _ in range(2):
        archive_tag(old, by=world.chen.actor)
    assert [one.name for one in panel(opened(world.amara.actor, row.pk)).tags] == ["old"]
    assert panel(opened(world.amara.actor, other.pk)).known == []
    assert tag(row, name="old", by=world.amara.actor) == old, "it carries it already"
    with pytest.raises(Unusable, match="tag: archived"):
        tag(other, name="old", by=world.amara.actor)
    for _ in range(2):
        restore_tag(old, by=world.chen.actor)
    tag(other, name="old", by=world.amara.actor)
    assert told() == ["archived", "restored"]


@pytest.mark.parametrize("who", OTHERS)
def test_tags_are_set_up_by_those_who_may(world: World, who: str) -> None:
    row = world.conversation()
    refund, vip = (tag(row, name=name, by=SYSTEM) for name in ("refund", "vip"))
    by = world.colleague(who).actor if who != "nobody" else world.nobody.actor
    with pytest.raises(Refused):
        rename_tag(refund, name="x", by=by)
    with pytest.raises(Refused):
        merge_tag(refund, into=vip, by=by)
    with pytest.raises(Refused):
        archive_tag(refund, by=by)
    with pytest.raises(Refused):
        restore_tag(refund, by=by)
    with pytest.raises(NotFound):
        tags_of_brand(by, world.linden, archived=False)
    with pytest.raises(NotFound):
        tag_of_number(by, refund.pk)
    assert told() == []


def test_tags_are_listed_with_how_often_they_are_carried_page_by_page(world: World) -> None:
    for number in range(5):
        row = world.conversation()
        for name in ("a", "b", f"n{number}"):
            tag(row, name=name, by=SYSTEM)
    chen = world.chen.actor
    with assert_queries(at_most=2):
        first = tags_of_brand(chen, world.linden, archived=False, limit=3)
    assert [(one.tag.name, one.count) for one in first.rows] == [("a", 5), ("b", 5), ("n0", 1)]
    second = tags_of_brand(chen, world.linden, archived=False, after=first.after, limit=9)
    assert [one.tag.name for one in second.rows] == ["n1", "n2", "n3", "n4"]
    assert not second.after
    assert tags_of_brand(chen, world.kestrel, archived=False).rows == []


def test_a_tag_that_too_many_carry_is_not_merged_and_all_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tags, "MOST_MERGED", 1)
    one, other = world.conversation(), world.conversation()
    refund = tag(one, name="refund", by=SYSTEM)
    tag(other, name="refund", by=SYSTEM)
    money = tag(one, name="money", by=SYSTEM)
    with pytest.raises(Unusable, match="tag: too_many"):
        merge_tag(refund, into=money, by=world.chen.actor)
    assert carried(other) == {"refund"}
    assert told() == []


def test_what_was_put_away_takes_others_in_once_it_is_restored(world: World) -> None:
    row = world.conversation()
    old, new = (tag(row, name=name, by=SYSTEM) for name in ("old", "new"))
    archive_tag(old, by=world.chen.actor)
    restore_tag(old, by=world.chen.actor)
    merge_tag(new, into=old, by=world.chen.actor)
    assert carried(row) == {"old"}
    assert told() == ["archived", "restored", "merged"]
