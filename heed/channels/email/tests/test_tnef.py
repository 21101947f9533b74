"""A winmail.dat is opened; a broken one stays closed."""

import base64
import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from heed.channels.email.limits import DEFAULT_LIMITS, Limits
from heed.channels.email.parse import parse
from heed.channels.email.tnef import read_tnef


def attribute(level: int, name: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def string_property(name: int, text: str) -> bytes:
    data = text.encode("utf-16-le") + b"\0\0"
    return struct.pack("<HHII", 0x1F, name, 1, len(data)) + data + b"\0" * (-len(data) % 4)


STREAM = (
    struct.pack("<IH", 0x223E9F78, 1)
    + attribute(1, 0x0002800C, b"The words\0")
    + attribute(2, 0x00069002, b"\0" * 14)
    + attribute(2, 0x00018010, b"RECHNU~1.PDF\0")
    + attribute(2, 0x0006800F, b"%PDF-1.7")
    + attribute(2, 0x00069005, struct.pack("<I", 1) + string_property(0x3707, "Rechnung für Dalia.pdf"))
)


def mail_with(stream: bytes) -> bytes:
    return (
        b"From: dalia@example.org\nMIME-Version: 1.0\nContent-Type: application/ms-tnef; name=winmail.dat\n"
        b"Content-Transfer-Encoding: base64\n\n"
    ) + base64.encodebytes(stream)


def test_its_files_and_its_words_take_its_place():
    mail = parse(mail_with(STREAM))
    assert [(part.filename, part.content_type, part.content) for part in mail.attachments] == [
        ("Rechnung für Dalia.pdf", "application/pdf", b"%PDF-1.7")
    ]
    assert mail.visible == "The words"


def test_what_is_none_is_kept_as_it_came():
    mail = parse(mail_with(b"no such thing"))
    assert [part.filename for part in mail.attachments] == ["winmail.dat"]


def test_over_its_limit_it_stays_closed():
    assert read_tnef(STREAM, Limits(tnef_bytes=10)) is None


@settings(max_examples=150, deadline=None)
@given(st.integers(6, len(STREAM)), st.binary(max_size=30))
def test_a_damaged_one_is_read_as_far_as_it_goes(place: int, junk: bytes):
    read_tnef(STREAM[:place] + junk + STREAM[place + len(junk) :], DEFAULT_LIMITS)
    read_tnef(STREAM[:place] + junk, DEFAULT_LIMITS)
