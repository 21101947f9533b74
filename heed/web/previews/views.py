"""What is in a file. Strangers' files are read and drawn in a process apart; what reaches the browser is ours."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.http import HttpResponse

from heed.conversations import queries
from heed.conversations.models import Attachment
from heed.files.apart import Bounds, words_in
from heed.files.kinds import FileKind, kind_of
from heed.files.pictures import pages_of, picture_of
from heed.files.turns import Busy, turn
from heed.kernel import blobs
from heed.kernel.config import config
from heed.kernel.customer_words import FileTrouble
from heed.kernel.errors import NotFound
from heed.kernel.outbound.image import image_type
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.previews.contexts import Picture, PreviewContext, PreviewPage
from heed.web.respond import inert, way_back

PAGE, FRAGMENT = "previews/page.html", "previews/_preview.html"
HEAD_BYTES: Final = 64
SECONDS: Final = 8
"""How long drawing or reading for a reader who waits may work; search is more patient."""

RETRY_SECONDS: Final = "5"


@agents_only("GET")
def preview(visit: Visit, number: int) -> HttpResponse:
    """A file as far as it can be shown, and the way to keep it."""
    file = queries.attachment(visit.actor, number)
    back = way_back(visit, file.message.conversation_id) if file.message else "/"
    context = PreviewContext(
        name=file.filename, size=file.size, href=f"/attachments/{file.pk}/", back_href=back
    )
    try:
        filled, status = _filled(context, file), 200
    except Busy:
        filled, status = replace(context, trouble="busy"), 503
    page = PreviewPage(
        nav=nav_context(visit, Room.of(visit), here=f"/attachments/{file.pk}/preview/"), preview=filled
    )
    response = page_or_fragment(visit.request, PAGE, FRAGMENT, page, status=status)
    if status == 503:
        response.headers["Retry-After"] = RETRY_SECONDS
    return response


@agents_only("GET")
def page(visit: Visit, number: int, page: int) -> HttpResponse:
    """A page of a PDF as a picture. 404 where there is none, 424 where it can't be drawn, 503 while others are."""
    file = queries.attachment(visit.actor, number)
    if kind_of(file.filename, file.content_type) is not FileKind.PDF or page >= config.preview_pages:
        raise NotFound
    try:
        drawn = picture_of(_content(file), page, bounds=_bounds())
    except Busy:
        return inert(HttpResponse(status=503, headers={"Retry-After": RETRY_SECONDS}))
    if drawn is None:
        return inert(HttpResponse(status=424))
    response = HttpResponse(drawn, content_type="image/png")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return inert(response)


def _bounds() -> Bounds:
    return Bounds(config.preview_characters + 1, SECONDS, config.file_read_megabytes)


def _content(file: Attachment) -> bytes:
    if file.size > config.file_read_bytes:
        raise NotFound
    try:
        with blobs.open_blob(file.blob_id) as content:
            found: bytes = content.read()
            return found
    except FileNotFoundError:
        raise NotFound from None


def _filled(context: PreviewContext, file: Attachment) -> PreviewContext:
    """With what is in it, or why that is not shown. Raises Busy."""
    kind = kind_of(file.filename, file.content_type)
    if _is_image(file):
        return replace(context, image_href=f"/attachments/{file.pk}/?inline=1")
    if kind is None or file.size > config.file_read_bytes:
        return replace(context, trouble=FileTrouble.TOO_MUCH if kind else FileTrouble.BROKEN)
    content = _content(file)
    if kind is FileKind.PDF and config.preview_pages:
        found = pages_of(content, most=config.preview_pages, bounds=_bounds())
        if found is not None and found.sizes:
            return replace(context, pages=_pictures(file, found.sizes), page_count=found.count)
    with turn():
        words = words_in(content, kind, bounds=_bounds())
    if words.trouble is not None or not words.text.strip():
        return replace(context, trouble=words.trouble or FileTrouble.BROKEN)
    most = config.preview_characters
    return replace(context, text=words.text[:most], is_cut=len(words.text) > most)


def _pictures(file: Attachment, sizes: Sequence[tuple[int, int]]) -> list[Picture]:
    return [
        Picture(href=f"/attachments/{file.pk}/pages/{place}/", number=place + 1, width=width, height=height)
        for place, (width, height) in enumerate(sizes)
    ]


def _is_image(file: Attachment) -> bool:
    """Whether it really is an image that runs nothing: the door that shows it looks the same way."""
    try:
        with blobs.open_blob(file.blob_id) as content:
            return image_type(content.read(HEAD_BYTES)) is not None
    except FileNotFoundError:
        raise NotFound from None
