"""Outage: something that mail depends on does not work. Watch: when somebody last looked, and what every page says."""

from django.db import models
from django.db.models import Q

from heed.brands.models import Brand, Inbox
from heed.eventlog.models import DueRow


class Outage(models.Model):
    """From when to when something did not work, why, and whether leads and admins were told.

    kind: heed.connecting.outages.OutageKind. key: what it is about, so that it is one outage however often we look.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=40)
    brand = models.ForeignKey(Brand, null=True, on_delete=models.CASCADE)  # none: of the whole desk
    inbox = models.ForeignKey(Inbox, null=True, on_delete=models.CASCADE)
    reason = models.CharField(max_length=20, blank=True)
    words = models.TextField(blank=True)  # a server's
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    tell_at = models.DateTimeField(
        null=True
    )  # when the next mail about it is due; none: nothing is to be told
    tries = models.PositiveSmallIntegerField(default=0)  # of that mail
    told_at = models.DateTimeField(null=True)
    told_end_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="outage_open_once", fields=["key"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="outage_end_told_after_it_began",
                condition=Q(told_end_at__isnull=True) | Q(told_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="outage_to_tell", fields=["tell_at"], condition=Q(tell_at__isnull=False)),
            models.Index(name="outage_by_key", fields=["key", "-id"]),
        ]

    def __str__(self) -> str:
        return f"outage {self.pk}"


class Watch(DueRow):
    """The one row that workers take turns with, and that pages read: one look by its key tells all that they show."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    looked_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(default=0)  # of the log's reader at the last look
    moved_at = models.DateTimeField(
        null=True
    )  # when the reader was last seen to go on, or to have nothing to do
    open = models.JSONField(default=list)  # what does not work now: [[kind, brand or null, address], …]

    class Meta:
        constraints = [models.CheckConstraint(name="one_watch", condition=Q(id=1))]

    def __str__(self) -> str:
        return "watch"
