"""What search reads, and how far its documents have been made anew. No effects."""

from django.db import models

from heed.eventlog.models import DUE, DueRow


class SearchDocument(models.Model):
    """What search reads of a message: an FTS5 table on SQLite, a tsvector on PostgreSQL; see documents.py."""

    id = models.BigIntegerField(primary_key=True, db_column="rowid")  # its time, then the message's key
    subject = models.TextField()
    names = models.TextField()
    text = models.TextField()

    class Meta:
        managed = False
        app_label = "conversations"
        db_table = "conversations_search"

    def __str__(self) -> str:
        return f"search document {self.pk}"


class SearchRefill(DueRow):
    """Every message is looked at once, and gets the document that it has not: after what documents are made of changed.

    Due until all that were there when it began are looked at. A migration that empties the index makes one.
    """

    id = models.BigAutoField(primary_key=True)
    looked_at = models.BigIntegerField(default=0)  # the last message that was
    last = models.BigIntegerField(null=True)  # the newest message when it began; null: it has not begun

    class Meta:
        indexes = [models.Index(name="search_refill_due", fields=["due_at"], condition=DUE)]

    def __str__(self) -> str:
        return f"refill at message {self.looked_at}"
