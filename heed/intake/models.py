"""Receipt: a mail that the desk has promised to keep. RoundTrip: one that it sends to itself."""

from django.db import models
from django.db.models import Q

from heed.brands.models import Inbox
from heed.eventlog.models import DUE, DueRow
from heed.kernel.rows import literally
from heed.kernel.words import ReceiptState

IS_PARKED = literally("state", "%(expressions)s = 'parked'")  # as the index of parked receipts says it


class Receipt(DueRow):
    """One accepted mail: envelope, hash, state. Due until it is read or parked."""

    id = models.BigAutoField(primary_key=True)
    received_at = models.DateTimeField()
    mail_from = models.TextField(blank=True)
    peer = models.CharField(
        max_length=45, blank=True
    )  # who handed it to our own SMTP listener; '': another way
    helo = models.CharField(max_length=255, blank=True)  # what that one called itself
    checked_by = models.TextField(blank=True)  # names of servers whose word about its sender counts
    recipients = models.JSONField()  # envelope addresses of ours
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()  # bytes
    origin = models.CharField(max_length=10)  # live or import
    is_own = models.BooleanField(default=False)  # it lay where we keep what we sent
    state = models.CharField(max_length=10, default=ReceiptState.WAITING)
    reason = models.CharField(max_length=20, blank=True)  # of being parked
    detail = models.TextField(
        blank=True
    )  # of being parked: what and where, no personal text; of a round trip: its number
    is_moved = models.BooleanField(default=False)  # its bytes are in blob storage

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="parked_says_why", condition=~Q(state=ReceiptState.PARKED) | ~Q(reason="")
            ),
        ]
        indexes = [
            models.Index(name="receipt_due", fields=["due_at"], condition=DUE),
            models.Index(name="receipt_to_move", fields=["id"], condition=Q(is_moved=False)),
            models.Index(name="receipt_parked", fields=["id"], condition=Q(state=ReceiptState.PARKED)),
            models.Index(name="receipt_by_hash", fields=["sha256"]),
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk}"


class ReceiptPart(models.Model):
    """Up to 1 MB of a receipt's bytes, until they are in blob storage."""

    id = models.BigAutoField(primary_key=True)
    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="part_once_a_receipt", fields=["receipt", "number"])]

    def __str__(self) -> str:
        return f"part {self.number} of {self.receipt_id}"


class RoundTrip(DueRow):
    """A mail that the desk sends to one of its inboxes, to see that it leaves and comes back. It becomes no message.

    Due while it is to be sent, and then as long as somebody waits for it; it is known whenever it comes.
    """

    id = models.BigAutoField(primary_key=True)
    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, db_index=False)
    begun_at = models.DateTimeField()
    nonce = models.CharField(max_length=32)  # part of what its token signs
    host = models.CharField(max_length=253, blank=True)  # of the server that it was handed to
    sent_at = models.DateTimeField(null=True)
    code = models.CharField(
        max_length=20, blank=True
    )  # why it did not leave: heed.connecting.round_trips.NotSent
    words = models.TextField(blank=True)  # the server's, about that
    arrived_at = models.DateTimeField(null=True)
    strayed_to = models.CharField(
        max_length=254, blank=True
    )  # the address that it came to, when not the inbox's
    same_key = models.CharField(
        max_length=64, blank=True
    )  # of the mail that arrived: its copies are known by it

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="round_trip_left_or_says_why", condition=Q(sent_at__isnull=True) | Q(code="")
            ),
        ]
        indexes = [
            models.Index(name="round_trip_due", fields=["due_at"], condition=DUE),
            models.Index(name="round_trip_newest", fields=["inbox", "-id"]),
        ]

    def __str__(self) -> str:
        return f"round trip {self.pk}"
