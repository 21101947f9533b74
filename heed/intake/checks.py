"""What `heed check` asks of accepted mail: is it kept, and did it become a message or a parked mail?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Sum
from django.db.models.functions import Length

from heed.conversations.models import Attachment, Message, RawMail
from heed.intake.models import Receipt, ReceiptPart, RoundTrip
from heed.kernel import blobs
from heed.kernel.rows import snapshot
from heed.kernel.words import CAME_IN, ReceiptState

PAGE = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that an accepted mail should have and has not."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def findings(*, page: int = PAGE) -> Iterator[Finding]:
    """Every accepted mail, message and file that is not as promised, in pages; each page is one snapshot."""
    yield from _receipts(page)
    yield from _messages(page)
    yield from _attachments(page)


def damaged() -> Iterator[Finding]:
    """Every accepted mail whose bytes in blob storage are other ones. Reads them all, so it takes its time."""
    for receipt in Receipt.objects.filter(is_moved=True).order_by("pk").iterator():
        if blobs.exists(receipt.sha256) and blobs.sha256_of(blobs.read(receipt.sha256)) != receipt.sha256:
            yield Finding(f"receipt {receipt.pk}", "its bytes are not those that were accepted")


def _receipts(page: int) -> Iterator[Finding]:
    last = 0
    while True:
        with snapshot():
            rows = list(Receipt.objects.filter(pk__gt=last).order_by("pk")[:page])
            if not rows:
                return
            last = rows[-1].pk
            hashes = [row.sha256 for row in rows if row.state == ReceiptState.READ]
            read = set(RawMail.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
            trips = _trips(row for row in rows if row.state == ReceiptState.ROUND_TRIP)
            here = [row.pk for row in rows if not row.is_moved]
            parts = ReceiptPart.objects.filter(receipt_id__in=here).values("receipt_id").order_by()
            sizes = dict(parts.annotate(size=Sum(Length("content"))).values_list("receipt_id", "size"))
            found = [
                finding
                for row in rows
                for finding in _receipt(row, row.sha256 in read or row.pk in trips, sizes.get(row.pk))
            ]
        yield from found


def _trips(rows: Iterable[Receipt]) -> frozenset[int]:
    """Those that are mails of ours to ourselves: each names a round trip that the desk knows."""
    named = {row.pk: int(row.detail) for row in rows if row.detail.isdigit()}
    known = set(RoundTrip.objects.filter(pk__in=named.values()).values_list("pk", flat=True))
    return frozenset(pk for pk, trip in named.items() if trip in known)


def _receipt(row: Receipt, became_message: bool, size: int | None) -> Iterator[Finding]:  # noqa: FBT001 - a fact, not a switch
    where = f"receipt {row.pk}"
    if row.state == ReceiptState.WAITING and row.due_at is None:
        yield Finding(where, "waits to be read, but no worker will ever look at it")
    if row.state != ReceiptState.WAITING and row.due_at is not None:
        yield Finding(where, f"is {row.state} and due to be read again")
    if row.state == ReceiptState.READ and not became_message:
        yield Finding(where, "was read, but no message came of it")
    if row.state == ReceiptState.ROUND_TRIP and not became_message:
        yield Finding(where, "was taken for a mail of the desk to itself, which is not known")
    if row.state == ReceiptState.PURGED:
        return
    if row.is_moved and not blobs.exists(row.sha256):
        yield Finding(where, "its bytes are in neither the database nor the blob storage")
    if not row.is_moved and size != row.size:
        yield Finding(where, f"has {size or 0} of its {row.size} bytes")


def _messages(page: int) -> Iterator[Finding]:
    last = 0
    while True:
        rows = Message.objects.filter(direction__in=CAME_IN, pk__gt=last).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:page])
        if not keys:
            return
        last = keys[-1]
        with_raw = set(RawMail.objects.filter(message_id__in=keys).values_list("message_id", flat=True))
        for key in keys:
            if key not in with_raw:
                yield Finding(f"message {key}", "came in, but the mail it came in is not known")


def _attachments(page: int) -> Iterator[Finding]:
    last = 0
    while True:
        rows = list(Attachment.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "blob_id")[:page])
        if not rows:
            return
        last = rows[-1][0]
        for key, sha256 in rows:
            if not blobs.exists(sha256):
                yield Finding(f"attachment {key}", "its file is not in the blob storage")
