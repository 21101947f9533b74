"""What agents tried to help a customer."""

from django.db import models
from django.db.models import Q

from heed.kernel.customer_words import Outcome


class TriedStep(models.Model):
    """What was tried in a conversation, and how it went; the customer's other conversations show it too."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="tried"
    )
    agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="tried")
    what = models.CharField(max_length=200)
    outcome = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="tried_outcome_known", condition=Q(outcome__in=list(Outcome)))
        ]

    def __str__(self) -> str:
        return f"tried step {self.pk}"
