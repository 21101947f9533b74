"""A name server of our own, on a free port of this machine: it knows what a test tells it, and nothing else."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from heed.kernel.outbound.dns import Dns

SECONDS_TO_LIVE = 60
BYTES_OF_A_PACKET = 512
TRIES = 50


@dataclass
class NameServer:
    """Answers from `zone`: (name, kind) -> records. `silent` names get no answer, `troubled` ones SERVFAIL."""

    zone: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    troubled: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take a free port, the same for both kinds of connection."""
        self.udp, self.tcp = _same_port()
        self.port: int = self.udp.getsockname()[1]
        for work in (self._packets, self._connections):
            threading.Thread(target=work, daemon=True).start()

    @property
    def address(self) -> str:
        """HOST:PORT, as HEED_DNS_SERVER says it."""
        return f"127.0.0.1:{self.port}"

    def add(self, name: str, kind: str, *records: str) -> None:
        """Know these records from now on; a TXT is quoted here, in parts of 255 characters."""
        quoted = [_quoted(record) for record in records] if kind == "TXT" else list(records)
        self.zone.setdefault((name.rstrip(".").lower(), kind), []).extend(quoted)

    def asker(self, *, timeout_seconds: float = 2.0) -> Dns:
        """One that asks this server, and remembers nothing yet."""
        return Dns(self.address, timeout_seconds=timeout_seconds)

    def close(self) -> None:
        """Give the port back."""
        for port in (self.udp, self.tcp):
            with contextlib.suppress(OSError):
                port.shutdown(socket.SHUT_RDWR)  # a thread that waits would keep it open
            port.close()

    def _packets(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                packet, sender = self.udp.recvfrom(4_096)
                if not packet:
                    return  # closed
                if (answer := self._answer(packet)) is not None:
                    if len(answer) > BYTES_OF_A_PACKET:
                        answer = self._cut(packet)
                    self.udp.sendto(answer, sender)

    def _connections(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self.tcp.accept()
                with line:
                    length = int.from_bytes(line.recv(2), "big")
                    answer = self._answer(line.recv(length))
                    if answer is not None:
                        line.sendall(len(answer).to_bytes(2, "big") + answer)

    def _answer(self, packet: bytes) -> bytes | None:
        query = dns.message.from_wire(packet)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if name in self.troubled:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif records := self.zone.get((name, kind)):
            response.answer.append(
                dns.rrset.from_text_list(question.name, SECONDS_TO_LIVE, "IN", kind, records)
            )
        elif all(known != name for known, _ in self.zone):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire(max_size=65_535)

    def _cut(self, packet: bytes) -> bytes:
        response = dns.message.make_response(dns.message.from_wire(packet))
        response.flags |= dns.flags.TC | dns.flags.RA
        return response.to_wire()


@contextlib.contextmanager
def name_server() -> Iterator[NameServer]:
    """A name server for as long as this lasts."""
    server = NameServer()
    try:
        yield server
    finally:
        server.close()


def _same_port() -> tuple[socket.socket, socket.socket]:
    """One for packets and one for connections: what is free for one may be taken for the other."""
    for _ in range(TRIES):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        try:
            return udp, socket.create_server(("127.0.0.1", udp.getsockname()[1]))
        except OSError:
            udp.close()
    raise AssertionError("no port is free for both")


def _quoted(text: str) -> str:
    escaped = [
        text[start : start + 255].replace("\\", "\\\\").replace('"', '\\"')
        for start in range(0, len(text), 255)
    ]
    return " ".join(f'"{part}"' for part in escaped or [""])
