"""Asking the domain name system: TXT, MX, SRV, addresses and names of addresses, each within a time and remembered.

What does not exist is an empty list; what was not answered raises, since "no SPF record" and "nobody told us" are
not the same. Not taken up in heed.kernel.outbound itself: only those who ask pay for the library.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from time import monotonic
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from heed.kernel.config import config
from heed.kernel.errors import HeedError
from heed.kernel.hostport import HostPort
from heed.kernel.later import later
from heed.kernel.outbound.guard import require_allowed

if TYPE_CHECKING:
    import dns.exception
    import dns.name
    import dns.resolver
    import dns.reversename
else:
    dns = SimpleNamespace(
        exception=later("dns.exception"),
        name=later("dns.name"),
        resolver=later("dns.resolver"),
        reversename=later("dns.reversename"),
    )

TIMEOUT_SECONDS: Final = 4.0
"""For one question, with all its repetitions."""
TRY_SECONDS: Final = 1.5
"""For one name server to answer, before the next is asked."""
REMEMBERED: Final = 2_000
"""Answers kept, each as long as its owner says; what does not exist as long as the zone says."""
TROUBLE_SECONDS: Final = 30.0
"""A question that was not answered is not put again for so long."""
MOST_RECORDS: Final = 100
"""More of one kind under one name is no sound zone: the rest is left out."""


class DnsUnanswered(HeedError):
    """No name server answered this question in time, or all of them had trouble. It may be asked again later."""

    code, status = "dns_unanswered", 503


@dataclass(frozen=True, slots=True)
class Mx:
    """A mail server of a domain; the lower the preference, the earlier it is tried. An empty host: takes no mail."""

    preference: int
    host: str


@dataclass(frozen=True, slots=True)
class Srv:
    """Where a service of a domain is. An empty host: the domain says that it has no such service (RFC 2782)."""

    priority: int
    weight: int
    port: int
    host: str


@dataclass(slots=True)
class Dns:
    """Asks and remembers, for all threads of a process.

    nameserver: HOST:PORT of one to ask in place of the system's. Tests give a server of their own.
    """

    nameserver: str = ""
    timeout_seconds: float = TIMEOUT_SECONDS
    _resolver: "dns.resolver.Resolver | None" = field(default=None, init=False)
    _troubles: dict[tuple[str, str], float] = field(default_factory=dict, init=False)

    def txt(self, name: str) -> list[str]:
        """The texts at a name, each with its parts joined, what is no UTF-8 replaced. Raises DnsUnanswered."""
        return [b"".join(record.strings).decode("utf-8", "replace") for record in self._ask(name, "TXT")]

    def mx(self, name: str) -> list[Mx]:
        """A domain's mail servers, the first to try first. Raises DnsUnanswered."""
        found = [Mx(record.preference, _host(record.exchange)) for record in self._ask(name, "MX")]
        return sorted(found, key=lambda one: (one.preference, one.host))

    def mail_hosts(self, name: str) -> list[str]:
        """The names of a domain's mail servers, the first to try first. Raises DnsUnanswered."""
        return [one.host for one in self.mx(name) if one.host]

    def srv(self, name: str) -> list[Srv]:
        """Where a service is, in the order to try: lower priority first, then heavier. Raises DnsUnanswered."""
        found = [
            Srv(record.priority, record.weight, record.port, _host(record.target))
            for record in self._ask(name, "SRV")
        ]
        return sorted(found, key=lambda one: (one.priority, -one.weight, one.host))

    def addresses(self, name: str, *, kinds: Sequence[str] = ("A", "AAAA")) -> list[str]:
        """A host's addresses, IPv4 first. Raises DnsUnanswered."""
        return [record.address for kind in kinds for record in self._ask(name, kind)]

    def names_of(self, address: str) -> list[str]:
        """The names that an address gives itself (PTR). Raises DnsUnanswered, and ValueError for what is no address."""
        reverse = dns.reversename.from_address(str(ip_address(address)))
        return [_host(record.target) for record in self._ask(reverse.to_text(), "PTR")]

    def _ask(self, name: str, kind: str) -> list[Any]:
        """The records. Any: dnspython's classes of records have their fields at run time only."""
        require_allowed()
        try:
            # Without IDNA of its own: names with letters beyond ASCII are encoded as all other parts of the desk do.
            asked = dns.name.from_text(_ascii(name).rstrip(".") + ".")
        except (dns.exception.DNSException, UnicodeError):
            return []  # what is no name has no records
        key = (str(asked), kind)
        if monotonic() < self._troubles.get(key, 0.0):
            raise DnsUnanswered(kind)
        try:
            answer = self._asker().resolve(asked, kind, search=False, lifetime=self.timeout_seconds)
            return list(answer)[:MOST_RECORDS]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError):
            if len(self._troubles) >= REMEMBERED:
                self._troubles.clear()
            self._troubles[key] = monotonic() + TROUBLE_SECONDS
            raise DnsUnanswered(kind) from None

    def _asker(self) -> "dns.resolver.Resolver":
        """Made on first use: a machine without /etc/resolv.conf says so when it is asked, not when the desk starts."""
        if self._resolver is None:
            made = dns.resolver.Resolver(configure=not self.nameserver)
            if self.nameserver:
                where = HostPort.read(self.nameserver)
                made.nameservers, made.port = [where.host], where.port
            made.timeout = min(TRY_SECONDS, self.timeout_seconds)
            made.cache = dns.resolver.LRUCache(REMEMBERED)
            self._resolver = made
        return self._resolver


@cache
def the_dns() -> Dns:
    """The one of this process: HEED_DNS_SERVER, else what the system is set to."""
    return Dns(config.dns_server)


def _host(name: "dns.name.Name") -> str:
    return name.to_text(omit_final_dot=True).strip(".").lower()


def _ascii(name: str) -> str:
    return name if name.isascii() else name.encode("idna").decode()
