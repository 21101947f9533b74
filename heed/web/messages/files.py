"""Files of a message: attachments, and the mail itself byte for byte."""

from django.http.response import HttpResponseBase

from heed.conversations import queries
from heed.conversations.actions.downloading import note_download
from heed.intake.queries import open_raw
from heed.kernel import blobs
from heed.kernel.errors import NotFound, require_visible
from heed.kernel.outbound.image import image_type
from heed.people.policy import may_download_what_is_seen
from heed.web.doors import Visit, agents_only
from heed.web.respond import download

HEAD_BYTES = 64
UNKNOWN = "application/octet-stream"
# A browser hands these to other programs and runs nothing of them itself; any other type is only bytes.
KEPT_TYPES = (
    "application/pdf",
    "application/zip",
    "application/msword",
    "application/vnd.",
    "audio/",
    "video/",
)


@agents_only("GET")
def attachment(visit: Visit, number: int) -> HttpResponseBase:
    """A file to keep. ?inline=1 shows it in place, when it really is an image that runs nothing; never HTML or SVG."""
    file = queries.attachment(visit.actor, number)
    try:
        content = blobs.open_blob(file.blob_id)
    except FileNotFoundError:
        raise NotFound from None
    head = content.read(HEAD_BYTES)
    content.seek(0)
    seen = image_type(head)
    declared = file.content_type.lower()
    kind = seen or (declared if declared.startswith(KEPT_TYPES) else UNKNOWN)
    response = download(content, filename=file.filename or "file", content_type=kind)
    if visit.request.GET.get("inline") == "1" and seen is not None:
        response.headers["Content-Disposition"] = "inline"
        response.headers["Cache-Control"] = "private, max-age=86400"
    return response


@agents_only("GET")
def raw(visit: Visit, number: int, sha256: str) -> HttpResponseBase:
    """One of the raws of a message, exactly as it came; leads and admins, and who took it is on record."""
    require_visible(may_download_what_is_seen(visit.actor))
    message = queries.message(visit.actor, number)
    if not queries.has_raw(visit.actor, message, sha256):
        raise NotFound
    note_download(message, by=visit.actor)
    content = open_raw(sha256)
    return download(content, filename=f"message-{message.pk}.eml", content_type="message/rfc822")
