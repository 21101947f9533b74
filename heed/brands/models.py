"""Brand and Inbox: who writes to whom, in whose name, and when people are there."""

from django.db import models


class Brand(models.Model):
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
    acknowledges = models.BooleanField(default=True)
    first_reply_seconds = models.PositiveIntegerField(default=8 * 3600)  # in opening hours
    close_after_days = models.PositiveSmallIntegerField(default=7)

    def __str__(self) -> str:
        return self.name


class Acknowledgement(models.Model):
    """A brand's own words for the first automatic answer in one language; without one the built-in words serve."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE)
    language = models.CharField(max_length=12)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_acknowledgement_a_language", fields=["brand", "language"])
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

    class Meta:
        constraints = [
            models.CheckConstraint(name="inbox_address_has_at", condition=models.Q(address__contains="@")),
        ]

    def __str__(self) -> str:
        return self.address
