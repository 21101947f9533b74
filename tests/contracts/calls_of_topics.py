"""How the verbs of topics and custom fields are called by those who may and those who may not; see test_walk_verbs."""

from collections.abc import Callable
from typing import Any, Final

from heed.brands.models import CustomField, Topic
from heed.conversations.actions import tags
from heed.conversations.actions.topics import change_topic, note_down
from heed.conversations.models import Tag
from heed.kernel.words import FieldKind
from heed.people.actions import topics
from heed.people.policy import SYSTEM
from tests.contracts.test_walk import AGENTS

ADMINS: Final = frozenset({"chen"})
OTHERS: Final = (AGENTS | {"nobody"}) - ADMINS


# Events that arranging a call records itself.
ARRANGES: Final = dict.fromkeys(
    (
        *("rename_topic", "move_topic", "archive_topic", "restore_topic", "change_topic"),
        *("change_field", "archive_field", "restore_field", "note_down"),
    ),
    1,
)


def _topic(facts: Any) -> Topic:
    known = Topic.objects.filter(brand=facts.world.linden, name="Refunds").first()
    return known or topics.add_topic(facts.world.linden, name="Refunds", parent=None, by=SYSTEM)


def _tag(facts: Any, name: str = "walked") -> Tag:
    """A tag that nothing carries."""
    return Tag.objects.get_or_create(brand=facts.world.linden, name=name)[0]


def _field(facts: Any) -> CustomField:
    known = CustomField.objects.filter(brand=facts.world.linden, name="Order").first()
    return known or topics.add_field(
        facts.world.linden, topic=None, name="Order", kind=FieldKind.TEXT, choices=(), by=SYSTEM
    )


def calls(call: Callable[..., Any]) -> dict[str, Any]:
    """By the verb's name, its call: made by `call(make, may, looks)`."""

    def set_up(make: Callable[..., object]) -> Any:
        return call(make, ADMINS, OTHERS)

    return {
        "add_topic": set_up(lambda f, by: topics.add_topic(f.world.linden, name="A", parent=None, by=by)),
        "rename_topic": set_up(lambda f, by: topics.rename_topic(_topic(f), name="B", by=by)),
        "move_topic": set_up(lambda f, by: topics.move_topic(_topic(f), below=None, by=by)),
        "archive_topic": set_up(lambda f, by: topics.archive_topic(_topic(f), by=by)),
        "restore_topic": set_up(lambda f, by: topics.restore_topic(_topic(f), by=by)),
        "add_field": set_up(
            lambda f, by: topics.add_field(
                f.world.linden, topic=None, name="A", kind=FieldKind.TEXT, choices=(), by=by
            )
        ),
        "change_field": set_up(lambda f, by: topics.change_field(_field(f), name="B", choices=(), by=by)),
        "archive_field": set_up(lambda f, by: topics.archive_field(_field(f), by=by)),
        "restore_field": set_up(lambda f, by: topics.restore_field(_field(f), by=by)),
        "rename_tag": set_up(lambda f, by: tags.rename_tag(_tag(f), name="B", by=by)),
        "merge_tag": set_up(lambda f, by: tags.merge_tag(_tag(f, "twice"), into=_tag(f, "other"), by=by)),
        "archive_tag": set_up(lambda f, by: tags.archive_tag(_tag(f), by=by)),
        "restore_tag": set_up(lambda f, by: tags.restore_tag(_tag(f), by=by)),
        "change_topic": call(lambda f, by: change_topic(f.row, to=_topic(f), by=by)),
        "note_down": call(lambda f, by: note_down(f.row, field=_field(f), value="1", by=by)),
    }
