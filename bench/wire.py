"""Plain sockets: SMTP as a sending mail server speaks it, as light as can be, and one exchange of bytes."""

import asyncio
import socket
from collections.abc import Iterator, Sequence

from bench.mails import Mail

CONNECTIONS = 8


class Refused(Exception):
    """The desk did not take a mail; the text is its answer."""


def send_all(port: int, mails: Sequence[Mail]) -> None:
    """Return when every mail was taken. Raises Refused."""
    asyncio.run(_send_all(port, mails))


async def _send_all(port: int, mails: Sequence[Mail]) -> None:
    rest = iter(mails)
    await asyncio.gather(*(_connection(port, rest) for _ in range(CONNECTIONS)))


async def _connection(port: int, rest: Iterator[Mail]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await _expect(reader, 220)
    writer.write(b"EHLO sender.example\r\n")
    await _expect(reader, 250)
    for mail in rest:
        writer.write(f"MAIL FROM:<{mail.sender}>\r\nRCPT TO:<{mail.recipient}>\r\nDATA\r\n".encode())
        for code in (250, 250, 354):
            await _expect(reader, code)
        body = mail.raw.replace(b"\r\n.", b"\r\n..")
        writer.write(body + (b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n"))
        await _expect(reader, 250)
    writer.write(b"QUIT\r\n")
    await _expect(reader, 221)
    writer.close()


async def _expect(reader: asyncio.StreamReader, code: int) -> None:
    line = b"-"
    while line[3:4] == b"-" or line == b"-":
        line = await reader.readline()
    if line[:3] != str(code).encode():
        raise Refused(line.decode("ascii", "replace"))


def exchange(port: int, request: bytes) -> bytes:
    """Send this, and give all that comes back until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request)
        answer = bytearray()
        while part := connection.recv(65_536):
            answer += part
    return bytes(answer)
