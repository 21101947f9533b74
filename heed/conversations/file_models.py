"""What search reads of the files that came with messages."""

from django.db import models
from django.db.models import Q

from heed.eventlog.models import DUE, DueRow
from heed.kernel.customer_words import FileTrouble


class FileText(DueRow):
    """What stands in an attachment, read by a worker after it came. Read, or given up: due_at is null."""

    attachment = models.OneToOneField(
        "conversations.Attachment", primary_key=True, on_delete=models.CASCADE, related_name="read"
    )
    text = models.TextField(blank=True)  # the beginning, as far as search goes
    trouble = models.CharField(max_length=12, blank=True)  # why there is none

    class Meta:
        constraints = [
            models.CheckConstraint(name="file_trouble_known", condition=Q(trouble__in=["", *FileTrouble]))
        ]
        indexes = [models.Index(name="file_text_due", fields=["due_at"], condition=DUE)]

    def __str__(self) -> str:
        return f"text of file {self.attachment_id}"
