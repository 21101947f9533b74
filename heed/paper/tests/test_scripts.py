"""Scripts whose letters change beside each other: drawn as their readers know them, found as they were typed."""

from dataclasses import replace
from typing import Any
from unicodedata import category

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.paper.clusters import SCRIPTS, clusters, replaced
from heed.paper.drawing import drawn
from heed.paper.lines import Line, set_in_lines
from heed.paper.making import pdf_of
from heed.paper.shaping import FONTS, shaped, written
from heed.paper.tests.test_paper import BOUNDS, SAID, SHEET, WORDS, read

GREETINGS = {
    "Devanagari": "नमस्ते, घंटी दो बार बजती है। क्षत्रिय ज्ञान श्री हिन्दी",
    "Bengali": "সাইকেলের ঘণ্টা বাজছে না। কো কৌ স্ত্রী ৳৫০০",
    "Gurmukhi": "ਸਤ ਸ੍ਰੀ ਅਕਾਲ, ਸਾਈਕਲ ਟੁੱਟ ਗਿਆ ਹੈ।",
    "Gujarati": "નમસ્તે, સાયકલ તૂટી ગઈ છે. જ્ઞાન",
    "Oriya": "ନମସ୍କାର, ସାଇକେଲ ଭାଙ୍ଗିଗଲା",
    "Tamil": "வணக்கம், மிதிவண்டி உடைந்துவிட்டது. கொண்டு ஸ்ரீ",
    "Telugu": "నమస్కారం, సైకిల్ పాడైపోయింది. స్త్రీ",
    "Kannada": "ನಮಸ್ಕಾರ, ಸೈಕಲ್ ಹಾಳಾಗಿದೆ. ಸ್ತ್ರೀ",
    "Malayalam": "നമസ്കാരം, എന്റെ സൈക്കിൾ കേടായി",
    "Sinhala": "ආයුබෝවන්, බයිසිකලය කැඩිලා. ශ්‍රී",
    "Thai": "น้ำ ผู้ใหญ่ ที่นี่ จักรยานเสีย ขอเงินคืน ฿500 ต่าง ๆ",
    "Lao": "ສະບາຍດີ, ລົດຖີບເສຍ ນ້ຳ",
    "Myanmar": "မင်္ဂလာပါ၊ စက်ဘီး ပျက်နေပါတယ်။ သင်္ဘော",
    "Khmer": "សួស្តី កង់របស់ខ្ញុំខូច ស្ត្រី",
}


def typed(line: Line) -> str:
    """What stands behind the letters of a line."""
    letters = (letter for _, letters in line.pieces for letter in letters)
    return "".join(found.text if (found := written(letter)) else letter for letter in letters)


def glyphs(text: str) -> list[int]:
    """The drawings of a text, from left to right."""
    return [one.number for letter in shaped(text) if (found := written(letter)) for one in found.glyphs]


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_was_said_is_found_as_it_was_typed_and_brings_the_font_of_its_script_alone(script: str) -> None:
    content = drawn(replace(SHEET, said=[replace(SAID, text=GREETINGS[script])]), [])
    said = "\n".join(page.extract_text() for page in read(content).pages)
    assert GREETINGS[script] in said
    assert WORDS.misses not in said
    page: Any = read(content).pages[0]
    shipped = {str(one.get_object()["/BaseFont"]) for one in page["/Resources"]["/Font"].values()}
    everybodys = {"Devanagari"} if "।" in GREETINGS[script] else set()  # its full stop is that of others, too
    expected = {script, *everybodys}
    assert {name for name in shipped if "Noto" in name} == {f"/HEEDAA+NotoSans{one}" for one in expected}


def test_another_reader_finds_the_words_too() -> None:
    said = [replace(SAID, text=text) for text in GREETINGS.values()]
    with pypdfium2.PdfDocument(drawn(replace(SHEET, said=said), [])) as found:
        text = "\n".join(page.get_textpage().get_text_range() for page in found)
    for words in GREETINGS.values():
        assert all(word in text for word in words.split())


def test_letters_join_to_new_ones_and_vowels_stand_where_they_are_read() -> None:
    assert [len(glyphs(text)) for text in ("क्ष", "त्र", "ज्ञ", "ক্ষ", "க்ஷ")] == [1] * 5, (
        "one drawing of several letters"
    )
    assert glyphs("कि")[1:] == glyphs("क"), "written after, seen before"
    assert glyphs("கொ")[1:2] == glyphs("க"), "seen on both sides"
    assert glyphs("কো")[1:2] == glyphs("ক")
    assert glyphs("সেকে")[0] != glyphs("সেকে")[2], (
        "a vowel that begins a word is drawn otherwise than one within"
    )
    assert glyphs("क्‌ष")[0] == glyphs("क")[0], "kept apart, where somebody wrote that they are"


