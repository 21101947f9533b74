"""What was said aside until now gets the side conversations that its answers make of it."""

from typing import Any

from django.db import migrations


def fill(apps: Any, editor: Any) -> None:
    """A message that answers one said aside goes on with its thread; any other began one."""
    message_of, side_of = (
        apps.get_model("conversations", "Message"),
        apps.get_model("conversations", "SideConversation"),
    )
    asides = message_of.objects.filter(direction__in=["aside_in", "aside_out"], side__isnull=True)
    for message in asides.order_by("pk").select_related("answers").iterator(chunk_size=500):
        answered = message_of.objects.filter(pk=message.answers_id).values_list("side_id", flat=True).first()
        side = None if answered is None else side_of.objects.filter(pk=answered).first()
        came = message.received_at if message.direction == "aside_in" else None
        if side is None:
            side = side_of.objects.create(
                conversation_id=message.conversation_id,
                subject=message.subject,
                begun_by_id=message.agent_id,
                begun_at=message.received_at,
                last_message_at=message.received_at,
                answered_at=came,
            )
        else:
            side_of.objects.filter(pk=side.pk).update(last_message_at=message.received_at, answered_at=came)
        message_of.objects.filter(pk=message.pk).update(side_id=side.pk)


def empty(apps: Any, editor: Any) -> None:
    """What the fill made goes with the column."""
    messages = apps.get_model("conversations", "Message").objects.filter(side__isnull=False)
    messages.filter(direction="aside").update(direction="note")
    messages.update(side=None)
    apps.get_model("conversations", "SideConversation").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("conversations", "0026_add_side_conversations")]

    operations = [migrations.RunPython(fill, empty)]
