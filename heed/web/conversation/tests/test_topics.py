"""The topic of a conversation and its fields, beside it: chosen and filled in place, told in the timeline."""

import re

from heed.conversations.actions.topics import change_topic, note_down
from heed.conversations.models import FieldValue
from heed.kernel.words import FieldKind
from heed.people.actions.topics import add_field, add_topic, archive_field, archive_topic
from heed.people.policy import SYSTEM
from heed.testing.world import World


def test_a_topic_brings_its_fields_and_both_are_told(world: World) -> None:
    money = add_topic(world.linden, name="Money", parent=None, by=SYSTEM)
    refunds = add_topic(world.linden, name="Refunds", parent=money, by=SYSTEM)
    order = add_field(
        world.linden, topic=money, name="Order number", kind=FieldKind.TEXT, choices=(), by=SYSTEM
    )
    conversation = world.conversation()
    here = f"/inbox/all-open/{conversation.pk}/"
    before = world.amara.get(here).content.decode()
    assert "Money › Refunds" in before
    assert "Order number" not in before
    assert world.amara.post(f"{here}topic/", {"topic": str(refunds.pk)}).status_code in (200, 303)
    assert world.amara.post(f"{here}noted/", {"field": str(order.pk), "value": "A 4711"}).status_code in (
        200,
        303,
    )
    html = world.amara.get(here).content.decode()
    assert re.search(r'<input[^>]*name="value" value="A 4711"', html)
    assert "You said that this is about “Refunds”" in html
    assert "You changed “Order number”" in html
    seen = world.farid.get(here).content.decode()
    assert "Money › Refunds" in seen, "who may only look reads it"
    assert "A 4711" in seen


def test_what_is_archived_is_shown_where_it_holds_something(world: World) -> None:
    money = add_topic(world.linden, name="Money", parent=None, by=SYSTEM)
    ready = add_field(world.linden, topic=None, name="Ready", kind=FieldKind.YES_NO, choices=(), by=SYSTEM)
    used, other = world.conversation(), world.conversation()
    change_topic(used, to=money, by=world.amara.actor)
    note_down(used, field=ready, value="yes", by=world.amara.actor)
    archive_topic(money, by=SYSTEM)
    archive_field(ready, by=SYSTEM)
    html = world.amara.get(f"/inbox/all-open/{used.pk}/").content.decode()
    assert "Money" in html
    assert "Ready" in html
    html = world.amara.get(f"/inbox/all-open/{other.pk}/").content.decode()
    assert "Money" not in html
    assert "Ready" not in html


def test_what_a_field_cannot_hold_changes_nothing(world: World) -> None:
    due = add_field(world.linden, topic=None, name="Due", kind=FieldKind.DATE, choices=(), by=SYSTEM)
    here = f"/inbox/all-open/{world.conversation().pk}/"
    assert world.amara.post(f"{here}noted/", {"field": str(due.pk), "value": "tomorrow"}).status_code == 422
    assert world.amara.post(f"{here}noted/", {"field": "999", "value": "x"}).status_code == 422
    assert world.amara.post(f"{here}topic/", {"topic": "999"}).status_code == 422
    assert not FieldValue.objects.exists()
