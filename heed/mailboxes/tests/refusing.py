"""A line to a server that says no to some mails, as servers do whose files are damaged."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from heed.mailboxes.tests.dovecot import free_port

WORDS = b"[SYS/PERM] this mail can't be read here"
RETRIEVED = re.compile(rb"RETR (\d+)\r\n")
FETCHED = re.compile(rb"(\S+) UID FETCH (\S+) \(?BODY\.PEEK\[\]")


@dataclass
class Refusing:
    """Passes everything on to a port, but for fetching these mails: POP3's numbers of a session, or IMAP's UIDs."""

    to: int
    port: int
    mails: set[int] = field(default_factory=set)
    hangs_up: bool = False
    breaks: bool = False  # hangs up without a word
    asked: list[int] = field(default_factory=list)  # what it said no to, each time

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                ours, _ = listening.accept()
            except OSError:
                return
            theirs = socket.create_connection(("127.0.0.1", self.to))
            threading.Thread(target=self._commands, args=(ours, theirs), daemon=True).start()
            threading.Thread(target=self._answers, args=(theirs, ours), daemon=True).start()

    def _commands(self, ours: socket.socket, theirs: socket.socket) -> None:
        with suppress(OSError), ours.makefile("rb") as lines:
            for line in lines:
                no = self._refusal(line)
                if no is None:
                    theirs.sendall(line)
                    continue
                if not self.breaks:
                    ours.sendall(no)
                if self.hangs_up or self.breaks:
                    break
        _hang_up(ours, theirs)

    def _answers(self, theirs: socket.socket, ours: socket.socket) -> None:
        with suppress(OSError):
            while piece := theirs.recv(65_536):
                ours.sendall(piece)
        _hang_up(ours, theirs)

    def _refusal(self, line: bytes) -> bytes | None:
        if found := RETRIEVED.match(line):
            wanted = self.mails & {int(found[1])}
            no = b"-ERR " + WORDS + b"\r\n"
        elif found := FETCHED.match(line):
            wanted = self.mails & _numbers(found[2])
            no = found[1] + b" NO " + WORDS + b"\r\n"
        else:
            return None
        self.asked += sorted(wanted)
        return no if wanted else None


def _numbers(span: bytes) -> set[int]:
    found: set[int] = set()
    for part in span.split(b","):
        first, _, last = part.partition(b":")
        found |= set(range(int(first), int(last or first) + 1))
    return found


def _hang_up(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def refusing(to: int, *mails: int) -> Iterator[Refusing]:
    """One such line."""
    found = Refusing(to, free_port(), set(mails))
    with socket.create_server(("127.0.0.1", found.port)) as listening:
        threading.Thread(target=found.serve, args=(listening,), daemon=True).start()
        yield found
        listening.shutdown(socket.SHUT_RDWR)
