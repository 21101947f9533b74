"""Write a mail of ours: the same Outgoing gives the same bytes, always.

A delivery that is tried again after a crash must be the identical message, so that a server or a reader that
got it twice can tell. So boundaries come from the Message-ID, the date is given, and nothing here asks the
clock, the machine or chance.
"""

import hashlib
import quopri
import re
from base64 import encodebytes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Final

from heed.channels.email import headers
from heed.kernel.errors import Unusable
from heed.kernel.html import text_to_html
from heed.kernel.text import tidy
from heed.kernel.words import Automatic

LOOP_HEADER: Final = "X-Heed-Loop"
"""Holds the name of the desk that made an automatic mail, so that it knows its own when it comes back."""

ROUND_TRIP_HEADER: Final = "X-Heed-Round-Trip"
"""Holds the signed token of a mail that a desk sends to itself, to see that it arrives."""

_CRLF: Final = b"\r\n"
_CONTENT_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,80}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
_LINK = re.compile(r"https://[A-Za-z0-9.:\[\]_~/-]{1,300}")
_TOKEN = re.compile(r"[A-Za-z0-9._-]{1,100}")
_MUST_ENCODE = re.compile(rb"[^\t\n\x20-\x7e]|=_|^From |[ \t]$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Person:
    """A name, possibly empty, and an address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class OutgoingAttachment:
    """A file that goes along."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""  # of an image that stands in the HTML, by which it is named there


@dataclass(frozen=True, slots=True)
class Quoted:
    """The one message that is answered: the line above it ("On Monday, Ana wrote:") and its words."""

    attribution: str
    text: str


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A message that is passed on: the line above it, who wrote it when about what as (word, value), and its words."""

    heading: str
    head: tuple[tuple[str, str], ...]
    text: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """All that a mail of ours consists of. ``html`` is made from ``text`` when it is empty."""

    from_name: str
    from_address: str
    to: tuple[Person, ...]
    subject: str
    message_id: str  # from address.message_id_for; here and below with or without angle brackets
    date: datetime  # aware
    text: str
    reply_to: str = ""  # the signed address; none where no answer is wanted
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()  # of the envelope only
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    html: str = ""  # safe and complete, without the quoted message
    quoted: Quoted | None = None
    forwarded: Forwarded | None = None
    attachments: tuple[OutgoingAttachment, ...] = ()
    automatic: Automatic = Automatic.NO
    language: str = ""
    loop: str = ""  # the name of this desk, in automatic mail
    unsubscribe: str = ""  # an https address that takes one click, in automatic mail
    round_trip: str = ""  # the token of a mail that this desk sends to itself


def compose(outgoing: Outgoing) -> bytes:
    """The whole message with CRLF line ends, ready for DATA: text and HTML, then the files.

    No line is longer than 998 octets. Whatever the fields hold, they stay within their header. Raises
    Unusable, naming the field, for an address, Message-ID or date that can't be sent.
    """
    lines = [f"{name}: {value}" for name, value in _headers(outgoing) if value]
    body = _alternative(outgoing)
    files = [_file(attachment) for attachment in outgoing.attachments if not attachment.content_id]
    if files:
        body = _multipart("mixed", outgoing.message_id, [body, *files])
    return "\r\n".join(lines).encode("ascii") + _CRLF + body + _CRLF


@dataclass(frozen=True, slots=True)
class Apart:
    """A mail of ours in its parts, for those who put the bytes together themselves."""

    text: str
    html: str
    headers: Mapping[str, str]  # beside those of the address lines, the subject and the parts


def apart(outgoing: Outgoing) -> Apart:
    """The bodies and further headers that compose writes. Raises Unusable as compose does."""
    words, document = _bodies(outgoing)
    theirs = ("Date", "From", "To", "Cc", "Reply-To", "Subject", "MIME-Version")
    more = {name: value for name, value in _headers(outgoing) if value and name not in theirs}
    return Apart(words, document, more)


def written(person: Person) -> str:
    """A person as an address line shows them, in ASCII. Raises Unusable for what is no address."""
    return headers.mailbox(person.name, person.address)


def _headers(outgoing: Outgoing) -> Iterator[tuple[str, str]]:
    if outgoing.date.tzinfo is None:
        raise Unusable("date", "no_time_zone")
    thread = (*outgoing.references, outgoing.in_reply_to)
    yield "Date", format_datetime(outgoing.date)
    yield "From", headers.mailbox(outgoing.from_name, outgoing.from_address)
    yield "To", _people(outgoing.to) or "undisclosed-recipients:;"
    yield "Cc", _people(outgoing.cc)
    yield "Reply-To", headers.addr_spec(outgoing.reply_to) if outgoing.reply_to else ""
    yield "Subject", headers.text(outgoing.subject)
    yield "Message-ID", headers.message_id(outgoing.message_id)
    yield "In-Reply-To", headers.references((outgoing.in_reply_to,))
    yield "References", headers.references(thread)
    if _LANGUAGE.fullmatch(outgoing.language):
        yield "Content-Language", outgoing.language
    if outgoing.automatic is not Automatic.NO:
        # RFC 3834 for those who read it; the others for the servers that don't.
        yield "Auto-Submitted", "auto-replied"
        yield "X-Auto-Response-Suppress", "All"
        yield "Precedence", "auto_reply"
        if _LINK.fullmatch(outgoing.unsubscribe):
            # RFC 2369 and 8058: mail programs show a button for it, and post without asking anything.
            yield "List-Unsubscribe", f"<{outgoing.unsubscribe}>"
            yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
        yield LOOP_HEADER, outgoing.loop if _TOKEN.fullmatch(outgoing.loop) else ""
    yield ROUND_TRIP_HEADER, outgoing.round_trip if _TOKEN.fullmatch(outgoing.round_trip) else ""
    yield "MIME-Version", "1.0"


def _people(people: tuple[Person, ...]) -> str:
    return headers.mailboxes((person.name, person.address) for person in people)


def _alternative(outgoing: Outgoing) -> bytes:
    words, document = _bodies(outgoing)
    page = _text_part("html", document)
    images = [_file(attachment) for attachment in outgoing.attachments if attachment.content_id]
    if images:
        page = _multipart("related", outgoing.message_id, [page, *images], kind='; type="text/html"')
    parts = [_text_part("plain", words), page]
    return _multipart("alternative", outgoing.message_id, parts)


def _bodies(outgoing: Outgoing) -> tuple[str, str]:
    words, markup = tidy(outgoing.text).rstrip(), outgoing.html or text_to_html(outgoing.text)
    if outgoing.quoted is not None:
        words += "\n\n" + _quoted_text(outgoing.quoted)
        markup += "\n" + _quoted_html(outgoing.quoted)
    if outgoing.forwarded is not None:
        words = f"{words}\n\n{_forwarded_text(outgoing.forwarded)}".lstrip()
        markup += "\n" + _forwarded_html(outgoing.forwarded)
    language = f' lang="{outgoing.language}"' if _LANGUAGE.fullmatch(outgoing.language) else ""
    document = (
        f'<!doctype html>\n<html{language}><head><meta charset="utf-8"></head>\n'
        f'<body><div dir="auto">\n{tidy(markup)}\n</div></body></html>\n'
    )
    return f"{words}\n", document


def _quoted_text(quoted: Quoted) -> str:
    lines = tidy(quoted.text).strip("\n").split("\n")
    marked = "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)
    return f"{tidy(quoted.attribution).strip()}\n{marked}"


def _quoted_html(quoted: Quoted) -> str:
    # Our own class lets our parser, and others by type="cite", tell the history from the answer.
    return (
        f'<div class="heed_quote"><p dir="auto">{escape(quoted.attribution.strip())}</p>\n'
        f'<blockquote type="cite">\n{text_to_html(quoted.text)}\n</blockquote></div>'
    )


def _head_lines(forwarded: Forwarded) -> list[str]:
    """Each on one line, whatever it holds: a name can't begin another."""
    return [f"{word}: {' '.join(tidy(value).split())}" for word, value in forwarded.head if value.strip()]


def _forwarded_text(forwarded: Forwarded) -> str:
    heading = f"---------- {forwarded.heading} ----------"
    return "\n".join((heading, *_head_lines(forwarded), "", tidy(forwarded.text).strip("\n")))


def _forwarded_html(forwarded: Forwarded) -> str:
    # Made from the words alone: nothing that the writer's HTML hid, loaded or led to goes on to somebody else.
    head = "<br>\n".join(escape(line) for line in (forwarded.heading, *_head_lines(forwarded)))
    return (
        f'<div class="heed_forward"><p dir="auto">{head}</p>\n'
        f"<div>\n{text_to_html(forwarded.text)}\n</div></div>"
    )


def _text_part(subtype: str, content: str) -> bytes:
    raw = content.encode("utf-8")
    encoding, body = _encoded(raw)
    return (
        f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + body.replace(b"\n", _CRLF).removesuffix(_CRLF)
    )


def _encoded(raw: bytes) -> tuple[str, bytes]:
    if not _MUST_ENCODE.search(raw) and max(map(len, raw.split(b"\n"))) <= 200:
        return "7bit", raw
    if 3 * sum(octet > 126 for octet in raw) > len(raw):
        return "base64", encodebytes(raw)
    return "quoted-printable", quopri.encodestring(raw).replace(b"\nFrom ", b"\n=46rom ")


def _file(attachment: OutgoingAttachment) -> bytes:
    content_type = attachment.content_type.lower()
    # A mail or multipart inside may not be base64, and a program may try to be clever with it.
    if not _CONTENT_TYPE.fullmatch(content_type) or content_type.startswith(("message/", "multipart/")):
        content_type = "application/octet-stream"
    place = "inline" if attachment.content_id else "attachment"
    named = f"Content-ID: {headers.message_id(attachment.content_id)}\r\n" if attachment.content_id else ""
    head = (
        f"Content-Type: {content_type}{headers.file_name('name', attachment.name)}\r\n"
        f"Content-Disposition: {place}{headers.file_name('filename', attachment.name)}\r\n"
        f"{named}Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode("ascii") + encodebytes(attachment.content).replace(b"\n", _CRLF).removesuffix(_CRLF)


def _multipart(subtype: str, message_id: str, parts: list[bytes], *, kind: str = "") -> bytes:
    """Encoded parts never hold "=_", so no part can end its container."""
    name = hashlib.sha256(f"{subtype}\0{message_id}".encode()).hexdigest()[:24]
    boundary = f"=_heed_{name}"
    delimiter = f"--{boundary}\r\n".encode()
    inner = b"".join(delimiter + part + _CRLF for part in parts)
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"{kind}\r\n\r\n'.encode()
    return head + inner + f"--{boundary}--".encode()
