"""Fonts: which one draws a letter, how wide it is, and what stands for those that none draws."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

from heed.paper.composed import font_of
from heed.paper.shaping import written

SHIPPED: Final = Path(__file__).with_name("fonts") / "DejaVuSans.ttf"
OWN: Final = "DejaVu"
CHINESE, TRADITIONAL, JAPANESE, KOREAN = "STSong-Light", "MSung-Light", "HeiseiKakuGo-W5", "HYGothic-Medium"
UNDRAWN: Final = "\u25a1"
_EM: Final = 1000
_LATER: Final = "\u10ff"  # no letter of East Asia comes before
_SCRIPTS: Final = {
    "han": (
        (0x2E80, 0x303F),
        (0x31C0, 0x4DBF),
        (0x4E00, 0x9FFF),
        (0xF900, 0xFAFF),
        (0xFE30, 0xFE4F),
        (0xFF00, 0xFFEF),
    ),
    "kana": ((0x3040, 0x30FF), (0x31F0, 0x31FF)),
    "hangul": ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7A3)),
}


@cache
def _script(letter: str) -> str:
    """East Asia's scripts; '' for every other."""
    code = ord(letter)
    found = (
        name for name, ranges in _SCRIPTS.items() if any(first <= code <= last for first, last in ranges)
    )
    return next(found, "")


@cache
def own() -> TTFont:
    """The font that is shipped, and stands in the file: Latin, Greek, Cyrillic, Arabic, Hebrew and some more."""
    font = TTFont(OWN, str(SHIPPED))
    pdfmetrics.registerFont(font)
    return font


@cache
def _reader_s(name: str) -> str:
    """A font that stands in no file: whatever shows the PDF has one for these letters."""
    pdfmetrics.registerFont(UnicodeCIDFont(name))
    return name


def is_wide(letter: str) -> bool:
    """Whether a letter is one of East Asia's, between which a line may end."""
    return letter > _LATER and bool(_script(letter))


def han_font(text: str, lang: str) -> str:
    """The font for Chinese characters of a text, which are written otherwise in Japan, Korea and Taiwan."""
    scripts = {_script(letter) for letter in set(text)}
    if "kana" in scripts or lang.startswith("ja"):
        return JAPANESE
    if "hangul" in scripts or lang.startswith("ko"):
        return KOREAN
    return TRADITIONAL if lang.lower() in ("zh-tw", "zh-hk", "zh-hant") else CHINESE


@cache
def font_for(letter: str, han: str) -> str:
    """The font that draws a letter."""
    if of_ours := written(letter):
        return font_of(of_ours.script)
    code = ord(letter)
    if code in own().face.charToGlyph:
        return OWN
    return _reader_s({"kana": JAPANESE, "hangul": KOREAN}.get(_script(letter), han))


@cache
def width_of(letter: str) -> int:
    """In thousandths of the size. Marks above letters take no room."""
    if of_ours := written(letter):
        return of_ours.width
    code = ord(letter)
    if code in own().face.charToGlyph:
        return 0 if unicodedata.category(letter) == "Mn" else int(own().face.charWidths.get(code, _EM))
    return _EM


def drawable(text: str) -> tuple[str, bool]:
    """The text in letters that are drawn, and whether some are missing. A picture among them is named."""
    found = [_drawable(letter) for letter in text]
    return "".join(letters for letters, _ in found), any(lacks for _, lacks in found)


@cache
def _drawable(letter: str) -> tuple[str, bool]:
    if written(letter):
        return letter, False
    code, kind = ord(letter), unicodedata.category(letter)
    if code in own().face.charToGlyph or is_wide(letter):
        return letter, False
    if kind in ("Cc", "Cf", "Cs") or 0xFE00 <= code <= 0xFE0F or 0x1F3FB <= code <= 0x1F3FF:
        return "", False  # nothing that is seen: joiners, variants, tones of skin
    plain = unicodedata.normalize("NFKC", letter)
    if plain != letter:
        return drawable(plain)
    if kind in ("So", "Sk", "Sm") and (name := unicodedata.name(letter, "")):
        return f"[{name.lower()}]", False
    return UNDRAWN, True
