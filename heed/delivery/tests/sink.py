"""A real SMTP server that takes mail into a list, and misbehaves as a test tells it to."""

import asyncio
import logging
import re
import threading
from base64 import b64decode
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's: a line for each command
MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One mail that the sink took."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message_id(self) -> str:
        found = MESSAGE_ID.search(self.raw)
        assert found is not None
        return found[1].decode()


class Hung(Exception):
    """Raised by a hook: the server hangs up without a word."""


async def _nothing(sink: "Sink") -> None:
    """Misbehave not at all."""


@dataclass
class Sink:
    """Hooks run at named points; one that raises Hung ends the connection there.

    `answers` are the replies to RCPT by address, `data_answers` the replies to the next mails' bytes.
    """

    answers: dict[str, str] = field(default_factory=dict)
    data_answers: list[str] = field(default_factory=list)
    at_mail: Callable[["Sink"], Awaitable[None]] = _nothing
    at_data: Callable[["Sink"], Awaitable[None]] = _nothing  # after DATA, before the bytes
    before_250: Callable[["Sink"], Awaitable[None]] = _nothing  # the mail is taken, nobody knows yet
    after_250: Callable[["Sink"], Awaitable[None]] = _nothing
    mails: list[Arrived] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # addresses of every RCPT
    connections: int = 0
    size_limit: int = 33_554_432  # bytes, as it says in its greeting
    port: int = 0
    tokens: Mapping[str, str] | None = None  # good access tokens, with their users: only XOAUTH2 lets in then
    shown: list[str] = field(default_factory=list)  # tokens that were shown

    def __enter__(self) -> Self:
        started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self._loop.create_server(self._smtp, "127.0.0.1", self.port))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _smtp(self) -> SMTP:
        self.connections += 1
        return _Server(self, loop=self._loop)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"smtp://127.0.0.1:{self.port}"

    def copies(self) -> Counter[str]:
        """How often each Message-ID arrived."""
        return Counter(mail.message_id for mail in self.mails)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        assert isinstance(server, _Server)
        await server.misbehave(self.at_mail)
        if self.tokens is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.append(address)
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.data_answers.pop(0) if self.data_answers else "250 OK"
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.mails.append(Arrived(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        assert isinstance(server, _Server)
        await server.misbehave(self.before_250)
        return answer

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        """As Google and Microsoft do: a refusal says why in a challenge, and gives its code after the answer."""
        said = dict(part.split("=", 1) for part in b64decode(args[1]).decode().split("\1") if part)
        token = said["auth"].removeprefix("Bearer ")
        self.shown.append(token)
        if (self.tokens or {}).get(token) == said["user"]:
            return AuthResult(success=True)
        await server.challenge_auth('{"status":"401","schemes":"bearer","scope":"mail"}')
        return AuthResult(success=False, handled=False)

    async def handle_exception(self, error: Exception) -> str:
        return f"451 {type(error).__name__}"


class _Server(SMTP):
    """aiosmtpd's server with two more points to misbehave at."""

    def __init__(self, sink: Sink, *, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            sink,
            loop=loop,
            enable_SMTPUTF8=True,
            timeout=60,
            data_size_limit=sink.size_limit,
            auth_require_tls=sink.tokens is None,
        )
        self.sink = sink

    async def push(self, status: Any) -> None:
        await super().push(status)
        text = status if isinstance(status, bytes) else str(status).encode()
        if text.startswith(b"354"):
            await self.misbehave(self.sink.at_data)

    async def smtp_DATA(self, arg: str) -> None:
        taken = len(self.sink.mails)
        await super().smtp_DATA(arg)
        if len(self.sink.mails) > taken:
            await self.misbehave(self.sink.after_250)

    async def misbehave(self, hook: Callable[[Sink], Awaitable[None]]) -> None:
        """Run a hook; when it says so, hang up."""
        try:
            await hook(self.sink)
        except Hung:
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.abort()
            raise ConnectionResetError from None
