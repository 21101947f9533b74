"""When two mails are one, and what of a mail must never change: the documented rules, written down a second time.

Nothing here comes from Heed, so that a mistake there is not repeated here: headers are read by the standard library.
"""

import re
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from hashlib import sha256

LINE_END = re.compile(rb"\r\n|\r|\n")
LONE_LF = re.compile(rb"(?<!\r)\n")


def on_the_wire(raw: bytes) -> bytes:
    """The mail with CR LF line ends, and one at its very end, as a mail server sends it."""
    crlf = LONE_LF.sub(b"\r\n", raw)
    return crlf if crlf.endswith(b"\r\n") else crlf + b"\r\n"


def digest(raw: bytes) -> str:
    """The name under which Heed keeps these bytes."""
    return sha256(raw).hexdigest()


def but_for_line_ends(raw: bytes) -> str:
    """The hash of what must be equal between a mail that was sent and one that is kept."""
    return digest(LINE_END.sub(b"\n", raw).rstrip(b"\n"))


def same(raw: bytes) -> str:
    """Two mails are the same when this is equal.

    Message-ID, From, Date, Subject and body agree, line ends folded; without Message-ID and Date only equal raw.
    """
    text = LINE_END.sub(b"\n", raw)
    headers: Message = BytesHeaderParser(policy=compat32).parsebytes(text)
    values = [_unfolded(headers, name) for name in ("Message-ID", "From", "Date", "Subject")]
    if not values[0].strip() and not values[2].strip():
        return "raw " + but_for_line_ends(raw)
    return digest(repr(values).encode() + _body(text))


def _unfolded(headers: Message, name: str) -> str:
    value = headers.get(name)
    return "" if value is None else " ".join(str(value).split())


def _body(text: bytes) -> bytes:
    """All bytes after the first empty line, without the line ends at the very end."""
    _, _, body = text.lstrip(b"\n").partition(b"\n\n")
    return body.rstrip(b"\n")
