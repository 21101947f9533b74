"""Mail servers that only greet, on free ports of this machine, with certificates of every sound and unsound kind."""

import contextlib
import socket
import ssl
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from heed.kernel import clock

GREETINGS = {"imap": "* OK ready", "pop3": "+OK ready", "smtp": "220 mail.example ESMTP"}
ANSWERS = {
    "EHLO": "250-mail.example\r\n250 STARTTLS",
    "STARTTLS": "220 go on",
    "A STARTTLS": "a OK go on",
    "STLS": "+OK go on",
}


@dataclass
class Authority:
    """Somebody whose certificates are trusted by those who were told so."""

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        """Sign for oneself."""
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Testing Authority")])
        basic = x509.BasicConstraints(ca=True, path_length=None)
        built = self._builder(self.name, self.name, self.key, days=1).add_extension(basic, critical=True)
        self.certificate = built.sign(self.key, hashes.SHA256())
        self.path = self.folder / "authority.pem"
        self.path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def trust(self) -> ssl.SSLContext:
        """The trust of somebody who knows this authority and no other."""
        return ssl.create_default_context(cafile=str(self.path))

    def serve(self, host: str, *, days: int = 1, is_self_signed: bool = False) -> ssl.SSLContext:
        """What a server of this name shows. Negative days: it expired."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certify(host, days=days, is_self_signed=is_self_signed))
        return context

    def certify(self, host: str, *, days: int = 1, is_self_signed: bool = False) -> Path:
        """The file with key and certificate that a server of this name shows."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        try:
            known: x509.GeneralName = x509.IPAddress(ip_address(host))
        except ValueError:
            known = x509.DNSName(host)
        issuer, signer = (name, key) if is_self_signed else (self.name, self.key)
        built = self._builder(name, issuer, key, days=days)
        signed = built.add_extension(x509.SubjectAlternativeName([known]), critical=False).sign(
            signer, hashes.SHA256()
        )
        path = self.folder / f"{host}-{signed.serial_number}.pem"
        pem = serialization.Encoding.PEM
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path.write_bytes(private + signed.public_bytes(pem))
        return path

    def _builder(
        self, name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, *, days: int
    ) -> x509.CertificateBuilder:
        ends = clock.now() + timedelta(days=days)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(ends - timedelta(days=30))
            .not_valid_after(ends)
        )


@dataclass
class Greeter:
    """Greets as a mail server of a kind does; knows STARTTLS when it has something to show."""

    service: Literal["imap", "pop3", "smtp"] = "imap"
    tls: ssl.SSLContext | None = None
    is_tls_at_once: bool = False
    greeting: str = ""
    is_silent: bool = False
    connections: int = 0

    def __post_init__(self) -> None:
        """Take a free port."""
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)  # a thread that waits in accept would keep the port open
        self.server.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self.server.accept()
                self.connections += 1
                threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError), line:
            if self.is_tls_at_once:
                assert self.tls
                line = self.tls.wrap_socket(line, server_side=True)
            if not self.is_silent:
                line.sendall(f"{self.greeting or GREETINGS[self.service]}\r\n".encode())
            while words := line.recv(1_000):
                said = words.decode("latin-1").strip().upper()
                is_start = said in ("STARTTLS", "A STARTTLS", "STLS")
                answer = ANSWERS.get(said.split(" desk".upper())[0]) if self.tls or not is_start else None
                line.sendall(f"{answer or 'a BAD 500 -ERR what?'}\r\n".encode())
                if is_start and answer and self.tls:
                    line = self.tls.wrap_socket(line, server_side=True)
