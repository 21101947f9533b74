"""No bytes make ``parse`` fail in a way that isn't named, or take long."""

from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heed.channels.email.errors import Unreadable, UnreadableCode
from heed.channels.email.explain import as_text, explain
from heed.channels.email.limits import DEFAULT_LIMITS, Limits
from heed.channels.email.mail import Automatic, ParsedMail
from heed.channels.email.parse import parse
from heed.channels.email.quotes import cut_html, cut_text
from heed.testing.speed import at_most

MAILS = [path.read_bytes() for path in sorted((Path(__file__).parent / "corpus").glob("*.eml"))]


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for item in value for text in strings(item)]
    if is_dataclass(value):
        return [text for field in fields(value) for text in strings(getattr(value, field.name))]
    assert value is None or isinstance(value, bytes | bool | int | datetime), value
    return []


def read(raw: bytes) -> ParsedMail | None:
    try:
        mail = parse(raw)
    except Unreadable:
        return None
    for text in strings(mail):
        assert "\0" not in text
        assert "\r" not in text
        text.encode("utf-8")
    return mail


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused_by_name(raw: bytes):
    read(raw)
    as_text(explain(raw))


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(MAILS), st.data())
def test_damaged_mails_are_read_or_refused_by_name(raw: bytes, data: st.DataObject):
    damaged = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, max(len(damaged) - 1, 0)))
        damaged[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=12))
    read(bytes(damaged))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=1500))
def test_every_word_of_a_text_stands_in_one_of_its_parts(text: str):
    cut = cut_text(text, DEFAULT_LIMITS)
    words = sorted(cut.text.split())
    assert sorted(f"{cut.visible}\n{cut.quoted}\n{cut.signature}".split()) == words


HOSTILE_TEXTS = {
    "on": "On " + "x " * 40_000,
    "lines that begin like an announcement": "On a\n" * 10_000,
    "quote marks": ">" * 200_000,
    "quoted lines": "> a\n" * 20_000 + "b",
    "answers in between": "> a\nb\n" * 10_000,
    "empty lines": "\n" * 40_000,
    "header lines": "From: a\n" * 15_000,
    "colons": "2020 a:\n" * 10_000,
    "brackets": "<a@" * 30_000 + ":",
    "rules": "-----\n" * 20_000,
    "wrote": "x wrote 12:30 a@b.c\n" * 10_000,
    "lazy quotes": ("> " + "x" * 70 + "\nlazy\n") * 8_000,
}


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_the_cutter_takes_linear_time(text: str):
    with at_most(1.5):
        cut_text(text, DEFAULT_LIMITS)


HEAD = b"From: a@example.org\nSubject: x\nMessage-ID: <1@example.org>\n"
HOSTILE_MAILS = {
    "open quotes": HEAD + b"To: " + b'"\\' * 30_000 + b"\n\nx",
    "open comments": HEAD + b"To: " + b"(" * 60_000 + b"\n\nx",
    "a name of spaces": HEAD + b"To: kij" + b"\r" * 60_000 + b"\n\nx",
    "names of spaces": HEAD + (b"To: " + b" " * 20_000 + b"x\n") * 3 + b"\n\nx",
    "open brackets": HEAD + b"To: " + b"<a@b," * 12_000 + b"\n\nx",
    "encoded words": HEAD + b"X: =?a?q?" * 6_000 + b"\n\nx",
    "parameters": HEAD + b"Content-Type: multipart/mixed" + b';a="\\' * 15_000 + b"\n\nx",
    "boundary on every line": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b x\n" * 100_000,
    "prefix of the boundary": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--bb" * 200_000,
    "one endless line": HEAD + b"\n" + b"a" * 5_000_000,
    "one endless name": b"a" * 5_000_000,
    "open tags": HEAD + b"Content-Type: text/html\n\n" + b"<div>" * 100_000,
    "open angle": HEAD + b"Content-Type: text/html\n\n" + b"<" * 900_000,
    "blockquotes": HEAD + b"Content-Type: text/html\n\n" + b"<blockquote>a</blockquote>" * 5_000,
    "base64 of nothing": HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"====\n" * 100_000,
    "report of addresses": b"Return-Path: <>\nFrom: MAILER-DAEMON@a.example\nSubject: failure notice\n\n"
    + b"user unknown a@b.example\n" * 20_000,
    "status of nothing": b"Return-Path: <>\nFrom: MAILER-DAEMON@a.example\nSubject: failure notice\n\n"
    + b"domain " * 60_000,
}


