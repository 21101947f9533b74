"""Content-Type and Content-Disposition: a value and its parameters, however broken."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from heed.channels.email.charsets import decode
from heed.channels.email.limits import Limits
from heed.channels.email.words import decode_words

_BOUNDARY = re.compile(rb"""boundary[ \t]*=[ \t]*(?:"([^"\r\n]+)"|'([^'\r\n]+)'|([^\s;"]+))""", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset[ \t]*=[ \t]*["']?([^\s;"']+)""", re.IGNORECASE)
_TYPE = re.compile(r"\s*([a-z0-9!#$&^_.+-]+)\s*/\s*([a-z0-9!#$&^_.+-]+)")
_NAME = re.compile(r"\s*([^\s=;*]+)(\*\d*\*?|\*)?\s*=\s*")
_FOLD = re.compile(rb"\r?\n[ \t]*|\r")


@dataclass(frozen=True, slots=True)
class ContentType:
    """``main/sub`` in lower case, with the two parameters that structure and text need."""

    main: str
    sub: str
    boundary: bytes = b""
    charset: str = ""

    @property
    def full(self) -> str:
        """The type as written in reports and file rules: ``text/plain``."""
        return f"{self.main}/{self.sub}"


_PLAIN = ContentType("text", "plain")
_MESSAGE = ContentType("message", "rfc822")


def content_type_of(headers: Mapping[str, list[bytes]], limits: Limits, *, inside: str) -> ContentType:
    """Return the type of the part that has these headers; parts of a digest are messages."""
    values = headers.get("content-type")
    if not values:
        return _MESSAGE if inside == "digest" else _PLAIN
    value = values[0]
    return _parse_type(value) if len(value) <= 120 else _read_type(value[: limits.parameter_bytes])


def _read_type(value: bytes) -> ContentType:
    match = _TYPE.match(value.decode("latin-1").lower())
    if match is None:
        main, sub = "text", "plain"
        if value.strip() and b"text" not in value.lower():
            main, sub = "application", "octet-stream"
    else:
        main, sub = match[1], match[2]
    boundary = b""
    if main == "multipart" and (found := _BOUNDARY.search(value)):
        boundary = (found[1] or found[2] or found[3] or b"").rstrip()
    elif main == "multipart":
        boundary = parameters(value).get("boundary", "").encode("latin-1", "replace").rstrip()
    charset = ""
    if main == "text" and (found := _CHARSET.search(value)):
        charset = found[1].decode("latin-1").lower()
    return ContentType(main, sub, boundary, charset)


_parse_type = lru_cache(maxsize=256)(_read_type)


def parameters(value: bytes) -> dict[str, str]:
    """Return the parameters after the first ``;`` by lower-case name: RFC 2231 and RFC 2047 decoded.

    The caller bounds the length of ``value``. Continuations (``name*0*=``) are joined in their order.
    """
    text = _FOLD.sub(b" ", value).decode("latin-1")
    position = text.find(";")
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    while 0 <= position < len(text):
        position += 1
        match = _NAME.match(text, position)
        if match is None:
            position = text.find(";", position)
            continue
        item, position = _value(text, match.end())
        name, marks = match[1].lower(), match[2] or ""
        if not marks:
            plain.setdefault(name, item)
            continue
        number = marks.strip("*")
        order = int(number) if number.isdigit() and len(number) < 5 else 0
        pieces.setdefault(name, {}).setdefault(order, (item, marks.endswith("*")))
    found = {name: decode_words(item.encode("latin-1")) for name, item in plain.items()}
    found.update({name: _joined(parts) for name, parts in pieces.items()})
    return found


def _value(text: str, start: int) -> tuple[str, int]:
    """Return the value at ``start`` and where the next ``;`` stands (or the end)."""
    if text[start : start + 1] == '"':
        end = start + 1
        while (end := text.find('"', end)) != -1 and text[end - 1] == "\\" and text[end - 2] != "\\":
            end += 1
        # Windows paths in file names are not escaped; a quote and a backslash are.
        after = text.find(";", end) if end != -1 else -1
        if end != -1:
            item = text[start + 1 : end].replace('\\"', '"').replace("\\\\", "\\")
            return item, after if after != -1 else len(text)
        start += 1
    after = text.find(";", start)
    after = len(text) if after == -1 else after
    return text[start:after].strip(), after


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    data, charset, is_first = bytearray(), "", True
    for _, (item, is_encoded) in sorted(parts.items()):
        if is_encoded and is_first and item.count("'") >= 2:
            charset, _, item = item.split("'", 2)
        data += unquote_to_bytes(item.encode("latin-1")) if is_encoded else item.encode("latin-1")
        is_first = False
    return decode(bytes(data), charset)
