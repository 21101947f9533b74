"""Rows of triage: rules for mail storms, blocked senders, what was taken for spam, and what agents decided."""

from django.db import models
from django.db.models import Q

from heed.brands.models import Brand
from heed.conversations.models import Conversation, Message
from heed.eventlog.models import DUE, DueRow
from heed.kernel.words import StormKey
from heed.people.models import Agent


class StormRule(models.Model):
    """A rule by which mails like each other join one conversation. What it says stands in its newest version."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    is_on = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="storm_rule_name_once_a_brand", fields=["brand", "name"])]

    def __str__(self) -> str:
        return self.name


class StormVersion(models.Model):
    """What a rule said from one moment on, and who said so. Never changed: mails name the version that joined them."""

    id = models.BigAutoField(primary_key=True)
    rule = models.ForeignKey(StormRule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT)
    is_on = models.BooleanField(default=True)
    sender = models.CharField(max_length=200)
    subject = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=200, blank=True)
    group_by = models.CharField(max_length=10)
    window_seconds = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="storm_version_once", fields=["rule", "number"]),
            models.CheckConstraint(name="storm_key_known", condition=Q(group_by__in=list(StormKey))),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} version {self.number}"


class StormGroup(models.Model):
    """The conversation that mails of one rule, key and window join."""

    id = models.BigAutoField(primary_key=True)
    rule = models.ForeignKey(StormRule, on_delete=models.CASCADE)
    key = models.CharField(
        max_length=64
    )  # hash of the window's place in time and what the mails have in common
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)

    LOCK_KEY = "key"  # new rows are written in this order, so that two who add the same never deadlock

    class Meta:
        constraints = [models.UniqueConstraint(name="storm_group_once", fields=["rule", "key"])]

    def __str__(self) -> str:
        return f"group {self.pk}"


class BlockedSender(models.Model):
    """An address, or a whole domain, whose mail to a brand goes to the quarantine."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE)
    value = models.CharField(max_length=254)  # normalised address; a domain begins with @
    at = models.DateTimeField()
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(name="blocked_once_a_brand", fields=["brand", "value"])]

    def __str__(self) -> str:
        return f"blocked sender {self.pk}"


class Suspicion(models.Model):
    """Why a mail was taken for spam on arrival."""

    message = models.OneToOneField(Message, primary_key=True, on_delete=models.CASCADE)
    reasons = models.JSONField(default=list)  # codes of SpamReason, the weightiest first
    percent = models.PositiveSmallIntegerField(
        null=True
    )  # how likely by its words; null: they were not asked
    can_acknowledge = models.BooleanField(default=False)  # an acknowledgement was due on arrival

    def __str__(self) -> str:
        return f"suspicion of {self.message_id}"


class SpamDecision(DueRow):
    """An agent's decision about a mail: spam or not. A worker teaches it to the model; finished: due_at is null."""

    message = models.OneToOneField(Message, primary_key=True, on_delete=models.CASCADE)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE)
    is_spam = models.BooleanField()
    was_learnt_as = models.BooleanField(null=True)  # spam or not; null: not learnt yet
    at = models.DateTimeField()
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT)

    class Meta:
        indexes = [models.Index(name="decision_due", fields=["due_at"], condition=DUE)]

    def __str__(self) -> str:
        return f"decision about {self.message_id}"


class SpamModel(models.Model):
    """What a brand's decisions taught: counts of hashed words, see heed.triage.model."""

    brand = models.OneToOneField(Brand, primary_key=True, on_delete=models.CASCADE)
    content = models.BinaryField()
    checksum = models.BigIntegerField(default=0)  # of the content: who has read it knows when it is another
    spams = models.PositiveIntegerField(default=0)
    goods = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"model of brand {self.brand_id}"
