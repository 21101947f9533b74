"""What was written with a form, between rows and pages: rows name its images by content id, pages by our addresses."""

import re
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from heed.conversations.models import Attachment, Message
from heed.conversations.richtext import content_id, form_of, formed
from heed.kernel.html import for_page, written
from heed.kernel.html.bounds import MAX_CHARACTERS

_SHOWN: Final = re.compile(
    r'(<img\b[^<>]*?\bsrc=")(?:https?://[^"/<>]*)?/attachments/(\d{1,18})/\?inline=1(?=")'
)
_NAMED: Final = re.compile(r'(<img\b[^<>]*?\bsrc=")cid:a(\d{1,18})@heed(?=")')


def image_address(number: int) -> str:
    """Where a page shows a file that stands in a text."""
    return f"/attachments/{number}/?inline=1"


def read_form(text: str, html: str) -> tuple[str, str]:
    """Words and form of what a page posted, as rows have them. Raises Unusable for what is too long."""
    return formed(text, _by_content_id(html))


def read_overlong(html: str) -> str:
    """The form of a text that is too long to be kept, to stand in its page again; '' where its words alone can."""
    return written(_by_content_id(html)) if len(html) <= MAX_CHARACTERS else ""


def _by_content_id(html: str) -> str:
    return _SHOWN.sub(lambda found: f"{found[1]}cid:{content_id(int(found[2]))}", html)


def to_edit(html: str) -> str:
    """A form of rows, as the editor takes it."""
    return _NAMED.sub(lambda found: f"{found[1]}{image_address(int(found[2]))}", html)


def shown(message: Message) -> SafeString | None:
    """The form of a message of ours, to stand in a page; None: it has none, its words are all."""
    html = form_of(message.html)
    return mark_safe(to_edit(for_page(html))) if html else None  # noqa: S308 - our own vocabulary, sanitised when it was stored


def stands_in_text(file: Attachment) -> bool:
    """Whether a file of a draft is shown by its text rather than in the list of files."""
    return file.is_inline and bool(file.content_id)
