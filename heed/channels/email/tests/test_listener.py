"""The listener on real sockets: what is told "accepted" is kept, and nothing else is."""

import asyncio
import contextlib
import smtplib
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from heed.channels.email.listener import ListenerLimits, serve, tls_context
from heed.channels.email.tests.listening import MAIL, Shelf, Start, as_sent, small
from heed.kernel.hostport import HostPort


def test_a_mail_by_smtp_is_kept_as_it_was_sent(start: Start) -> None:
    running = start()
    with running.smtp() as client:
        code, _ = as_sent(MAIL, client)
    assert code == 250
    [kept] = running.shelf.mails
    assert kept.raw == MAIL
    assert (kept.protocol, kept.peer, kept.helo) == ("smtp", "127.0.0.1", "client.example")
    assert (kept.mail_from, kept.recipients) == ("a@b.example", ("help@desk.example",))
    assert kept.received_at.tzinfo is not None


def test_a_mail_by_lmtp_is_answered_once_for_each_recipient(start: Start) -> None:
    running = start()
    with running.lmtp() as client:
        client.ehlo()
        client.mail("")
        assert client.rcpt("help@desk.example")[0] == 250
        assert client.rcpt("nobody@elsewhere.example")[0] == 550
        assert client.rcpt("sales@desk.example")[0] == 250
        client.docmd("DATA")
        client.send(MAIL.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        assert [client.getreply()[0], client.getreply()[0]] == [250, 250]
        assert client.noop()[0] == 250
        assert client.helo()[0] == 500
    [kept] = running.shelf.mails
    assert (kept.protocol, kept.mail_from) == ("lmtp", "")
    assert kept.recipients == ("help@desk.example", "sales@desk.example")


def test_smtplib_sends_many_on_one_connection(start: Start) -> None:
    running = start()
    with running.smtp() as client:
        for number in range(20):
            to = ["help@desk.example", "no@where.example"]
            refused = client.sendmail("a@b.example", to, f"Subject: {number}\n\n.x")
            assert list(refused) == ["no@where.example"]
            assert refused["no@where.example"][0] == 550
    assert [mail.raw for mail in running.shelf.mails] == [b"Subject: %d\r\n\r\n.x\r\n" % n for n in range(20)]


def test_a_socket_that_listens_already_is_used_and_stays_open() -> None:
    async def listen(sock: socket.socket) -> HostPort | None:
        server = await serve(Shelf(), smtp=sock, lmtp=None)
        await server.stop()
        return server.smtp

    with socket.create_server(("127.0.0.1", 0)) as sock:
        where = HostPort(*sock.getsockname())
        assert asyncio.run(listen(sock)) == where
        assert asyncio.run(listen(sock)) == where


def test_an_address_in_use_is_told_and_nothing_listens() -> None:
    async def listen(taken: HostPort) -> None:
        with pytest.raises(OSError, match="in use"):
            await serve(Shelf(), smtp=HostPort("127.0.0.1", 0), lmtp=taken)

    with socket.create_server(("127.0.0.1", 0)) as sock:
        asyncio.run(listen(HostPort(*sock.getsockname())))


def test_limits_that_let_no_mail_in_are_refused() -> None:
    assert ListenerLimits.for_mails_of(300_000_000).in_flight_bytes == 1_200_000_000
    with pytest.raises(ValueError, match="in_flight_bytes"):
        ListenerLimits(in_flight_bytes=1_000)


def test_accepted_is_said_only_after_keeping(start: Start) -> None:
    running = start()
    running.shelf.gate.clear()
    with running.raw() as client:
        client.begin_mail()
        client.send(b"Subject: x\r\n\r\n.\r\n")
        client.socket.settimeout(0.2)
        with pytest.raises(TimeoutError):
            client.socket.recv(1)
        running.shelf.gate.set()
        client.socket.settimeout(5)
        assert client.socket.recv(100).startswith(b"250 ")
    assert len(running.shelf.mails) == 1


def test_what_cannot_be_kept_is_answered_try_again(start: Start) -> None:
    running = start()
    running.shelf.broken = True
    with running.smtp() as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail("a@b.example", "help@desk.example", MAIL)
    assert refused.value.smtp_code == 451
    with running.lmtp() as client:
        client.ehlo()
        client.mail("a@b.example")
        client.rcpt("help@desk.example")
        client.rcpt("sales@desk.example")
        client.docmd("DATA")
        client.send(b"x\r\n.\r\n")
        assert [client.getreply()[0], client.getreply()[0]] == [451, 451]
    assert running.shelf.mails == []


def test_who_waits_shares_one_commit_and_a_bad_mail_harms_nobody(start: Start) -> None:
    running = start()
    running.shelf.gate.clear()
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(running.raw()) for _ in range(6)]
        for number, client in enumerate(clients):
            client.begin_mail()
            client.send(b"poison\r\n.\r\n" if number == 3 else b"good %d\r\n.\r\n" % number)
        time.sleep(0.2)
        running.shelf.gate.set()
        answers = [client.line()[:3] for client in clients]
    assert answers == [b"250", b"250", b"250", b"451", b"250", b"250"]
    assert sorted(mail.raw for mail in running.shelf.mails) == [b"good %d\r\n" % n for n in (0, 1, 2, 4, 5)]
    assert sum(running.shelf.batches) == 5


