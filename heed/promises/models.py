"""The memory of the loop limit: which automatic mails left, and to whom."""

from django.db import models


class AutomaticMail(models.Model):
    """An automatic mail that we sent to someone's counterpart: the memory of the loop limit."""

    id = models.BigAutoField(primary_key=True)
    counterpart = models.CharField(max_length=254)
    domain = models.CharField(max_length=254, blank=True)  # empty for public providers
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="automatic_by_counterpart", fields=["counterpart", "at"]),
            models.Index(name="automatic_by_domain", fields=["domain", "at"]),
        ]

    def __str__(self) -> str:
        return f"automatic mail {self.pk}"
