"""What moved when conversations were merged and split: enough to undo it."""

from django.db import models
from django.db.models import Q


class Merge(models.Model):
    """What moved when one conversation became part of another, and how both stood before: enough to undo it."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="merges")
    target = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="absorbed"
    )
    at = models.DateTimeField()
    # Keys of the rows that moved, and of those that the target got because of it.
    messages = models.JSONField(default=list)
    stayed = models.JSONField(default=list)  # messages that the target had itself
    keys = models.JSONField(default=list)
    people = models.JSONField(default=list)
    teams = models.JSONField(default=list)
    drafts = models.JSONField(default=list)
    sheets = models.JSONField(default=list)
    sides = models.JSONField(default=list)
    added_teams = models.JSONField(default=list)
    added_tags = models.JSONField(default=list)
    added_values = models.JSONField(default=list)  # custom fields of which the target got the source's value
    # How they stood before.
    target_status = models.CharField(max_length=10)
    target_snoozed_until = models.DateTimeField(null=True)
    target_due_at = models.DateTimeField(null=True)
    target_last_message_at = models.DateTimeField()
    has_given_customer = models.BooleanField(default=False)  # the target had none
    has_given_topic = models.BooleanField(default=False)  # likewise
    source_closes_at = models.DateTimeField(null=True)  # when its days of silence would have ended
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="merged_once_at_a_time", fields=["source"], condition=Q(undone_at__isnull=True)
            )
        ]
        indexes = [models.Index(name="merge_by_target", fields=["target", "-id"])]

    def __str__(self) -> str:
        return f"{self.source_id} into {self.target_id}"


class Split(models.Model):
    """Messages of one conversation that became another."""

    id = models.BigAutoField(primary_key=True)
    origin = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="splits")
    part = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="split_from"
    )
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="split_off_once", fields=["part"])]

    def __str__(self) -> str:
        return f"{self.part_id} out of {self.origin_id}"
