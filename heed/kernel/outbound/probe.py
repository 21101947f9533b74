"""Whether a mail server is there, and in words what is wrong when it is not: resolves, connects, protects, listens.

Says nothing that needs an account: log-in is for those who speak the protocol.
"""

import socket
import ssl
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from time import monotonic
from typing import Final, Literal

from heed.kernel.outbound.guard import require_allowed
from heed.kernel.outbound.inside import Address, Resolver, is_public, resolve, system_resolver

LINE_BYTES: Final = 2_000
_GREETING: Final = {"imap": b"* ", "pop3": b"+OK", "smtp": b"220"}
_VERIFY_EXPIRED: Final = frozenset({10, 11, 14})  # OpenSSL: has expired, expired CRL, bad notAfter
_VERIFY_NOT_YET: Final = frozenset({9, 13})
_VERIFY_SELF_SIGNED: Final = frozenset({18, 19})
_VERIFY_OTHER_NAME: Final = frozenset({62, 64})  # another name, another address


class ProbeAnswer(StrEnum):
    """What became of looking at a server."""

    FINE = "fine"
    NO_NAME = "no_name"  # there is no host of this name
    INSIDE = "inside"  # it lies inside, and was not to be tried
    NO_ANSWER = "no_answer"  # nobody listens there, or a wall swallows what is sent
    CERTIFICATE_NAME = "certificate_name"  # it shows who it is, and is somebody else
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NOT_YET = "certificate_not_yet"
    CERTIFICATE_SELF_SIGNED = "certificate_self_signed"
    CERTIFICATE_UNKNOWN = "certificate_unknown"  # signed by nobody whom this machine trusts
    NO_TLS = "no_tls"  # it does not protect the line as it should: another port, or STARTTLS it has not
    NOT_MAIL = "not_mail"  # something answers, which is no such mail server


@dataclass(frozen=True, slots=True)
class Probe:
    """What was seen; words are the server's own, or the certificate's names."""

    answer: ProbeAnswer
    words: str = ""

    @property
    def is_fine(self) -> bool:
        """There is such a server, and it shows who it is."""
        return self.answer is ProbeAnswer.FINE


def certificate_trouble(error: ssl.SSLCertVerificationError) -> ProbeAnswer:
    """What is wrong with a certificate that was refused."""
    code = error.verify_code
    if code in _VERIFY_EXPIRED:
        return ProbeAnswer.CERTIFICATE_EXPIRED
    if code in _VERIFY_NOT_YET:
        return ProbeAnswer.CERTIFICATE_NOT_YET
    if code in _VERIFY_SELF_SIGNED:
        return ProbeAnswer.CERTIFICATE_SELF_SIGNED
    if code in _VERIFY_OTHER_NAME:
        return ProbeAnswer.CERTIFICATE_NAME
    return ProbeAnswer.CERTIFICATE_UNKNOWN


@dataclass(frozen=True, slots=True)
class Prober:
    """Looks at servers. outside_only: for names that nobody of ours chose, so that nobody can have us knock inside.

    Tests give another trust, a resolver, and inside addresses that count as public.
    """

    outside_only: bool = False
    counted_as_public: Collection[Address] = ()
    resolver: Resolver = system_resolver
    tls: ssl.SSLContext | None = None

    def probe(
        self,
        service: Literal["imap", "pop3", "smtp"],
        host: str,
        port: int,
        *,
        security: Literal["tls", "starttls", "plain"],
        timeout_seconds: float,
    ) -> Probe:
        """Look at a server, for at most so long in all. Raises OutboundInsideTransaction."""
        require_allowed()
        ends = monotonic() + timeout_seconds
        try:
            found = resolve(host, port, resolver=self.resolver, timeout_seconds=timeout_seconds)
        except TimeoutError:
            return Probe(ProbeAnswer.NO_ANSWER)
        except OSError:
            return Probe(ProbeAnswer.NO_NAME)
        if self.outside_only and not all(
            is_public(address) or address in self.counted_as_public for address in found
        ):
            return Probe(ProbeAnswer.INSIDE)
        line = _connect(found, port, ends)
        if line is None:
            return Probe(ProbeAnswer.NO_ANSWER)
        talk = _Talk(line, service, host, self.tls or ssl.create_default_context(), ends)
        try:
            return talk.look(security)
        except ssl.SSLCertVerificationError as error:
            return Probe(certificate_trouble(error), error.verify_message[:200])
        except ssl.SSLError:
            return Probe(ProbeAnswer.NO_TLS)
        except OSError:
            return Probe(ProbeAnswer.NO_TLS if talk.is_securing else ProbeAnswer.NO_ANSWER)
        finally:
            with suppress(OSError):
                talk.line.close()


def _connect(found: list[Address], port: int, ends: float) -> socket.socket | None:
    for number, address in enumerate(found[:3], 1):
        left = ends - monotonic()
        if left <= 0:
            return None
        with suppress(OSError):
            return socket.create_connection((str(address), port), left / (min(len(found), 3) - number + 1))
    return None


class _Talk:
    """A line to a server, and the few words that every kind of server says before a log-in."""

    def __init__(
        self, line: socket.socket, service: str, host: str, tls: ssl.SSLContext, ends: float
    ) -> None:
        self.line = line
        self.is_securing = False
        self._service = service
        self._host = host
        self._tls = tls
        self._ends = ends

    def look(self, security: str) -> Probe:
        if security == "tls":
            self._secure()
        greeting = self._read()
        if not greeting.startswith(_GREETING[self._service]):
            return Probe(ProbeAnswer.NOT_MAIL, _words(greeting))
        if security == "starttls" and not self._start_tls():
            return Probe(ProbeAnswer.NO_TLS, _words(greeting))
        return Probe(ProbeAnswer.FINE, _words(greeting))

    def _start_tls(self) -> bool:
        if self._service == "smtp":
            self._say(b"EHLO desk")
            while (answer := self._read()).startswith(b"250-"):
                pass
            self._say(b"STARTTLS")
            agreed = self._read().startswith(b"220")
        elif self._service == "imap":
            self._say(b"a STARTTLS")
            while (answer := self._read()).startswith(b"* "):
                pass
            agreed = answer.upper().startswith(b"A OK")
        else:
            self._say(b"STLS")
            agreed = self._read().startswith(b"+OK")
        if agreed:
            self._secure()
        return agreed

    def _secure(self) -> None:
        self.is_securing = True
        self.line.settimeout(self._left())
        name = self._host.strip("[]")
        self.line = self._tls.wrap_socket(self.line, server_hostname=name)
        self.is_securing = False

    def _say(self, words: bytes) -> None:
        self.line.settimeout(self._left())
        self.line.sendall(words + b"\r\n")

    def _read(self) -> bytes:
        """One line, without its end; at most so long."""
        held = bytearray()
        while len(held) < LINE_BYTES:
            self.line.settimeout(self._left())
            byte = self.line.recv(1)
            if not byte:
                raise ConnectionError("hung up")
            if byte == b"\n":
                break
            held += byte
        return bytes(held).rstrip(b"\r")

    def _left(self) -> float:
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _words(line: bytes) -> str:
    return " ".join(line.decode("utf-8", "replace").replace("\0", "").split())[:200]


def is_address(host: str) -> bool:
    """Whether this is an address in place of a name."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
