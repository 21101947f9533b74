"""The built-in mail server: takes mail by SMTP and LMTP, and says "accepted" only when it is kept.

``serve`` starts it in the running event loop (asyncio's or uvloop's). It knows no database: a ``Keeper`` says
which addresses are ours and keeps the mail. What it costs and refuses stands in ``ListenerLimits``.
"""

import asyncio
import socket
import ssl
from typing import Final

from heed.channels.email.listener_hall import Hall
from heed.channels.email.listener_protocol import LmtpProtocol, SmtpProtocol, tls_context
from heed.channels.email.listener_types import Accepted, Keeper, ListenerLimits
from heed.kernel.hostport import HostPort

__all__ = ["Accepted", "Keeper", "ListenerLimits", "Server", "Where", "serve", "tls_context"]

DEFAULT_LIMITS: Final = ListenerLimits()
GRACE_SECONDS: Final = 10.0
_BACKLOG: Final = 512

Where = HostPort | socket.socket
"""An address to listen at, or a socket that listens already and stays open when the listener ends."""


class Server:
    """A running listener. ``smtp`` and ``lmtp`` say where it really listens (port 0 asks for a free one)."""

    def __init__(self, hall: Hall) -> None:
        self.smtp: HostPort | None = None
        self.lmtp: HostPort | None = None
        self._hall = hall
        self._sockets: list[asyncio.Server] = []

    async def start(self, *, smtp: Where | None, lmtp: Where | None) -> None:
        """Begin to listen. Raises OSError when an address can't be had; then nothing listens."""
        try:
            if smtp is not None:
                self.smtp = await self._listen(SmtpProtocol, smtp)
            if lmtp is not None:
                self.lmtp = await self._listen(LmtpProtocol, lmtp)
        except OSError:
            await self.stop(grace_seconds=0)
            raise

    async def stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Take no new connection, let mails under way end within the time, keep what is whole."""
        for listening in self._sockets:
            listening.close()
        self._sockets.clear()
        await self._hall.close(grace_seconds)

    async def _listen(self, protocol: type[SmtpProtocol], where: Where) -> HostPort:
        create = self._hall.loop.create_server
        if isinstance(where, socket.socket):
            listening = await create(lambda: protocol(self._hall), sock=where.dup(), backlog=_BACKLOG)
            host = where.getsockname()[0]
        else:
            host = where.host
            listening = await create(lambda: protocol(self._hall), host, where.port, backlog=_BACKLOG)
        self._sockets.append(listening)
        return HostPort(host, listening.sockets[0].getsockname()[1])


async def serve(
    keeper: Keeper,
    *,
    smtp: Where | None,
    lmtp: Where | None,
    limits: ListenerLimits = DEFAULT_LIMITS,
    hostname: str = "localhost",
    tls: ssl.SSLContext | None = None,
) -> Server:
    """Start a listener at one or both doors; stop it with ``Server.stop``.

    hostname is what we call ourselves in the greeting; with tls, STARTTLS is offered. Raises OSError when an
    address can't be had.
    """
    server = Server(Hall(keeper, limits, hostname=hostname, tls=tls))
    await server.start(smtp=smtp, lmtp=lmtp)
    return server
