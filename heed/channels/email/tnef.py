"""winmail.dat: what Outlook packs into one attachment when it sends Rich Text (MS-OXTNEF).

Only what people miss is read: the attached files and, if the mail has none of its own, the body. Every length is
checked against what is there; reading ends quietly where the data stops making sense.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from heed.channels.email.charsets import decode
from heed.channels.email.limits import Limits

_SIGNATURE = 0x223E9F78
_NEW_FILE, _TITLE, _DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_BODY, _MESSAGE_PROPERTIES, _CODE_PAGE = 0x800C, 0x9003, 0x9007
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _CONTENT, _MIME, _CONTENT_ID = (
    0x3707,
    0x3704,
    0x3001,
    0x3701,
    0x370E,
    0x3712,
)
_PLAIN, _HTML = 0x1000, 0x1013
# MAPI types of fixed size, in bytes as stored (padded to four).
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_STRING8, _UNICODE, _BINARY, _OBJECT = 0x1E, 0x1F, 0x102, 0x0D


@dataclass(slots=True)
class TnefFile:
    """A file inside; empty strings where it says nothing."""

    name: str = ""
    content_type: str = ""
    content_id: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Tnef:
    """What a winmail.dat holds."""

    files: list[TnefFile] = field(default_factory=list)
    text: str = ""
    html: str = ""


def read_tnef(data: bytes, limits: Limits) -> Tnef | None:
    """Return what is inside, None when it is no TNEF stream or over ``limits.tnef_bytes``."""
    if len(data) < 6 or len(data) > limits.tnef_bytes or _unsigned(data, 0) != _SIGNATURE:
        return None
    found = Tnef()
    charset = "cp1252"
    for name, value in _attributes(data):
        if name == _CODE_PAGE and len(value) >= 4:
            charset = f"cp{_unsigned(value, 0)}"
        elif name == _NEW_FILE:
            if len(found.files) >= limits.parts:
                break
            found.files.append(TnefFile())
        elif name == _BODY:
            found.text = decode(value.rstrip(b"\0"), charset)
        elif name == _MESSAGE_PROPERTIES:
            _read_message(found, value, charset)
        elif found.files:
            _read_file(found.files[-1], name, value, charset)
    return found


def _read_message(found: Tnef, value: bytes, charset: str) -> None:
    for name, item, kind in _properties(value):
        if name == _HTML and not found.html:
            found.html = _text(item, kind, charset)
        elif name == _PLAIN and not found.text:
            found.text = _text(item, kind, charset)


def _read_file(file: TnefFile, name: int, value: bytes, charset: str) -> None:
    if name == _TITLE:
        file.name = file.name or decode(value.rstrip(b"\0"), charset)
    elif name == _DATA:
        file.content = value
    elif name == _FILE_PROPERTIES:
        names: dict[int, str] = {}
        for key, item, kind in _properties(value):
            if key in (_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME):
                names[key] = _text(item, kind, charset)
            elif key == _MIME:
                file.content_type = _text(item, kind, charset).lower()
            elif key == _CONTENT_ID:
                file.content_id = _text(item, kind, charset).strip("<> ")
            elif key == _CONTENT and not file.content:
                file.content = item
        file.name = (
            names.get(_LONG_NAME) or names.get(_DISPLAY_NAME) or file.name or names.get(_SHORT_NAME, "")
        )


def _text(item: bytes, kind: int, charset: str) -> str:
    if kind == _UNICODE:
        return decode(item, "utf-16-le").rstrip("\0")
    return decode(item.rstrip(b"\0"), charset)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (attribute, value) in the order of the stream."""
    position = 6
    while position + 9 <= len(data):
        name = _unsigned(data, position + 1) & 0xFFFF
        size = _unsigned(data, position + 5)
        start = position + 9
        if size > len(data) - start:
            return
        yield name, data[start : start + size]
        position = start + size + 2


def _properties(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield (property, first value, type) of a MAPI property list."""
    position = 4
    try:
        for _ in range(min(_unsigned(data, 0), 2000)):
            kind, name = struct.unpack_from("<HH", data, position)
            position += 4
            if name >= 0x8000:
                position = _after_name(data, position)
            is_many, kind = bool(kind & 0x1000), kind & 0x0FFF
            count = 1
            if is_many or kind in (_STRING8, _UNICODE, _BINARY, _OBJECT):
                count = _unsigned(data, position)
                position += 4
            first = b""
            for number in range(count):
                item, position = _value(data, position, kind)
                first = first if number else item
            yield name, first[16:] if kind == _OBJECT else first, kind
    except (struct.error, KeyError):  # cut off, or a type that no one has seen
        return


def _value(data: bytes, position: int, kind: int) -> tuple[bytes, int]:
    if kind in _FIXED:
        size = _FIXED[kind]
    elif kind in (_STRING8, _UNICODE, _BINARY, _OBJECT):
        size = _unsigned(data, position)
        position += 4
    else:
        raise KeyError(kind)
    if position + size > len(data):
        raise struct.error
    return data[position : position + size], position + (size + 3) // 4 * 4


def _after_name(data: bytes, position: int) -> int:
    """Return the place after the GUID and the number or name of a named property."""
    if _unsigned(data, position + 16) == 0:
        return position + 24
    size = _unsigned(data, position + 20)
    return position + 24 + (size + 3) // 4 * 4


def _unsigned(data: bytes, position: int) -> int:
    return int(struct.unpack_from("<I", data, position)[0])