@pytest.mark.parametrize("raw", HOSTILE_MAILS.values(), ids=HOSTILE_MAILS)
def test_hostile_mails_take_bounded_time(raw: bytes):
    with at_most(2.5):
        read(raw)


def test_three_thousand_recipients_are_read_quickly_up_to_the_limit():
    people = b",\n ".join(b"P%d <p%d@example.org>" % (number, number) for number in range(3000))
    with at_most(0.5):
        mail = parse(HEAD + b"To: " + people + b"\n\nx")
    assert len(mail.to) == DEFAULT_LIMITS.recipients_per_header
    assert any("too-many-addresses" in defect or "headers-cut" in defect for defect in mail.defects)
    assert mail.message_id == "1@example.org"


def test_of_thousands_of_recipients_in_a_report_the_first_that_failed_are_named_soon():
    block = b"Final-Recipient: rfc822; p%d@example.org\nAction: %b\nStatus: 5.1.1\n\n"
    told = [(number, b"delivered") for number in range(4_000)] + [
        (number, b"failed") for number in range(4_000)
    ]
    head = b"Return-Path: <>\nFrom: MAILER-DAEMON@a.example\nSubject: failure notice\n\n"
    for blocks, automatic, recipients in (
        (told[2_000:4_003], Automatic.BOUNCE, 3),
        (told[3_000:], Automatic.BOUNCE, DEFAULT_LIMITS.bounces),
        (told[:4_000], Automatic.DELIVERY, DEFAULT_LIMITS.bounces),
    ):
        with at_most(3):
            mail = parse(head + b"".join(block % one for one in blocks))
        assert (mail.automatic, len(mail.bounces)) == (automatic, recipients)
        assert [row.recipient for row in mail.bounces] == [
            f"p{number}@example.org"
            for number, action in blocks
            if automatic is Automatic.DELIVERY or action == b"failed"
        ][:recipients]


def nested(depth: int) -> bytes:
    raw = b"Content-Type: text/plain\n\nx\n"
    for number in range(depth):
        raw = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%b\n--b%d--\n" % (
            number,
            number,
            raw,
            number,
        )
    return b"From: a@example.org\n" + raw


@pytest.mark.parametrize(
    ("raw", "limits", "code"),
    [
        (b"x" * 101, Limits(message_bytes=100), UnreadableCode.TOO_LARGE),
        (b"A: b\n" * 400_000, DEFAULT_LIMITS, UnreadableCode.HEADERS_TOO_LARGE),
        (nested(21), DEFAULT_LIMITS, UnreadableCode.TOO_DEEP),
        (nested(5000), DEFAULT_LIMITS, UnreadableCode.TOO_DEEP),
        (HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 300, DEFAULT_LIMITS,
         UnreadableCode.TOO_MANY_PARTS),
    ],
    ids=["bytes", "headers", "depth", "extreme depth", "parts"],
)  # fmt: skip
def test_over_a_limit_a_mail_is_refused_by_name(raw: bytes, limits: Limits, code: UnreadableCode):
    with pytest.raises(Unreadable) as refused:
        parse(raw, limits)
    assert refused.value.code is code
    assert "example" not in refused.value.detail
    assert "parked" in as_text(explain(raw, limits))


def test_under_the_limit_of_depth_a_mail_is_read():
    assert parse(nested(20)).text.strip() == "x"


def test_html_too_deep_is_shown_as_words_and_kept_as_a_file():
    mail = parse(HEAD + b"Content-Type: text/html\n\n" + b"<div>" * 600 + b"words")
    assert mail.html == ""
    assert "words" in mail.text
    assert mail.attachments[0].content.endswith(b"words")
    assert "html-over-limits" in mail.defects


def test_deep_html_quotes_take_bounded_time():
    with at_most(1):
        cut_html("<blockquote>" * 500 + "x", DEFAULT_LIMITS)
