"""Mbox files: where each mail begins and ends, whatever its length, and its bytes as they were sent.

Four dialects share the name. All put "From someone, some day" before each mail. mboxo and mboxrd hide such lines within
a mail behind ">"; mboxcl counts the body in Content-Length and hides them as well; mboxcl2 counts and hides nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

LINE_BYTES: Final = 65_536
HEAD_BYTES: Final = 1_000_000
_FROM: Final = re.compile(rb"From (?:- |\S+@?\S* ).*\d{4}")  # who and when; some write no address
_HIDDEN: Final = re.compile(rb"^>(>*From )", re.MULTILINE)
_LENGTH: Final = re.compile(rb"content-length:[ \t]*(\d{1,15})[ \t]*\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """A mail within a file: bytes start to end, without the line before it and the empty one after it."""

    start: int
    end: int
    is_hidden: bool  # lines that begin with From carry a > more than they were sent with

    @property
    def size(self) -> int:
        """In bytes, as it lies there."""
        return self.end - self.start


def looks_like_mbox(head: bytes) -> bool:
    """Whether a file that begins so is one."""
    return _FROM.match(head) is not None


def spans(file: IO[bytes]) -> Iterator[Span]:
    """Each mail of an mbox file, in one pass; memory holds one line. What stands before the first mail is no mail."""
    reader = _Reader(file)
    line = reader.line()
    while line and not looks_like_mbox(line):
        line = reader.line()
    while line:
        while line and not line.endswith(b"\n"):  # a From line longer than a line may be
            line = reader.line()
        span, line = reader.mail()
        yield span


def unhidden(raw: bytes) -> bytes:
    """The bytes of a mail with the > that the file put before From taken away again."""
    return _HIDDEN.sub(rb"\1", raw)


class _Reader:
    """Reads lines, and knows where it is."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._at = file.tell()

    def line(self) -> bytes:
        found = self._file.readline(LINE_BYTES)
        self._at += len(found)
        return found

    def mail(self) -> tuple[Span, bytes]:
        """The mail that begins here, and the From line after it; an empty one at the end."""
        start = self._at
        counted = self._counted(start)
        if counted is not None:
            return counted
        end, blank, begins = start, 0, True
        while line := self.line():
            if begins and (blank or end == start) and looks_like_mbox(line) and end > start:
                return Span(start, end - blank, is_hidden=True), line
            blank = len(line) if begins and line in (b"\n", b"\r\n") else 0
            begins = line.endswith(b"\n")
            end = self._at
        return Span(start, end - blank, is_hidden=True), b""

    def _counted(self, start: int) -> tuple[Span, bytes] | None:
        """The same by Content-Length, if that is true: the next mail, or the end, must come right after it."""
        length = self._length()
        if length is not None:
            body = self._at
            self._seek(body + length)
            line = self.line()
            while line in (b"\n", b"\r\n"):
                line = self.line()
            after = self._at
            whole = self._file.seek(0, 2)
            if body + length <= whole and (not line or looks_like_mbox(line)):
                hidden = not self._has_plain_from(body, body + length)
                self._seek(after)
                return Span(start, body + length, is_hidden=hidden), line
        self._seek(start)
        return None

    def _length(self) -> int | None:
        """Content-Length of the headers that begin here; afterwards we stand at the body."""
        found = None
        start = self._at
        while (line := self.line()) not in (b"\n", b"\r\n"):
            if not line or self._at - start > HEAD_BYTES:
                return None
            match = _LENGTH.fullmatch(line)
            found = int(match[1]) if match else found
        return found

    def _has_plain_from(self, start: int, end: int) -> bool:
        """Whether a body holds a line with From at its beginning, as only mboxcl2 leaves them."""
        self._seek(start)
        begins = True
        while self._at < end and (line := self.line()):
            if begins and line.startswith(b"From "):
                return True
            begins = line.endswith(b"\n")
        return False

    def _seek(self, to: int) -> None:
        self._file.seek(to)
        self._at = to
