"""Twice the mail costs about twice the time, whatever stands in it: ratios, so that a busy machine fails none."""

import time
from collections.abc import Callable

import pytest

from heed.channels.email.bounces import read_bounces
from heed.channels.email.charsets import decode
from heed.channels.email.errors import Unreadable
from heed.channels.email.forwards import forwarded_inline
from heed.channels.email.limits import DEFAULT_LIMITS, Limits
from heed.channels.email.parse import parse
from heed.channels.email.quotes import cut_html, cut_text
from heed.channels.email.spoken_dates import read_spoken_date
from heed.kernel.html import to_text

HEAD = b"From: a@example.org\nSubject: x\nMessage-ID: <1@example.org>\n"
REPORT = b"Return-Path: <>\nFrom: MAILER-DAEMON@a.example\nSubject: failure notice\n"
ROOMY = Limits(header_block_bytes=10**7, header_block_refused_bytes=10**8)  # limits would hide the cost
STEP = 6  # how much more is read the second time
SLACK_SECONDS = 0.15
LOOKS = 3  # a busy machine may slow down one look; what is quadratic is slow in each


def costs(work: Callable[[int], object], size: int) -> tuple[float, float]:
    """CPU seconds at a size and at so many times of it; after a first look."""

    def once(number: int) -> float:
        began = time.process_time()
        work(number)
        return time.process_time() - began

    once(size)
    return min(once(size), once(size)), once(STEP * size)


def holds(work: Callable[[int], object], size: int) -> None:
    for look in range(LOOKS):
        small, large = costs(work, size)
        if large <= 2 * STEP * small + SLACK_SECONDS:
            return
        said = f"{small:.4f} s, then {large:.4f} s for {STEP} times as much"
        assert look < LOOKS - 1, said


TEXTS = {
    "an opening without end": "On Mon, Nov 2, 2026 at 10:15 AM ",
    "openings": "On Mon, Nov 2, 2026\n",
    "endings": "Ana <a@b.example> wrote:\n",
    "quotes": "> a\n",
    "quotes between answers": "> a\nb\n",
    "headers": "From: a@b.example\n",
    "headers of every kind": "From: a\nSent: b\nTo: c\n\n",
    "rules": "________\n",
    "dashes": "-- \n",
    "sign-offs": "Best regards\n",
    "notices": "\nThis e-mail is confidential\n",
    "spaces": " " * 50,
    "blank lines": "\n",
    "code": "```\n",
    "letters of the east": "您好，" * 10 + "\n",
    "colons": "a:\n",
}


@pytest.mark.parametrize("piece", TEXTS.values(), ids=TEXTS)
def test_cutting_a_text_is_linear(piece: str):
    holds(lambda size: cut_text(piece * (size // len(piece)), DEFAULT_LIMITS), 12_000)


HTMLS = {
    "boxes": "<div>a</div>",
    "open boxes": "<div>",
    "quotations": "<blockquote type=cite>a</blockquote>",
    "open quotations": "<blockquote>",
    "rulers": "<hr>",
    "dividers": '<div style="border-top:solid #E1E1E1 1pt">a</div>',
    "signatures": '<div class="gmail_signature">a</div>',
    "tables": "<table><tr><td>a",
    "breaks": "<br>",
    "spaces": "&nbsp; ",
    "runs of spaces": "<pre>" + " " * 60,
    "bold without end": "<b>a",
    "comments": "<!-- a -->",
    "broken tags": "<a href=",
}


@pytest.mark.parametrize("piece", HTMLS.values(), ids=HTMLS)
@pytest.mark.parametrize(
    "reader", [to_text, lambda html: cut_html(html, DEFAULT_LIMITS)], ids=["words", "cut"]
)
def test_reading_html_is_linear(piece: str, reader: Callable[[str], object]):
    holds(lambda size: reader("<p>x</p>" + piece * (size // len(piece))), 8_000)


HEADERS = {
    "many": b"X-%d: a\n",
    "folded": b"X: a\n b\n c\n",
    "recipients": b"Cc: p%d@example.org, q@example.org\n",
    "references": b"References: <%d@example.org>\n",
    "encoded words": b"Subject: =?utf-8?q?a=C3=A4?= =?utf-8?q?b?=\n",
    "open quotes": b'To: "a\n',
    "broken lines": b"no header\nX: a\n",
    "marks": b'To: (((<<<"\n',
}


@pytest.mark.parametrize("piece", HEADERS.values(), ids=HEADERS)
def test_reading_headers_is_linear(piece: bytes):
    def work(size: int) -> None:
        lines = (piece % number if b"%d" in piece else piece for number in range(size // len(piece)))
        try:
            parse(HEAD + b"".join(lines) + b"\n\nx", ROOMY)
        except Unreadable:
            return

    holds(work, 15_000)


@pytest.mark.parametrize(
    "piece",
    [b"user unknown a@b.example\n",
     b"550 5.1.1 x\n", b"a" * 80, b"<a@b.example>: x\n", b"Final-Recipient: rfc822; a@b\n\n",
     b"Status: 5.0.0\n", b"Received: from a\n", b"domain "],
    ids=["users", "codes", "letters", "addresses", "recipients", "states", "servers", "words"],
)  # fmt: skip
def test_reading_a_report_is_linear(piece: bytes):
    holds(lambda size: parse(REPORT + b"\n" + piece * (size // len(piece))), 20_000)


def test_the_report_reader_is_what_these_reports_reach():
    assert parse(REPORT + b"\nuser unknown a@b.example\n").bounces
    assert callable(read_bounces)


@pytest.mark.parametrize(
    "piece", ["From: a <a@b.example>\n", "> ", "Subject: x\nTo: y\n", "*From:* x\n", "\n"]
)
def test_finding_what_was_forwarded_is_linear(piece: str):
    def work(size: int) -> None:
        text = piece * (size // len(piece))
        forwarded_inline("Fwd: x", text, "", sent_at=None, files=(), limits=DEFAULT_LIMITS)

    holds(work, 20_000)


def test_a_date_is_read_from_its_beginning_alone():
    holds(lambda size: read_spoken_date("2 November " * (size // 11), not_after=None), 20_000)


@pytest.mark.parametrize("label", ["", "utf-8", "gb2312", "iso-2022-jp"])
def test_decoding_is_linear(label: str):
    holds(lambda size: decode(b"\xc3\xa4\xff\x1b$B" * (size // 6), label), 60_000)
