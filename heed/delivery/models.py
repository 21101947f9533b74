"""Delivery: a message of ours on its way; CaughtMail: where mail goes while no server is set."""

from django.db import models
from django.db.models import Q

from heed.conversations.models import Message
from heed.eventlog.models import DUE, DueRow


class Delivery(DueRow):
    """One message to be handed to a mail server. Finished or parked: due_at is null; parked ones say why.

    `attempts` counts claims since it was queued, but for those that were given back untried.
    """

    message = models.OneToOneField(Message, primary_key=True, on_delete=models.CASCADE)
    failures = models.PositiveIntegerField(default=0)  # temporary ones, since it was queued
    accepted = models.JSONField(default=list)  # addresses that a server took: never sent to again
    refused = models.JSONField(default=list)  # [[address, code or null, the server's words], …] for good
    reason = models.CharField(max_length=20, blank=True)  # of being parked
    provider_id = models.CharField(max_length=200, blank=True)  # what a provider calls it in its reports
    delivered = models.JSONField(default=list)  # addresses whose servers have it, as far as a provider tells

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="delivery_parked_is_not_due", condition=Q(reason="") | Q(due_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(name="delivery_due", fields=["due_at"], condition=DUE),
            models.Index(name="delivery_parked", fields=["message"], condition=~Q(reason="")),
            models.Index(  # reports of providers
                name="delivery_by_provider_id", fields=["provider_id"], condition=~Q(provider_id="")
            ),
        ]

    def __str__(self) -> str:
        return f"delivery of {self.message_id}"


class CaughtMail(models.Model):
    """A mail of ours that went to the built-in catcher."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE)
    at = models.DateTimeField()
    sender = models.TextField()  # of the envelope
    recipients = models.JSONField()  # of the envelope
    raw = models.BinaryField()

    def __str__(self) -> str:
        return f"caught mail {self.pk}"
