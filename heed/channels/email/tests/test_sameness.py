"""Copies of one mail have one key, other mails another."""

import pytest

from heed.channels.email.parse import parse

MAIL = (
    b"From: dalia@example.org\nTo: help@brightloaf.example\nSubject: A long\n subject\n"
    b"Date: Mon, 2 Nov 2026 10:00:00 +0100\nMessage-ID: <1@example.org>\n\nHello\n\nBye\n"
)


def key(raw: bytes) -> str:
    return parse(raw).same_key


@pytest.mark.parametrize(
    "copy",
    [
        MAIL.replace(b"\n", b"\r\n"),
        b"Received: from mx by mx2\nDelivered-To: sales@brightloaf.example\n" + MAIL,
        MAIL.replace(b"A long\n subject", b"A long\r\n\tsubject"),
        MAIL.rstrip(b"\n"),
        MAIL + b"\n",
        b"From dalia@example.org Mon Nov  2 10:00:00 2026\n" + MAIL,
    ],
    ids=["crlf", "another way", "folded otherwise", "end cut", "mbox", "mbox line"],
)
def test_copies_are_the_same(copy: bytes):
    assert key(copy) == key(MAIL)


@pytest.mark.parametrize(
    "other",
    [
        MAIL.replace(b"<1@", b"<2@"),
        MAIL.replace(b"dalia@", b"omar@"),
        MAIL.replace(b"10:00:00", b"10:00:01"),
        MAIL.replace(b"A long", b"Another long"),
        MAIL.replace(b"Bye", b"Bye!"),
        MAIL.replace(b"Hello\n\nBye", b"Hello\nBye"),
    ],
    ids=["id", "sender", "date", "subject", "body", "empty line"],
)
def test_what_differs_in_one_of_the_five_is_another_mail(other: bytes):
    assert key(other) != key(MAIL)


def test_without_message_id_and_date_only_equal_bytes_are_the_same():
    bare = b"From: dalia@example.org\nSubject: yes\n\nyes\n"
    assert key(bare) == key(bytes(bare))
    assert key(bare) != key(bare + b"\n")
    assert key(bare) != key(b"Received: from mx\n" + bare)
