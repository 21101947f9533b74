"""Due work of conversations: files that agents attached and never sent go after a while, their bytes a day later.

So do drafts of forms of their own that nobody went on with.

The bytes go before their row: a worker that dies in between finds the row again, and whoever keeps the same bytes
meanwhile writes them anew. In an object store they stay, since nothing there tells that somebody just found them.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from heed.conversations.actions.sheets import discard_sheets
from heed.conversations.actions.uploads import UNUSED_FOR, discard_uploads, forget_blobs
from heed.conversations.models import Attachment, Blob, SheetDraft
from heed.eventlog.unit import Commit, unit
from heed.kernel import blobs, clock
from heed.kernel.config import config
from heed.kernel.prepared import prepared
from heed.kernel.rows import literally
from heed.people.policy import SYSTEM

BATCH = 50


@prepared
def _unsent(*, before: datetime) -> "QuerySet[Attachment, int]":
    rows = Attachment.objects.filter(message__isnull=True, uploaded_at__lt=before)
    return rows.order_by("uploaded_at").values_list("pk", flat=True)[:BATCH]


@prepared
def _unused(*, before: datetime) -> "QuerySet[Blob, str]":
    rows = Blob.objects.filter(literally("uses", "%(expressions)s = 0"), unused_at__lt=before)
    return rows.order_by("unused_at").values_list("sha256", flat=True)[:BATCH]


@prepared
def _untouched(*, before: datetime) -> "QuerySet[SheetDraft, int]":
    rows = SheetDraft.objects.filter(saved_at__lt=before)
    return rows.order_by("saved_at").values_list("pk", flat=True)[:BATCH]


def step() -> int:
    """Discard some of the oldest: drafts nobody went on with, files never sent, bytes nothing points to; how many."""
    begun, numbers, hashes = _due()
    done = 0
    if begun:
        with unit(Commit.LAZY):
            done += discard_sheets(begun, by=SYSTEM)
    if numbers:
        with unit(Commit.LAZY):
            done += discard_uploads(numbers, by=SYSTEM)
    gone = [sha256 for sha256 in hashes if blobs.forget(sha256, unused_for=UNUSED_FOR)]
    if gone:
        with unit(Commit.LAZY):
            done += forget_blobs(gone, by=SYSTEM)
    return done


def waiting() -> int:
    """How many of the oldest are to be discarded."""
    begun, numbers, hashes = _due()
    return len(begun) + len(numbers) + len(hashes)


def _due() -> tuple[list[int], list[int], list[str]]:
    now = clock.now()
    begun = _untouched(before=now - timedelta(days=config.begun_days))
    hashes = _unused(before=now - UNUSED_FOR) if blobs.may_forget() else []
    return begun, _unsent(before=now - timedelta(days=config.unsent_days)), hashes