def test_waiting_mails_are_kept_together(start: Start) -> None:
    running = start()
    running.shelf.gate.clear()
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(running.raw()) for _ in range(8)]
        for client in clients:
            client.begin_mail()
            client.send(b"good\r\n.\r\n")
        time.sleep(0.2)
        running.shelf.gate.set()
        assert [client.line()[:3] for client in clients] == [b"250"] * 8
    assert len(running.shelf.batches) <= 3


def test_unknown_recipients_are_refused_and_a_broken_lookup_is_none(start: Start) -> None:
    with start().smtp() as client:
        client.ehlo()
        client.mail("a@b.example")
        assert client.rcpt("nobody@elsewhere.example") == (550, b"5.1.1 no such address here")
        assert client.rcpt("broken@desk.example")[0] == 451
        assert client.docmd("DATA")[0] == 503


def test_too_large_is_refused_when_announced_and_when_sent(start: Start) -> None:
    running = start(small(200_000))
    with running.smtp() as client:
        client.ehlo()
        assert client.esmtp_features["size"] == "100000"
        assert client.mail("a@b.example", ["size=100001"]) == (552, b"5.3.4 larger than 100000 bytes")
        code, text = as_sent(b"x" * 5_000_000 + b"\r\n", client)
        assert (code, text[:5]) == (552, b"5.3.4")
        assert as_sent(MAIL, client)[0] == 250
    with running.lmtp() as client:
        assert as_sent(b"x" * 150_000 + b"\r\n", client)[0] == 250
    assert [len(mail.raw) for mail in running.shelf.mails] == [len(MAIL), 150_002]


def test_mails_beyond_the_shared_room_try_again(start: Start) -> None:
    running = start(small(100_000))
    with running.raw() as first, running.smtp() as second:
        first.begin_mail()
        first.send(b"x" * 90_000)
        time.sleep(0.2)
        assert as_sent(b"y" * 50_000 + b"\r\n", second)[0] == 452
        first.send(b"\r\n.\r\n")
        assert first.line()[:3] == b"250"
        assert as_sent(b"y" * 50_000 + b"\r\n", second)[0] == 250


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + signed.public_bytes(pem))
    return path


def test_starttls_protects_a_mail(start: Start, certificate: Path) -> None:
    running = start(tls=tls_context(str(certificate), str(certificate)))
    trusting = ssl.create_default_context(cafile=str(certificate))
    mail = b"Subject: secret\r\n\r\n" + b"z" * 300_000 + b"\r\n"
    with smtplib.SMTP("localhost", running.smtp_port, timeout=10) as client:
        client.ehlo()
        assert client.has_extn("starttls")
        assert client.starttls(context=trusting)[0] == 220
        assert client.docmd("MAIL", "FROM:<a@b.example>")[0] == 503  # nothing said before counts
        client.ehlo()
        assert not client.has_extn("starttls")
        assert as_sent(mail, client)[0] == 250
        assert as_sent(MAIL, client)[0] == 250
    assert [kept.raw for kept in running.shelf.mails] == [mail, MAIL]


def test_commands_slipped_in_before_tls_are_dropped(start: Start, certificate: Path) -> None:
    running = start(tls=tls_context(str(certificate), str(certificate)))
    trusting = ssl.create_default_context(cafile=str(certificate))
    with running.raw() as client:
        client.send(b"EHLO x\r\nSTARTTLS\r\nEHLO forged\r\nMAIL FROM:<forged@b.example>\r\n")
        while client.line()[:3] != b"220":
            pass
        secured = trusting.wrap_socket(client.socket, server_hostname="localhost")
        secured.sendall(b"NOOP\r\n")
        assert secured.recv(100)[:4] == b"250 "
        secured.sendall(b"MAIL FROM:<a@b.example>\r\n")
        assert secured.recv(100)[:3] == b"503"
        secured.close()
