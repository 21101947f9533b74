"""Hands a mail from a pipe to the running desk, by LMTP.

Started once for each mail, so it imports next to nothing and speaks the few lines of LMTP (RFC 2033) itself:
``smtplib`` alone takes longer to load than the whole conversation.
"""

import re
import socket
from collections.abc import Iterator
from enum import Enum
from io import BufferedRWPair
from typing import Final, NamedTuple

from heed.kernel.hostport import HostPort

LMTP_MESSAGE_BYTES: Final = 60_000_000
"""The largest mail that the LMTP door takes. Larger than that of SMTP: what comes here was accepted by a mail
server already, and is better parked than bounced."""

_REPLY_BYTES: Final = 1_000
_REPLY_LINES: Final = 100
_UNSPEAKABLE: Final = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")


class Result(Enum):
    """What became of a mail."""

    STORED = "stored"
    NO_SUCH_ADDRESS = "no such address"
    REFUSED = "refused"
    TRY_AGAIN = "try again"
    NOBODY_LISTENING = "nobody listening"


class Outcome(NamedTuple):
    """What became of a mail, and what the desk said."""

    result: Result
    text: str


def as_on_the_wire(raw: bytes) -> bytes:
    """Give a mail the line ends it had on the wire.

    Mail servers hand mail to a pipe with LF; a mail whose first line ends so gets CR LF throughout, so that
    it is the same mail whichever way it came. Any other is left alone, but for a line end at its very end.
    """
    first = raw.find(b"\n")
    if first >= 0 and raw[first - 1 : first] != b"\r":
        raw = re.sub(rb"(?<!\r)\n", b"\r\n", raw)
    return raw if not raw or raw.endswith(b"\r\n") else raw + b"\r\n"


def hand_over(raw: bytes, *, to: str, sender: str, lmtp: HostPort, timeout_seconds: float) -> Outcome:
    """Give a mail to the desk that listens at lmtp; STORED only when it is kept durably there.

    timeout_seconds holds for each step. A sender that can't be written in an envelope counts as none. Raises
    nothing: a connection lost on the way is TRY_AGAIN (the mail may have been kept; twice is found out).
    """
    if not to or _UNSPEAKABLE.search(to):
        return Outcome(Result.NO_SUCH_ADDRESS, "that is no address")
    try:
        connection = socket.create_connection((lmtp.host, lmtp.port), timeout_seconds)
    except OSError as error:
        return Outcome(Result.NOBODY_LISTENING, f"{lmtp}: {error}")
    with connection, connection.makefile("rwb") as line:
        try:
            return _converse(line, as_on_the_wire(raw), to, "" if _UNSPEAKABLE.search(sender) else sender)
        except (OSError, ValueError) as error:
            return Outcome(Result.TRY_AGAIN, f"the connection was lost: {error}")


def _converse(line: BufferedRWPair, raw: bytes, to: str, sender: str) -> Outcome:
    text = ""
    for command, wanted in _commands(raw, to, sender):
        if command:
            line.write(command)
            line.flush()
        code, text = _read_reply(line)
        if code // 100 != wanted:
            no_such = command.startswith(b"RCPT") and code == 550
            return _refusal(code, text, Result.NO_SUCH_ADDRESS if no_such else Result.REFUSED)
    return Outcome(Result.STORED, text)


def _commands(raw: bytes, to: str, sender: str) -> Iterator[tuple[bytes, int]]:
    utf8 = "" if (to + sender).isascii() else " SMTPUTF8"
    stuffed = raw.replace(b"\r\n.", b"\r\n..")
    yield b"", 2
    yield b"LHLO localhost\r\n", 2
    yield f"MAIL FROM:<{sender}> SIZE={len(raw)}{utf8}\r\n".encode(), 2
    yield f"RCPT TO:<{to}>\r\n".encode(), 2
    yield b"DATA\r\n", 3
    yield (b"." if stuffed.startswith(b".") else b"") + stuffed + b".\r\n", 2


def _read_reply(line: BufferedRWPair) -> tuple[int, str]:
    for _ in range(_REPLY_LINES):
        reply = line.readline(_REPLY_BYTES)
        if not reply.endswith(b"\n") or not reply[:3].isdigit():
            raise ValueError("no answer" if not reply else "not an LMTP server")
        if reply[3:4] != b"-":
            return int(reply[:3]), reply[4:].decode("utf-8", "replace").strip()
    raise ValueError("an answer without end")


def _refusal(code: int, text: str, permanent: Result) -> Outcome:
    return Outcome(permanent if code // 100 == 5 else Result.TRY_AGAIN, f"{code} {text}")
