"""Reading a mailbox by POP3, for those who have nothing else."""

import poplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import IO, Final, Self

from heed.kernel.mail_words import MailboxTrouble, MailSecurity
from heed.kernel.outbound.guard import require_allowed
from heed.kernel.outbound.lines import LineTrouble, Where, trouble_of

_PIECE_BYTES: Final = 65_536


@contextmanager
def _told(reason: MailboxTrouble = MailboxTrouble.REFUSED) -> Iterator[None]:
    try:
        yield
    except poplib.error_proto as error:
        words = error.args[0] if error.args else ""
        said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        # poplib says what a server says in bytes, and in its own words (also "-ERR EOF") that the line ended.
        why = reason if isinstance(words, bytes) else MailboxTrouble.UNREACHABLE
        raise LineTrouble(why, said.removeprefix("-ERR")) from None
    except OSError as error:
        raise trouble_of(error) from None


class Pop3Line:
    """One connection to one account. Every method raises LineTrouble; afterwards only cut_off() is of use."""

    def __init__(self, where: Where) -> None:
        """Connect. Raises LineTrouble, and OutboundInsideTransaction inside a unit of work."""
        require_allowed()
        with _told():
            if where.security is MailSecurity.TLS:
                self._pop: poplib.POP3 = poplib.POP3_SSL(
                    where.host, where.port, timeout=where.timeout_seconds, context=where.trust()
                )
            else:
                self._pop = poplib.POP3(where.host, where.port, timeout=where.timeout_seconds)
        if where.security is MailSecurity.STARTTLS:
            with _told(MailboxTrouble.NO_TLS):
                self._pop.stls(where.trust())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut_off()

    def log_in(self, user: str, password: str) -> None:
        """By password."""
        with _told(MailboxTrouble.LOGIN_REFUSED):
            self._pop.encoding = "UTF-8"
            self._pop.user(user)
            self._pop.pass_(password)

    def mails(self) -> dict[str, tuple[int, int]]:
        """Every mail: its UIDL, with its number on this line and its size."""
        with _told():
            sizes = dict(_pairs(self._pop.list()[1]))
            return {
                uidl: (int(number), int(sizes.get(number, "0")))
                for number, uidl in _pairs(self._pop.uidl()[1])
            }

    def fetch(self, number: int, *, into: IO[bytes]) -> None:
        """Write a mail's bytes as they are.

        Not by poplib's retr: that refuses lines of more than 2,048 bytes, which mails have, and holds a mail twice.
        """
        with _told():
            self._pop._shortcmd(f"RETR {number}")  # type: ignore[attr-defined]  # see above
            begins = True
            while True:
                piece = self._pop.file.readline(_PIECE_BYTES)
                if not piece:
                    raise LineTrouble(MailboxTrouble.UNREACHABLE, "the line broke within a mail")
                if begins and piece in (b".\r\n", b".\n"):
                    return
                into.write(piece[1:] if begins and piece.startswith(b"..") else piece)
                begins = piece.endswith(b"\n")

    def delete(self, number: int) -> None:
        """Mark a mail as deleted; it goes when we say goodbye."""
        with _told():
            self._pop.dele(number)

    def say_goodbye(self) -> None:
        """End the session: what was deleted goes now. Raises LineTrouble, and then perhaps it did not."""
        with _told():
            self._pop.quit()

    def cut_off(self) -> None:
        """End every wait on this line at once; what was marked as deleted stays."""
        sock: socket.socket | None = self._pop.sock  # None once we said goodbye
        if sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        with suppress(OSError, AttributeError):
            self._pop.close()


def _pairs(lines: list[bytes]) -> Iterator[tuple[str, str]]:
    for line in lines:
        first, _, second = line.decode("utf-8", "replace").strip().partition(" ")
        yield first, second.strip()
