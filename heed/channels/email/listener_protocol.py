"""One SMTP or LMTP connection.

aiosmtpd gives the protocol plumbing and the small commands. Replaced here are the command loop (CR LF only,
pipelining, limits), the parsing of paths (a regular expression in place of the e-mail parser), TLS (through
the loop, so that uvloop works) and the reading of mail (chunks in place of lines, which cost half the time).
"""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Iterable
from typing import AnyStr, ClassVar, Final, Literal, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from heed.channels.email.listener_commit import NotKept
from heed.channels.email.listener_content import Content, Trouble
from heed.channels.email.listener_hall import Hall
from heed.channels.email.listener_path import Path, read_path
from heed.channels.email.listener_types import Accepted
from heed.kernel import clock

log = logging.getLogger(__name__)

BUFFER_BYTES: Final = 64 * 1024
CHUNK_BYTES: Final = 4 * BUFFER_BYTES
_MAIL_OPTIONS: Final = frozenset({"BODY=7BIT", "BODY=8BITMIME", "SMTPUTF8"})


def _unread(reader: asyncio.StreamReader) -> bytearray:
    # asyncio has no public way to look ahead, push back or drop; aiosmtpd reaches in here as well.
    return cast(bytearray, vars(reader)["_buffer"])


def _continue_on(
    transport: asyncio.Transport, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    # StreamWriter.start_tls (3.11) forgets the reader, whose flow control would pause the wrong transport.
    vars(reader)["_transport"] = transport
    vars(writer)["_transport"] = transport


class SmtpProtocol(SMTP):
    """Speaks SMTP with one client; a mail is answered with 250 only when the keeper has it."""

    name: ClassVar[Literal["smtp", "lmtp"]] = "smtp"
    greeting: ClassVar[str] = "ESMTP"
    verbs: ClassVar[tuple[str, ...]] = (
        "HELO", "EHLO", "STARTTLS", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "VRFY", "QUIT",
    )  # fmt: skip
    line_length_limit = BUFFER_BYTES

    def __init__(self, hall: Hall) -> None:
        super().__init__(
            None,
            data_size_limit=self.message_bytes(hall),
            enable_SMTPUTF8=True,
            hostname=hall.hostname,
            tls_context=hall.tls,
            timeout=hall.limits.idle_seconds,
            loop=hall.loop,
        )
        self._hall = hall
        self._largest = self.message_bytes(hall)
        self._answers: dict[bytes, Callable[[str | None], Awaitable[None]]] = {
            verb.encode(): self._smtp_methods[verb] for verb in self.verbs
        }
        self._replies: list[bytes] = []
        self._commands = 0
        self._faults = 0
        self._heard_at = hall.loop.time()
        self._reading_line = False
        self._keeping = False
        self._over = False

    def __dir__(self) -> Iterable[str]:
        """The names that aiosmtpd looks for in each new connection; the whole list would cost it 1 ms."""
        return [f"smtp_{verb}" for verb in self.verbs]

    @staticmethod
    def message_bytes(hall: Hall) -> int:
        """The largest mail taken at this door."""
        return hall.limits.smtp_message_bytes

    @property
    def _client(self) -> Session:
        assert self.session is not None  # since connection_made
        return self.session

    @property
    def _mail(self) -> Envelope:
        assert self.envelope is not None  # since connection_made
        return self.envelope

    def _forget_mail(self) -> None:
        self.envelope = self._create_envelope()

    # --- the connection ------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, or turn the client away when there are too many."""
        self._hall.enter(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """End; a mail that was not whole is forgotten, one that was is kept."""
        self._hall.leave(self)
        super().connection_lost(error)

    def eof_received(self) -> bool:
        """Answer what was sent before the client closed its side; TLS can't be open on one side only."""
        asyncio.StreamReaderProtocol.eof_received(self)
        return self._client.ssl is None

    def _reset_timeout(self, duration: float | None = None) -> None:
        self._heard_at = self.loop.time()
        if self._timeout_handle is None:
            self._timeout_handle = self.loop.call_later(self._timeout_duration, self._timeout_cb)

    def _timeout_cb(self) -> None:
        # One timer for the whole connection, set again when it rings early: cheaper than one a command.
        idle = self.loop.time() - self._heard_at
        if self._keeping or idle < self._timeout_duration:
            wait = self._timeout_duration if self._keeping else self._timeout_duration - idle
            self._timeout_handle = self.loop.call_later(wait, self._timeout_cb)
        else:
            self._hang_up("421 4.4.2 nothing heard for too long, closing")

    def cut_off(self) -> None:
        """Close at once; a mail that is not whole is forgotten."""
        self._writer.transport.abort()

    def ask_to_leave(self) -> None:
        """Close between two mails: now when nothing is going on, else after the mail."""
        if self._reading_line and self._mail.mail_from is None:
            self._hang_up("421 4.3.2 closing down, try again soon")

    def _hang_up(self, reply: str) -> None:
        self._over = True
        if self.transport is not None:
            self._say(reply)
            self._send_replies()
            self._writer.transport.close()
            if self._writer.transport.get_write_buffer_size():  # it doesn't read: closing would wait for it
                self._writer.transport.abort()

    # --- the loop ------------------------------------------------------------------------------------

    async def _handle_client(self) -> None:
        try:
            await self._converse()
        except (OSError, asyncio.IncompleteReadError) as error:
            log.debug("%r went away: %r", self._client.peer, error)
        finally:
            self._send_replies()
            self._writer.close()

    async def _converse(self) -> None:
        if self._hall.is_full():
            self._say("421 4.7.0 too many connections, try again soon")
            return
        self._say(f"220 {self.hostname} {self.greeting} Heed")
        while not self._over:
            line = await self._next_line()
            self._commands += 1
            if line is None:
                self._fault("500 5.5.6 command line too long")
            else:
                await self._answer(line)
            self._enforce_limits()

    async def _next_line(self) -> bytes | None:
        if b"\n" not in _unread(self._reader):  # replies to pipelined commands leave together
            await self._flush()
        self._reading_line = True
        try:
            line: bytes = await self._reader.readuntil(b"\n")
        except asyncio.LimitOverrunError as overrun:
            await self._skip_line(overrun.consumed)
            return None
        finally:
            self._reading_line = False
        return line if len(line) <= self._hall.limits.command_bytes else None

    async def _skip_line(self, size: int) -> None:
        while True:
            await self._reader.readexactly(size)
            try:
                await self._reader.readuntil(b"\n")
            except asyncio.LimitOverrunError as overrun:
                size = overrun.consumed
            else:
                return

    async def _answer(self, line: bytes) -> None:
        if not line.endswith(b"\r\n"):
            self._fault("500 5.5.2 a command ends with CR LF")
            return
        verb, _, rest = line[:-2].partition(b" ")
        answer = self._answers.get(verb.upper())
        if answer is None:
            self._fault("500 5.5.1 unknown command")
            return
        self._reset_timeout()
        await answer(rest.decode("utf-8", "surrogateescape").strip() or None)

    def _enforce_limits(self) -> None:
        if self._over:
            return
        limits = self._hall.limits
        if self._commands > limits.commands or self._faults > limits.faults:
            self._hang_up("421 4.7.0 too many commands without a mail, closing")
        elif self._hall.closing and self._mail.mail_from is None:
            self._hang_up("421 4.3.2 closing down, try again soon")

    def _say(self, reply: str) -> None:
        self._replies.append(reply.encode() + b"\r\n")

    def _fault(self, reply: str) -> None:
        self._faults += 1
        self._say(reply)

    def _send_replies(self) -> None:
        if self._replies:
            self._writer.write(b"".join(self._replies))
            self._replies.clear()

    async def _flush(self) -> None:
        self._send_replies()
        await self._writer.drain()

    async def push(self, status: AnyStr) -> None:
        """Say something; the small commands of aiosmtpd answer through this."""
        self._say(str(status))

    # --- commands ------------------------------------------------------------------------------------

    async def smtp_EHLO(self, hostname: str | None) -> None:
        """Greet and name what we can."""
        if not hostname:
            self._fault("501 5.5.4 a name is missing")
            return
        self._forget_mail()
        self._client.extended_smtp = True
        self._client.host_name = hostname
        lines = [self.hostname, "PIPELINING", f"SIZE {self._largest}", "8BITMIME", "SMTPUTF8"]
        if self._hall.tls and self._client.ssl is None:
            lines.append("STARTTLS")
        for line in lines:
            self._say(f"250-{line}")
        self._say("250 ENHANCEDSTATUSCODES")

    async def smtp_VRFY(self, arg: str | None) -> None:
        """Tell nobody who exists."""
        self._say("252 2.5.0 send some mail and see")

    async def smtp_QUIT(self, arg: str | None) -> None:
        """Part."""
        self._say("221 2.0.0 bye")
        self._over = True

    async def smtp_STARTTLS(self, arg: str | None) -> None:
        """Change to TLS and forget what was said before (RFC 3207)."""
        if arg:
            self._fault("501 5.5.4 STARTTLS takes nothing")
            return
        if self._hall.tls is None or self._client.ssl is not None:
            self._fault("503 5.5.1 no TLS here, or already")
            return
        self._say("220 2.0.0 go ahead")
        await self._flush()
        # What came in the clear behind the command could be somebody else's (CVE-2024-34083): drop it, with
        # nothing awaited between this and the change.
        _unread(self._reader).clear()
        transport = await self.loop.start_tls(
            self._writer.transport, self, self._hall.tls, server_side=True, ssl_handshake_timeout=30
        )
        if transport is None:
            raise ConnectionAbortedError("gone during the handshake")
        _continue_on(transport, self._reader, self._writer)
        self.transport = transport
        peer = self._client.peer
        self.session = self._create_session()
        self._client.peer = peer
        self._client.ssl = {"ssl_object": transport.get_extra_info("ssl_object")}
        self._forget_mail()

    async def smtp_MAIL(self, arg: str | None) -> None:
        """Begin a mail."""
        path = read_path(arg, "FROM:")
        if not self._client.host_name:
            self._fault("503 5.5.1 say hello first")
        elif self._mail.mail_from is not None:
            self._fault("503 5.5.1 there is a mail already")
        elif path is None:
            self._fault("501 5.1.7 I expect MAIL FROM:<address>")
        elif refused := self._refuse_options(path):
            self._fault(refused)
        else:
            self._mail.mail_from = path.address
            self._say("250 2.1.0 ok")

    def _refuse_options(self, path: Path) -> str | None:
        for option in path.options:
            if option.startswith("SIZE=") and option[5:].isdecimal() and len(option) <= 25:
                if int(option[5:]) > self._largest:
                    return self._too_large()
            elif option not in _MAIL_OPTIONS:
                return "555 5.5.4 unknown option"
        return None

    async def smtp_RCPT(self, arg: str | None) -> None:
        """Add a recipient that is ours."""
        path = read_path(arg, "TO:")
        if self._mail.mail_from is None:
            self._fault("503 5.5.1 MAIL comes first")
        elif path is None or not path.address:
            self._fault("501 5.1.3 I expect RCPT TO:<address>")
        elif path.options:
            self._fault("555 5.5.4 unknown option")
        elif len(self._mail.rcpt_tos) >= self._hall.limits.recipients:
            self._say("452 4.5.3 too many recipients, send them another copy")
        else:
            await self._take_recipient(path.address)

    async def _take_recipient(self, address: str) -> None:
        known = await self._hall.knows(address)
        if known is None:
            self._say("451 4.3.0 can't tell now, try again later")
        elif known:
            self._mail.rcpt_tos.append(address)
            self._say("250 2.1.5 ok")
        else:
            self._fault("550 5.1.1 no such address here")

    async def smtp_DATA(self, arg: str | None) -> None:
        """Take the mail and answer when it is kept."""
        if arg:
            self._fault("501 5.5.4 DATA takes nothing")
            return
        if not self._mail.rcpt_tos:
            self._fault("503 5.5.1 no recipient")
            return
        self._say("354 end with <CR><LF>.<CR><LF>")
        await self._flush()
        content = Content(limit=self._largest, room=self._hall.room)
        try:
            async with asyncio.timeout(self._hall.limits.message_seconds):
                await self._receive(content)
            reply = await self._keep(content)
        except TimeoutError:
            self._hang_up("421 4.4.2 this mail takes too long, closing")
            return
        finally:
            content.close()
        for _ in range(self._replies_to_data()):
            self._say(reply)
        self._forget_mail()

    def _replies_to_data(self) -> int:
        return 1

    async def _receive(self, content: Content) -> None:
        rest = None
        while rest is None:
            chunk = await self._reader.read(CHUNK_BYTES)
            if not chunk:
                raise ConnectionResetError("closed within a mail")
            self._heard_at = self.loop.time()
            rest = content.feed(chunk)
        _unread(self._reader)[:0] = rest

    async def _keep(self, content: Content) -> str:
        if content.trouble is Trouble.TOO_LARGE:
            self._faults += 1
            return self._too_large()
        if content.trouble is Trouble.NO_ROOM:
            return "452 4.3.1 too much mail at once, try again later"
        self._keeping = True
        try:
            await self._hall.commits.keep(self._accepted(content.take()))
        except NotKept:
            return "451 4.3.0 not kept, try again later"
        finally:
            self._keeping = False
            self._reset_timeout()
        self._commands = self._faults = 0
        return "250 2.0.0 kept"

    def _accepted(self, raw: bytes) -> Accepted:
        peer: object = self._client.peer  # declared as text by aiosmtpd, but it is what the socket says
        return Accepted(
            protocol=self.name,
            peer=str(peer[0]) if isinstance(peer, tuple) else "",
            helo=(self._client.host_name or "").encode("unicode_escape").decode()[:255],
            mail_from=self._mail.mail_from or "",
            recipients=tuple(dict.fromkeys(self._mail.rcpt_tos)),
            raw=raw,
            received_at=clock.now(),
        )

    def _too_large(self) -> str:
        return f"552 5.3.4 larger than {self._largest} bytes"


class LmtpProtocol(SmtpProtocol):
    """The same in LMTP (RFC 2033): LHLO, and after a mail one reply for each recipient."""

    name = "lmtp"
    greeting = "LMTP"
    verbs = ("LHLO", "STARTTLS", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "VRFY", "QUIT")

    @staticmethod
    def message_bytes(hall: Hall) -> int:
        """The largest mail taken at this door."""
        return hall.limits.lmtp_message_bytes

    async def smtp_LHLO(self, hostname: str | None) -> None:
        """Greet and name what we can."""
        await self.smtp_EHLO(hostname)

    def _replies_to_data(self) -> int:
        return len(self._mail.rcpt_tos)


def tls_context(certificate: str, key: str) -> ssl.SSLContext:
    """A context for STARTTLS from two PEM files. Raises OSError or ssl.SSLError."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context
