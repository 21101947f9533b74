"""The words of office files, which are archives of XML. Pure; bounded in what it unpacks, keeps and goes through.

Nothing is made of the XML but its words: it is read piece by piece, so that neither depth nor size is held, and what
declares entities, which no office program writes, is refused before it can be unfolded.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from heed.files.kinds import FileKind

MOST_UNPACKED: Final = 60_000_000  # bytes of all parts together
MOST_PARTS: Final = 2_000  # of an archive that are looked at
PIECE: Final = 65_536  # bytes
_PARTS: Final = {
    FileKind.DOCX: re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml"),
    FileKind.XLSX: re.compile(r"xl/(sharedStrings|comments\d*|worksheets/sheet\d+)\.xml"),
    FileKind.PPTX: re.compile(r"ppt/(slides/slide\d+|notesSlides/notesSlide\d+)\.xml"),
    FileKind.OPEN: re.compile(r"content\.xml"),
}
_TELLS: Final = {  # the elements whose text is said; None: of all
    FileKind.DOCX: frozenset({"t"}),
    FileKind.XLSX: frozenset({"t", "v"}),
    FileKind.PPTX: frozenset({"t"}),
    FileKind.OPEN: None,
}
_BREAKS: Final = frozenset({"p", "h", "tab", "br", "cr", "si", "c", "row", "line-break", "s", "table-cell"})


class Unusable(Exception):
    """This is no office file, or none that an office program wrote."""


class Encrypted(Exception):
    """It needs a password."""


class TooMuch(Exception):
    """It unpacks to more than one file may."""


def office_text(content: bytes, kind: FileKind, *, characters: int) -> str:
    """The words in their order, as far as so many characters. Raises Unusable, Encrypted, TooMuch."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):  # how Word and Excel keep a file with a password
        raise Encrypted
    try:
        with ZipFile(BytesIO(content)) as archive:
            return _text(archive, kind, characters)
    except (BadZipFile, NotImplementedError, EOFError, expat.ExpatError, ValueError, OSError) as error:
        raise Unusable from error


def _text(archive: ZipFile, kind: FileKind, characters: int) -> str:
    parts = [one for one in archive.infolist()[:MOST_PARTS] if _PARTS[kind].fullmatch(one.filename)]
    if not parts:
        raise Unusable
    if any(one.flag_bits & 1 for one in parts):
        raise Encrypted
    said = _Said(kind, characters)
    room = MOST_UNPACKED
    for part in sorted(parts, key=_number):
        for piece in said.take(_pieces(archive, part)):
            room -= piece
            if room < 0:
                raise TooMuch
        if said.is_full:
            break
    return said.text


def _number(part: ZipInfo) -> tuple[bool, str, int]:
    """What is shared by all sheets first, then slides and sheets as they are counted."""
    name = part.filename
    digits = re.search(r"(\d+)\.xml$", name)
    return digits is not None, re.sub(r"\d+\.xml$", "", name), int(digits[1][:9]) if digits else 0


def _pieces(archive: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as opened:
        while piece := opened.read(PIECE):
            yield piece


class _Said:
    """The words of some XML, kept up to so many characters."""

    def __init__(self, kind: FileKind, characters: int) -> None:
        self.tells, self.is_sheet = _TELLS[kind], kind is FileKind.XLSX
        self.room, self.kept = characters, [""]
        self.inside = 0  # of how many elements that tell
        self.is_shared = False  # the cell only names a text that was told before

    @property
    def is_full(self) -> bool:
        """Whether there is room for no more."""
        return self.room <= 0

    @property
    def text(self) -> str:
        """All that was kept."""
        return "".join(self.kept).strip()

    def take(self, pieces: Iterator[bytes]) -> Iterator[int]:
        """Read one part; tells how large each piece was, until there is room for no more."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._say
        self.inside, self.is_shared = 0, False
        for piece in pieces:
            parser.Parse(piece)
            yield len(piece)
            if self.is_full:
                return
        parser.Parse(b"", True)  # noqa: FBT003 - it is final; expat knows no keywords
        self._keep("\n")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        short = name.rpartition(" ")[2]
        if self.is_sheet and short == "c":
            self.is_shared = attributes.get("t") == "s"
        if self.tells is None or short in self.tells:
            self.inside += 1

    def _end(self, name: str) -> None:
        short = name.rpartition(" ")[2]
        if self.tells is None or short in self.tells:
            self.inside -= 1
        if short in _BREAKS:
            self._keep("\n" if short in ("p", "h", "row") else " ")

    def _say(self, text: str) -> None:
        if self.inside and not (self.is_shared and self.is_sheet):
            self._keep(text)

    def _keep(self, text: str) -> None:
        if text.isspace() and self.kept[-1].isspace():
            return
        self.kept.append(text[: self.room])
        self.room -= len(text)


def _refuse(*_: object) -> None:
    raise Unusable
