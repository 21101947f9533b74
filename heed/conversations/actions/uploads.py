"""Verbs about files that agents upload: kept until they are sent, and no longer than a while when they never are."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from heed.conversations.models import Attachment, Blob, Draft, SheetDraft
from heed.conversations.richtext import content_id
from heed.eventlog.unit import add, change, lock_many, remove, verb
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import require
from heed.kernel.words import ActorKind
from heed.people.policy import Actor, agent_of

UNUSED_FOR = timedelta(days=1)  # before the bytes go: who keeps the same ones at that moment has them in hand


@verb
def upload(file: Attachment, *, by: Actor) -> Attachment:
    """Afterwards a file, whose bytes are in blob storage under blob_id, can be sent by the one who uploaded it.

    One that is to stand in the text (is_inline) has a content id by which the text names it.
    """
    file.uploaded_by_id = agent_of(by)
    file.uploaded_at = clock.now()
    add_use(file.blob_id, size=file.size)
    add(file)
    if file.is_inline:
        change(file, content_id=content_id(file.pk))
    return file


def add_use(sha256: str, *, size: int) -> None:
    """Inside a verb: one more row points to these bytes, which are in blob storage."""
    blob = lock_many(Blob, [sha256]).get(sha256) or add(Blob(sha256=sha256, size=size))
    change(blob, uses=blob.uses + 1)


@verb
def discard_uploads(numbers: Sequence[int], *, by: Actor) -> int:
    """Afterwards those of these files are gone that nobody sent for too long; how many were looked at.

    What somebody keeps in a draft stays, and its time begins anew.
    Bytes that no row points to any more are marked, and go later (forget_blobs). Records nothing. Refused for people.
    """
    require(by.kind is ActorKind.SYSTEM)
    now = clock.now()
    held = lock_many(Attachment, sorted(numbers))
    until = now - timedelta(days=config.unsent_days)
    old = [
        row
        for row in held.values()
        if row.message_id is None and row.uploaded_at is not None and row.uploaded_at < until
    ]
    kept = _in_drafts({row.uploaded_by_id for row in old if row.uploaded_by_id is not None})
    for row in old:
        if row.pk in kept:
            change(row, uploaded_at=now)
    gone = [row for row in old if row.pk not in kept]
    drop_uses(row.blob_id for row in gone)
    for row in gone:
        remove(row)
    return len(old)


def _in_drafts(writers: set[int]) -> set[int]:
    begun = (
        model.objects.filter(agent_id__in=writers).exclude(files=[]).values_list("files", flat=True)
        for model in (Draft, SheetDraft)
    )
    return {number for drafts in begun for files in drafts for number in files}


def drop_uses(hashes: Iterable[str]) -> None:
    """Inside a verb: each of these blobs is pointed to once less. Bytes that nothing points to go later.

    Those that the desk knows nothing of are passed over.
    """
    given = list(hashes)
    blobs = lock_many(Blob, sorted(set(given)))
    for blob in (blobs[sha256] for sha256 in given if sha256 in blobs):
        change(blob, uses=blob.uses - 1)
        if not blob.uses:
            change(blob, unused_at=clock.now())


@verb
def forget_blobs(hashes: Sequence[str], *, by: Actor) -> int:
    """Afterwards those of these blobs are known no more whose bytes nobody has pointed to for long; how many.

    Their bytes are gone by then. Records nothing. Refused for people.
    """
    require(by.kind is ActorKind.SYSTEM)
    until = clock.now() - UNUSED_FOR
    rows = lock_many(Blob, sorted(hashes)).values()
    gone = [row for row in rows if not row.uses and row.unused_at is not None and row.unused_at < until]
    for row in gone:
        remove(row)
    return len(gone)
