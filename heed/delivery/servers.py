"""Which server an inbox's mail leaves through, and how long one that gave trouble is left alone."""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from time import monotonic

from heed.brands.models import Inbox
from heed.delivery.limits import Limits
from heed.delivery.mail import Built, provider_mail
from heed.kernel.config import config
from heed.kernel.outbound import (
    ProviderAccess,
    ProviderSession,
    SmtpOutcome,
    SmtpSession,
    SmtpUrl,
    TokenGiver,
)
from heed.kernel.secrets import Unsealable, unseal

FIRST_REST_SECONDS = 30.0
LONGEST_REST_SECONDS = 600.0
SHORT_PATIENCE_SECONDS = 10.0  # with a server that was in trouble a moment ago


Server = SmtpUrl | ProviderAccess
Session = SmtpSession | ProviderSession
TokensOf = Callable[[Inbox, str], TokenGiver]
"""Who has the tokens of an inbox's sending account, by its user name. A floor above knows; it hands this down."""


def open_session(
    server: Server, *, inbox: Inbox, timeout_seconds: float, tokens_of: TokensOf | None = None
) -> Session:
    """What sends an inbox's mails over one connection; nobody is connected to yet."""
    if isinstance(server, ProviderAccess):
        return ProviderSession(server, timeout_seconds=timeout_seconds)
    tokens = tokens_of(inbox, server.user or "") if tokens_of is not None and server.by_token else None
    return SmtpSession(server, timeout_seconds=timeout_seconds, tokens=tokens)


def hand_over(session: Session, mail: Built, recipients: Sequence[str]) -> SmtpOutcome:
    """Send one mail, as bytes or as a provider takes it. Raises OutboundInsideTransaction."""
    if isinstance(session, ProviderSession):
        theirs, written = provider_mail(mail, recipients)
        return session.send(theirs, recipients=written)
    return session.send(mail.raw, sender=mail.sender, recipients=recipients)


def host_of(server: Server) -> str:
    """What a server is called on pages: its host, or its provider's code."""
    return server.host if isinstance(server, SmtpUrl) else server.code


def key_of_server(server: Server | None) -> str:
    """What a server is called in rows: a keyed hash, since its address may hold a password."""
    match server:
        case SmtpUrl():  # whoever logs in, not how: a new password changes no limit
            told = f"{server.host}:{server.port} {server.user or ''}"
        case ProviderAccess():
            told = server.as_text()
        case _:
            told = "catcher"
    return hmac.new(config.secret_bytes(), f"heed server {told}".encode(), sha256).hexdigest()


def limits_of(inbox: Inbox) -> Limits:
    """How fast an inbox may send."""
    return Limits(inbox.sends_a_minute, inbox.sends_an_hour, inbox.sends_a_day)


class WrongServer(Exception):
    """The setting of an inbox's server can't be used: enter it again. Holds no part of it."""


def way_out(inbox: Inbox) -> Server | None:
    """How an inbox's mail leaves: its provider, else its server. None: the built-in catcher. Raises WrongServer."""
    if not inbox.provider:
        return server_of(inbox)
    try:
        return ProviderAccess.from_text(unseal(inbox.provider))
    except Unsealable:
        raise WrongServer("the provider's key was sealed with another secret") from None
    except ValueError:
        raise WrongServer("the provider's settings can't be used") from None


def server_of(inbox: Inbox) -> SmtpUrl | None:
    """The inbox's own mail server, else HEED_SMTP_URL; None: the built-in catcher. Raises WrongServer."""
    try:
        text = unseal(inbox.smtp_url) if inbox.smtp_url else config.smtp_url
        return SmtpUrl.read(text) if text else None
    except Unsealable:
        raise WrongServer("the server's password was sealed with another secret") from None
    except ValueError:
        raise WrongServer("the server's address is not smtp[s]://[user:password@]host[:port]") from None


@dataclass(slots=True)
class Health:
    """What this process saw of one server: how often it was in trouble in a row, until when it rests, and why."""

    troubles: int = 0
    rests_until: float = 0.0  # of monotonic()
    code: int | None = None
    words: str = ""

    @property
    def rests(self) -> bool:
        """True while it is left alone."""
        return monotonic() < self.rests_until

    def patience_seconds(self) -> float:
        """How long to wait for each of its answers."""
        usual = config.lease_seconds / 2
        return min(usual, SHORT_PATIENCE_SECONDS) if self.troubles else usual

    def trouble(self, code: int | None, words: str) -> None:
        """The connection was refused, lost or too slow. From the second time in a row it rests, ever longer."""
        self.troubles += 1
        self.code, self.words = code, words
        if self.troubles > 1:
            pause = FIRST_REST_SECONDS * 2 ** min(self.troubles - 2, 10)
            self.rests_until = monotonic() + min(pause, LONGEST_REST_SECONDS)

    def well(self) -> None:
        """It answered as it should."""
        self.troubles, self.rests_until = 0, 0.0


@dataclass(slots=True)
class Servers:
    """The health of all servers that this process has spoken to."""

    known: dict[Server, Health] = field(default_factory=dict)
    sizes: dict[int, int | None] = field(default_factory=dict)  # by inbox, as this process wrote it down last

    def health(self, server: Server) -> Health:
        """What is known of one server."""
        return self.known.setdefault(server, Health())

    def forget(self) -> None:
        """Know nothing again; for tests, where a port changes hands."""
        self.known.clear()
        self.sizes.clear()
