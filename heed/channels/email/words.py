"""Header text: RFC 2047 words, raw 8-bit bytes, folded lines."""

import binascii
import re

from heed.channels.email.charsets import clean, codec_of, decode

# Q text may not hold spaces, but many senders leave them in; '?' ends it in any case.
_WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_FOLD = re.compile(rb"\r?\n[ \t]+|\r\n?|\n")
_SPACE = re.compile(r"[ \t\n]+")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def unfold(value: bytes) -> bytes:
    """Return a raw header value on one line."""
    if b"\n" in value or b"\r" in value:
        value = _FOLD.sub(b" ", value)
    return value.strip()


def decode_words(value: bytes, hint: str = "") -> str:
    """Return a raw header value as text on one line.

    ``hint`` is the charset of the mail's body: for raw 8-bit headers that are no UTF-8 it is the best guess.
    """
    value = unfold(value)
    if b"=?" not in value:
        text = value.decode("ascii") if value.isascii() else decode_raw(value, hint)
        return one_line(text)
    out: list[str] = []
    position, last = 0, ("", b"")
    for match in _WORD.finditer(value):
        between = value[position : match.start()]
        charset = match[1].decode("latin-1").partition("*")[0].lower()
        data = _word_bytes(match[2], match[3])
        if last[0] and not between.strip():  # white space between two words is none (RFC 2047)
            if charset == last[0]:  # senders cut characters in two: join before decoding
                last = (charset, last[1] + data)
                position = match.end()
                continue
            out.append(decode(last[1], last[0]))
        else:
            if last[0]:
                out.append(decode(last[1], last[0]))
            out.append(decode_raw(between, hint))
        last, position = (charset, data), match.end()
    if last[0]:
        out.append(decode(last[1], last[0]))
    out.append(decode_raw(value[position:], hint))
    return one_line("".join(out))


def decode_raw(value: bytes, hint: str = "") -> str:
    """Return bytes that should have been ASCII as text: UTF-8, else the hint, else the likeliest."""
    if value.isascii() and b"\x1b" not in value:
        return value.decode("ascii")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        codec = codec_of(hint) if hint else ""
        return decode(value, "" if codec == "utf-8" else codec)


def one_line(text: str) -> str:
    """Return header text with white space folded and nothing that can't be shown or stored."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACE.sub(" ", clean(text)).strip()


def _word_bytes(kind: bytes, data: bytes) -> bytes:
    if kind in b"qQ":
        return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)
    data = _NOT_BASE64.sub(b"", data)
    if len(data) % 4 == 1:
        data = data[:-1]
    return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
