"""What agents and others say to each other about a conversation, apart from its customer."""

from django.db import models
from django.db.models import Q

from heed.kernel.making import QuicklyMade


class SideConversation(QuicklyMade):
    """A thread beside a conversation: with somebody outside by mail, or with another team here. No customer sees it."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="sides"
    )
    team = models.ForeignKey(  # whom it asks, here; null: somebody outside, by mail
        "people.Team", null=True, on_delete=models.PROTECT, db_index=False
    )
    subject = models.TextField(blank=True)
    begun_by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="sides_begun", db_index=False
    )
    begun_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)  # they wrote last; null: we did, or somebody took it up
    done_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, blank=True)  # why our last mail in it did not get through

    class Meta:
        # Each index is named after the list that reads it.
        indexes = [
            models.Index(name="side_of_conversation", fields=["conversation", "-last_message_at", "-id"]),
            models.Index(
                name="side_asked_of_team",
                fields=["team", "-last_message_at", "-id"],
                condition=Q(team__isnull=False, done_at__isnull=True),
            ),
            models.Index(
                name="side_done_for_team",
                fields=["team", "-last_message_at", "-id"],
                condition=Q(team__isnull=False, done_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"side conversation {self.pk}"
