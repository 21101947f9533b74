"""What agents are told of, and by when they are told of a promise. No words of anybody stand here."""

from django.db import models
from django.db.models import Q

from heed.conversations.models import Conversation, Message
from heed.eventlog.models import DUE, DueRow
from heed.kernel.notice_words import NotificationKind
from heed.people.models import Agent

UNREAD = Q(read_at__isnull=True, is_shown=True)


class Notification(models.Model):
    """Something an agent is told of, once; the log has its cause. Whether they may see it is asked each time."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    kind = models.CharField(max_length=12)
    event = models.BigIntegerField()  # of the log, that caused it
    message = models.ForeignKey(  # the note that calls them, or what was written to them
        Message, null=True, on_delete=models.CASCADE
    )
    by = models.ForeignKey(  # the colleague who did it
        Agent, null=True, on_delete=models.PROTECT, related_name="notified", db_index=False
    )
    at = models.DateTimeField()
    is_shown = models.BooleanField(default=True)  # in the page's list, and counted there
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="notified_once_an_event", fields=["agent", "kind", "event"]),
            models.UniqueConstraint(
                name="notified_once_a_message",
                fields=["agent", "message"],
                condition=Q(message__isnull=False),
            ),
            models.CheckConstraint(
                name="notification_kind_known", condition=Q(kind__in=list(NotificationKind))
            ),
        ]
        indexes = [
            models.Index(name="notification_list", fields=["agent", "-id"], condition=Q(is_shown=True)),
            models.Index(name="notification_unread", fields=["agent", "-id"], condition=UNREAD),
            models.Index(name="notification_by_age", fields=["at"]),  # what is thrown away
        ]

    def __str__(self) -> str:
        return f"notification {self.pk}"


class Deadline(DueRow):
    """A promise that somebody is responsible for. Its row is due when they are to be told that it is due soon."""

    conversation = models.OneToOneField(Conversation, primary_key=True, on_delete=models.CASCADE)
    promised_at = models.DateTimeField()  # what is due then; when it is another time by now, nothing is told
    event = models.BigIntegerField()  # of the log, that made it so

    class Meta:
        indexes = [models.Index(name="deadline_due", fields=["due_at"], condition=DUE)]

    def __str__(self) -> str:
        return f"deadline of {self.conversation_id}"
