"""Sending mail over SMTP, and telling exactly what became of it for each recipient."""

import re
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Final, Protocol, Self
from urllib.parse import unquote, urlsplit

from heed.kernel.mail_words import MailboxTrouble
from heed.kernel.outbound.guard import require_allowed
from heed.kernel.outbound.lines import LineTrouble

_TEXT_CHARS: Final = 200
_UNSPEAKABLE: Final = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_REFUSED: Final = 535  # what a server says to a log-in that it does not take
BY_TOKEN: Final = ";AUTH=XOAUTH2"  # noqa: S105 - a way of logging in
"""Stands behind the user in an address whose server lets us in by a provider's access token (as in RFC 5092)."""


class SmtpSecurity(StrEnum):
    """How the connection is protected."""

    WHEN_OFFERED = "when offered"
    """STARTTLS if the server has it, whoever it is: as between mail servers."""
    STARTTLS = "starttls"
    """STARTTLS with a valid certificate, or nothing is sent."""
    TLS = "tls"
    """TLS from the first byte, with a valid certificate."""


_SCHEMES: Final = {
    "smtp": (SmtpSecurity.WHEN_OFFERED, 25),
    "smtp+starttls": (SmtpSecurity.STARTTLS, 587),
    "smtps": (SmtpSecurity.TLS, 465),
}


@dataclass(frozen=True, slots=True)
class SmtpUrl:
    """Where mail leaves, and who we are there."""

    host: str
    port: int
    security: SmtpSecurity = SmtpSecurity.WHEN_OFFERED
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    by_token: bool = False  # an OAuth access token lets us in, in place of a password

    @classmethod
    def read(cls, text: str) -> Self:
        """Read smtp://, smtp+starttls:// or smtps:// with [user:password@]host[:port]. Raises ValueError.

        Parts of user and password may be %-encoded; user;AUTH=XOAUTH2@ is let in by a token. Neither password nor
        token crosses a network in the clear: with one, smtp:// means smtp+starttls:// unless the host is this machine.
        """
        parts = urlsplit(text)
        host = parts.hostname or ""
        beyond = (
            parts.path.strip("/") or parts.query or parts.fragment
        )  # or a password with /, ? or # as it is
        if parts.scheme not in _SCHEMES or not host or _UNSPEAKABLE.search(host) or beyond:
            raise ValueError("an SMTP address is smtp[s]://[user:password@]host[:port]")
        security, port = _SCHEMES[parts.scheme]
        name, mark, way = (parts.username or "").partition(";")
        by_token = bool(mark)
        if by_token and (not name or parts.password or mark + way != BY_TOKEN):
            raise ValueError("by token means user;AUTH=XOAUTH2@host, without a password")
        if (parts.password or by_token) and security is SmtpSecurity.WHEN_OFFERED and host not in _LOOPBACK:
            security = SmtpSecurity.STARTTLS
        user = unquote(name) if name else None
        password = unquote(parts.password) if parts.password else None
        return cls(host, parts.port or port, security, user, password, by_token)


class TokenGiver(Protocol):
    """Who has the access token of an account. Both raise LineTrouble, with the provider's words."""

    def current(self) -> str:
        """One that should be good."""

    def renewed(self) -> str:
        """A new one, since the server refused the other."""


