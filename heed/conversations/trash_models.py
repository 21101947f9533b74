"""What removing a conversation for good needs: the work to be done, and what is remembered of its mails. No effects."""

from django.db import models

from heed.brands.models import Brand
from heed.eventlog.models import DUE, DueRow
from heed.people.models import Circle


class Purge(DueRow):
    """A conversation of the trash that is being removed for good: due until nothing of it is left, and it itself."""

    conversation = models.OneToOneField(
        "conversations.Conversation", primary_key=True, on_delete=models.CASCADE
    )

    class Meta:
        indexes = [models.Index(name="purge_due", fields=["due_at"], condition=DUE)]

    def __str__(self) -> str:
        return f"purge of {self.conversation_id}"


class PurgedMail(models.Model):
    """A mail that was here and was removed for good: a copy of it that comes later becomes no message again."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, db_index=False)
    # a hash: Message.same_key of a mail that came, ThreadKey.key of one of ours, or of any that was restricted
    key = models.CharField(max_length=64)
    circle = (
        models.ForeignKey(  # who alone saw it, and alone sees what answers it; null: whoever saw its team
            Circle, null=True, on_delete=models.PROTECT, db_index=False
        )
    )

    class Meta:
        constraints = [models.UniqueConstraint(name="purged_once_a_brand", fields=["brand", "key"])]

    def __str__(self) -> str:
        return self.key
