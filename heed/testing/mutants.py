"""Damaged mails, the same for the same seed and number, and what must hold for every one of them.

`python -m tools.fuzz` reads a million of them at night, the ordinary tests twenty thousand.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from heed.channels.email.errors import Unreadable
from heed.channels.email.inspect import describe
from heed.kernel.html import sanitize

CORPUS: Final = Path(__file__).resolve().parent.parent / "channels" / "email" / "tests" / "corpus"
SECONDS: Final = 1.0  # CPU time that one mail may take
HANG_SECONDS: Final = 20  # CPU time after which it is stopped
MAX_BYTES: Final = 400_000
_MANY_REFERENCES: Final = 50_000

_KINDS: Final = {".eml": "rfc822", ".txt": "text-body", ".html": "html-body", ".tnef": "tnef"}
_LIVE_TAGS: Final = (
    "script, iframe, frame, object, embed, applet, form, input, button, textarea, select, meta, link, base, svg, math, "
    "video, audio, template, portal, noscript"
)
_LIVE_TARGETS: Final = ("javascript:", "vbscript:", "data:text", "data:application", "file:", "blob:")
# What breaks readers of mail: delimiters, escapes, charsets, words that announce something, markup.
_POISON: Final = (
    b"\0", b"\r", b"\n\n", b"\r\n\r\n", b"\x1b$B", b"\x1b(J", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80", b"=?utf-8?B?4pyT?=", b"=?utf-8?q?=", b"=?iso-2022-jp?B?GyRC?=", b'"', b"\\", b"(", b"<", b">",
    b"<a@b", b",;:", b"--", b"\n--b--\n", b"> ", b"\nOn Mon, 2 Nov 2026 at 10:15 Ana <a@b.example> wrote:\n",
    b"\nFrom: a@b.example\nSent: Monday\nTo: c@d.example\nSubject: x\n", b"\n-----Original Message-----\n",
    b"<div>", b"</div>", b"<blockquote type=cite>", b"<table><tr><td>", b"<style>", b"<!--", b"<![CDATA[", b"&#0;",
    b"&#xd800;", b"<img src=x onerror=alert(1)>", b"<svg onload=alert(1)>", b"<a href=javascript:alert(1)>x</a>",
    b"<p style='background:url(javascript:1)'>", b"Content-Type: multipart/mixed; boundary=b\n",
    b"Content-Type: message/rfc822\n", b"Content-Type: text/html; charset=utf-16\n",
    b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: quoted-printable\n",
    b"BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\n", b"begin 644 a\n", b"=\n", b"=00", b"x\x9f\x3e\x22",
)  # fmt: skip
_CHARSETS: Final = (
    b"utf-8", b"utf-7", b"utf-16", b"utf-32", b"gb2312", b"big5", b"iso-2022-jp", b"iso-2022-kr", b"koi8-r",
    b"windows-1258", b"shift_jis", b"hz-gb-2312", b"us-ascii", b"x-unknown", b"idna", b"rot13", b"unicode_escape",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seed:
    """A mail, or a body alone, that mutants are made of."""

    name: str
    kind: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """What did not hold for which mutant."""

    number: int
    seed_name: str
    what: str


class Hung(Exception):
    """A mail took so long that it was given up."""


def seeds() -> list[Seed]:
    """Our own corpus, and the third-party mails where HEED_TEST_DATA names them."""
    folders = [CORPUS, Path(os.environ.get("HEED_TEST_DATA", "/nonexistent")) / "email-fixtures" / "raw"]
    # Ours first, wherever the two folders lie: the same numbers give the same mutants on every machine.
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in _KINDS]
    return [Seed(path.name, _KINDS[path.suffix], path.read_bytes()[:MAX_BYTES]) for path in paths]


def mutant(all_seeds: Sequence[Seed], seed: int, number: int) -> Seed:
    """The mutant of this number: the same bytes for the same seed, number and corpus."""
    chance = random.Random(f"{seed}:{number}")
    first, second = chance.choice(all_seeds), chance.choice(all_seeds)
    raw = first.raw
    for _ in range(chance.randint(1, 6)):
        raw = chance.choice(_MUTATIONS)(chance, raw, second.raw)[:MAX_BYTES]
    return Seed(first.name, first.kind, raw)


def findings(all_seeds: Sequence[Seed], seed: int, numbers: range) -> Iterator[Finding]:
    """What does not hold for these mutants."""
    for number in numbers:
        made = mutant(all_seeds, seed, number)
        what = judge(made.raw, made.kind)
        if what:
            yield Finding(number, made.name, what)


def judge(raw: bytes, kind: str) -> str:
    """What is wrong with how this is read, in a few words, or ''."""
    began = time.process_time()
    try:
        with _stopped_after(HANG_SECONDS):
            wrong = _judge(raw, kind)
    except Hung:
        return f"hangs: over {HANG_SECONDS} s"
    except Exception as error:  # border: any error of ours is a finding
        return f"raises {type(error).__name__}: {str(error)[:200]}"
    spent = time.process_time() - began
    return wrong or (f"slow: {spent:.1f} s of CPU" if spent > SECONDS else "")


def _judge(raw: bytes, kind: str) -> str:
    try:
        seen = describe(raw, kind)
    except Unreadable:
        return ""  # refused by name: it will be parked, its bytes kept
    wrong = _wrong_string(seen)
    if not wrong and "visible_reply" in seen and not _holds_every_word(seen):
        wrong = "a word of the text is in none of its parts"
    html = seen.get("html") or (raw.decode("utf-8", "replace") if kind == "html-body" else "")
    if not wrong and isinstance(html, str) and html:
        wrong = _wrong_html(html)
    return wrong


def _wrong_string(value: object) -> str:
    if isinstance(value, str):
        if "\0" in value or "\r" in value:
            return "a string holds NUL or CR"
        return (
            "" if value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value) else "a lone surrogate"
        )
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return next((wrong for item in items if (wrong := _wrong_string(item))), "")


def _holds_every_word(seen: dict[str, object]) -> bool:
    parts = " ".join(str(seen[name]) for name in ("visible_reply", "quoted", "signature"))
    return sorted(parts.split()) == sorted(str(seen["text"]).split())


def _wrong_html(html: str) -> str:
    clean = sanitize(html)
    again = sanitize(clean)
    if again != clean and not _is_same(again, clean) and not _is_same(sanitize(again), again):
        return "sanitising again and again gives something else each time"
    body = LexborHTMLParser(clean).body
    if body is None:
        return ""
    for element in body.css("*"):
        for name, value in element.attributes.items():
            target = "".join((value or "").split()).lower()
            if name.startswith("on") or (name in ("href", "src") and target.startswith(_LIVE_TARGETS)):
                return f"sanitised HTML is live: {name}"
    return "sanitised HTML is live: an element" if body.css(_LIVE_TAGS) else ""


def _is_same(one: str, other: str) -> bool:
    """Say whether two cleaned pieces are one but for the order of attributes.

    Once more may flatten what grew beyond the size from which nesting is bounded, and beyond so many references the
    sanitiser spells them out on purpose; after that it must stay as it is.
    """
    return other.count("&") >= _MANY_REFERENCES or _shape(one) == _shape(other)


def _shape(html: str) -> list[tuple[str, str]]:
    tree = LexborHTMLParser(html)
    elements = tree.body.css("*") if tree.body is not None else []
    return [
        ("text", " ".join(tree.text().split())),  # of a <pre>, every parser drops a first line end
        *((element.tag or "", str(sorted(element.attributes.items()))) for element in elements),
    ]


@contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    """Raise Hung in what runs inside after so much CPU time; for main threads only."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Hung

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _place(chance: random.Random, raw: bytes) -> int:
    """Anywhere, but as often among the headers as in the body."""
    end = len(raw) if chance.random() < 0.5 else min(len(raw), max(raw.find(b"\n\n"), 0) + 200)
    return chance.randint(0, end)


