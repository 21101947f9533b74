"""Delivery: a message of ours on its way; CaughtMail: where mail goes while no server is set."""

from django.db import models

from heed.conversations.models import Message
from heed.eventlog.models import DUE, DueRow


class Delivery(DueRow):
    """One message to be handed to a mail server. Finished or parked: due_at is null."""

    id = models.BigAutoField(primary_key=True)
    message = models.OneToOneField(Message, on_delete=models.CASCADE)
    refused = models.JSONField(default=list)  # addresses that the server refused for good, with its words
    accepted = models.JSONField(default=list)  # addresses that it took, so that a retry leaves them out

    class Meta:
        indexes = [models.Index(name="delivery_due", fields=["due_at"], condition=DUE)]

    def __str__(self) -> str:
        return f"delivery of {self.message_id}"


class CaughtMail(models.Model):
    """A mail of ours that went to the built-in catcher."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    sender = models.TextField()
    recipients = models.JSONField()
    raw = models.BinaryField()

    def __str__(self) -> str:
        return f"caught mail {self.pk}"
