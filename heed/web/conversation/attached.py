"""Files as pages show them: name, kind and size before anything opens."""

from heed.conversations.models import Attachment
from heed.files.kinds import kind_of as file_kind
from heed.kernel.config import config
from heed.web.conversation.contexts import Attached

SHOWN_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"})


def attached(file: Attachment) -> Attached:
    """A file of a message."""
    return Attached(
        id=file.pk,
        name=file.filename,
        kind=kind_of(file.content_type),
        size=file.size,
        href=f"/attachments/{file.pk}/",
        preview_href=f"/attachments/{file.pk}/preview/" if is_shown(file) else "",
        thumb_href=f"/attachments/{file.pk}/?inline=1" if _has_preview(file) else "",
    )


def _has_preview(file: Attachment) -> bool:
    """Whether the file says that it is an image that browsers show; its door looks whether that is true."""
    return file.content_type.lower() in SHOWN_IMAGES and file.size <= config.preview_max_bytes


def is_shown(file: Attachment) -> bool:
    """Whether a preview has anything to show of a file, by what it says of itself: a look inside may end otherwise."""
    if file.content_type.lower() in SHOWN_IMAGES:
        return True
    return file.size <= config.file_read_bytes and file_kind(file.filename, file.content_type) is not None


def kind_of(content_type: str) -> str:
    """The word for a file's type."""
    main, _, sub = content_type.lower().partition("/")
    if main in ("image", "audio", "video", "text"):
        return main
    if main == "message":
        return "mail"
    for word, kind in (
        ("pdf", "pdf"),
        ("zip", "archive"),
        ("compressed", "archive"),
        ("sheet", "sheet"),
        ("excel", "sheet"),
        ("word", "document"),
        ("document", "document"),
    ):
        if word in sub:
            return kind
    return "file"
