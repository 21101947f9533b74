"""The fonts of shaped letters, as they stand in the file: each letter of ours is one glyph, made of its font's own.

So a reader of the file finds a whole syllable behind each glyph, in the order in which it was typed, and can search and
copy it. reportlab asks a font for four things, which `Composed` has; it sets no other fonts by glyphs.
"""

from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from struct import pack, unpack_from
from types import SimpleNamespace
from typing import Any, Final
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFStream,
    PDFString,
    PDFZCompress,
)
from reportlab.pdfbase.ttfonts import TTFontMaker

from heed.paper.shaping import Glyph, Written, face, written

_WORDS, _PLACES, _MORE = 0x0001, 0x0002, 0x0020  # flags of a component: 16 bits, x and y, another one follows
_SYMBOLIC: Final = 4
_AT_ONCE: Final = 100  # entries in a block of a ToUnicode map
_Box = tuple[int, int, int, int]


class Glyphs:
    """The tables of a shipped font that draw: its glyphs are simple ones, of 1000 units."""

    def __init__(self, script: str) -> None:
        self._face = face(script)
        self.head, self.hhea, self.maxp = map(self.table, ("head", "hhea", "maxp"))
        self.count: int = self._face.glyph_count
        self._glyf = self.table("glyf")
        (is_long,) = unpack_from(">h", self.head, 50)
        loca = unpack_from(f">{self.count + 1}{'L' if is_long else 'H'}", self.table("loca"))
        self._places = loca if is_long else [place * 2 for place in loca]

    def table(self, tag: str) -> bytes:
        """One table, as it is."""
        return bytes(self._face.reference_table(tag).data)

    def drawing(self, number: int) -> bytes:
        """A glyph's outline; nothing for one that is empty."""
        return self._glyf[self._places[number] : self._places[number + 1]]

    def measures(self) -> list[tuple[int, int]]:
        """Width and left side of each glyph."""
        hmtx = self.table("hmtx")
        (full,) = unpack_from(">H", self.hhea, 34)
        found = [unpack_from(">Hh", hmtx, 4 * at) for at in range(full)]
        left = unpack_from(f">{self.count - full}h", hmtx, 4 * full)
        return [(width, side) for width, side in (*found, *((found[-1][0], side) for side in left))]


def composed(glyphs: Glyphs, letters: Sequence[Written]) -> bytes:
    """A font file: what the letters need of the font under its own numbers, and after that each letter as a glyph."""
    used = {0, *(one.number for letter in letters for one in letter.glyphs)}
    drawings = [glyphs.drawing(number) if number in used else b"" for number in range(glyphs.count)]
    measures = glyphs.measures()
    points = contours = components = 0
    for letter in letters:
        seen = [one for one in letter.glyphs if drawings[one.number]]
        counts = [_counts(drawings[one.number]) for one in seen]
        points = max(points, sum(count for count, _ in counts))
        contours = max(contours, sum(count for _, count in counts))
        components = max(components, len(seen))
        box = _box([(one, drawings[one.number]) for one in seen])
        measures.append((letter.width, box[0]))
        drawings.append(_together(seen, box))
    drawings = [one + b"\0" * (-len(one) % 4) for one in drawings]
    count = len(drawings)
    maxp = bytearray(glyphs.maxp)
    maxp[4:6] = pack(">H", count)
    maxp[10:14] = pack(">HH", points, contours)
    maxp[28:32] = pack(">HH", components, 1)
    maker = TTFontMaker()
    maker.add("head", glyphs.head[:50] + pack(">h", 1) + glyphs.head[52:])
    maker.add("hhea", glyphs.hhea[:34] + pack(">H", count))
    maker.add("hmtx", b"".join(pack(">Hh", *one) for one in measures))
    maker.add("maxp", bytes(maxp))
    maker.add("glyf", b"".join(drawings))
    maker.add("loca", pack(f">{count + 1}L", 0, *accumulate(map(len, drawings))))
    return bytes(maker.makeStream())


def _counts(drawing: bytes) -> tuple[int, int]:
    """Points and contours of a simple glyph."""
    (contours,) = unpack_from(">h", drawing)
    return unpack_from(">H", drawing, 8 + 2 * contours)[0] + 1, contours


def _box(seen: Sequence[tuple[Glyph, bytes]]) -> _Box:
    """What all of them cover together."""
    boxes = [(one, unpack_from(">4h", drawing, 2)) for one, drawing in seen]
    if not boxes:
        return 0, 0, 0, 0
    return (
        min(one.x + box[0] for one, box in boxes),
        min(one.y + box[1] for one, box in boxes),
        max(one.x + box[2] for one, box in boxes),
        max(one.y + box[3] for one, box in boxes),
    )