def test_marks_stand_above_each_other_and_take_no_room() -> None:
    water, plain, high, low = (written(shaped(text)) for text in ("น้ำ", "นำ", "ก้", "กี้"))
    assert water is not None
    assert plain is not None
    assert high is not None
    assert low is not None
    assert (water.width, high.width) == (plain.width, low.width)
    assert glyphs("ญู")[0] != glyphs("ญ")[0], "a letter gives up its foot for a vowel below"
    tones = [(one.glyphs[-1].number, one.glyphs[-1].y) for one in (high, low)]
    assert tones[0] != tones[1], "a tone goes up where a vowel is below it"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("क्षत्रिय", ["क्ष", "त्रि", "य"]),
        ("ক্‌ষ", ["ক্‌", "ষ"]),  # kept apart
        ("ශ්‍රී", ["ශ්‍රී"]),
        ("ผู้ใหญ่", ["ผู้", "ให", "ญ่"]),
        ("เกาะน้ำ", ["เกาะ", "น้ำ"]),
        ("ต่างๆ", ["ต่า", "งๆ"]),
        ("๕๐๐฿", ["๕๐๐฿"]),
        ("မင်္ဂလာ", ["မင်္ဂ", "လာ"]),
        ("မြန်မာ", ["မြန်", "မာ"]),
        ("ស្ត្រី។", ["ស្ត្រី។"]),
    ],
)
def test_what_is_written_as_one_stays_together(text: str, expected: list[str]) -> None:
    assert replaced(text, lambda script, run: "|".join(clusters(script, run))) == "|".join(expected)


def test_letters_of_two_scripts_are_never_one() -> None:
    for text in ("\u0e40\u0915", "\u0915\u0e32", "\u0915\u094d\u0995"):
        assert len(shaped(text)) == 2
        assert not set_in_lines(text, width=10**6).misses


LETTERS = "".join(chr(code) for _, first, last in SCRIPTS.values() for code in range(first, last + 1))


@given(st.text(alphabet=LETTERS + "\u200c\u200d a1(", max_size=60))
def test_clusters_hold_every_letter_in_its_order(text: str) -> None:
    assert replaced(text, lambda script, run: "".join(clusters(script, run))) == text
    assert len(shaped(text)) <= len(text)


@given(st.text(alphabet="กญเใาำ้ี ๆक्षि\u200dকোa1(", max_size=80), st.integers(500, 6_000))
def test_a_line_ends_in_no_syllable_and_none_is_lost(text: str, width: int) -> None:
    (whole,), narrow = set_in_lines(text, width=10**9).lines, set_in_lines(text, width=width).lines
    expected = sorted(letter for _, letters in whole.pieces for letter in letters if letter != " ")
    found = (letter for line in narrow for _, letters in line.pieces for letter in letters if letter != " ")
    assert sorted(found) == expected


def test_thai_is_broken_without_spaces_and_indic_words_at_theirs() -> None:
    thai = "จักรยานของผมเสียและผมอยากขอเงินคืนสำหรับคำสั่งซื้อหมายเลขนี้" * 3
    found = set_in_lines(thai, width=9_000).lines
    assert "".join(map(typed, found)) == thai
    assert all(6_500 < line.width <= 9_000 for line in found[:-1]), "each line is filled"
    assert not any(category(typed(line)[0]) == "Mn" or typed(line)[0] in "าำะๆ" for line in found)
    hindi = "मेरी साइकिल की घंटी दो बार बजती है " * 5
    assert " ".join(typed(line) for line in set_in_lines(hindi, width=9_000).lines) == hindi.strip()
    assert [typed(line) for line in set_in_lines("ราคา ฿500", width=4_000).lines] == ["ราคา", "฿500"]


def test_lines_of_several_scripts_run_as_each_of_them_does() -> None:
    (line,) = set_in_lines("Order 4711: मेरा ऑर्डर (नंबर 12) ขอบคุณ", width=10**6).lines
    assert typed(line) == "Order 4711: मेरा ऑर्डर (नंबर 12) ขอบคุณ"
    (line,) = set_in_lines("رقم ขอบคุณ (नमस्ते 12) دار", width=10**6).lines
    assert line.is_rtl
    assert typed(line) == "\ufead\ufe8d\ufea9 ขอบคุณ (नमस्ते 12) \ufee2\ufed7\ufead"


def test_the_same_sheet_is_the_same_file_whatever_was_drawn_before() -> None:
    sheets = [replace(SHEET, said=[replace(SAID, text=text)]) for text in GREETINGS.values()]
    assert [drawn(sheet, []) for sheet in sheets] == [drawn(sheet, []) for sheet in reversed(sheets)][::-1]
    assert drawn(sheets[0], []) == pdf_of(sheets[0], [], bounds=BOUNDS)


def test_what_a_font_of_a_script_lacks_and_private_letters_are_said_to_be_missing() -> None:
    for text in ("\u0fd5\u0f56", "\U000f0000", "\U0010fffd"):
        assert set_in_lines(text, width=10**6).misses
    assert not set_in_lines("क\u200d \u200d\u200c", width=10**6).misses, "what joins letters is not seen"


def test_words_without_end_are_drawn_all_the_same() -> None:
    for text in ("क्" * 20_000, "\u0e49" * 20_000, "เ" * 20_000, "१" * 20_000):
        assert "".join(map(typed, set_in_lines(text, width=45_000).lines)) == text


def test_fonts_are_small() -> None:
    sizes = [(FONTS / f"NotoSans{script}.ttf").stat().st_size for script in SCRIPTS]
    assert max(sizes) < 210_000
    assert sum(sizes) < 1_500_000
