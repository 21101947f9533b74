"""Inside a merge and its undoing: what a conversation is about, and what is noted in its custom fields."""

from heed.conversations.models import Conversation, FieldValue, Merge
from heed.eventlog.kinds import ConversationNoted, ConversationTopicChanged
from heed.eventlog.unit import add, change, record, remove
from heed.kernel.words import ConversationId, FieldId, TopicId


def pass_on(row: Merge, source: Conversation, target: Conversation) -> None:
    """Afterwards the target has the source's topic and values where it had none of its own; the merge keeps which."""
    if target.topic_id is None and source.topic_id is not None:
        row.has_given_topic = True
        change(target, topic_id=source.topic_id)
        record(ConversationTopicChanged(previous=None, current=TopicId(source.topic_id)), on=_key(target))
    there = FieldValue.objects.filter(conversation=target).values("field_id")
    given = FieldValue.objects.filter(conversation=source).exclude(field_id__in=there).order_by("field_id")
    for one in list(given):
        add(
            FieldValue(
                conversation=target,
                field_id=one.field_id,
                value=one.value,
                sought=one.sought,
                number=one.number,
            )
        )
        record(ConversationNoted(field=FieldId(one.field_id)), on=_key(target))
        row.added_values.append(one.field_id)


def take_back(row: Merge, source: Conversation, target: Conversation) -> None:
    """Afterwards the target has lost what it got by the merge and nobody changed since."""
    if row.has_given_topic and target.topic_id is not None and target.topic_id == source.topic_id:
        change(target, topic=None)
        record(ConversationTopicChanged(previous=TopicId(source.topic_id), current=None), on=_key(target))
    given = dict(FieldValue.objects.filter(conversation=source).values_list("field_id", "value"))
    for one in FieldValue.objects.filter(conversation=target, field_id__in=row.added_values):
        if one.value == given.get(one.field_id):
            remove(one)
            record(ConversationNoted(field=FieldId(one.field_id)), on=_key(target))


def _key(conversation: Conversation) -> ConversationId:
    return ConversationId(conversation.pk)