class SmtpResult(StrEnum):
    """What became of a mail for one recipient. Stored, so never renamed."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class SmtpAnswer:
    """What the server said about one recipient; code is None when it never came to an answer."""

    result: SmtpResult
    code: int | None
    text: str


@dataclass(frozen=True, slots=True)
class SmtpOutcome:
    """What became of one mail: an answer for each recipient, in the order given."""

    answers: dict[str, SmtpAnswer]

    @property
    def result(self) -> SmtpResult:
        """TEMPORARY while there is anybody to try again for; else PERMANENT if anybody was refused."""
        results = {answer.result for answer in self.answers.values()}
        for result in (SmtpResult.TEMPORARY, SmtpResult.PERMANENT):
            if result in results:
                return result
        return SmtpResult.ACCEPTED

    def recipients(self, result: SmtpResult) -> tuple[str, ...]:
        """Those who got this result."""
        return tuple(to for to, answer in self.answers.items() if answer.result is result)


class SmtpSession:
    """Sends mails over one connection, kept open between them and opened again when it was lost.

    timeout_seconds holds for each step. helo is what we call ourselves; tls replaces the usual trust. tokens are
    asked where the address says that a token lets us in.
    """

    def __init__(
        self,
        url: SmtpUrl,
        *,
        timeout_seconds: float,
        helo: str | None = None,
        tls: ssl.SSLContext | None = None,
        tokens: TokenGiver | None = None,
    ) -> None:
        self._url = url
        self._tokens = tokens
        self._timeout_seconds = timeout_seconds
        self._helo = helo
        self._tls = tls
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    @property
    def size_limit(self) -> int | None:
        """The largest mail that the server takes, as it says itself (RFC 1870); None: it says nothing."""
        told = self._connection.esmtp_features.get("size", "") if self._connection is not None else ""
        return int(told) if told.isascii() and told.isdigit() and len(told) < 18 and int(told) else None

    def send(self, raw: bytes, *, sender: str, recipients: Sequence[str]) -> SmtpOutcome:
        """Send one mail; every line end becomes CR LF. sender is empty for mails that nobody may bounce.

        What goes wrong on the way is TEMPORARY: no connection, a refused log-in, a server that goes away
        (even after it may have taken the mail: the same Message-ID can then arrive twice). Raises
        OutboundInsideTransaction.
        """
        require_allowed()
        answers: dict[str, SmtpAnswer] = {}
        try:
            connection = self._connected()
            _Transaction(connection, answers).send(_LINE_END.sub(b"\r\n", raw), sender, recipients)
        except smtplib.SMTPResponseException as error:
            self._drop()
            lost = _answer(SmtpResult.TEMPORARY, error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            lost = _answer(SmtpResult.TEMPORARY, None, str(error) or type(error).__name__)
        else:
            return SmtpOutcome({to: answers[to] for to in recipients})
        return SmtpOutcome({to: answers.get(to, lost) for to in recipients})

    def check(self) -> SmtpAnswer:
        """Connect, protect the line and log in, and send nothing. ACCEPTED: mail could be sent.

        What goes wrong is TEMPORARY, with the server's code and words. Raises OutboundInsideTransaction.
        """
        require_allowed()
        try:
            self._connected()
        except smtplib.SMTPResponseException as error:
            self._drop()
            return _answer(SmtpResult.TEMPORARY, error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return _answer(SmtpResult.TEMPORARY, None, str(error) or type(error).__name__)
        return SmtpAnswer(SmtpResult.ACCEPTED, None, "")

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None:
            try:
                if self._connection.rset()[0] == 250:
                    return self._connection
            except smtplib.SMTPException:
                pass  # it went away since the last mail; nothing is lost by that
            self._drop()
        self._connection = connection = self._new_connection()
        self._greet(connection)
        return connection

    def _new_connection(self) -> smtplib.SMTP:
        kind = {"local_hostname": self._helo, "timeout": self._timeout_seconds}
        host, port = self._url.host, self._url.port
        if self._url.security is SmtpSecurity.TLS:
            return smtplib.SMTP_SSL(host, port, **kind, context=self._trust())  # type: ignore[arg-type]  # a dict has one type
        return smtplib.SMTP(host, port, **kind)  # type: ignore[arg-type]  # a dict has one type

    def _greet(self, connection: smtplib.SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        required = self._url.security is SmtpSecurity.STARTTLS
        if required or (self._url.security is SmtpSecurity.WHEN_OFFERED and connection.has_extn("starttls")):
            connection.starttls(context=self._trust())
            connection.ehlo_or_helo_if_needed()
        if self._url.by_token:
            self._log_in_by_token(connection)
        elif self._url.user is not None:
            connection.login(self._url.user, self._url.password or "")

    def _log_in_by_token(self, connection: smtplib.SMTP) -> None:
        """Providers take tokens back before their time: a new one shows whether the leave itself is lost."""
        if self._tokens is None:
            raise smtplib.SMTPException("no provider has let the desk in")
        try:
            try:
                _show_token(connection, self._url.user or "", self._tokens.current())
            except smtplib.SMTPAuthenticationError:
                _show_token(connection, self._url.user or "", self._tokens.renewed())
        except LineTrouble as trouble:
            if trouble.reason is not MailboxTrouble.AUTHORIZATION_LOST:
                raise smtplib.SMTPException(str(trouble)) from None
            words = f"the provider no longer lets the desk in {trouble.words}".rstrip()
            raise smtplib.SMTPAuthenticationError(_REFUSED, words) from None

    def _trust(self) -> ssl.SSLContext:
        context = self._tls or ssl.create_default_context()
        if self._tls is None and self._url.security is SmtpSecurity.WHEN_OFFERED:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _leave(self) -> None:
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):  # every mail has its answer already
                self._connection.quit()
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _show_token(connection: smtplib.SMTP, user: str, token: str) -> None:
    """XOAUTH2: user and token in one word. To a refusal in JSON one answers with nothing, and is told the code then."""
    word = f"user={user}\1auth=Bearer {token}\1\1"
    if not word.isascii():
        raise smtplib.SMTPException("XOAUTH2 takes ASCII only")
    try:
        connection.auth("XOAUTH2", lambda challenge=None: word if challenge is None else "")
    except ValueError:  # a challenge that is no base64
        raise smtplib.SMTPException("the server speaks no XOAUTH2") from None


class _Transaction:
    """One mail on a connection. Fills in answers as it learns them; raises when the line is of no use."""

    def __init__(self, connection: smtplib.SMTP, answers: dict[str, SmtpAnswer]) -> None:
        self._connection = connection
        self._answers = answers

    def send(self, raw: bytes, sender: str, recipients: Sequence[str]) -> None:
        speakable = self._speakable(sender, recipients)
        if not speakable:
            return
        begun = self._say("MAIL", f"FROM:<{_ascii_domain(sender)}>{self._options(raw, sender, speakable)}")
        if begun.result is not SmtpResult.ACCEPTED:
            self._answers.update(dict.fromkeys(speakable, begun))
            return
        taken = []
        for to in speakable:
            answer = self._say("RCPT", f"TO:<{_ascii_domain(to)}>")
            if answer.code == 552:  # "too many recipients" of old servers (RFC 5321 4.5.3.1.10)
                answer = SmtpAnswer(SmtpResult.TEMPORARY, answer.code, answer.text)
            self._answers[to] = answer
            if answer.result is SmtpResult.ACCEPTED:
                taken.append(to)
                del self._answers[to]  # until the mail itself is taken
        if taken:
            self._answers.update(dict.fromkeys(taken, self._data(raw)))

    def _speakable(self, sender: str, recipients: Sequence[str]) -> list[str]:
        utf8 = self._connection.has_extn("smtputf8")
        speakable = []
        for to in recipients:
            both = _ascii_domain(sender) + _ascii_domain(to)
            if not to or _UNSPEAKABLE.search(both):
                self._answers[to] = SmtpAnswer(SmtpResult.PERMANENT, None, "not an address")
            elif not both.isascii() and not utf8:
                self._answers[to] = SmtpAnswer(SmtpResult.PERMANENT, None, "the server has no SMTPUTF8")
            else:
                speakable.append(to)
        return speakable

    def _options(self, raw: bytes, sender: str, recipients: Sequence[str]) -> str:
        options = ""
        if self._connection.has_extn("size"):
            options += f" SIZE={len(raw)}"
        if self._connection.has_extn("8bitmime") and not raw.isascii():
            options += " BODY=8BITMIME"
        if not all(_ascii_domain(address).isascii() for address in (sender, *recipients)):
            self._connection.command_encoding = "utf-8"
            options += " SMTPUTF8"
        return options

    def _data(self, raw: bytes) -> SmtpAnswer:
        try:
            return self._judge(*self._connection.data(raw))
        except smtplib.SMTPDataError as error:  # refused before a byte of it was sent
            return self._judge(error.smtp_code, error.smtp_error)

    def _say(self, verb: str, argument: str) -> SmtpAnswer:
        return self._judge(*self._connection.docmd(verb, argument))

    def _judge(self, code: int, text: bytes | str) -> SmtpAnswer:
        if code == 421 or not 200 <= code <= 599:
            raise smtplib.SMTPResponseException(code, text)
        kind = {2: SmtpResult.ACCEPTED, 5: SmtpResult.PERMANENT}.get(code // 100, SmtpResult.TEMPORARY)
        return _answer(kind, code, text)


def smtp_send(
    raw: bytes,
    *,
    sender: str,
    recipients: Sequence[str],
    url: SmtpUrl,
    timeout_seconds: float,
    tokens: TokenGiver | None = None,
) -> SmtpOutcome:
    """Send one mail over a connection of its own: ``SmtpSession.send`` says what is promised."""
    with SmtpSession(url, timeout_seconds=timeout_seconds, tokens=tokens) as session:
        return session.send(raw, sender=sender, recipients=recipients)


def _answer(result: SmtpResult, code: int | None, text: bytes | str) -> SmtpAnswer:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return SmtpAnswer(result, code, " ".join(words.replace("\0", "").split())[:_TEXT_CHARS])


def _ascii_domain(address: str) -> str:
    """Write a domain in ASCII where that alone makes the address so; any server takes it then."""
    local, at, domain = address.rpartition("@")
    if local.isascii() and not domain.isascii():
        try:
            return f"{local}{at}{domain.encode('idna').decode()}"
        except UnicodeError:
            return address
    return address
