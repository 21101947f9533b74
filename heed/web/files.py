"""Files that agents upload: into blob storage first, then a row."""

from django.core.files.uploadedfile import UploadedFile

from heed.conversations.actions.uploads import upload
from heed.conversations.models import Attachment
from heed.kernel import blobs
from heed.people.policy import Actor


def keep_upload(file: "UploadedFile[bytes]", *, by: Actor) -> Attachment:
    """Keep a file of a form until it is sent. Its bytes are stored durably before the row is."""
    content = file.read()
    name = (file.name or "file").replace("\\", "/").rsplit("/", 1)[-1]
    sha256 = blobs.put(content)
    kept = Attachment(
        blob_id=sha256,
        filename=name[:255],
        content_type=(file.content_type or "application/octet-stream")[:120],
        size=len(content),
    )
    return upload(kept, by=by)
