"""A listener on real sockets, and clients that say whatever they like."""

import asyncio
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from heed.channels.email.listener import Accepted, ListenerLimits, Server, serve
from heed.kernel.hostport import HostPort

MAIL = b"Subject: hello\r\n\r\n.dot\r\n..two\r\nbare\nline\rend\x00\xff\r\n"
LOCAL = HostPort("127.0.0.1", 0)


def small(lmtp_message_bytes: int) -> ListenerLimits:
    """Takes 100,000 bytes by SMTP, and by LMTP no more than all mails together may hold."""
    return ListenerLimits(
        smtp_message_bytes=100_000, lmtp_message_bytes=lmtp_message_bytes, in_flight_bytes=lmtp_message_bytes
    )


@dataclass
class Shelf:
    """Keeps mail in a list; can be told to fail, to wait, and to know fewer addresses."""

    mails: list[Accepted] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    broken: bool = False
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def accepts(self, address: str) -> bool:
        if address.startswith("broken"):
            raise OSError("the database is away")
        return address.endswith("@desk.example")

    def keep(self, accepted: Accepted) -> None:
        self.gate.wait(10)
        if self.broken or b"poison" in accepted.raw:
            raise OSError("disk full")
        self.mails.append(accepted)
        self.batches.append(1)

    def keep_many(self, batch: Sequence[Accepted]) -> None:
        self.gate.wait(10)
        if self.broken or any(b"poison" in accepted.raw for accepted in batch):
            raise OSError("disk full")
        self.mails.extend(batch)
        self.batches.append(len(batch))


class Running:
    """A listener in an event loop of its own thread."""

    def __init__(
        self, limits: ListenerLimits, tls: ssl.SSLContext | None, loop: asyncio.AbstractEventLoop
    ) -> None:
        shelf = Shelf()
        self.shelf = shelf
        self.loop = loop
        self.thread = threading.Thread(target=loop.run_forever)
        self.thread.start()
        starting = serve(shelf, smtp=LOCAL, lmtp=LOCAL, limits=limits, hostname="mail.desk.example", tls=tls)
        self.server: Server = asyncio.run_coroutine_threadsafe(starting, loop).result(5)
        assert self.server.smtp is not None
        assert self.server.lmtp is not None
        self.smtp_port = self.server.smtp.port
        self.lmtp_port = self.server.lmtp.port
        self.stopped = False

    def smtp(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.smtp_port, local_hostname="client.example", timeout=10)

    def lmtp(self) -> smtplib.LMTP:
        return smtplib.LMTP("127.0.0.1", self.lmtp_port, local_hostname="client.example")

    def raw(self) -> "Raw":
        return Raw(self.smtp_port)

    def stop(self, grace_seconds: float = 2) -> None:
        if not self.stopped:
            self.stopped = True
            asyncio.run_coroutine_threadsafe(self.server.stop(grace_seconds), self.loop).result(10)
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join(5)
            self.loop.close()


class Raw:
    """A client that says whatever it likes."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.file = self.socket.makefile("rb")

    def __enter__(self) -> "Raw":
        assert self.line().startswith(b"220 ")
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def line(self) -> bytes:
        return self.file.readline()

    def lines(self, count: int) -> list[bytes]:
        return [self.line()[:3] for _ in range(count)]

    def begin_mail(self) -> None:
        self.send(b"HELO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\n")
        assert self.lines(4) == [b"250", b"250", b"250", b"354"]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def as_sent(raw: bytes, client: smtplib.SMTP) -> tuple[int, bytes]:
    """DATA with bytes that smtplib would otherwise mend."""
    client.ehlo_or_helo_if_needed()
    client.mail("a@b.example")
    client.rcpt("help@desk.example")
    assert client.docmd("DATA")[0] == 354
    client.send(raw.replace(b"\r\n.", b"\r\n..") + b".\r\n")
    return client.getreply()


Start = Callable[..., Running]
