"""What agents are told of, and by when they are told of a promise. No words of anybody stand here."""

from django.db import models
from django.db.models import Q

from heed.conversations.models import Conversation, Message
from heed.eventlog.models import DUE, DueRow
from heed.kernel.notice_words import NotificationKind
from heed.people.models import Agent

UNREAD = Q(read_at__isnull=True, is_shown=True)
TO_MAIL = Q(read_at__isnull=True, wants_mail=True)


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
    wants_mail = models.BooleanField(default=False)  # and has not left by mail yet

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
            models.Index(name="notification_to_mail", fields=["agent", "id"], condition=TO_MAIL),
            models.Index(name="notification_by_age", fields=["at"]),  # what is thrown away
        ]

    def __str__(self) -> str:
        return f"notification {self.pk}"


class Deadline(DueRow):
    """A promise. Its row is due when whoever is responsible is to be told that it is due soon; else its team."""

    conversation = models.OneToOneField(Conversation, primary_key=True, on_delete=models.CASCADE)
    promised_at = models.DateTimeField()  # what is due then; when it is another time by now, nothing is told
    event = models.BigIntegerField()  # of the log, that made it so first: nobody is told of one promise twice

    class Meta:
        indexes = [models.Index(name="deadline_due", fields=["due_at"], condition=DUE)]

    def __str__(self) -> str:
        return f"deadline of {self.conversation_id}"


class NotificationChoice(models.Model):
    """What an agent wants to be told of, how, and when nothing is sent to them; no row: as by default."""

    agent = models.OneToOneField(Agent, primary_key=True, on_delete=models.CASCADE)
    channels = models.JSONField(default=dict)  # by kind; what is not there is as by default
    quiet_from = models.PositiveSmallIntegerField(null=True)  # minutes of the day, by the clock of their zone
    quiet_to = models.PositiveSmallIntegerField(null=True)
    quiet_days = models.JSONField(default=list)  # 0 is Monday
    has_push_text = models.BooleanField(default=False)  # a device shows subject and names

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="quiet_from_and_to",
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_from__lt=1440, quiet_to__isnull=False, quiet_to__lt=1440),
            )
        ]

    def __str__(self) -> str:
        return f"choice of {self.agent_id}"


class Digest(DueRow):
    """The next mail that tells an agent of what they have not read: due when it leaves."""

    agent = models.OneToOneField(Agent, primary_key=True, on_delete=models.CASCADE)
    up_to = models.BigIntegerField(null=True)  # the newest notification of one that may be on its way

    class Meta:
        indexes = [models.Index(name="digest_due", fields=["due_at"], condition=DUE)]

    def __str__(self) -> str:
        return f"digest of {self.agent_id}"


class PushKey(models.Model):
    """The key pair by which push services know this desk again; there is one row, or none before the first device."""

    ONLY = 1

    id = models.BigAutoField(primary_key=True)
    private = models.TextField()  # sealed
    public = models.CharField(max_length=100)  # base64url

    def __str__(self) -> str:
        return "push key"


class PushDevice(models.Model):
    """A browser that an agent wants to be told in. Its address is as good as a key to it, so it is sealed."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)
    sealed = models.TextField()  # address and keys
    key = models.CharField(max_length=64, unique=True)  # a hash of the address: a browser is one device
    browser = models.CharField(max_length=20, blank=True)  # empty: not known
    system = models.CharField(max_length=20, blank=True)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"device {self.pk} of {self.agent_id}"


class Push(DueRow):
    """A notification on its way to a device; gone when it arrived, or never will."""

    id = models.BigAutoField(primary_key=True)
    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="pushes")
    device = models.ForeignKey(PushDevice, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="pushed_once_a_device", fields=["notification", "device"])
        ]
        indexes = [models.Index(name="push_due", fields=["due_at"], condition=DUE)]

    def __str__(self) -> str:
        return f"push {self.pk}"
