"""Ordinary mails, made up: four languages, text alone or with HTML, some replies, some with a file. Always the same.

Each sender has a domain of their own, so that the acknowledgement's loop limit counts them apart.
"""

import base64
import quopri
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.header import Header
from email.utils import format_datetime
from random import Random

from bench.words import LANGUAGES, Language

REPLIES = 0.2  # share of mails that answer an earlier one of the same sender
WITH_HTML = 0.55
WITH_FILE = 0.06
RECENT = 400  # earlier mails that a reply may answer


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it comes over the wire, CRLF line ends and all."""

    raw: bytes
    sender: str
    recipient: str
    message_id: str
    is_reply: bool


@dataclass(frozen=True, slots=True)
class _Sent:
    message_id: str
    name: str
    address: str
    subject: str
    words: str
    language: Language
    recipient: str


def make(number: int, *, recipients: tuple[str, ...], now: datetime, seed: int = 0) -> Iterator[Mail]:
    """So many mails to these addresses, dated within the last hour. Another seed: other senders and Message-IDs."""
    random = Random(f"heed {seed}")
    earlier: list[_Sent] = []
    for n in range(number):
        answered = random.choice(earlier[-RECENT:]) if earlier and random.random() < REPLIES else None
        sent = _reply(answered, n, seed) if answered else _first(random, n, seed, recipients)
        date = now - timedelta(seconds=random.uniform(1, 3600) if answered is None else random.uniform(0, 1))
        raw = _write(random, sent, answered, date)
        earlier.append(sent)
        yield Mail(raw, sent.address, sent.recipient, sent.message_id, answered is not None)


def _letters(number: int) -> str:
    out = ""
    while True:
        number, digit = divmod(number, 26)
        out = chr(97 + digit) + out
        if not number:
            return out


def _first(random: Random, n: int, seed: int, recipients: tuple[str, ...]) -> _Sent:
    language = random.choice(LANGUAGES)
    given, family = random.choice(language.given), random.choice(language.family)
    company = _letters(26**4 + n)  # named in the mail too: of many people no two write word for word the same
    domain = f"{company}-{_letters(26 + seed)}.example"
    local = f"{given}.{family}".lower().encode("ascii", "ignore").decode()
    return _Sent(
        message_id=f"{random.getrandbits(64):016x}.{n}.{seed}@{domain}",
        name=f"{given} {family}",
        address=f"{local}@{domain}",
        subject=f"{random.choice(language.subjects)} {random.randrange(10_000, 99_999)}",
        words=f"{_paragraphs(random, language, random.randrange(2, 5))}\n\n{given} {family}, {company.title()}",
        language=language,
        recipient=random.choice(recipients),
    )


def _reply(answered: _Sent, n: int, seed: int) -> _Sent:
    domain = answered.address.partition("@")[2]
    subject = answered.subject if answered.subject.startswith("Re: ") else f"Re: {answered.subject}"
    words = answered.language.thanks[n % len(answered.language.thanks)]
    message_id = f"reply.{n}.{seed}@{domain}"
    return _Sent(
        message_id, answered.name, answered.address, subject, words, answered.language, answered.recipient
    )


def _paragraphs(random: Random, language: Language, number: int) -> str:
    return "\n\n".join(
        " ".join(random.choice(language.sentences) for _ in range(random.randrange(2, 5)))
        for _ in range(number)
    )


def _write(random: Random, sent: _Sent, answered: _Sent | None, date: datetime) -> bytes:
    language = sent.language
    text = f"{language.greeting}\n\n{sent.words}\n\n{language.goodbye}\n{sent.name.partition(' ')[0]}\n"
    if answered is not None:
        stamp = format_datetime(date)[:22]
        quoted = "\n".join(f"> {line}" for line in answered.words.splitlines())
        text += f"\n{language.wrote.format(date=stamp, name=answered.name)}\n{quoted}\n"
    parts = [_text_part(text)]
    if random.random() < WITH_HTML:
        boundary = f"alt-{random.getrandbits(48):012x}"
        parts = [_multipart("alternative", boundary, [*parts, _html_part(text)])]
    if random.random() < WITH_FILE:
        boundary = f"mix-{random.getrandbits(48):012x}"
        parts = [_multipart("mixed", boundary, [*parts, _file_part(random)])]
    return ("\r\n".join(_headers(random, sent, answered, date)) + "\r\n").encode("ascii") + parts[0]


def _headers(random: Random, sent: _Sent, answered: _Sent | None, date: datetime) -> list[str]:
    domain = sent.address.partition("@")[2]
    stamp = format_datetime(date)
    signature = base64.b64encode(random.randbytes(128)).decode()
    lines = [
        f"Received: from mail.{domain} (mail.{domain} [192.0.2.{random.randrange(1, 255)}])",
        f"\tby mx.desk.example with ESMTPS id {random.getrandbits(40):010X}; {stamp}",
        f"Received: from [198.51.100.{random.randrange(1, 255)}] by mail.{domain} with ESMTPSA; {stamp}",
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=one;",
        f"\th=from:to:subject:date:message-id; b={signature[:60]}",
        f"\t{signature[60:130]}",
        f"\t{signature[130:]}",
        f"From: {_word(sent.name)} <{sent.address}>",
        f"To: <{sent.recipient}>",
        f"Subject: {_word(sent.subject)}",
        f"Date: {stamp}",
        f"Message-ID: <{sent.message_id}>",
        "MIME-Version: 1.0",
        "User-Agent: Mozilla Thunderbird",
    ]
    if answered is not None:
        lines += [f"In-Reply-To: <{answered.message_id}>", f"References: <{answered.message_id}>"]
    return lines


def _word(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=70).encode(linesep="\r\n")


def _text_part(text: str) -> bytes:
    body = quopri.encodestring(text.encode()).replace(b"\n", b"\r\n")
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head + body


def _html_part(text: str) -> bytes:
    paragraphs = "".join(f"<p style='margin:0 0 12px'>{part}</p>\n" for part in text.split("\n\n"))
    page = (
        "<html><head><style>p { font-family: sans-serif; } .small { color: #777; }</style></head><body>"
        f"<div dir='ltr'>{paragraphs}</div><table class='small'><tr><td>Tel. 0123 456</td></tr></table></body></html>"
    )
    body = quopri.encodestring(page.encode()).replace(b"\n", b"\r\n")
    head = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head + body


def _file_part(random: Random) -> bytes:
    content = base64.encodebytes(random.randbytes(random.randrange(1_000, 3_000))).replace(b"\n", b"\r\n")
    head = (
        b'Content-Type: image/png; name="photo.png"\r\nContent-Transfer-Encoding: base64\r\n'
        b'Content-Disposition: attachment; filename="photo.png"\r\n\r\n'
    )
    return head + content


def _multipart(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    line = f"--{boundary}".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
