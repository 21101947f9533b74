"""The shape of a mail: headers and parts, as slices of its bytes, nothing decoded.

Our own splitter in place of the standard library's, because limits must hold while reading, not after:
the standard one recurses once a level (a few hundred nested parts end in RecursionError), checks every line
against every open boundary, and makes a Python string of every line of a 50 MB attachment. This one finds
boundaries by searching bytes; a test compares both on ordinary mail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from heed.channels.email.errors import Unreadable, UnreadableCode
from heed.channels.email.limits import Limits
from heed.channels.email.parameters import ContentType, content_type_of

# A header line and its continuations. No part of it can match in two ways, so it is linear.
_FIELD = re.compile(
    rb"([!-9;-~]+)[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t]+[^\r\n]*|\r(?!\n)[^\r\n]*)*)\r?(?:\n|\Z)"
)
_BLANK = re.compile(rb"[ \t]*\r?(?:\n|\Z)")
_LINE = re.compile(rb"[^\n]*(?:\n|\Z)")
_MBOX = re.compile(rb"(?:\r?\n)*>?From [^\n]*\n(?=[!-9;-~]+[ \t]*:|>?From )")

_NEEDED = frozenset(
    "from to cc reply-to sender subject date message-id in-reply-to references auto-submitted precedence "  # noqa: SIM905 - a table
    "list-id return-path content-type content-transfer-encoding content-disposition content-id".split()
)

Headers = dict[str, list[bytes]]


@dataclass(slots=True)
class Entity:
    """A part, or the whole mail: raw header values by lower-case name, and where its body lies in ``raw``."""

    raw: bytes
    headers: Headers
    start: int
    end: int
    type: ContentType
    children: list["Entity"] = field(default_factory=list)

    def first(self, name: str) -> bytes | None:
        """Return the raw value of the first header of this lower-case name."""
        values = self.headers.get(name)
        return values[0] if values else None

    @property
    def body(self) -> bytes:
        """Everything after the headers, still encoded."""
        return self.raw[self.start : self.end]

    def leaves(self) -> Iterator["Entity"]:
        """Yield the parts that hold something, in order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


class Splitter:
    """Reads one mail's structure, counting what limits bound and noting what is broken."""

    def __init__(self, raw: bytes, limits: Limits) -> None:
        if len(raw) > limits.message_bytes:
            raise Unreadable(UnreadableCode.TOO_LARGE, f"{len(raw)} bytes, limit {limits.message_bytes}")
        if b"\r" in raw and b"\n" not in raw:
            raw = raw.replace(b"\r", b"\n")
        self.raw = raw
        self.limits = limits
        self.parts = 0
        self.defects: list[str] = []

    def split(self) -> Entity:
        """Return the whole mail as an entity. Raises Unreadable over a limit."""
        start = 0
        while match := _MBOX.match(self.raw, start):
            start = match.end()
        return self._entity(start, len(self.raw), depth=0, inside="")

    def _entity(self, start: int, end: int, *, depth: int, inside: str) -> Entity:
        self.parts += 1
        if self.parts > self.limits.parts:
            raise Unreadable(UnreadableCode.TOO_MANY_PARTS, f"limit {self.limits.parts}")
        headers, body = self._headers(start, end, is_part=depth > 0)
        kind = content_type_of(headers, self.limits, inside=inside)
        entity = Entity(self.raw, headers, body, end, kind)
        if kind.main == "multipart":
            if depth >= self.limits.depth:
                raise Unreadable(UnreadableCode.TOO_DEEP, f"limit {self.limits.depth}")
            self._children(entity, depth)
        return entity

    def _headers(self, start: int, end: int, *, is_part: bool) -> tuple[Headers, int]:
        """Return the headers found from ``start`` and where the body begins."""
        headers: Headers = {}
        raw, position = self.raw, start
        limit, refused = self.limits.header_block_bytes, self.limits.header_block_refused_bytes
        match_field = _FIELD.match
        while position < end:
            match = match_field(raw, position, end)
            if match is not None:
                position = match.end()
                if position - start > limit:
                    self._keep_little(headers, match)
                else:
                    headers.setdefault(match[1].decode("ascii").lower(), []).append(match[2])
            else:
                blank = _BLANK.match(raw, position, end)
                if blank is not None:
                    position = blank.end()
                    break
                line = _LINE.match(raw, position, end)
                after = line.end() if line else end
                if not headers and not is_part and not match_field(raw, after, end):
                    break  # no headers at all: everything is body
                if not match_field(raw, after, end) and not _BLANK.match(raw, after, end):
                    self._defect("no-blank-line-after-headers")
                    break
                self._defect("broken-header-line")
                position = after
            if position - start > refused:
                raise Unreadable(UnreadableCode.HEADERS_TOO_LARGE, f"over {refused} bytes")
        return headers, min(position, end)

    def _keep_little(self, headers: Headers, match: re.Match[bytes]) -> None:
        """Keep the first of each needed header, shortened, from a block that is over its limit."""
        self._defect("headers-cut")
        name = match[1][:80].decode("ascii").lower()
        if name in _NEEDED and name not in headers:
            headers[name] = [match[2][: self.limits.header_block_bytes // 2]]

    def _children(self, entity: Entity, depth: int) -> None:
        boundary = entity.type.boundary
        if not boundary:
            self._defect("multipart-without-boundary")
            return
        inside = "digest" if entity.type.sub == "digest" else ""
        spans, is_closed = _spans(
            self.raw, entity.start, entity.end, boundary, self.limits.parts - self.parts + 1
        )
        if not is_closed:
            self._defect("multipart-not-closed")
        for start, end in spans:
            entity.children.append(self._entity(start, end, depth=depth + 1, inside=inside))

    def _defect(self, code: str) -> None:
        if code not in self.defects:
            self.defects.append(code)


def _spans(
    raw: bytes, start: int, end: int, boundary: bytes, at_most: int
) -> tuple[list[tuple[int, int]], bool]:
    """Return where the parts between ``boundary`` lines lie, and whether the closing line was found."""
    delimiter = b"--" + boundary
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    found = raw.find(delimiter, start, end)
    while found != -1 and len(spans) <= at_most:
        after = found + len(delimiter)
        if found == start or raw[found - 1] == 0x0A:
            is_close = raw[after : after + 2] == b"--"
            line_end = raw.find(b"\n", after, end)
            line_end = end if line_end == -1 else line_end
            if line_end - after <= 200 and not raw[after + 2 * is_close : line_end].strip():
                if opened is not None:
                    spans.append((opened, max(opened, _before_break(raw, found))))
                if is_close:
                    return spans, True
                opened = min(line_end + 1, end)
                after = line_end
        found = raw.find(delimiter, after, end)
    if opened is not None:
        spans.append((opened, end))
    return spans, False


def _before_break(raw: bytes, position: int) -> int:
    """Return ``position`` without the line break before it, which belongs to the boundary (RFC 2046)."""
    if position and raw[position - 1] == 0x0A:
        position -= 1
        if position and raw[position - 1] == 0x0D:
            position -= 1
    return position
