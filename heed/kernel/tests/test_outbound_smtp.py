"""Mail that leaves: who got it, who never will, whom to try again."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from heed.kernel import outbound
from heed.kernel.outbound import SmtpResult, SmtpSecurity, SmtpSession, SmtpUrl, smtp_send

MAIL = b"Subject: x\r\n\r\n.dot\r\nend\r\n"
FEATURES = "mail.example\nSIZE 1000000\n8BITMIME\nSMTPUTF8\nPIPELINING"


@dataclass
class Sink:
    """A mail server that answers from a table; a value of None hangs up."""

    replies: dict[str, str | None] = field(default_factory=dict)
    features: str = FEATURES
    tls: ssl.SSLContext | None = None
    tls_at_once: bool = False
    mails: list[bytes] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    connections: int = 0
    hang_up_after_mail: bool = False

    def __post_init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.server.accept()
                self.connections += 1
                threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError, ConnectionError):
            if self.tls_at_once:
                assert self.tls
                client = self.tls.wrap_socket(client, server_side=True)
            self._converse(client)
        client.close()

    def _converse(self, client: socket.socket) -> None:
        lines = client.makefile("rb")
        client.sendall((self.replies.get("GREETING") or "220 hello").encode() + b"\r\n")
        while line := lines.readline():
            verb, space, rest = line.decode().strip().partition(" ")
            command = verb.upper() + space + rest
            self.heard.append(command)
            reply = self._reply(command)
            if reply is None:
                return
            client.sendall(reply.encode() + b"\r\n")
            if reply.startswith("354"):
                answer = self._take(lines.readline).encode() + b"\r\n"
                hangs_up = self.hang_up_after_mail  # as it stands before the client may go on
                client.sendall(answer)
                if hangs_up:
                    return
            if command == "STARTTLS" and self.tls:
                client = self.tls.wrap_socket(client, server_side=True)
                lines = client.makefile("rb")

    def _reply(self, command: str) -> str | None:
        for beginning, reply in self.replies.items():
            if command.startswith(beginning):
                return reply
        if command.startswith("EHLO"):
            features = self.features.split("\n") + (["STARTTLS"] if self.tls else [])
            return "\r\n".join(f"250-{line}" for line in features) + "\r\n250 HELP"
        return {"DATA": "354 go", "STARTTLS": "220 go", "QUIT": "221 bye"}.get(command, "250 ok")

    def _take(self, readline: Callable[[], bytes]) -> str:
        mail = b""
        while (line := readline()) != b".\r\n":
            mail += line.removeprefix(b".")
        self.mails.append(mail)
        return self.replies.get("END") or "250 queued"

    def url(self, scheme: str = "smtp", who: str = "") -> SmtpUrl:
        return SmtpUrl.read(f"{scheme}://{who}localhost:{self.port}")


@pytest.fixture
def sink() -> Iterator[Callable[..., Sink]]:
    with contextlib.ExitStack() as stack:

        def make(**given: object) -> Sink:
            made = Sink(**given)  # type: ignore[arg-type]  # as the test gives them
            stack.callback(made.server.close)
            return made

        yield make


Sinks = Callable[..., Sink]


def send(
    to: Sink, *recipients: str, raw: bytes = MAIL, sender: str = "help@desk.example"
) -> outbound.SmtpOutcome:
    asked = recipients or ("dalia@b.example",)
    return smtp_send(raw, sender=sender, recipients=asked, url=to.url(), timeout_seconds=5)


def test_a_mail_is_accepted_as_it_is(sink: Sinks) -> None:
    server = sink()
    outcome = send(server)
    assert outcome.result is SmtpResult.ACCEPTED
    assert outcome.answers["dalia@b.example"].code == 250
    assert outcome.answers["dalia@b.example"].text == "queued"
    assert server.mails == [MAIL]
    assert f"MAIL FROM:<help@desk.example> SIZE={len(MAIL)}" in server.heard
    assert server.heard[-1] == "QUIT"


def test_each_recipient_has_its_own_answer(sink: Sinks) -> None:
    server = sink(replies={"RCPT TO:<no@": "550 5.1.1 nobody", "RCPT TO:<later@": "450 4.2.1 busy"})
    outcome = send(server, "yes@b.example", "no@b.example", "later@b.example")
    assert [answer.result for answer in outcome.answers.values()] == ["accepted", "permanent", "temporary"]
    assert outcome.answers["no@b.example"].text == "5.1.1 nobody"
    assert outcome.recipients(SmtpResult.TEMPORARY) == ("later@b.example",)
    assert outcome.result is SmtpResult.TEMPORARY
    assert server.mails == [MAIL]


@pytest.mark.parametrize(
    ("replies", "result", "code"),
    [
        ({"MAIL": "550 not you"}, "permanent", 550),
        ({"MAIL": "451 later"}, "temporary", 451),
        ({"RCPT": "552 too many recipients"}, "temporary", 552),
        ({"DATA": "554 no"}, "permanent", 554),
        ({"DATA": "451 later"}, "temporary", 451),
        ({"END": "554 5.7.1 spam"}, "permanent", 554),
        ({"END": "451 4.3.0 disk full"}, "temporary", 451),
        ({"END": "421 closing"}, "temporary", 421),
        ({"GREETING": "554 no service"}, "temporary", 554),
        ({"GREETING": "hello"}, "temporary", -1),
        ({"EHLO": "500 what", "HELO": "500 what"}, "temporary", 500),
        ({"MAIL": None}, "temporary", None),
        ({"RCPT": None}, "temporary", None),
        ({"DATA": None}, "temporary", None),
    ],
)
def test_refusals_of_the_mail_are_final_and_all_else_is_tried_again(
    sink: Sinks, replies: dict[str, str | None], result: str, code: int | None
) -> None:
    answer = send(sink(replies=replies)).answers["dalia@b.example"]
    assert (answer.result, answer.code) == (result, code)


def test_nobody_there_is_temporary_and_the_text_is_short(sink: Sinks) -> None:
    server = sink(replies={"END": "550 " + "x" * 400})
    assert len(send(server).answers["dalia@b.example"].text) == 200
    server.server.close()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    nowhere = SmtpUrl.read(f"smtp://127.0.0.1:{port}")
    outcome = smtp_send(MAIL, sender="", recipients=["a@b.example"], url=nowhere, timeout_seconds=1)
    assert outcome.result is SmtpResult.TEMPORARY
    assert outcome.answers["a@b.example"].code is None


def test_a_silent_server_is_temporary(sink: Sinks) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = SmtpUrl.read(f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        outcome = smtp_send(MAIL, sender="", recipients=["a@b.example"], url=url, timeout_seconds=0.2)
    assert outcome.result is SmtpResult.TEMPORARY


def test_one_connection_carries_many_mails_and_is_opened_again(sink: Sinks) -> None:
    server = sink()
    with SmtpSession(server.url(), timeout_seconds=5, helo="desk.example") as session:
        for _ in range(3):
            session.send(MAIL, sender="", recipients=["a@b.example"])
        assert server.connections == 1
        server.hang_up_after_mail = True
        for _ in range(2):
            assert session.send(MAIL, sender="", recipients=["a@b.example"]).result is SmtpResult.ACCEPTED
    assert server.connections == 2
    assert len(server.mails) == 5
    assert "EHLO desk.example" in server.heard


def test_nothing_can_be_smuggled_out(sink: Sinks) -> None:
    server = sink()
    raw = b"Subject: x\r\n\r\na\n.\nMAIL FROM:<forged@b.example>\r.\r\nend"
    assert send(server, raw=raw).result is SmtpResult.ACCEPTED
    assert server.mails == [b"Subject: x\r\n\r\na\r\n.\r\nMAIL FROM:<forged@b.example>\r\n.\r\nend\r\n"]
    outcome = send(server, "a@b.example>\r\nRCPT TO:<c@d.example", "e@f.example")
    assert [answer.result for answer in outcome.answers.values()] == ["permanent", "accepted"]
    assert not any("c@d.example" in command for command in server.heard)


def test_other_scripts_need_a_server_that_takes_them(sink: Sinks) -> None:
    new, old = sink(), sink(features="mail.example")
    assert send(new, "jürgen@b.example", raw=b"S: \xc3\xbc\r\n").result is SmtpResult.ACCEPTED
    assert "MAIL FROM:<help@desk.example> SIZE=7 BODY=8BITMIME SMTPUTF8" in new.heard
    assert "RCPT TO:<jürgen@b.example>" in new.heard
    assert send(old, "jürgen@b.example").result is SmtpResult.PERMANENT
    assert send(old, "dalia@bücher.example").result is SmtpResult.ACCEPTED
    assert "RCPT TO:<dalia@xn--bcher-kva.example>" in old.heard


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in ("localhost", "images.example")])
    signed = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + signed.public_bytes(pem))
    return path


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("scheme", ["smtp", "smtp+starttls", "smtps"])
def test_mail_leaves_encrypted(
    sink: Sinks, server_tls: ssl.SSLContext, certificate: Path, scheme: str
) -> None:
    server = sink(tls=server_tls, tls_at_once=scheme == "smtps")
    trusting = ssl.create_default_context(cafile=str(certificate))
    with SmtpSession(server.url(scheme), timeout_seconds=5, tls=trusting) as session:
        outcome = session.send(MAIL, sender="", recipients=["a@b.example"])
    assert outcome.result is SmtpResult.ACCEPTED
    assert ("STARTTLS" in server.heard) == (scheme != "smtps")


def test_a_stranger_with_a_certificate_is_good_enough_only_when_nothing_was_asked(
    sink: Sinks, server_tls: ssl.SSLContext
) -> None:
    server = sink(tls=server_tls)
    assert send(server).result is SmtpResult.ACCEPTED
    assert "STARTTLS" in server.heard
    for scheme in ("smtp+starttls", "smtps"):
        asked = sink(tls=server_tls, tls_at_once=scheme == "smtps")
        outcome = smtp_send(MAIL, sender="", recipients=["a@b"], url=asked.url(scheme), timeout_seconds=5)
        assert outcome.result is SmtpResult.TEMPORARY
        assert asked.mails == []


def test_a_required_protection_that_is_missing_sends_nothing(sink: Sinks) -> None:
    server = sink()
    url = server.url("smtp+starttls", "user:word@")
    outcome = smtp_send(MAIL, sender="", recipients=["a@b.example"], url=url, timeout_seconds=5)
    assert outcome.result is SmtpResult.TEMPORARY
    assert not any(command.startswith(("AUTH", "MAIL")) for command in server.heard)


def test_a_log_in_works_and_a_refused_one_is_tried_again(sink: Sinks) -> None:
    features = FEATURES + "\nAUTH PLAIN"
    for replies, result in (({}, "accepted"), ({"AUTH": "535 5.7.8 wrong"}, "temporary")):
        server = sink(features=features, replies={"AUTH": "235 welcome"} | replies)
        url = server.url(who="user:word@")
        outcome = smtp_send(MAIL, sender="", recipients=["a@b.example"], url=url, timeout_seconds=5)
        assert outcome.result == result
        assert any(command.startswith("AUTH PLAIN ") for command in server.heard)


def test_urls_say_where_and_how() -> None:
    assert SmtpUrl.read("smtp://mail.example") == SmtpUrl("mail.example", 25)
    assert SmtpUrl.read("smtps://u%40x:p%2F@mail.example") == SmtpUrl(
        "mail.example", 465, SmtpSecurity.TLS, "u@x", "p/"
    )
    assert SmtpUrl.read("smtp+starttls://mail.example").port == 587
    assert SmtpUrl.read("smtp://u:p@mail.example:25").security is SmtpSecurity.STARTTLS
    assert SmtpUrl.read("smtp://u:p@localhost:25").security is SmtpSecurity.WHEN_OFFERED
    by_token = SmtpUrl.read("smtp://u%40x;AUTH=XOAUTH2@mail.example")
    assert (by_token.user, by_token.by_token, by_token.security) == ("u@x", True, SmtpSecurity.STARTTLS)
    assert not SmtpUrl.read("smtp://u%3BAUTH=XOAUTH2@mail.example").by_token
    for wrong in (";AUTH=XOAUTH2", "u;AUTH=XOAUTH2:p", "u;AUTH=PLAIN", "u;"):
        with pytest.raises(ValueError, match="token"):
            SmtpUrl.read(f"smtp://{wrong}@mail.example")
    assert "secretword" not in repr(SmtpUrl.read("smtps://u:secretword@mail.example"))
    for text in ("", "http://mail.example", "mail.example:25", "smtp://", "smtp://x:99999", "smtp://x/path"):
        with pytest.raises(ValueError, match=r"smtp|ort"):
            SmtpUrl.read(text)


@pytest.mark.parametrize("url", ["smtp://u:12#word@mail.example", "smtp://u:1/2@mail.example", "smtp://a b"])
def test_a_password_that_is_not_encoded_never_becomes_another_host(url: str) -> None:
    assert SmtpUrl.read("smtp://u:12%23word@mail.example").password == "12#word"
    with pytest.raises(ValueError, match="smtp"):
        SmtpUrl.read(url)


def test_nothing_leaves_inside_a_unit_of_work(sink: Sinks) -> None:
    server = sink()
    with outbound.forbidden(), pytest.raises(outbound.OutboundInsideTransaction):
        send(server)
    with outbound.forbidden():
        with outbound.forbidden():
            pass
        with pytest.raises(outbound.OutboundInsideTransaction):
            outbound.fetch_image("https://images.example/a.png", max_bytes=1, timeout_seconds=1)
    assert server.connections == 0
    assert send(server).result is SmtpResult.ACCEPTED
