"""Content-Transfer-Encoding: from what was sent to the bytes that were meant. Never fails."""

import binascii
import re

from heed.channels.email.structure import Entity

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\r\n]*\r?\n", re.MULTILINE)
_UU = frozenset({b"x-uuencode", b"uuencode", b"uue", b"x-uue"})


def content_of(entity: Entity) -> bytes:
    """Return the decoded bytes of a part; what is broken is decoded as far as it goes."""
    value = entity.first("content-transfer-encoding")
    body = entity.body
    if value is None:
        return body
    name = value.strip().strip(b"\"'").lower()
    if name == b"quoted-printable":
        return binascii.a2b_qp(body)
    if name == b"base64":
        return _base64(body)
    return _uudecode(body) if name in _UU else body


def _base64(data: bytes) -> bytes:
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        data = _NOT_BASE64.sub(b"", data.partition(b"=")[0])
        if len(data) % 4 == 1:
            data = data[:-1]
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))


def _uudecode(data: bytes) -> bytes:
    match = _UU_BEGIN.search(data)
    if match is None:
        return data
    out = bytearray()
    for line in data[match.end() :].splitlines():
        if line in (b"end", b"`", b" ", b""):
            break
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            size = (((line[0] - 32) & 63) * 4 + 5) // 3  # some encoders pad their lines
            try:
                out += binascii.a2b_uu(line[:size])
            except binascii.Error:
                break
    return bytes(out)