def _together(seen: Sequence[Glyph], box: _Box) -> bytes:
    """A glyph made of others."""
    if not seen:
        return b""
    found = [pack(">5h", -1, *box)]
    for at, one in enumerate(seen, 1):
        more = _MORE if at < len(seen) else 0
        found.append(pack(">HHhh", _WORDS | _PLACES | more, one.number, one.x, one.y))
    return b"".join(found)


class Composed:
    """A script's font, as reportlab wants one."""

    _dynamicFont = _multiByte = 1
    shapable = False

    def __init__(self, script: str) -> None:
        self.script = script
        self.fontName = f"NotoSans{script}"
        self.face = SimpleNamespace(name=self.fontName)
        self._codes: WeakKeyDictionary[PDFDocument, dict[str, int]] = WeakKeyDictionary()

    @property
    def glyphs(self) -> Glyphs:
        """The font that is shipped."""
        return _glyphs(self.script)

    def stringWidth(self, text: str, size: float, encoding: str = "") -> float:
        """In points."""
        return sum(one.width for one in map(written, text) if one) * size / 1000

    def splitString(self, text: str, doc: PDFDocument) -> list[tuple[int, bytes]]:
        """The letters as numbers of glyphs; the first that this document uses is the first after the font's own."""
        codes = self._codes.setdefault(doc, {})
        numbers = [codes.setdefault(letter, self.glyphs.count + len(codes)) for letter in text]
        return [(0, pack(f">{len(numbers)}H", *numbers))]

    def getSubsetInternalName(self, _subset: int, doc: PDFDocument) -> str:
        """Its name within the document, which has it when it is saved."""
        if self.fontName not in doc.fontMapping:
            doc.fontMapping[self.fontName] = f"/F{len(doc.fontMapping) + 1}"
            doc.delayedFonts.append(self)
        return str(doc.fontMapping[self.fontName])

    def addObjects(self, doc: PDFDocument) -> None:
        """Put the font into the document."""
        letters = [one for one in map(written, self._codes.pop(doc)) if one]
        name = f"HEEDAA+{self.fontName}"
        inside = PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": PDFName(name),
                "CIDSystemInfo": PDFDictionary(
                    {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
                ),
                "FontDescriptor": doc.Reference(self._descriptor(doc, name, letters)),
                "CIDToGIDMap": "/Identity",
                "W": PDFArray([self.glyphs.count, PDFArray([one.width for one in letters])]),
            }
        )
        outside = {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": PDFName(name),
            "Encoding": "/Identity-H",
            "DescendantFonts": PDFArray([doc.Reference(inside)]),
            "ToUnicode": doc.Reference(_stream(_to_unicode(self.glyphs.count, letters))),
        }
        key = self.getSubsetInternalName(0, doc)[1:]
        doc.idToObject["BasicFonts"].dict[key] = doc.Reference(PDFDictionary(outside), key)

    def _descriptor(self, doc: PDFDocument, name: str, letters: Sequence[Written]) -> PDFDictionary:
        """What a reader is told of a font beside its letters, and the font itself."""
        content = composed(self.glyphs, letters)
        ascent, descent = unpack_from(">hh", self.glyphs.hhea, 4)
        return PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": PDFName(name),
                "Flags": _SYMBOLIC,
                "FontBBox": PDFArray(list(unpack_from(">4h", self.glyphs.head, 36))),
                "Ascent": ascent,
                "Descent": descent,
                "CapHeight": ascent,
                "ItalicAngle": 0,
                "StemV": 80,
                "FontFile2": doc.Reference(_stream(content, Length1=len(content))),
            }
        )


def _stream(content: bytes, **more: Any) -> PDFStream:
    return PDFStream(PDFDictionary(more), content, [PDFZCompress])


def _to_unicode(first: int, letters: Sequence[Written]) -> bytes:
    """Which letters each glyph stands for, in the order in which they were typed."""
    entries = [
        f"<{number:04X}> <{one.text.encode('utf-16-be').hex()}>" for number, one in enumerate(letters, first)
    ]
    blocks = [entries[at : at + _AT_ONCE] for at in range(0, len(entries), _AT_ONCE)]
    lines = ["/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap"]
    lines += ["/CMapName /Heed-Letters def", "/CMapType 2 def"]
    lines += ["1 begincodespacerange", "<0000> <FFFF>", "endcodespacerange"]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines).encode()


@cache
def _glyphs(script: str) -> Glyphs:
    return Glyphs(script)


@cache
def font_of(script: str) -> str:
    """The name by which reportlab knows the font of a script."""
    font = Composed(script)
    pdfmetrics.registerFont(font)
    return font.fontName
