"""The three tables of the log, and the columns of every row with a due time."""

from django.db import models
from django.db.models import Q

from heed.kernel.making import QuicklyMade


class EventRow(QuicklyMade):
    """What happened, once and for ever. Plain ids, no foreign keys, no personal text.

    Ids rise in commit order: on PostgreSQL they are drawn under one advisory lock, on SQLite inside the write lock.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    conversation_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.BigIntegerField(null=True)
    cause_id = models.BigIntegerField(null=True)
    depth = models.PositiveSmallIntegerField(default=0)
    origin = models.CharField(max_length=10)
    visibility = models.CharField(max_length=10)
    data = models.JSONField()

    class Meta:
        db_table = "eventlog_event"
        indexes = [
            models.Index(name="event_by_conversation", fields=["conversation_id", "id"]),  # timeline
            models.Index(  # newest_about; what conversations hold is most of the log, and stays out of it
                name="event_of_the_desk", fields=["kind", "id"], condition=Q(conversation_id__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Cursor(models.Model):
    """How far the one reader has come."""

    name = models.CharField(max_length=20, primary_key=True)
    event_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.event_id}"


class ParkedEvent(models.Model):
    """An event that one consumer could not take in: kept with the error until someone runs it again."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.BigIntegerField()
    consumer = models.CharField(max_length=60)
    error = models.TextField()
    at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="event_parked_once_a_consumer", fields=["event_id", "consumer"])
        ]

    def __str__(self) -> str:
        return f"{self.consumer} parked event {self.event_id}"


class DueRow(models.Model):
    """Columns of a row that a worker has to do something about. Finished or parked: due_at is null."""

    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True


DUE = Q(due_at__isnull=False)  # the condition of every partial index on due rows
