"""A conversation as a PDF, drawn in a process apart. Notes are in it only when asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from heed.conversations import queries
from heed.conversations.models import Attachment, Message
from heed.conversations.queries.whole import EVERYTHING, Whole, for_paper
from heed.files.apart import Bounds
from heed.files.turns import Busy
from heed.kernel import blobs, clock
from heed.kernel.config import config
from heed.kernel.errors import Unusable, require_visible
from heed.kernel.words import ASIDES, Automatic, Direction
from heed.paper.making import pdf_of
from heed.paper.sheet import Said, Sheet, Words
from heed.people.policy import may_take_away
from heed.ui.templatetags.heed_ui import status_name
from heed.web.doors import Visit, agents_only
from heed.web.nav import Place
from heed.web.respond import download, inert
from heed.web.taking_away.views import author_of, directions_of

RETRY_SECONDS: Final = "5"


@agents_only("GET")
def pdf(visit: Visit, place: Place, number: int) -> HttpResponseBase:
    """The conversation as a PDF. ?notes=1 with what the customer never saw. 503 while others are drawn."""
    require_visible(may_take_away(visit.actor))
    here, directions = queries.opened(visit.actor, number), directions_of(visit)
    limit, characters = config.pdf_messages, config.paper_characters
    found, is_more = for_paper(here, directions, limit=limit, characters=characters)
    images = Images()
    said = [_said(one, images) for one in reversed(found)]
    warnings = [_("With internal notes: not for customers.")] if directions == EVERYTHING else []
    if is_more:
        warnings.append(_("Earlier messages are left out here. The JSON file holds them all."))
    sheet = _sheet(here, said, warnings)
    bounds = Bounds(0, config.pdf_seconds, config.file_read_megabytes)
    try:
        drawn = pdf_of(sheet, images.contents, bounds=bounds)
    except Busy:
        words = _("Other files are being read just now. Wait a few seconds, then load this page again.")
        plain = "text/plain; charset=utf-8"
        return inert(HttpResponse(words, plain, 503, headers={"Retry-After": RETRY_SECONDS}))
    if drawn is None:
        raise Unusable("export", "too_large")
    return download(drawn, filename=f"conversation-{here.row.pk}.pdf", content_type="application/pdf")


class Images:
    """The images that stand in messages, as far as there is room for them."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []
        self._left = config.pdf_image_bytes

    def take(self, files: Sequence[Attachment]) -> list[int]:
        """Places of what stands in one message; what has no room is drawn as missing."""
        inline = [file for file in files if _is_in_text(file)]
        self.contents += [self._read(file) for file in inline]
        return list(range(len(self.contents) - len(inline), len(self.contents)))

    def _read(self, file: Attachment) -> bytes:
        if file.size > self._left:
            return b""
        self._left -= file.size
        try:
            with blobs.open_blob(file.blob_id) as content:
                found: bytes = content.read()
                return found
        except FileNotFoundError:
            return b""


def _is_in_text(file: Attachment) -> bool:
    return file.is_inline and file.content_type.startswith("image/")


def _sheet(here: queries.Opened, said: Sequence[Said], warnings: Sequence[str]) -> Sheet:
    row = here.row
    printed = _("printed {time}").format(time=_when(clock.now()))
    head = [
        f"#{row.pk}",
        row.brand.name,
        row.customer.name if row.customer else "",
        status_name(row.status),
        printed,
    ]
    return Sheet(
        title=row.subject or _("No subject"),
        author=row.brand.name,
        about=f"{row.brand.name} · #{row.pk}",
        lang=row.language or get_language() or "",
        is_rtl=get_language_bidi(),
        head=[" · ".join(filter(None, head))],
        warnings=warnings,
        said=said or [Said(author=_("Nothing was said yet."), at="")],
        words=Words(
            page=_("Page {page} of {pages}"),
            misses=_(
                "Some letters have no font here and stand as empty boxes. The JSON file holds them all."
            ),
            no_image=_("An image stands here that can’t be shown."),
        ),
    )


def _said(one: Whole, images: Images) -> Said:
    message = one.message
    to, cc = (", ".join(name or address for name, address in line) for line in (message.to, message.cc))
    return Said(
        author=author_of(message),
        at=_when(message.at),
        badge=_badge(message),
        is_aside=message.direction == Direction.NOTE or message.direction in ASIDES,
        lines=[f"{word}: {names}" for word, names in ((_("To"), to), (_("Cc"), cc)) if names],
        text="\n\n".join(part for part in (message.text.strip(), message.signature.strip()) if part),
        files=[
            f"{file.filename}, {filesizeformat(file.size)}" for file in one.files if not _is_in_text(file)
        ],
        images=images.take(one.files),
    )


def _badge(message: Message) -> str:
    if message.direction == Direction.NOTE:
        return _("Internal note")
    if message.direction in ASIDES:
        return _("Not with the customer")
    return _("Automatic") if message.automatic != Automatic.NO else ""


def _when(at: datetime) -> str:
    """A time with its zone: paper is read elsewhere."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATETIME_FORMAT')} {local:%Z}"
