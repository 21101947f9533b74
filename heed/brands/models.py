"""Brand, Inbox, Topic: who writes to whom, in whose name, when people are there, and what it may be about."""

from django.db import models

from heed.kernel.making import QuicklyMade
from heed.kernel.words import FieldKind, PlusAddresses, SenderName, WordsFor


class Brand(QuicklyMade):
    """One company name on the desk, with its own hours, languages and words."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    language = models.CharField(max_length=12, default="en")
    time_zone = models.CharField(max_length=60, default="UTC")
    hours = models.JSONField(
        default=dict
    )  # weekday 0–6 as text -> [[first minute, last minute], …], wall time
    holidays = models.JSONField(default=list)  # ISO dates
    signature = models.TextField(blank=True)
    sender_name = models.CharField(max_length=20, default=SenderName.BRAND)  # of answers
    acknowledges = models.BooleanField(default=True)
    first_reply_seconds = models.PositiveIntegerField(default=8 * 3600)  # in opening hours
    close_after_days = models.PositiveSmallIntegerField(default=7)

    def __str__(self) -> str:
        return self.name


class Acknowledgement(models.Model):
    """A brand's own words for the first automatic answer in one language; without one the built-in words serve.

    Those for what comes outside opening hours serve then alone, in place of the others.
    """

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE)
    language = models.CharField(max_length=12)
    hours = models.CharField(max_length=10, default=WordsFor.ANY)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_acknowledgement_a_language", fields=["brand", "language", "hours"]
            ),
            models.CheckConstraint(
                name="acknowledgement_hours_known", condition=models.Q(hours__in=list(WordsFor))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand_id} {self.language}"


class Inbox(models.Model):
    """One address that customers write to."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=254, unique=True)  # lower case
    smtp_url = models.TextField(blank=True)  # encrypted; empty: HEED_SMTP_URL
    provider = models.TextField(blank=True)  # encrypted: an API that mail leaves through in place of SMTP
    sends_a_minute = models.PositiveIntegerField(null=True)  # recipients; null: no limit
    sends_an_hour = models.PositiveIntegerField(null=True)
    sends_a_day = models.PositiveIntegerField(null=True)
    most_bytes = models.PositiveBigIntegerField(null=True)  # of a mail that leaves; null: HEED_SEND_MAX_BYTES
    server_bytes = models.PositiveBigIntegerField(null=True)  # the SIZE that its server named last (RFC 1870)
    plus_addresses = models.CharField(max_length=10, default=PlusAddresses.EVERYWHERE)

    class Meta:
        constraints = [
            models.CheckConstraint(name="inbox_address_has_at", condition=models.Q(address__contains="@")),
        ]

    def __str__(self) -> str:
        return self.address


class InboxAddress(models.Model):
    """A further address of an inbox: mail to it arrives there, and answers may leave from it."""

    id = models.BigAutoField(primary_key=True)
    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=254, unique=True)  # lower case; never another inbox's

    class Meta:
        constraints = [
            models.CheckConstraint(name="further_address_has_at", condition=models.Q(address__contains="@")),
        ]

    def __str__(self) -> str:
        return self.address


class Topic(models.Model):
    """What a conversation can be about, in a tree of its brand."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="topics")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="below")
    above = models.JSONField(
        default=list
    )  # ids from the root to the parent: a page knows them without walking
    name = models.CharField(max_length=120)
    archived_at = models.DateTimeField(null=True)  # offered no more; conversations keep it

    class Meta:
        constraints = [
            models.UniqueConstraint(name="topic_once_below_another", fields=["parent", "name"]),
            models.UniqueConstraint(
                name="topic_once_at_the_root", fields=["brand", "name"], condition=models.Q(parent=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CustomField(models.Model):
    """Something that agents note down about conversations: of one topic and those below it, or of a whole brand."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="custom_fields")
    topic = models.ForeignKey(Topic, null=True, on_delete=models.PROTECT, related_name="fields")  # null: all
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, default=FieldKind.TEXT)  # for ever: what was noted stays readable
    choices = models.JSONField(default=list)  # texts, of a choice
    archived_at = models.DateTimeField(null=True)  # shown where it has a value, and offered no more

    class Meta:
        constraints = [
            models.UniqueConstraint(name="custom_field_once_a_brand", fields=["brand", "name"]),
            models.CheckConstraint(
                name="custom_field_kind_known", condition=models.Q(kind__in=list(FieldKind))
            ),
        ]

    def __str__(self) -> str:
        return self.name
