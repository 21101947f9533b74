"""Mail that somebody passes on: who wrote it first, when, about what, and what the forwarder added.

Three manners are known: the original as an attached message, below a line of headers in the forwarder's language,
and below a line such as "Begin forwarded message". Only what names an address is believed. Linear in the length.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from heed.channels.email.charsets import clean
from heed.channels.email.limits import Limits
from heed.channels.email.mail import Forwarded, Part
from heed.channels.email.mailboxes import Address, is_address
from heed.channels.email.quote_words import DELIMITER, header_and_value
from heed.channels.email.quotes import Cut, cut_text
from heed.channels.email.spoken_dates import read_spoken_date

# Marks that mail programs put before the subject of what they forward, in their languages.
_MARK = re.compile(
    r"\s*\[?(?:fwd?|wg|tr|rv|enc|i|vb|vl|vs|pd|ilt|i̇lt|fs|trs|tl|doorst|doorsturen|inoltra|továbbítás|"
    r"переслать|пересл|пр|переадр|πρθ|转发|轉寄|轉發|転送|전달|הועבר|إعادة توجيه|chuyển tiếp)\]?\s*[:：]|\A\s*\(fwd\)",
    re.IGNORECASE,
)
_LINES: Final = 400  # so far down its headers are looked for
_BLOCK: Final = 16  # lines that these headers may take
_OWN_CHARS: Final = 600  # with more words of one's own, an attached mail is an attachment and no forward
_HTML_CHARS: Final = 1_000_000
_QUOTE = re.compile(r"[ \t]{0,3}>[ ]?")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@]{1,64}@[^\s<>()\[\],;:\"'@]{1,255}")
_AROUND_NAME: Final = " \t\"'<>()[]*_,;"
_MAILTO = re.compile(r"\[?\(?mailto:.*\Z", re.IGNORECASE)
_HELD = (
    ".moz-forward-container, .gmail_quote, .yahoo_quoted, .protonmail_quote, .zmail_extra, #OLK_SRC_BODY_SECTION, "
    "div[name=quote], blockquote[type=cite]"
)
_HEAD_OF_HELD = ".gmail_attr, table.moz-email-headers-table"


@dataclass(frozen=True, slots=True)
class Inner:
    """An attached mail, read: what of it makes a forward."""

    sender: Address | None
    subject: str
    date: datetime | None
    message_id: str | None
    cut: Cut
    html: str
    attachments: tuple[Part, ...]


def is_marked(subject: str) -> bool:
    """Say whether a mail program marked this subject as forwarded."""
    return _MARK.match(subject[:80]) is not None


def attached_mail(subject: str, own: str, attachments: Sequence[Part]) -> Part | None:
    """Return the one attached mail that a mail is about, None when there is none or it is an aside."""
    mails = [part for part in attachments if part.content_type == "message/rfc822"]
    if len(mails) != 1 or not (is_marked(subject) or len(own) <= _OWN_CHARS):
        return None
    return mails[0]


def forwarded_attached(inner: Inner, *, note: str, part: Part, beside: Sequence[Part]) -> Forwarded | None:
    """Return the attached original as forwarded; None when it names no sender."""
    if inner.sender is None:
        return None
    return Forwarded(
        sender=inner.sender,
        subject=inner.subject,
        date=inner.date,
        message_id=inner.message_id,
        note=note,
        text=inner.cut.text,
        visible=inner.cut.visible,
        quoted=inner.cut.quoted,
        signature=inner.cut.signature,
        html=inner.html,
        attachments=(*inner.attachments, *(one for one in beside if one is not part)),
    )


def forwarded_inline(
    subject: str, text: str, html: str, *, sent_at: datetime | None, files: tuple[Part, ...], limits: Limits
) -> Forwarded | None:
    """Return the original that stands in the text of a mail marked as forwarded; None when none is found."""
    if not is_marked(subject):
        return None
    lines = text.split("\n")
    found = _find(lines[:_LINES], limits)
    if found is None:
        return None
    start, end, headers = found
    sender = _sender(headers.get("from", ""), limits)
    if sender is None:
        return None
    is_quoted = _QUOTE.match(lines[start]) is not None
    rest = [_QUOTE.sub("", line, count=1) if is_quoted else line for line in lines[end:]]
    cut = cut_text("\n".join(rest).strip("\n"), limits)
    note = cut_text("\n".join(lines[:start]).strip(), limits)
    when = headers.get("date") or headers.get("sent") or ""
    return Forwarded(
        sender=sender,
        subject=(headers.get("subject") or _MARK.sub("", subject, count=1).strip())[: limits.subject_chars],
        date=read_spoken_date(when, not_after=sent_at),
        message_id=None,
        note="" if note.visible and _is_only_signature(note) else note.visible,
        text=cut.text,
        visible=cut.visible,
        quoted=cut.quoted,
        signature=cut.signature,
        html=_original_html(html, has_note=bool(note.visible)),
        attachments=files,
    )


def _is_only_signature(note: Cut) -> bool:
    return note.visible.lstrip().startswith(("--\n", "-- \n"))


def _find(lines: list[str], limits: Limits) -> tuple[int, int, dict[str, str]] | None:
    """Return where the forwarded part begins, where its own text does, and its headers."""
    seen = limits.cutter_line_chars
    announced = -10
    for number, line in enumerate(lines):
        head = _QUOTE.sub("", line[:seen], count=1).strip()
        if not head:
            continue
        if DELIMITER.match(head):
            announced = number
            continue
        kind, _ = header_and_value(head) if ":" in head or "：" in head else ("", "")
        if kind in ("from", "date", "sent", "to", "subject"):
            end, headers = _block(lines, number, seen)
            if "from" in headers and ("subject" in headers or "date" in headers or "sent" in headers):
                start = announced if number - announced <= 3 else number
                return start, end, headers
    return None


def _block(lines: list[str], start: int, seen: int) -> tuple[int, dict[str, str]]:
    """Return where a block of headers ends, and its values; a wrapped line belongs to the header before it."""
    headers: dict[str, str] = {}
    last, end, blanks = "", start, 0
    for number in range(start, min(start + _BLOCK, len(lines))):
        line = _QUOTE.sub("", lines[number][:seen], count=1).strip()
        if not line:
            blanks += 1
            if blanks > 1 and last:
                break
            continue
        kind, value = header_and_value(line)
        if kind:
            headers.setdefault(kind, value)
            last, end, blanks = kind, number + 1, 0
        elif last and not blanks and (not headers[last] or last in ("to", "cc", "subject")):
            headers[last] = f"{headers[last]} {line}".strip()
            end = number + 1
        else:
            break
    return end, headers


def _sender(value: str, limits: Limits) -> Address | None:
    match = _ADDRESS.search(value)
    if match is None:
        return None
    address = match[0].rstrip(".")
    if not is_address(address):
        return None
    name = _MAILTO.sub("", value[: match.start()]).strip(_AROUND_NAME)[: limits.name_chars]
    return Address("" if name == address else name, address)


def _original_html(html: str, *, has_note: bool) -> str:
    """Return the HTML of the original alone; all of it where the forwarder wrote nothing; '' when it can't be told."""
    if not html or len(html) > _HTML_CHARS:
        return ""
    tree = LexborHTMLParser(html)
    held = tree.css_first(_HELD)
    if held is None:
        return "" if has_note else html
    for head in held.css(_HEAD_OF_HELD):
        head.decompose()
    return clean(held.inner_html or "")
