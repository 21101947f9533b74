"""Reading a mailbox by IMAP, as far as the desk needs it: numbers, sizes, bytes, and to be told of new mail.

Loaded by whoever talks to a mailbox and by nobody else: IMAPClient costs 5 MB of memory.
"""

import imaplib
import select
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import Final, Self

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from heed.kernel.mail_words import MailboxTrouble, MailSecurity
from heed.kernel.outbound.guard import require_allowed
from heed.kernel.outbound.lines import LineTrouble, Where, trouble_of

UIDS_AT_ONCE: Final = 100_000  # numbers asked for in one SEARCH: its answer is one line, which imaplib bounds
_ANSWER_BYTES: Final = 10_000_000
_MISSING: Final = (
    "nonexistent",
    "trycreate",
    "doesn't exist",
    "does not exist",
    "not found",
    "no such",
    "unknown",
)

imaplib._MAXLINE = max(imaplib._MAXLINE, _ANSWER_BYTES)  # type: ignore[attr-defined]  # no other way to raise it


class FolderMissing(LineTrouble):
    """The server has no folder of this name (any more)."""

    def __init__(self, name: str, words: str = "") -> None:
        super().__init__(MailboxTrouble.FOLDER_MISSING, words or name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Opened:
    """A folder as the server opened it."""

    name: str
    uidvalidity: int
    next_uid: int
    mails: int


@dataclass(frozen=True, slots=True)
class Outside:
    """What the server says about a mail without its bytes."""

    size: int
    at: datetime | None  # when it came there


@contextmanager
def _told() -> Iterator[None]:
    """Errors of libraries become LineTrouble."""
    try:
        yield
    except LoginError as error:
        raise LineTrouble(MailboxTrouble.LOGIN_REFUSED, str(error)) from None
    except CapabilityError as error:
        raise LineTrouble(MailboxTrouble.REFUSED, str(error)) from None
    except IMAPClientAbortError as error:
        raise LineTrouble(MailboxTrouble.UNREACHABLE, str(error)) from None
    except IMAPClientError as error:
        raise LineTrouble(MailboxTrouble.REFUSED, str(error)) from None
    except OSError as error:
        raise trouble_of(error) from None


class ImapLine:
    """One connection to one account. Every method raises LineTrouble; afterwards only close() is of use."""

    def __init__(self, where: Where) -> None:
        """Connect. Raises LineTrouble, and OutboundInsideTransaction inside a unit of work."""
        require_allowed()
        with _told():
            self._imap = IMAPClient(
                where.host,
                where.port,
                ssl=where.security is MailSecurity.TLS,
                ssl_context=where.trust() if where.security is MailSecurity.TLS else None,
                timeout=where.timeout_seconds,
            )
            self._imap._imap.debug = 0  # it would write each line to a log, passwords and all
            self._imap.normalise_times = False
            self._socket: socket.socket = self._imap.socket()
        if where.security is MailSecurity.STARTTLS:
            self._start_tls(where)

    def _start_tls(self, where: Where) -> None:
        try:
            with _told():
                if not self._imap.has_capability("STARTTLS"):
                    raise LineTrouble(MailboxTrouble.NO_TLS)
                self._imap.starttls(where.trust())
                self._socket = self._imap.socket()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- who we are ---------------------------------------------------------------------------------

    def log_in(self, user: str, password: str) -> None:
        """By password; in UTF-8 where it needs more than ASCII."""
        with _told():
            if (user + password).isascii():
                self._imap.login(user, password)
            else:
                self._imap.plain_login(user, password)

    def log_in_by_token(self, user: str, token: str) -> None:
        """By an OAuth access token (XOAUTH2)."""
        with _told():
            self._imap.oauth2_login(user, token)

    # --- folders ------------------------------------------------------------------------------------

    def folders(self) -> dict[str, frozenset[str]]:
        """Every folder that can be opened, with its flags: "\\\\sent" is where answers are kept."""
        with _told():
            found = self._imap.list_folders()
        flags = {
            name: frozenset(flag.decode("ascii", "replace").lower() for flag in some)
            for some, _, name in found
        }
        return {str(name): some for name, some in flags.items() if "\\noselect" not in some}

    def status(self, name: str) -> tuple[int, int]:
        """UIDVALIDITY and next UID of a folder, without opening it."""
        with _told():
            found = self._imap.folder_status(name, ["UIDVALIDITY", "UIDNEXT"])
            return int(found[b"UIDVALIDITY"]), int(found[b"UIDNEXT"])

    def open(self, name: str) -> Opened:
        """Open a folder; what is asked from now on is about it. Raises FolderMissing."""
        try:
            with _told():
                found = self._imap.select_folder(name)
        except LineTrouble as trouble:
            said = trouble.words.lower()
            if trouble.reason is MailboxTrouble.REFUSED and any(word in said for word in _MISSING):
                raise FolderMissing(name, trouble.words) from None
            raise
        if b"UIDVALIDITY" not in found:
            raise LineTrouble(MailboxTrouble.REFUSED, f"{name} has no UIDVALIDITY")
        return Opened(
            name, int(found[b"UIDVALIDITY"]), int(found.get(b"UIDNEXT", 0)), int(found.get(b"EXISTS", 0))
        )

    # --- mails --------------------------------------------------------------------------------------

    def uids(self, *, above: int = 0, next_uid: int, since: date | None = None) -> list[int]:
        """The numbers of mails in the open folder above this one, rising; since: only those that came from that day on.

        next_uid is what `open` said, 0 if it said nothing; more may have come since.
        """
        found: list[int] = []
        low = above + 1
        while next_uid and low + UIDS_AT_ONCE < next_uid:
            found += self._search(f"{low}:{low + UIDS_AT_ONCE - 1}", since)
            low += UIDS_AT_ONCE
        found += [
            uid for uid in self._search(f"{low}:*", since) if uid >= low
        ]  # * is the last one in any event
        return sorted(found)

    def _search(self, span: str, since: date | None) -> list[int]:
        wanted: list[str | date] = ["UID", span] if since is None else ["UID", span, "SINCE", since]
        with _told():
            return [int(uid) for uid in self._imap.search(wanted)]

    def outsides(self, uids: Sequence[int]) -> dict[int, Outside]:
        """Sizes and times of mails; what vanished is left out."""
        with _told():
            found = self._imap.fetch(list(uids), ["RFC822.SIZE", "INTERNALDATE"])
        return {
            uid: Outside(int(said.get(b"RFC822.SIZE", 0)), said.get(b"INTERNALDATE"))
            for uid, said in found.items()
        }

    def bodies(self, uids: Sequence[int], *, at_most: int) -> dict[int, bytes]:
        """The bytes of mails, of each the first so many, unmarked; what vanished is left out."""
        with _told():
            found = self._imap.fetch(list(uids), [f"BODY.PEEK[]<0.{at_most}>"])
        return {uid: raw for uid, said in found.items() if (raw := _bytes_of(said)) is not None}

    def part(self, uid: int, *, start: int, length: int) -> bytes:
        """Some bytes of a mail; none beyond its end. Raises LineTrouble also when it vanished."""
        with _told():
            found = self._imap.fetch([uid], [f"BODY.PEEK[]<{start}.{length}>"])
        raw = _bytes_of(found.get(uid, {}))
        if raw is None:
            raise LineTrouble(MailboxTrouble.REFUSED, f"mail {uid} vanished")
        return raw

    def message_ids(self, uids: Sequence[int]) -> dict[int, str]:
        """The Message-IDs of mails, without brackets; what vanished or has none is left out."""
        with _told():
            found = self._imap.fetch(list(uids), ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
        ids: dict[int, str] = {}
        for uid, said in found.items():
            header = next((v for k, v in said.items() if k.startswith(b"BODY[HEADER")), b"") or b""
            value = header.partition(b":")[2].decode("utf-8", "replace")
            ids[uid] = " ".join(value.split()).strip("<> ")
        return {uid: known for uid, known in ids.items() if known}

    def results(self, uids: Sequence[int]) -> dict[int, bytes]:
        """What servers noted about the senders of mails: their Authentication-Results, header lines as they stand."""
        with _told():
            found = self._imap.fetch(list(uids), ["BODY.PEEK[HEADER.FIELDS (AUTHENTICATION-RESULTS)]"])
        return {
            uid: next((v for k, v in said.items() if k.startswith(b"BODY[HEADER")), b"") or b""
            for uid, said in found.items()
        }

    def has(self, message_id: str) -> bool:
        """Whether the open folder holds a mail of this Message-ID."""
        with _told():
            return bool(self._imap.search(["HEADER", "Message-ID", message_id]))

    # --- what is done about them --------------------------------------------------------------------

    def mark_read(self, uids: Sequence[int]) -> None:
        """Mark mails as read."""
        with _told():
            self._imap.add_flags(list(uids), [b"\\Seen"], silent=True)

    def move(self, uids: Sequence[int], *, to: str) -> None:
        """Move mails into another folder, which is made if need be."""
        self.make(to)
        with _told():
            if self._imap.has_capability("MOVE"):
                self._imap.move(list(uids), to)
                return
            self._imap.copy(list(uids), to)
        self.delete(uids)

    def delete(self, uids: Sequence[int]) -> None:
        """Delete these mails and no others. A server without UIDPLUS only marks them: EXPUNGE would take others too."""
        with _told():
            self._imap.add_flags(list(uids), [b"\\Deleted"], silent=True)
            if self._imap.has_capability("UIDPLUS"):
                self._imap.uid_expunge(list(uids))

    def append(self, folder: str, raw: bytes, *, at: datetime) -> None:
        """Put a mail into a folder, as read."""
        with _told():
            self._imap.append(folder, raw, flags=[b"\\Seen"], msg_time=at)

    def make(self, folder: str) -> None:
        """Make a folder that is not there."""
        with _told():
            if not self._imap.folder_exists(folder):
                self._imap.create_folder(folder)
                with suppress(IMAPClientError):  # not every server has subscriptions
                    self._imap.subscribe_folder(folder)

    # --- waiting ------------------------------------------------------------------------------------

    @property
    def can_wait(self) -> bool:
        """Whether the server tells of new mail by itself (IDLE)."""
        with _told():
            return bool(self._imap.has_capability("IDLE"))

    def wait(self, seconds: float, *, bell: int) -> bool:
        """Return when the server says something (True), the file descriptor `bell` can be read, or time is over."""
        with _told():
            self._imap.idle()
            try:
                is_news = self._listen(seconds, bell)
            finally:
                self._imap.idle_done()
        return is_news

    def _listen(self, seconds: float, bell: int) -> bool:
        poller = select.poll()  # not select(): a process may have more than 1,024 open
        poller.register(self._socket.fileno(), select.POLLIN)
        poller.register(bell, select.POLLIN)
        pending = isinstance(self._socket, ssl.SSLSocket) and self._socket.pending() > 0
        rang = poller.poll(0 if pending else seconds * 1000)
        if not pending and self._socket.fileno() not in (number for number, _ in rang):
            return False
        said = self._imap.idle_check(timeout=0)
        return not said or any(len(one) > 1 and one[1] in (b"EXISTS", b"EXPUNGE") for one in said)

    # --- the end ------------------------------------------------------------------------------------

    def close(self) -> None:
        """Say goodbye if the server still listens, and hang up."""
        with suppress(IMAPClientError, OSError):
            self._socket.settimeout(2.0)
            self._imap.logout()
            return
        with suppress(IMAPClientError, OSError):
            self._imap.shutdown()

    def cut_off(self) -> None:
        """End every wait on this line at once; called from another thread."""
        with suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _bytes_of(said: Mapping[bytes, object]) -> bytes | None:
    """The bytes among what was said of a mail; b"" for an empty one, None when there are none."""
    for name, value in said.items():
        if name.startswith(b"BODY[]"):
            return value if isinstance(value, bytes) else b""
    return None
