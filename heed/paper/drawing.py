"""Draws a conversation as a PDF: the same bytes for the same sheet. Runs in a process apart (child.py)."""

import struct
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from heed.paper.layout import ASIDE, HEIGHT, INK, MARGIN, QUIET, SMALL, WIDTH, Layout, Page, Stroke
from heed.paper.lines import set_in_lines
from heed.paper.sheet import Sheet

INKS: Final = {INK: HexColor("#1c1a17"), QUIET: HexColor("#6b655c"), ASIDE: HexColor("#c98a1b")}
FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP")
MOST_PIXELS: Final = 40_000_000
MOST_SIDE: Final = 1_600
QUALITY: Final = 82
BROKEN: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    MemoryError,
    struct.error,
    Image.DecompressionBombError,
)
"""What Pillow raises for files that are no images, or broken ones. Anything else ends the process."""
PER_POINT: Final = 96 / 72  # of a picture, as pages show it


def drawn(sheet: Sheet, images: Sequence[bytes]) -> bytes:
    """The PDF. An image that can't be shown is said to be missing where it stood."""
    pictures = [_picture(one) for one in images]
    sizes = [None if one is None else one[1] for one in pictures]
    pages = Layout(sheet, sizes).laid()
    out = BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, lang=sheet.lang or None)
    canvas.setTitle(sheet.title)
    canvas.setAuthor(sheet.author)
    canvas.setSubject(sheet.about)
    canvas.setCreator("Heed")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for number, page in enumerate(pages, 1):
        _page(
            canvas, sheet, page, [None if one is None else one[0] for one in pictures], (number, len(pages))
        )
    canvas.save()
    return out.getvalue()


def _page(canvas: Canvas, sheet: Sheet, page: Page, pictures: Sequence[Any], place: tuple[int, int]) -> None:
    for title, y in page.begun:
        key = f"{place[0]}-{y:.2f}"
        canvas.bookmarkHorizontal(key, 0, y)
        canvas.addOutlineEntry(title, key, level=0)
    for rule in page.rules:
        canvas.setStrokeColor(INKS[rule.ink])
        canvas.setLineWidth(2 if rule.ink == ASIDE else 0.5)
        canvas.line(rule.x1, rule.y1, rule.x2, rule.y2)
    for one in page.pictures:
        canvas.drawImage(pictures[one.image], one.x, one.y, one.width, one.height)
    for stroke in page.strokes:
        _stroke(canvas, stroke)
    foot = sheet.words.page.replace("{page}", str(place[0])).replace("{pages}", str(place[1]))
    for text, at_end in ((sheet.about, sheet.is_rtl), (foot, not sheet.is_rtl)):
        line = set_in_lines(text, width=10**9).lines[0]
        x = WIDTH - MARGIN - line.width * SMALL / 1000 if at_end else MARGIN
        _stroke(canvas, Stroke(x, MARGIN - 20, line, SMALL, QUIET))
    canvas.showPage()


def _stroke(canvas: Canvas, stroke: Stroke) -> None:
    text = canvas.beginText(stroke.x, stroke.y)
    text.setFillColor(INKS[stroke.ink])
    text.setStrokeColor(INKS[stroke.ink])
    text.setTextRenderMode(2 if stroke.is_strong else 0)  # strong letters are the same ones, with an outline
    canvas.setLineWidth(stroke.size / 40)
    for font, letters in stroke.line.pieces:
        text.setFont(font, stroke.size)
        text.textOut(letters)
    text.setTextRenderMode(0)
    canvas.drawText(text)


def _picture(content: bytes) -> tuple[ImageReader, tuple[int, int]] | None:
    """An image as it is embedded, and its size in points; None: it is none, or too large."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:
                return None
            size = (max(1, round(found.width / PER_POINT)), max(1, round(found.height / PER_POINT)))
            found.draft("RGB", (MOST_SIDE, MOST_SIDE))
            flat = found.convert("RGBA")
    except BROKEN:
        return None
    flat.thumbnail((MOST_SIDE, MOST_SIDE))
    paper = Image.new("RGB", flat.size, "white")
    paper.paste(flat, mask=flat.getchannel("A"))
    kept = BytesIO()
    paper.save(kept, "JPEG", quality=QUALITY)
    kept.seek(0)
    return ImageReader(kept), size