def _flip(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 20)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    at = _place(chance, raw)
    return raw[:at] + raw[at + chance.choice((1, 10, 100, 1_000)) :]


def _truncate(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    return raw[: _place(chance, raw)]


def _poison(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    at = _place(chance, raw)
    return raw[:at] + chance.choice(_POISON) * chance.choice((1, 1, 1, 3, 50)) + raw[at:]


def _flood(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    if chance.random() < 0.9:
        return _poison(chance, raw, _other)
    at = _place(chance, raw)
    token = chance.choice(_POISON)
    return raw[:at] + token * (60_000 // len(token)) + raw[at:]


def _repeat(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    at = _place(chance, raw)
    piece = raw[at : at + chance.choice((20, 200, 2_000))]
    return raw[:at] + piece * chance.choice((2, 5, 20)) + raw[at:]


def _splice(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    return raw[: _place(chance, raw)] + other[_place(chance, other) :]


def _nest(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    kind = chance.choice((b"mixed", b"alternative", b"related", b"report", b"digest", b"signed"))
    head = b"From: a@b.example\nContent-Type: multipart/%b; boundary=b\n\n--b\n" % kind
    return head + b"Content-Type: message/rfc822\n\n" + raw + b"\n--b\n" + other + b"\n--b--\n"


def _relabel(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    at = raw.lower().find(b"charset=", _place(chance, raw) // 2)
    if at == -1:
        return b"Content-Type: text/plain; charset=" + chance.choice(_CHARSETS) + b"\n" + raw
    return raw[: at + 8] + chance.choice(_CHARSETS) + raw[at + 8 + chance.choice((5, 8, 10)) :]


def _reorder(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    lines = raw.split(b"\n")
    for _ in range(chance.randint(1, 8)):
        one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[one], lines[two] = lines[two], lines[one]
    return b"\n".join(lines)


def _line_ends(chance: random.Random, raw: bytes, _other: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\r", b"\n \n")))


_MUTATIONS: Final[tuple[Callable[[random.Random, bytes, bytes], bytes], ...]] = (
    _flip, _cut, _truncate, _poison, _poison, _flood, _repeat, _splice, _nest, _relabel, _reorder, _line_ends,
)  # fmt: skip
