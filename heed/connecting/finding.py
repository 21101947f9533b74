"""Looks for the servers of an address: the table, DNS, the domain's own document, and at last usual names."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, TypeVar

from heed.channels.email.autoconfig import DOCUMENT_BYTES, addresses_of, read_autoconfig
from heed.channels.email.finding import (
    NOTHING,
    SRV_NAMES,
    Found,
    SrvRecord,
    domain_of,
    from_guesses,
    from_mail_servers,
    from_srv,
    from_table,
    guesses,
    together,
)
from heed.channels.email.providers import Place
from heed.kernel.outbound import DocumentFetcher, NotFetched
from heed.kernel.outbound.dns import Dns, DnsUnanswered, the_dns
from heed.kernel.outbound.probe import Prober

GUESS_SECONDS: Final = 6.0
"""For all usual names together: who waits for a page has no more patience."""
DOCUMENT_SECONDS: Final = 4.0
"""For the document of the domain, looked for at two places at once; all hops together."""
AT_ONCE: Final = 12
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Finder:
    """Where to look things up; tests give a name server and a trust of their own."""

    dns: Dns = field(default_factory=the_dns)
    prober: Prober = field(default_factory=lambda: Prober(outside_only=True))
    documents: DocumentFetcher = field(default_factory=DocumentFetcher)

    def find(self, address: str) -> Found:
        """What is known of an address's mail servers; nothing for what is no address. No network for known providers.

        Names that were guessed, or that a domain we know nothing of gave us, are only tried where they are public: an
        address in a form must not make the desk knock on doors inside. Raises OutboundInsideTransaction.
        """
        domain = domain_of(address)
        if not domain:
            return NOTHING
        known = from_table(domain)
        if known.provider is not None:
            return known
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="heed-find") as pool:
            asked = [pool.submit(self._srv, name, domain) for name in SRV_NAMES]
            servers = _or_nothing(lambda: [one.host for one in self.dns.mx(domain)])
            found = together(
                from_srv([record for answer in asked for record in answer.result()]),
                from_mail_servers(servers),
            )
            if found.is_whole or found.provider is not None:
                return found
            found = together(found, self._published(pool, address))
            if found.is_whole:
                return found
            places = [place for place in guesses(domain, servers) if _is_wanted(place, found)]
            ends = monotonic() + GUESS_SECONDS
            return together(found, from_guesses(self._tried(pool, places, ends)))

    def _published(self, pool: ThreadPoolExecutor, address: str) -> Found:
        """What the domain publishes about its servers, by the first of its two places that names any."""
        told = pool.map(lambda url: self._read(url, address), addresses_of(address))
        return next((found for found in told if found is not NOTHING), NOTHING)

    def _read(self, url: str, address: str) -> Found:
        try:
            document = self.documents.fetch(url, max_bytes=DOCUMENT_BYTES, timeout_seconds=DOCUMENT_SECONDS)
        except NotFetched:
            return NOTHING
        return read_autoconfig(document, address=address)

    def _srv(self, name: str, domain: str) -> list[SrvRecord]:
        records = _or_nothing(lambda: self.dns.srv(f"{name}.{domain}"))
        return [SrvRecord(name, one.host, one.port, one.priority, one.weight) for one in records]

    def _tried(self, pool: ThreadPoolExecutor, places: Sequence[Place], ends: float) -> list[Place]:
        """Those that answered as they should, in the order given."""

        def is_there(place: Place) -> bool:
            left = ends - monotonic()
            if left <= 0:
                return False
            seen = self.prober.probe(
                place.service, place.host, place.port, security=place.security, timeout_seconds=left
            )
            return seen.is_fine

        return [place for place, there in zip(places, pool.map(is_there, places), strict=True) if there]


def _is_wanted(place: Place, found: Found) -> bool:
    return found.sending is None if place.service == "smtp" else found.receiving is None


def _or_nothing(ask: Callable[[], list[T]]) -> list[T]:
    """What was answered; nothing when nobody answered, since other ways are left to find a server."""
    try:
        return ask()
    except DnsUnanswered:
        return []
