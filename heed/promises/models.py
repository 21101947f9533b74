"""The memory of the loop limit: which automatic mails left, and to whom."""

from django.db import models


class AutomaticMail(models.Model):
    """An automatic mail that we sent to someone's counterpart: the memory of the loop limit."""

    id = models.BigAutoField(primary_key=True)
    counterpart = models.CharField(max_length=254)
    domain = models.CharField(max_length=254, blank=True)  # registered; empty for public providers
    at = models.DateTimeField()
    host = models.CharField(
        max_length=254, blank=True
    )  # of the Message-ID answered; empty for what many share
    text_key = models.CharField(max_length=16, blank=True)  # equal for texts made from one pattern
    is_newcomer = models.BooleanField(default=False)  # their first mail came less than a day before

    class Meta:
        indexes = [
            models.Index(name="automatic_by_counterpart", fields=["counterpart", "at"]),
            models.Index(name="automatic_by_domain", fields=["domain", "at"]),
            models.Index(name="automatic_by_host", fields=["host", "at"]),
            models.Index(name="automatic_by_text", fields=["text_key", "at"]),
        ]

    def __str__(self) -> str:
        return f"automatic mail {self.pk}"
