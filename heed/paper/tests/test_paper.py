"""A PDF of a conversation: readable in many scripts, the same bytes again, and whole with much in it."""

from dataclasses import replace
from io import BytesIO
from unicodedata import bidirectional, normalize

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from heed.files.apart import Bounds
from heed.paper.directions import is_rtl, levels, seen, without_marks
from heed.paper.drawing import drawn
from heed.paper.joining import joined
from heed.paper.lines import set_in_lines
from heed.paper.making import pdf_of
from heed.paper.sheet import Said, Sheet, Words, packed, unpacked

BOUNDS = Bounds(0, 120, 512)
WORDS = Words(page="Page {page} of {pages}", misses="Some letters are missing.", no_image="No image.")
SAID = Said(author="Dalia Haddad", at="27 November 2026, 10:15 CET", text="The bell rings twice.")
SHEET = Sheet(
    title="The bell",
    author="Linden Bikes",
    about="Linden Bikes · #7",
    lang="en",
    is_rtl=False,
    head=["#7 · open"],
    warnings=[],
    said=[SAID],
    words=WORDS,
)


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), (200, 80, 20)).save(out, kind)
    return out.getvalue()


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(content))


def words_of(content: bytes) -> str:
    return normalize("NFKC", "\n".join(page.extract_text() for page in read(content).pages))


@pytest.mark.parametrize(
    "text",
    [
        "Straße, café, ñandú, Łódź, İstanbul",
        "Привет, как дела",
        "Καλημέρα σας",
        "أريد استرداد المبلغ",
        "שלום לכולם",
        "東京の自転車",
        "请退款",
        "한국어 텍스트",
        "Order 4711 costs 12.50 €",
    ],
)
def test_what_was_said_can_be_read_from_the_file_in_its_own_letters(text: str) -> None:
    content = drawn(replace(SHEET, said=[replace(SAID, text=text)]), [])
    assert text in words_of(content)
    assert WORDS.misses not in words_of(content)


def test_arabic_stands_joined_and_from_right_to_left() -> None:
    assert joined("سلام") == "\ufeb3\ufefc\ufee1"  # seen initial, lam and alef as one, final; meem alone
    assert joined("دار") == "\ufea9\ufe8d\ufead"  # letters that join to nothing after them
    (line,) = set_in_lines("رقم 4711 (order)", width=10**6).lines
    assert line.is_rtl
    assert [letters for _, letters in line.pieces] == ["(order) 4711 \ufee2\ufed7\ufead"]


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("plain (words)", "plain (words)"),
        ("שלום (abc) 12", "12 (abc) םולש"),
        ("call אבג now", "call גבא now"),
        ("price אב 12,50 €", "price 12,50 בא €"),
        ("(אבג)", "(גבא)"),
    ],
)
def test_directions_are_those_of_unicode(text: str, visible: str) -> None:
    base = int(is_rtl(text))
    assert seen(text, levels(text, base=base), base=base) == visible


@given(st.text(max_size=60))
def test_no_letter_is_lost_on_the_way_to_its_place(text: str) -> None:
    plain = without_marks(text)
    base = int(is_rtl(plain))
    visible = seen(plain, levels(plain, base=base), base=base)
    assert len(visible) == len(plain)
    assert sorted(map(bidirectional, visible)) == sorted(map(bidirectional, plain))


@given(st.text(alphabet="ab \u0644\u0627\u0628\u05d0漢12()", max_size=80), st.integers(500, 9_000))
def test_lines_fit_and_hold_everything(text: str, width: int) -> None:
    found = set_in_lines(text, width=width)
    assert all(
        line.width <= max(width, 1_400) for line in found.lines
    )  # a letter alone may be wider than its line
    shown = "".join(letters for line in found.lines for _, letters in line.pieces)
    assert sorted(shown.replace(" ", "")) == sorted(
        "".join(
            letters for line in set_in_lines(text, width=10**9).lines for _, letters in line.pieces
        ).replace(" ", "")
    )


def test_what_no_font_has_is_said_and_pictures_among_letters_are_named() -> None:
    content = drawn(
        replace(SHEET, said=[replace(SAID, text="བོད \N{PARTY POPPER} \N{THUMBS UP SIGN}\U0001f3fd")]), []
    )
    assert "[party popper] [thumbs up sign]" in words_of(content)
    assert WORDS.misses in words_of(content)


def test_the_same_sheet_is_the_same_file_and_says_what_it_is() -> None:
    images = [picture(40, 20), picture(30, 30, "WEBP"), b"no image"]
    sheet = replace(SHEET, said=[replace(SAID, images=[0, 1, 2], files=["plan.pdf, 12 KB"])])
    content = drawn(sheet, images)
    assert content == drawn(sheet, images) == pdf_of(sheet, images, bounds=BOUNDS)
    found = read(content)
    assert found.metadata is not None
    assert (found.metadata.title, found.metadata.author) == ("The bell", "Linden Bikes")
    assert (found.metadata.subject, str(found.root_object["/Lang"])) == ("Linden Bikes · #7", "en")
    assert len(found.pages[0].images) == 2
    said = words_of(content)
    for words in (WORDS.no_image, "plan.pdf, 12 KB", "Page 1 of 1", "10:15 CET"):
        assert words in said


def test_a_thousand_messages_and_a_very_long_one_are_all_there() -> None:
    table = "\n".join(f"row {number} | " + "value " * 20 for number in range(600))
    said = [replace(SAID, author=f"Writer {number}") for number in range(999)] + [replace(SAID, text=table)]
    content = pdf_of(replace(SHEET, said=said), [], bounds=BOUNDS)
    assert content is not None
    found = read(content)
    assert len(found.outline) == 1_000, "one way to each message"
    assert f"Page {len(found.pages)} of {len(found.pages)}" in found.pages[-1].extract_text()
    assert "row 599" in found.pages[-1].extract_text()
    assert "Writer 0" in found.pages[0].extract_text()


def test_an_image_that_would_fill_memory_is_left_out() -> None:
    huge = picture(9_000, 9_000)  # small as a file, 243 MB unpacked
    assert WORDS.no_image in words_of(drawn(replace(SHEET, said=[replace(SAID, images=[0])]), [huge]))


def test_too_much_to_draw_ends_the_process_and_nothing_else() -> None:
    said = [replace(SAID, text="word " * 20_000)] * 50
    assert pdf_of(replace(SHEET, said=said), [], bounds=Bounds(0, 1, 512)) is None


def test_a_sheet_comes_through_the_pipe_as_it_was() -> None:
    images = [b"one", b"", b"three"]
    sheet, found = unpacked(packed(SHEET, images))
    assert (sheet.title, sheet.said[0].text, sheet.words, found) == (SHEET.title, SAID.text, WORDS, images)
    assert packed(sheet, found) == packed(SHEET, images)
