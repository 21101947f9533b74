"""Rows of answering: saved replies, their texts by language, their files, and every version that was."""

from django.db import models
from django.db.models import Q

from heed.brands.models import Brand
from heed.conversations.models import Blob
from heed.people.models import Agent, Team


class SavedReply(models.Model):
    """A text of a brand that agents reuse. Owner: private; team: that team's; neither: everybody's of the brand."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT)
    owner = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    folder = models.CharField(max_length=60, blank=True)
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)  # offered to nobody since; can come back

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reply_private_or_of_a_team", condition=Q(owner__isnull=True) | Q(team__isnull=True)
            )
        ]
        indexes = [models.Index(name="saved_reply_by_name", fields=["brand", "folder", "name", "id"])]

    def __str__(self) -> str:
        return f"saved reply {self.pk}"


class SavedReplyText(models.Model):
    """What a saved reply says in one language."""

    id = models.BigAutoField(primary_key=True)
    reply = models.ForeignKey(SavedReply, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_text_a_language", fields=["reply", "language"])]

    def __str__(self) -> str:
        return f"{self.reply_id} {self.language}"


class SavedReplyFile(models.Model):
    """A file that goes with a saved reply."""

    id = models.BigAutoField(primary_key=True)
    reply = models.ForeignKey(SavedReply, on_delete=models.CASCADE, related_name="files")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT)
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.BigIntegerField()  # bytes

    class Meta:
        constraints = [
            models.UniqueConstraint(name="file_once_a_reply", fields=["reply", "blob", "filename"])
        ]

    def __str__(self) -> str:
        return f"file {self.pk} of {self.reply_id}"


class SavedReplyVersion(models.Model):
    """How a saved reply stood from one moment on, and who made it so. Never changed."""

    id = models.BigAutoField(primary_key=True)
    reply = models.ForeignKey(SavedReply, on_delete=models.CASCADE, related_name="versions")
    at = models.DateTimeField()
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT)
    parts = models.JSONField(default=list)  # kernel.words.SavedReplyPart: what changed by it
    owner = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="own_reply_versions")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    folder = models.CharField(max_length=60, blank=True)
    texts = models.JSONField(default=dict)  # by language

    class Meta:
        indexes = [models.Index(name="reply_version_newest", fields=["reply", "-id"])]

    def __str__(self) -> str:
        return f"version {self.pk} of {self.reply_id}"
