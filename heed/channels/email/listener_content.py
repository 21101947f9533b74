"""The bytes of one mail, taken from the wire in chunks.

A mail ends with CR LF . CR LF and with nothing else. A bare LF or CR is content and stays as it is: a server
that reads ``LF . LF`` as the end lets a sender smuggle a second mail behind a checked one (CVE-2023-51764,
CVE-2024-27305). For the same reason a dot is unstuffed only after CR LF.
"""

from enum import Enum, auto
from io import BytesIO

_LINE = b"\r\n"
_END = b"\r\n.\r\n"
_CARRIED = len(_END) - 1


class Room:
    """Bytes that all mails being received may hold together."""

    def __init__(self, most: int) -> None:
        self._free = most

    def take(self, size: int) -> bool:
        """Reserve size bytes; False, with nothing reserved, when there is no room for them."""
        if size > self._free:
            return False
        self._free -= size
        return True

    def give_back(self, size: int) -> None:
        """Release bytes taken before."""
        self._free += size


class Trouble(Enum):
    """Why a mail that came to its end was not held."""

    TOO_LARGE = auto()
    NO_ROOM = auto()


class Content:
    """Collects one mail. After trouble it holds nothing more but still finds the mail's end."""

    def __init__(self, *, limit: int, room: Room) -> None:
        self.trouble: Trouble | None = None
        self._limit = limit
        self._room = room
        self._held = BytesIO()
        self._size = 0
        # The line end of the command before counts: a mail without a single byte is ". CR LF" at once.
        self._carry = _LINE
        self._skip = len(_LINE)

    def feed(self, chunk: bytes) -> bytes | None:
        """Take what came. None: more is needed; else the mail is whole and this follows it."""
        window = self._carry + chunk
        end = window.find(_END)
        if end >= 0:
            self._hold(window[: end + len(_LINE)])
            return window[end + len(_END) :]
        # Four bytes may be the beginning of the end; a line end before them may have a stuffed dot behind it.
        cut = max(len(window) - _CARRIED, 0)
        if window.endswith(_LINE, 0, cut):
            cut -= 2
        elif window.endswith(b"\r", 0, cut):
            cut -= 1
        self._hold(window[:cut])
        self._carry = window[cut:]
        return None

    def take(self) -> bytes:
        """The mail as it was sent, dots unstuffed. Only after ``feed`` gave an answer and without trouble."""
        return self._held.getvalue()

    def close(self) -> None:
        """Forget the mail and give its room back. May be called twice."""
        self._room.give_back(self._size)
        self._size = 0
        self._held = BytesIO()

    def _hold(self, piece: bytes) -> None:
        if self.trouble is not None:
            return
        text = piece.replace(b"\r\n.", _LINE)
        if self._skip:
            text, self._skip = text[self._skip :], max(self._skip - len(text), 0)
        if self._size + len(text) > self._limit:
            self._stop(Trouble.TOO_LARGE)
        elif not self._room.take(len(text)):
            self._stop(Trouble.NO_ROOM)
        else:
            self._size += len(text)
            self._held.write(text)

    def _stop(self, trouble: Trouble) -> None:
        self.trouble = trouble
        self.close()
