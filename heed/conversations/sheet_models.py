"""What agents have begun to write in forms of their own, outside of a conversation's composer."""

from django.db import models


class SheetDraft(models.Model):
    """A mail that was begun and not sent: one an agent and place. It goes with what it is about. Never in the log."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, db_index=False)
    place = models.CharField(max_length=300)  # which form it is, see sheets.py
    conversation = models.ForeignKey("conversations.Conversation", null=True, on_delete=models.CASCADE)
    side = models.ForeignKey("conversations.SideConversation", null=True, on_delete=models.CASCADE)
    message = models.ForeignKey("conversations.Message", null=True, on_delete=models.CASCADE)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    fields = models.JSONField(default=dict)  # what else the form holds, by name
    files = models.JSONField(default=list)  # ids of its attachments
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_draft_a_sheet", fields=["agent", "place"])]
        indexes = [models.Index(name="sheet_draft_untouched", fields=["saved_at"])]

    def __str__(self) -> str:
        return f"draft {self.pk} of a sheet"
