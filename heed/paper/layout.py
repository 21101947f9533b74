"""Where everything stands: a conversation as pages of lines and pictures, before anything is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from heed.paper.lines import Line, set_in_lines
from heed.paper.sheet import Said, Sheet

WIDTH, HEIGHT = 595.28, 841.89  # A4
MARGIN: Final = 56.0
FOOT: Final = 64.0  # below it stands the page's number
TITLE, NAME, BODY, SMALL = 16.0, 11.0, 10.0, 8.5
LEADING: Final = 1.42
INK, QUIET, ASIDE = "ink", "quiet", "aside"
PICTURE_HEIGHT: Final = 360.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line of letters on a page."""

    x: float
    y: float
    line: Line
    size: float
    ink: str = INK
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """An image on a page, by its place in the sheet."""

    x: float
    y: float
    width: float
    height: float
    image: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A line that parts messages, or one beside what is not with the customer."""

    x1: float
    y1: float
    x2: float
    y2: float
    ink: str


@dataclass(slots=True)
class Page:
    """What stands on a page, and which messages begin there and how high."""

    strokes: list[Stroke] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    begun: list[tuple[str, float]] = field(default_factory=list)


class Layout:
    """Fills pages from the top; what has no room goes on the next."""

    def __init__(self, sheet: Sheet, sizes: Sequence[tuple[int, int] | None]) -> None:
        self.sheet, self.sizes = sheet, sizes
        self.pages = [Page()]
        self.y = HEIGHT - MARGIN
        self.misses = False
        self.is_beside = False

    def laid(self) -> list[Page]:
        """The pages of the whole."""
        sheet = self.sheet
        self.text(sheet.title, TITLE, is_strong=True)
        for line in sheet.head:
            self.text(line, SMALL, ink=QUIET)
        for line in sheet.warnings:
            self.text(line, BODY, is_strong=True)
        for said in sheet.said:
            self.message(said)
        if self.misses:
            self.space(BODY)
            self.text(sheet.words.misses, SMALL, ink=QUIET)
        return self.pages

    def message(self, said: Said) -> None:
        """A message below a line that parts it from the one before."""
        self.space(NAME)
        self.need(NAME * LEADING + 3 * BODY * LEADING)
        page = self.pages[-1]
        page.rules.append(Rule(MARGIN, self.y, WIDTH - MARGIN, self.y, QUIET))
        self.space(4)
        page.begun.append((f"{said.author}, {said.at}", self.y))
        self.is_beside = said.is_aside
        self.text(f"{said.author} · {said.badge}" if said.badge else said.author, NAME, is_strong=True)
        for line in (said.at, *said.lines):
            self.text(line, SMALL, ink=QUIET)
        self.space(3)
        self.text(said.text, BODY)
        for number in said.images:
            self.picture(number)
        for name in said.files:
            self.text(f"• {name}", SMALL, ink=QUIET)
        self.is_beside = False

    def text(self, text: str, size: float, *, ink: str = INK, is_strong: bool = False) -> None:
        """Lines of a text; each paragraph begins where its language does."""
        room = WIDTH - 2 * MARGIN
        found = set_in_lines(text, width=room / size * 1000, lang=self.sheet.lang)
        self.misses = self.misses or found.misses
        for line in found.lines:
            self.need(size * LEADING)
            self.y -= size * LEADING
            x = WIDTH - MARGIN - line.width * size / 1000 if line.is_rtl else MARGIN
            page = self.pages[-1]
            page.strokes.append(Stroke(x, self.y, line, size, ink, is_strong))
            if self.is_beside:
                page.rules.append(
                    Rule(MARGIN - 9, self.y - 3, MARGIN - 9, self.y + size * LEADING - 3, ASIDE)
                )

    def picture(self, number: int) -> None:
        """An image in its proportions, or that it can't be shown."""
        size = self.sizes[number]
        if size is None:
            return self.text(self.sheet.words.no_image, SMALL, ink=QUIET)
        scale = min(1.0, (WIDTH - 2 * MARGIN) / size[0], PICTURE_HEIGHT / size[1])
        width, height = size[0] * scale, size[1] * scale
        self.need(height + 6)
        self.y -= height + 6
        x = WIDTH - MARGIN - width if self.sheet.is_rtl else MARGIN
        self.pages[-1].pictures.append(Picture(x, self.y, width, height, number))
        return None

    def space(self, height: float) -> None:
        """Room that is left empty, unless a page ends."""
        self.y -= height

    def need(self, height: float) -> None:
        """Go on with the next page where this one has no such room."""
        if self.y - height < FOOT:
            self.pages.append(Page())
            self.y = HEIGHT - MARGIN
