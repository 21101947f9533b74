"""Conversation, Message and what belongs to them: data and constraints, no effects."""

from django.db import models
from django.db.models import F, Q

from heed.brands.models import Brand, Inbox, Topic
from heed.conversations.attention_models import Mention as Mention
from heed.conversations.attention_models import Presence as Presence
from heed.conversations.attention_models import Seen as Seen
from heed.conversations.count_models import Count as Count
from heed.conversations.file_models import FileText as FileText
from heed.conversations.label_models import ConversationTag as ConversationTag
from heed.conversations.label_models import FieldValue as FieldValue
from heed.conversations.label_models import Tag as Tag
from heed.conversations.rearranging_models import Merge as Merge
from heed.conversations.rearranging_models import Split as Split
from heed.conversations.search_models import SearchDocument as SearchDocument  # models of this room as well
from heed.conversations.search_models import SearchRefill as SearchRefill
from heed.conversations.sheet_models import SheetDraft as SheetDraft
from heed.conversations.side_models import SideConversation as SideConversation
from heed.conversations.trash_models import Purge as Purge
from heed.conversations.trash_models import PurgedMail as PurgedMail
from heed.conversations.tried_models import TriedStep as TriedStep
from heed.eventlog.models import DUE, DueRow
from heed.kernel.making import QuicklyMade
from heed.kernel.words import (
    ASIDES,
    DeliveryState,
    Direction,
    HeldFor,
    JoinedBy,
    Priority,
    RecipientRole,
    Status,
    TimerKind,
)
from heed.people.models import Agent, Circle, Customer, Team

OPEN = Q(status=Status.OPEN)
UNSENT = Q(message__isnull=True)
LISTED = Q(merged_into__isnull=True, quarantined_at__isnull=True, trashed_at__isnull=True)
UNRESTRICTED = Q(circle__isnull=True)


