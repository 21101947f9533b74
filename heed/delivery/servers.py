"""Which server an inbox's mail leaves through, and how long one that gave trouble is left alone."""

from dataclasses import dataclass, field
from time import monotonic

from heed.brands.models import Inbox
from heed.kernel.config import config
from heed.kernel.outbound import SmtpUrl
from heed.kernel.secrets import Unsealable, unseal

FIRST_REST_SECONDS = 30.0
LONGEST_REST_SECONDS = 600.0
SHORT_PATIENCE_SECONDS = 10.0  # with a server that was in trouble a moment ago


class WrongServer(Exception):
    """The setting of an inbox's server can't be used: enter it again. Holds no part of it."""


def server_of(inbox: Inbox) -> SmtpUrl | None:
    """The inbox's own server, else HEED_SMTP_URL; None: the built-in catcher. Raises WrongServer."""
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

    known: dict[SmtpUrl, Health] = field(default_factory=dict)

    def health(self, url: SmtpUrl) -> Health:
        """What is known of one server."""
        return self.known.setdefault(url, Health())

    def forget(self) -> None:
        """Know nothing again; for tests, where a port changes hands."""
        self.known.clear()
