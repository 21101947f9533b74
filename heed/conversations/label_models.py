"""What conversations carry: tags, and what is noted down in custom fields. Data and constraints, no effects."""

from django.db import models
from django.db.models import F, Q

from heed.brands.models import Brand, CustomField


class Tag(models.Model):
    """A word of a brand that conversations carry."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE)
    name = models.CharField(max_length=60)
    archived_at = models.DateTimeField(null=True)  # offered no more; conversations that carry it keep it
    # Another one that stands for it: whoever types this name means that one.
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="tag_once_a_brand", fields=["brand", "name"]),
            models.CheckConstraint(name="tag_not_merged_into_itself", condition=~Q(merged_into=F("id"))),
            models.CheckConstraint(
                name="merged_tag_is_archived",
                condition=Q(merged_into__isnull=True) | Q(archived_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ConversationTag(models.Model):
    """A conversation carries a tag."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="tagged"
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(name="tagged_once", fields=["conversation", "tag"])]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.conversation_id}"


class FieldValue(models.Model):
    """What an agent noted down in a custom field of a conversation."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="noted"
    )
    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, db_index=False)
    value = models.CharField(max_length=500)  # as heed.brands.topics writes it: one form for one value
    sought = models.CharField(
        max_length=500, default=""
    )  # its words as search knows them: no case, no accents
    number = models.FloatField(null=True)  # of a number: what can be compared

    class Meta:
        constraints = [models.UniqueConstraint(name="one_value_a_field", fields=["conversation", "field"])]
        # Read by filters (queries/conditions.py): a text, a choice and a day; a number.
        indexes = [
            models.Index(name="noted_by_words", fields=["field", "sought"]),
            models.Index(
                name="noted_by_number", fields=["field", "number"], condition=Q(number__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"field {self.field_id} of {self.conversation_id}"
