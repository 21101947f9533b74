"""Files that agents upload: into blob storage first, then a row."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from heed.conversations.actions.uploads import upload
from heed.conversations.models import Attachment
from heed.kernel import blobs
from heed.kernel.config import config
from heed.kernel.errors import Unusable
from heed.kernel.outbound.image import image_type
from heed.people.policy import Actor

HEAD_BYTES = 64
UNKNOWN = "application/octet-stream"


def keep_upload(file: "UploadedFile[bytes]", *, by: Actor) -> Attachment:
    """Keep a file of a form until it is sent. Its bytes are stored durably before the row is."""
    return upload(_stored(file, file.read(), file.content_type or UNKNOWN), by=by)


def keep_image(file: "UploadedFile[bytes]", *, by: Actor) -> Attachment:
    """Keep an image that is to stand in a text. Raises Unusable for what is none that browsers and mails show."""
    content = file.read()
    kind = image_type(content[:HEAD_BYTES])
    if kind is None:
        raise Unusable("images", "no_image")
    kept = _stored(file, content, kind)
    kept.is_inline = True
    return upload(kept, by=by)


def keep_given(given: "MultiValueDict[str, UploadedFile[bytes]]", *, by: Actor) -> list[Attachment]:
    """Keep what comes while a mail is written: `files` to go along, `images` to stand in it. Raises Unusable."""
    files, images = given.getlist("files"), given.getlist("images")
    if sum(file.size or 0 for file in (*files, *images)) > config.upload_max_bytes:
        raise Unusable("files", "too_large")
    kept = [keep_upload(file, by=by) for file in files]
    return kept + [keep_image(file, by=by) for file in images]


def as_data(kept: Iterable[Attachment]) -> dict[str, object]:
    """What a page is told of files that were kept for it."""
    return {"files": [{"id": one.pk, "name": one.filename, "size": one.size} for one in kept]}


def _stored(file: "UploadedFile[bytes]", content: bytes, content_type: str) -> Attachment:
    name = (file.name or "file").replace("\\", "/").rsplit("/", 1)[-1]
    sha256 = blobs.put(content)
    return Attachment(blob_id=sha256, filename=name[:255], content_type=content_type[:120], size=len(content))
