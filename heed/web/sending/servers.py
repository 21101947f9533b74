"""A mail server as forms have it: typed into fields, read into the address that verbs take, and shown again."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from heed.kernel.outbound import SmtpSecurity, SmtpUrl
from heed.kernel.outbound.smtp import BY_TOKEN

SCHEMES: Final = {"tls": "smtps", "starttls": "smtp+starttls", "plain": "smtp"}
SECURITIES: Final = {
    SmtpSecurity.TLS: "tls",
    SmtpSecurity.STARTTLS: "starttls",
    SmtpSecurity.WHEN_OFFERED: "plain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedServer:
    """A server as it was filled in, but for its password, which never comes back. security: a key of SCHEMES."""

    host: str = ""
    port: str = ""
    security: str = "tls"
    user: str = ""

    @classmethod
    def of(cls, server: SmtpUrl | None) -> "TypedServer":
        """One that is set; an empty one without."""
        if server is None:
            return cls()
        return cls(
            host=server.host,
            port=str(server.port),
            security=SECURITIES[server.security],
            user=server.user or "",
        )

    def address(self, *, password: str) -> str:
        """As verbs take it. Raises ValueError, whose text is the field that can't be used, and why: host missing."""
        return self._address(f"{quote(self.user.strip(), safe='')}:{quote(password, safe='')}@")

    def address_by_token(self) -> str:
        """The same for a server that a provider's token lets us into."""
        return self._address(f"{quote(self.user.strip(), safe='')}{BY_TOKEN}@")

    def _address(self, who: str) -> str:
        host = self.host.strip()
        if not host:
            raise ValueError("host required")
        port = read_port(self.port)
        bare = f"[{host}]" if ":" in host else host
        log_in = who if self.user.strip() else ""
        text = f"{SCHEMES[self.security]}://{log_in}{bare}{f':{port}' if port else ''}"
        try:
            SmtpUrl.read(text)
        except ValueError:
            raise ValueError("host malformed") from None
        return text


def read_port(text: str) -> int:
    """A port; 0 for none, which means the usual one. Raises ValueError as TypedServer.address does."""
    tidy = text.strip()
    if not tidy:
        return 0
    if tidy.isascii() and tidy.isdigit() and len(tidy) < 6 and 0 < int(tidy) < 65_536:
        return int(tidy)
    raise ValueError("port malformed")
