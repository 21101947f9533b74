"""What no browser sends is refused alike on both engines."""

import pytest

from heed.conversations.models import Message
from heed.testing.world import World


@pytest.mark.parametrize(
    "path", ["/inbox/my-turn/?after=%00", "/messages/1/raw/%00/", "/menu/?back=%00", "/new/?to=a%00@b"]
)
def test_an_address_with_a_null_byte_is_refused(world: World, path: str) -> None:
    assert world.edda.get(path).status_code in (400, 404)


def test_a_form_with_a_null_byte_is_refused_and_changes_nothing(world: World) -> None:
    conversation = world.conversation()
    before = Message.objects.count()
    data = {"text": "a\0b", "to": "dalia@example.org", "then": "waiting", "key": "k"}
    answer = world.amara.post(f"/inbox/my-turn/{conversation.pk}/reply/", data)
    assert answer.status_code == 400
    assert Message.objects.count() == before
    answer = world.amara.post(f"/inbox/my-turn/{conversation.pk}/reply/", {**data, "text": "ab"})
    assert answer.status_code == 303
    assert Message.objects.count() == before + 1
