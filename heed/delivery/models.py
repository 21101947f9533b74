"""Delivery: a message of ours on its way; CaughtMail: where mail goes while no server is set."""

from django.db import models
from django.db.models import Q

from heed.brands.models import Brand
from heed.conversations.models import Message
from heed.eventlog.models import DUE, DueRow
from heed.kernel.mail_words import DkimSigning
from heed.people.models import Agent


class Delivery(DueRow):
    """One message to be handed to a mail server. Finished or parked: due_at is null; parked ones say why.

    `attempts` counts claims since it was queued, but for those that were given back untried.
    """

    message = models.OneToOneField(Message, primary_key=True, on_delete=models.CASCADE)
    failures = models.PositiveIntegerField(default=0)  # temporary ones, since it was queued
    accepted = models.JSONField(default=list)  # addresses that a server took: never sent to again
    refused = models.JSONField(default=list)  # [[address, code or null, the server's words], …] for good
    reason = models.CharField(max_length=20, blank=True)  # of being parked
    raw_sha256 = models.CharField(
        max_length=64, blank=True
    )  # the bytes that a server took; the rest gets the same
    is_over_limit = models.BooleanField(default=False)  # it waits for its server's limit, no failure
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


class SendingServer(models.Model):
    """A server with send limits: held while a mail's turn is taken, so that two workers never exceed them."""

    key = models.CharField(max_length=64, primary_key=True)  # a hash: its address may hold a password

    def __str__(self) -> str:
        return f"server {self.key[:8]}"


class Departure(models.Model):
    """A mail was handed to a server with send limits: kept for a day, for counting."""

    id = models.BigAutoField(primary_key=True)
    server = models.ForeignKey(SendingServer, on_delete=models.CASCADE)
    at = models.DateTimeField()
    recipients = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(name="departure_by_server", fields=["server", "at"])]

    def __str__(self) -> str:
        return f"departure {self.pk}"


class AgentSignature(models.Model):
    """The lines that one agent's answers of one brand end with."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE)
    text = models.TextField()  # with {name}, {first_name}, {brand}

    class Meta:
        constraints = [models.UniqueConstraint(name="one_signature_a_brand", fields=["agent", "brand"])]

    def __str__(self) -> str:
        return f"signature of {self.agent_id}"


class DkimKey(models.Model):
    """A key that a domain's mail is signed with. The newest that may sign does; older ones stay until retired."""

    id = models.BigAutoField(primary_key=True)
    domain = models.CharField(max_length=253)
    selector = models.CharField(max_length=63)
    private = models.TextField(blank=True)  # sealed PEM; empty once retired
    public = models.TextField()  # base64, as the DNS record shows it
    signing = models.CharField(max_length=10, default=DkimSigning.WHEN_FOUND)
    made_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)  # when somebody last asked DNS
    found_at = models.DateTimeField(null=True)  # since when its record is known to stand there
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="selector_once_a_domain", fields=["domain", "selector"]),
            models.CheckConstraint(
                name="dkim_key_signs_or_is_retired", condition=~Q(private="") | Q(retired_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.selector} of {self.domain}"


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
