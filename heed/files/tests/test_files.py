"""The words of files, read in a process apart: every kind, and what is made to hurt the reader."""

import contextlib
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heed.files.apart import Bounds, Words, words_in
from heed.files.kinds import FileKind, kind_of
from heed.files.office import Encrypted, TooMuch, Unusable, office_text
from heed.files.tests import samples
from heed.kernel.customer_words import FileTrouble

BOUNDS = Bounds(characters=100_000, seconds=5, megabytes=400)
BILLION = (
    '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>'
    f"<w:document {samples.W}><w:t>&y;</w:t></w:document>"
)


def test_a_file_is_known_by_its_name_else_by_its_type() -> None:
    assert kind_of("Invoice.PDF", "application/octet-stream") is FileKind.PDF
    assert kind_of("noname", "text/csv; charset=utf-8") is FileKind.TEXT
    assert kind_of("a.docx", "application/pdf") is FileKind.DOCX
    assert kind_of("photo.png", "image/png") is None
    assert kind_of("a.zip", "application/zip") is None
    assert kind_of("", "") is None


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        ("Grüße, Inès".encode(), FileKind.TEXT, "Grüße, Inès"),
        ("Grüße aus Köln, schöne Straße".encode("latin-1"), FileKind.TEXT, "Grüße aus Köln, schöne Straße"),
        ("a;b\nc;d".encode("utf-16"), FileKind.TEXT, "a;b\nc;d"),
        (samples.pdf("Invoice 4711", "Second page"), FileKind.PDF, "Invoice 4711\nSecond page"),
        (samples.pdf("Packed", filters=2), FileKind.PDF, "Packed"),
        (samples.docx("The frame", "is bent"), FileKind.DOCX, "The frame\nis bent"),
        (samples.odt(), FileKind.OPEN, "Über den Sattel\nEnde"),
        (samples.pptx(), FileKind.PPTX, "First\nLast"),
    ],
    ids=["utf-8", "latin-1", "utf-16", "pdf", "packed", "docx", "odt", "pptx"],
)
def test_each_kind_is_read(content: bytes, kind: FileKind, expected: str) -> None:
    found = words_in(content, kind, bounds=BOUNDS)
    assert (found.text.replace("\r", ""), found.trouble) == (expected, None)


def test_a_sheet_tells_its_texts_once_and_its_numbers() -> None:
    assert words_in(samples.xlsx(), FileKind.XLSX, bounds=BOUNDS).text.split() == ["Frame", "4711.5", "Bell"]


def test_no_more_is_kept_than_asked_for() -> None:
    few = Bounds(characters=10, seconds=5, megabytes=400)
    for content, kind in (
        (b"x" * 1_000, FileKind.TEXT),
        (samples.pdf("y" * 100), FileKind.PDF),
        (samples.docx("z" * 100), FileKind.DOCX),
    ):
        assert len(words_in(content, kind, bounds=few).text) == 10


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", FileKind.PDF),
        (b"%PDF-1.7 nothing", FileKind.PDF),
        (samples.pdf("x")[:200], FileKind.PDF),
        (b"PK\x03\x04 no archive", FileKind.DOCX),
        (samples.archive(other_xml="<a/>"), FileKind.DOCX),
        (samples.archive(word__document_xml="<w:document"), FileKind.DOCX),
        (samples.archive(word__document_xml=BILLION), FileKind.DOCX),
        (samples.docx("x"), FileKind.XLSX),
    ],
    ids=["empty", "no pdf", "half", "no zip", "other zip", "half xml", "entities", "other kind"],
)
def test_what_is_no_such_file_is_said_to_be_broken(content: bytes, kind: FileKind) -> None:
    assert words_in(content, kind, bounds=BOUNDS) == Words(trouble=FileTrouble.BROKEN)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (samples.pdf("x", filters=3, bomb=200_000_000), FileKind.PDF),
        (samples.deep_pdf(60_000), FileKind.PDF),
        (samples.round_pdf(), FileKind.PDF),
        (samples.nested_pdf(200_000), FileKind.PDF),
        (samples.archive(word__document_xml=b"<a>" + b"<b/>" * 20_000_000), FileKind.DOCX),
        (samples.archive(word__document_xml=b"<a>" * 4_000_000), FileKind.DOCX),
    ],
    ids=["bomb pdf", "deep pdf", "round pdf", "nested pdf", "bomb zip", "deep xml"],
)
def test_what_is_made_to_hurt_ends_soon_and_tells_nothing(content: bytes, kind: FileKind) -> None:
    started = time.monotonic()
    found = words_in(content, kind, bounds=BOUNDS)
    assert found.text == ""
    assert time.monotonic() - started < BOUNDS.seconds + 30


def test_what_takes_too_long_is_ended() -> None:
    found = words_in(
        samples.deep_pdf(60_000), FileKind.PDF, bounds=Bounds(characters=10, seconds=1, megabytes=400)
    )
    assert found.trouble in (FileTrouble.TOO_MUCH, FileTrouble.BROKEN)


def test_what_takes_too_much_memory_is_ended() -> None:
    content = samples.pdf("x", filters=1, bomb=70_000_000)
    assert words_in(content, FileKind.PDF, bounds=Bounds(100, 20, 100)).trouble is FileTrouble.TOO_MUCH


FORKING = """
import os, sys
sys.path.insert(0, sys.argv[1])
from heed.files.bounds import limit_itself
from heed.files.drawing import picture
from heed.files.kinds import FileKind
from heed.files.reading import text_in
if os.getuid() == 0:
    os.setuid(65534)
limit_itself(10, 512)
content = sys.stdin.buffer.read()
print(bool(picture(content, 0)), text_in(content, FileKind.PDF, characters=5).strip())
try:
    os._exit(os.fork() and 1)
except OSError:
    print("alone")
"""


def test_the_process_apart_starts_no_other_and_still_reads_and_draws() -> None:
    root = str(Path(__file__).resolve().parents[3])
    done = subprocess.run(
        [sys.executable, "-I", "-c", FORKING, root],
        input=samples.pdf("Hello"),
        capture_output=True,
        check=False,
    )
    assert done.stdout.split() == [b"True", b"Hello", b"alone"], done.stderr.decode()


def test_a_file_with_a_password_is_said_to_be_locked() -> None:
    assert words_in(b"\xd0\xcf\x11\xe0 sealed", FileKind.DOCX, bounds=BOUNDS).trouble is FileTrouble.LOCKED


@given(
    st.binary(max_size=2_000), st.sampled_from([FileKind.DOCX, FileKind.XLSX, FileKind.PPTX, FileKind.OPEN])
)
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused_by_name(content: bytes, kind: FileKind) -> None:
    parts = {
        FileKind.DOCX: "word__document_xml",
        FileKind.XLSX: "xl__sharedStrings_xml",
        FileKind.PPTX: "ppt__slides__slide1_xml",
        FileKind.OPEN: "content_xml",
    }
    for given_ in (content, samples.archive(**{parts[kind]: content})):
        with contextlib.suppress(Unusable, Encrypted, TooMuch):
            assert len(office_text(given_, kind, characters=100)) <= 100
