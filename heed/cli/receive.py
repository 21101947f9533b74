"""``heed mail receive``: the pipe target for any mail server.

It answers with the exit codes of sysexits.h, which mail servers read: 0 stored, 67 no such address and 65
refused for good (both bounce), 64 wrong use, and 75 for everything else: the mail server keeps the mail and
tries again. Started once for each mail, so it loads the desk only when nobody listens to take the mail.
"""

import importlib
import os
import sys
import tempfile
from collections.abc import Sequence
from typing import IO, Final

from heed.channels.email.pipe import LMTP_MESSAGE_BYTES, Result, as_on_the_wire, hand_over
from heed.kernel.hostport import HostPort

USAGE: Final = "usage: heed mail receive --to ADDRESS [--from ADDRESS] < mail"
TIMEOUT_SECONDS: Final = 120.0
LARGEST_BYTES: Final = 2_000_000_000
"""A larger mail is refused for good: it is no mail. What is larger than LMTP takes, up to here, is kept and parked."""
DIRECT: Final = "heed.cli.receive_direct"
"""Stores without a running desk: its functions answer with an exit code and may raise anything."""

_NO_SENDER: Final = ("", "<>", "MAILER-DAEMON")  # Postfix's pipe says the last for a bounce
_EXITS: Final = {
    Result.STORED: os.EX_OK,
    Result.NO_SUCH_ADDRESS: os.EX_NOUSER,
    Result.REFUSED: os.EX_DATAERR,
    Result.TRY_AGAIN: os.EX_TEMPFAIL,
}


class WrongUse(Exception):
    """The command was called with other options than it has."""


def main(argv: Sequence[str]) -> int:
    """Take a mail from standard input, options from argv; the answer is the exit code."""
    try:
        to, sender = _read_options(argv)
    except WrongUse as wrong:
        return _end(os.EX_USAGE, f"{wrong}\n{USAGE}")
    largest = max(LMTP_MESSAGE_BYTES, _wished_bytes())
    raw = sys.stdin.buffer.read(largest + 1)
    if len(raw) > largest:
        return _park_large(raw, sys.stdin.buffer, to=to, sender=sender)
    try:
        lmtp = HostPort.read(os.environ.get("HEED_LMTP") or "127.0.0.1:2424")
    except ValueError as wrong:
        return _end(os.EX_TEMPFAIL, f"HEED_LMTP must be HOST:PORT, not {wrong}")
    outcome = hand_over(raw, to=to, sender=sender, lmtp=lmtp, timeout_seconds=TIMEOUT_SECONDS)
    if outcome.result is Result.NOBODY_LISTENING:
        return _directly("store", as_on_the_wire(raw), to=to, sender=sender, why=outcome.text)
    return _end(_EXITS[outcome.result], outcome.text)


def _wished_bytes() -> int:
    # Read here, for the settings load too much; one that is no number is the running desk's to complain of.
    wished = os.environ.get("HEED_MAIL_MAX_BYTES", "").strip()
    return int(wished) if wished.isascii() and wished.isdigit() else 0


def _read_options(argv: Sequence[str]) -> tuple[str, str]:
    # By hand: an address may begin with a dash, which argparse takes for an option.
    found: dict[str, str] = {}
    rest = list(argv)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name not in ("--to", "--from") or name in found:
            raise WrongUse(f"unknown or repeated option {name}")
        if not equals and not rest:
            raise WrongUse(f"{name} needs an address")
        found[name] = value if equals else rest.pop(0)
    if not found.get("--to"):
        raise WrongUse("--to is missing")
    sender = found.get("--from", "")
    return found["--to"], "" if sender in _NO_SENDER else sender


def _park_large(start: bytes, source: IO[bytes], *, to: str, sender: str) -> int:
    """What a mail server has accepted is not bounced for its size: it is kept and waits for a person."""
    with tempfile.NamedTemporaryFile(prefix="heed-large-") as spool:
        spool.write(start)
        del start
        size = spool.tell()
        while size <= LARGEST_BYTES and (more := source.read(1_000_000)):
            size += spool.write(more)
        if size > LARGEST_BYTES:
            while source.read(1_000_000):  # a mail server that can't finish writing would try again for ever
                pass
            return _end(os.EX_DATAERR, f"552 5.3.4 larger than {LARGEST_BYTES} bytes")
        spool.flush()
        return _directly("park_large", spool.name, to=to, sender=sender, why="too large to be handed over")


def _directly(name: str, mail: bytes | str, *, to: str, sender: str, why: str) -> int:
    try:
        code: int = getattr(importlib.import_module(DIRECT), name)(mail, to=to, sender=sender)
    except (Exception, SystemExit) as error:  # the mail server must keep the mail
        return _end(os.EX_TEMPFAIL, f"{why}; not stored directly either: {error!r}")
    return code


def _end(code: int, text: str) -> int:
    if code != os.EX_OK:
        print(f"heed: {text}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
