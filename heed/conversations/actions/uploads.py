"""Verbs about files that agents upload: kept until they are sent, and no longer than a while when they never are."""

from heed.conversations.models import Attachment, Blob
from heed.eventlog.unit import add, change, lock_many, verb
from heed.people.policy import Actor, agent_of


@verb
def upload(file: Attachment, *, by: Actor) -> Attachment:
    """Afterwards a file, whose bytes are in blob storage under blob_id, can be sent by the one who uploaded it."""
    file.uploaded_by_id = agent_of(by)
    blob = lock_many(Blob, [file.blob_id]).get(file.blob_id) or add(Blob(sha256=file.blob_id, size=file.size))
    change(blob, uses=blob.uses + 1)
    return add(file)
