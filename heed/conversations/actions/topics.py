"""Verbs that say what a conversation is about, and what is noted down in its custom fields."""

from heed.brands.models import CustomField, Topic
from heed.brands.topics import applies, in_order, read_value
from heed.conversations.actions.state import hold_conversation
from heed.conversations.models import Conversation, FieldValue
from heed.conversations.sought import comparable, sought_in
from heed.eventlog.kinds import ConversationNoted, ConversationTopicChanged
from heed.eventlog.unit import add, change, record, remove, verb
from heed.kernel.errors import Unusable
from heed.kernel.words import FieldId, FieldKind, TopicId
from heed.people.policy import Actor


@verb
def change_topic(conversation: Conversation, *, to: Topic | None, by: Actor) -> Conversation:
    """Afterwards the conversation is about `to`, or about nothing that has a name. What was noted down stays.

    Records conversation.topic_changed; nothing when it is so already. Raises Unusable (topic) for one of another
    brand, or one that is offered no more.
    """
    held = hold_conversation(conversation, by)
    wanted = None if to is None else to.pk
    if held.topic_id == wanted:
        return held
    if wanted is not None and wanted not in _offered(held.brand_id):
        raise Unusable("topic", "unknown_choice")
    previous = held.topic_id
    change(held, topic=to)
    record(
        ConversationTopicChanged(
            previous=None if previous is None else TopicId(previous),
            current=None if wanted is None else TopicId(wanted),
        ),
        on=held.pk,
    )
    return held


@verb
def note_down(conversation: Conversation, *, field: CustomField, value: str, by: Actor) -> None:
    """Afterwards the field of this conversation holds the value, or nothing for an empty one.

    Records conversation.noted, without the value; nothing when it is so already. Raises Unusable: value; field for one
    of another brand or topic, or one that is offered no more.
    """
    held = hold_conversation(conversation, by)
    found = FieldValue.objects.filter(conversation=held, field=field).first()
    tidy = read_value(field, value) if found is None or found.value != value else value
    if tidy == (found.value if found else ""):
        return
    if tidy:
        is_open = field.brand_id == held.brand_id and field.archived_at is None and applies(field, held.topic)
        if not is_open:
            raise Unusable("field", "unknown_choice")
    beside = {"sought": sought_in(tidy), "number": comparable(FieldKind(field.kind), tidy) if tidy else None}
    if found is None:
        add(FieldValue(conversation=held, field=field, value=tidy, **beside))
    elif tidy:
        change(found, value=tidy, **beside)
    else:
        remove(found)
    record(ConversationNoted(field=FieldId(field.pk)), on=held.pk)


def _offered(brand: int) -> set[int]:
    return {
        branch.topic.pk for branch in in_order(Topic.objects.filter(brand_id=brand)) if not branch.is_archived
    }