class Conversation(QuicklyMade):
    """What one or more people and the desk say to each other about one thing. Its key is its number."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT)
    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT)
    assignee = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT)
    status = models.CharField(max_length=10, default=Status.OPEN)
    priority = models.CharField(max_length=10, default=Priority.NORMAL)
    topic = models.ForeignKey(Topic, null=True, on_delete=models.PROTECT, db_index=False)
    subject = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    opened_at = models.DateTimeField()
    last_message_at = models.DateTimeField()  # the newest message, notes included
    next_due_at = models.DateTimeField(null=True)  # when we next owe this customer something
    snoozed_until = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, blank=True)  # why our last answer did not get through
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    quarantined_at = models.DateTimeField(null=True)  # taken for spam: in no list or count, status kept
    trashed_at = models.DateTimeField(
        null=True
    )  # deleted: in no list or count, status kept, until it is purged
    gathered = models.PositiveIntegerField(default=0)  # how many of its mails a storm rule joined
    circle = models.ForeignKey(  # who alone may see it; null: whoever sees its team
        Circle, null=True, on_delete=models.PROTECT, db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="snoozed_needs_until",
                condition=~Q(status=Status.SNOOZED) | Q(snoozed_until__isnull=False),
            ),
            models.CheckConstraint(name="conversation_status_known", condition=Q(status__in=list(Status))),
            models.CheckConstraint(
                name="conversation_priority_known", condition=Q(priority__in=list(Priority))
            ),
            models.CheckConstraint(
                name="conversation_not_merged_into_itself", condition=~Q(merged_into=F("id"))
            ),
        ]
        # Each index is named after the list that reads it: equality columns, then the order, nothing between.
        # Rows without a due time come last in a list (NULLS LAST is said there; both engines keep the index for it).
        indexes = [
            models.Index(
                name="conversation_my_turn", fields=["assignee", "next_due_at", "id"], condition=OPEN & LISTED
            ),
            models.Index(
                name="conversation_unassigned",
                fields=["team", "next_due_at", "id"],
                condition=OPEN & LISTED & UNRESTRICTED & Q(assignee__isnull=True),
            ),
            models.Index(
                name="conversation_by_status",
                fields=["team", "status", "-last_message_at", "-id"],
                condition=LISTED & UNRESTRICTED,
            ),
            models.Index(
                name="conversation_all_open",
                fields=["team", "next_due_at", "id"],
                condition=~Q(status__in=[Status.SOLVED, Status.CLOSED]) & LISTED & UNRESTRICTED,
            ),
            models.Index(  # few: every list sorts those of its teams and circles
                name="conversation_restricted",
                fields=["circle", "team", "status"],
                condition=Q(circle__isnull=False),
            ),
            models.Index(name="conversation_by_customer", fields=["customer", "-id"]),
            models.Index(
                name="conversation_by_topic", fields=["topic", "-id"], condition=Q(topic__isnull=False)
            ),
            models.Index(
                name="conversation_quarantine",
                fields=["team", "-quarantined_at", "-id"],
                condition=Q(quarantined_at__isnull=False),
            ),
            models.Index(
                name="conversation_trash",
                fields=["-trashed_at", "-id"],
                condition=Q(trashed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Message(QuicklyMade):
    """One thing said: in, out, a note to the team, or aside in a side conversation."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="messages")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT)
    direction = models.CharField(max_length=9)
    automatic = models.CharField(max_length=20)
    at = models.DateTimeField()  # when it was written, as far as we can believe it
    received_at = models.DateTimeField()  # when the desk had it
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT)
    forwarded_by = models.ForeignKey(  # the agent who passed on what a customer wrote
        Agent, null=True, on_delete=models.PROTECT, related_name="forwarded", db_index=False
    )
    from_name = models.TextField(blank=True)
    from_address = models.TextField(blank=True)
    to = models.JSONField(default=list)  # [[name, address], …]
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)  # what was written now
    signature = models.TextField(blank=True)  # and the notices below it
    quoted = models.TextField(blank=True)  # the history quoted below it
    html = models.TextField(blank=True)  # sanitised
    invitation = models.JSONField(null=True)  # what a calendar file with it says; see invitations.py
    message_id = models.TextField(blank=True)  # without <>
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answered_by")
    forwards = models.ForeignKey(  # what an aside of ours passes on
        "self", null=True, on_delete=models.PROTECT, related_name="forwarded_in", db_index=False
    )
    side = models.ForeignKey(  # in which an aside was said
        SideConversation, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    state = models.CharField(max_length=10, default=DeliveryState.NONE)
    state_at = models.DateTimeField(null=True)
    answer_by_at = models.DateTimeField(null=True)  # by when a person answers, as an acknowledgement says
    trouble = models.CharField(max_length=200, blank=True)  # code and words of the server that refused
    joined_by = models.CharField(max_length=20, default=JoinedBy.NEW)
    storm_rule = models.BigIntegerField(null=True)  # the version of the rule that joined it
    flag = models.CharField(max_length=20, blank=True)  # why an agent should look twice
    confidence = models.CharField(max_length=12, blank=True)  # how sure we are of the sender
    because = models.CharField(max_length=20, blank=True)  # why so
    path = models.CharField(max_length=253, blank=True)  # a domain that vouches, though not the sender's own
    reply_to = models.JSONField(default=list)  # where answers are asked for, if not at the sender's address
    hold = models.CharField(max_length=10, blank=True)  # whether an agent has to let it in first
    # equal for the same mail; see channels.email.parse
    same_key = models.CharField(max_length=64, blank=True)
    sent_once = models.CharField(max_length=64, blank=True)  # the form's key: a retried request sends once

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="same_mail_once_a_brand", fields=["brand", "same_key"], condition=~Q(same_key="")
            ),
            models.UniqueConstraint(
                name="answer_sent_once", fields=["agent", "sent_once"], condition=~Q(sent_once="")
            ),
            models.CheckConstraint(
                name="message_direction_known", condition=Q(direction__in=list(Direction))
            ),
            models.CheckConstraint(
                name="asides_stand_in_a_side",
                condition=Q(side__isnull=False, direction__in=sorted(ASIDES))
                | (Q(side__isnull=True) & ~Q(direction__in=sorted(ASIDES))),
            ),
            models.CheckConstraint(
                name="only_ours_are_delivered",
                condition=Q(direction__in=[Direction.OUT, Direction.ASIDE_OUT]) | Q(state=DeliveryState.NONE),
            ),
        ]
        indexes = [
            models.Index(name="message_timeline", fields=["conversation", "-at", "-id"]),
            models.Index(
                name="message_by_forwarded", fields=["forwards"], condition=Q(forwards__isnull=False)
            ),
            models.Index(
                name="message_of_side", fields=["side", "-at", "-id"], condition=Q(side__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class RawMail(models.Model):
    """The exact bytes a message arrived in, by hash; every raw that differs is kept."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="raws")
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="raw_once_a_message", fields=["message", "sha256"])]

    def __str__(self) -> str:
        return self.sha256


class ThreadKey(QuicklyMade):
    """A Message-ID belongs to one conversation of a brand, be its mail here already or only referred to."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE)
    key = models.CharField(max_length=64)  # sha256 of the Message-ID
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE)  # null: referred to, not seen

    LOCK_KEY = "key"  # new rows are written in this order, so that two who add the same never deadlock

    class Meta:
        constraints = [
            models.UniqueConstraint(name="thread_key_in_one_conversation", fields=["brand", "key"])
        ]

    def __str__(self) -> str:
        return self.key


class Participant(QuicklyMade):
    """Someone in the address lines of a conversation."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    address = models.CharField(max_length=254)  # normalised
    name = models.TextField(blank=True)
    role = models.CharField(max_length=5, default=RecipientRole.FROM)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT)
    # a stranger who came in by a reply address: sees no history
    is_flagged = models.BooleanField(default=False)
    confidence = models.CharField(max_length=12, blank=True)  # of the newest mail from this address
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="participant_once", fields=["conversation", "address"])]

    def __str__(self) -> str:
        return f"participant {self.pk}"


class ConversationTeam(models.Model):
    """A further team that may open the conversation: it wrote to their inbox too."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="shared_with")
    team = models.ForeignKey(Team, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(name="shared_once_a_team", fields=["conversation", "team"])]
        indexes = [models.Index(name="shared_by_team", fields=["team", "conversation"])]

    def __str__(self) -> str:
        return f"{self.conversation_id} with {self.team_id}"


class ConversationLink(models.Model):
    """Two conversations have to do with each other."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="linked_from")
    reason = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(name="linked_once", fields=["conversation", "other"])]

    def __str__(self) -> str:
        return f"{self.conversation_id} to {self.other_id}"


class Blob(models.Model):
    """Bytes in blob storage, named by their hash, with how many rows point to them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()  # bytes
    uses = models.PositiveIntegerField(default=0)
    unused_at = models.DateTimeField(null=True)  # when the last of them went; said only while there are none

    class Meta:
        indexes = [models.Index(name="blob_unused", fields=["unused_at"], condition=Q(uses=0))]

    def __str__(self) -> str:
        return self.sha256


class Attachment(models.Model):
    """A file that came or goes with a message."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="attachments")
    uploaded_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT)  # set until it is sent
    uploaded_at = models.DateTimeField(null=True)  # by its writer, or taken back
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT)
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    content_id = models.CharField(max_length=255, blank=True)
    is_inline = models.BooleanField(default=False)
    size = models.BigIntegerField()  # bytes

    class Meta:
        indexes = [models.Index(name="attachment_unsent", fields=["uploaded_at"], condition=UNSENT)]

    def __str__(self) -> str:
        return f"attachment {self.pk}"


class Draft(models.Model):
    """What an agent has begun to write. Never in the log."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    kind = models.CharField(max_length=9)  # out, note or aside_out
    side = models.ForeignKey(  # in which it goes on; null: what it begins is no aside, or the first of its thread
        SideConversation, null=True, on_delete=models.CASCADE, related_name="drafts"
    )
    about = models.ForeignKey(Message, null=True, on_delete=models.CASCADE)  # of an aside: what it is about
    text = models.TextField()
    html = models.TextField(blank=True)  # with its form, where it has more than paragraphs; see richtext.py
    # of an answer that was taken back: to, cc, bcc as messages have them
    lines = models.JSONField(default=dict)
    subject = models.TextField(blank=True)  # of an aside that was taken back
    sender = models.CharField(max_length=254, blank=True)  # the address that it was to leave from
    files = models.JSONField(default=list)  # ids of its attachments
    then = models.CharField(max_length=10, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_draft_a_kind",
                fields=["agent", "conversation", "kind"],
                condition=Q(side__isnull=True),
            ),
            models.UniqueConstraint(
                name="one_draft_a_side", fields=["agent", "side"], condition=Q(side__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class HeldAnswer(DueRow):
    """An answer that leaves at `due_at`, unless it is taken back. Stopped: due_at is null, a person decides."""

    message = models.OneToOneField(Message, primary_key=True, on_delete=models.CASCADE)
    held_for = models.CharField(max_length=10)
    held_at = models.DateTimeField()
    then = models.CharField(max_length=10)  # how the conversation is to stand once it left
    stopped = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="held_for_known", condition=Q(held_for__in=list(HeldFor))),
            models.CheckConstraint(
                name="stopped_answer_is_not_due", condition=Q(stopped="") | Q(due_at__isnull=True)
            ),
        ]
        indexes = [models.Index(name="held_answer_due", fields=["due_at"], condition=DUE)]

    def __str__(self) -> str:
        return f"held answer {self.message_id}"


class SpentKey(models.Model):
    """The form's key of an answer that was taken back: a request that is retried later sends nothing."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="key_spent_once", fields=["agent", "key"])]

    def __str__(self) -> str:
        return f"spent key {self.pk}"


class Timer(DueRow):
    """Something that happens to a conversation at a given time: it wakes, or it closes."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    kind = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_timer_a_kind", fields=["conversation", "kind"]),
            models.CheckConstraint(name="timer_kind_known", condition=Q(kind__in=list(TimerKind))),
        ]
        indexes = [models.Index(name="timer_due", fields=["due_at"], condition=DUE)]

    def __str__(self) -> str:
        return f"{self.kind} {self.conversation_id}"
