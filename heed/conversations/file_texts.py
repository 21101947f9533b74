"""Due work of conversations: files that came with messages are read, each in a process apart."""

from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError

from heed.conversations.actions.file_texts import keep_text
from heed.conversations.documents import TEXT_CHARACTERS
from heed.conversations.models import Attachment, FileText
from heed.eventlog import due
from heed.eventlog.unit import Commit
from heed.files.apart import Bounds, Words, words_in
from heed.files.kinds import kind_of
from heed.kernel import blobs
from heed.kernel.config import config
from heed.kernel.customer_words import FileTrouble
from heed.people.policy import SYSTEM

BATCH = 5
TRIES = 3  # of a file during which workers died


def step() -> int:
    """Read the files that wait longest; how many."""
    claimed = due.claim(FileText, limit=BATCH, lease_seconds=_lease(), commit=Commit.LAZY)
    for row in claimed:
        try:
            _keep(row)
        except (due.ClaimLost, ObjectDoesNotExist):
            continue  # another worker did it, or the file was deleted meanwhile
    return len(claimed)


def _keep(row: FileText) -> None:
    """What one file makes impossible is its own trouble: the others of the batch were claimed as well."""
    words = _read(row)
    try:
        keep_text(row, words=words, by=SYSTEM)
    except (ValueError, DataError):  # words that the database doesn't take
        keep_text(row, words=Words(trouble=FileTrouble.BROKEN), by=SYSTEM)


def waiting() -> int:
    """How many files are to be read."""
    return due.waiting(FileText)


def _lease() -> int:
    """Long enough for a whole batch, each of which takes all the time that it may."""
    return max(config.lease_seconds, BATCH * (config.file_read_seconds + 20))


def _read(row: FileText) -> Words:
    file = Attachment.objects.get(pk=row.attachment_id)
    kind = kind_of(file.filename, file.content_type)
    if kind is None or row.attempts > TRIES:
        return Words(trouble=FileTrouble.TOO_MUCH if kind else FileTrouble.BROKEN)
    if file.size > config.file_read_bytes:
        return Words(trouble=FileTrouble.TOO_LARGE)
    try:
        content = blobs.read(file.blob_id)
    except FileNotFoundError:
        return Words(trouble=FileTrouble.GONE)
    bounds = Bounds(TEXT_CHARACTERS, config.file_read_seconds, config.file_read_megabytes)
    return words_in(content, kind, bounds=bounds)
