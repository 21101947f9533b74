"""Which mail servers an address has, decided from what others looked up: pure.

In this order: the table of providers by the address's own domain, what the domain says itself (SRV, RFC 6186 and 8314),
the table by the domain's mail servers (MX), what the domain publishes for mail programs (autoconfig.py), and at last
names that many domains have, which have to be tried.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from heed.channels.email.providers import (
    Place,
    Provider,
    Security,
    Service,
    provider_of_domain,
    provider_of_mail_server,
)

SRV_NAMES: Final[Mapping[str, tuple[Service, Security]]] = {
    "_imaps._tcp": ("imap", "tls"),
    "_imap._tcp": ("imap", "starttls"),
    "_pop3s._tcp": ("pop3", "tls"),
    "_pop3._tcp": ("pop3", "starttls"),
    "_submissions._tcp": ("smtp", "tls"),
    "_submission._tcp": ("smtp", "starttls"),
}
"""What is asked of a domain. TLS from the first byte comes first (RFC 8314); a line without TLS is never proposed."""

DOMAIN_CHARACTERS: Final = 253


class Source(StrEnum):
    """How a server was found."""

    TABLE = "table"  # the provider of this domain is known
    SRV = "srv"  # the domain says so itself
    MX = "mx"  # the provider that takes the domain's mail is known
    AUTOCONFIG = "autoconfig"  # the domain says so itself, in a document for mail programs
    GUESS = "guess"  # a usual name, which answered


@dataclass(frozen=True, slots=True)
class SrvRecord:
    """One answer to one of SRV_NAMES; without a host the domain says that it has no such service."""

    name: str
    host: str
    port: int
    priority: int = 0
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of an address's servers: the best for receiving and for sending, and what the provider asks."""

    receiving: Place | None
    sending: Place | None
    source: Source | None
    provider: Provider | None = None
    pop3: Place | None = None  # beside IMAP, for those who have nothing else
    user_name: str = ""  # for receiving, where it was said; empty: the address is a good guess
    send_user_name: str = ""

    @property
    def is_whole(self) -> bool:
        """Nothing more has to be looked for."""
        return self.receiving is not None and self.sending is not None


NOTHING: Final = Found(None, None, None)


def domain_of(address: str) -> str:
    """The domain of an address in ASCII and lower case; empty when it has none that could be looked up."""
    local, at, domain = address.strip().rpartition("@")
    try:
        name = domain.rstrip(".").encode("idna").decode().lower() if not domain.isascii() else domain.lower()
    except UnicodeError:
        return ""
    labels = name.rstrip(".").split(".")
    sound = all(
        0 < len(label) <= 63 and label.replace("-", "").replace("_", "").isalnum() for label in labels
    )
    fits = bool(local and at) and len(labels) > 1 and len(name) <= DOMAIN_CHARACTERS
    return ".".join(labels) if sound and fits else ""


def from_table(domain: str) -> Found:
    """What the table of providers says of a domain."""
    provider = provider_of_domain(domain)
    return _of_provider(provider, Source.TABLE) if provider else NOTHING


def from_mail_servers(hosts: Sequence[str]) -> Found:
    """What the table says of the mail servers of a domain, the first to try first."""
    for host in hosts:
        if provider := provider_of_mail_server(host):
            return _of_provider(provider, Source.MX)
    return NOTHING


def _of_provider(provider: Provider, source: Source) -> Found:
    found = _best(provider.places, source)
    return replace(found, provider=provider)


def from_srv(records: Sequence[SrvRecord]) -> Found:
    """What a domain says itself: for each service TLS before STARTTLS, then priority and weight. IMAP before POP3."""
    order = list(SRV_NAMES)
    usable = sorted(
        (
            record
            for record in records
            if record.host and 0 < record.port <= 65_535 and record.name in SRV_NAMES
        ),
        key=lambda one: (order.index(one.name), one.priority, -one.weight, one.host),
    )
    places = [
        Place(SRV_NAMES[one.name][0], one.host.rstrip(".").lower(), one.port, SRV_NAMES[one.name][1])
        for one in usable
    ]
    found = _best(places, Source.SRV)
    return found if found.receiving or found.sending else NOTHING


def _best(places: Sequence[Place], source: Source) -> Found:
    def first(service: Service) -> Place | None:
        return next((place for place in places if place.service == service), None)

    imap, pop3 = first("imap"), first("pop3")
    return Found(imap or pop3, first("smtp"), source, pop3=pop3 if imap else None)


@dataclass(frozen=True, slots=True)
class Offer:
    """A server that a document names, and the user name there; empty: it does not say."""

    place: Place
    user_name: str = ""


def from_offers(offers: Sequence[Offer]) -> Found:
    """What a document of the domain's own comes to; of each service it names the best first."""
    found = _best([offer.place for offer in offers], Source.AUTOCONFIG)
    if not (found.receiving or found.sending):
        return NOTHING
    users = {offer.place: offer.user_name for offer in reversed(offers)}
    return replace(
        found,
        user_name=users[found.receiving] if found.receiving else "",
        send_user_name=users[found.sending] if found.sending else "",
    )


def guesses(domain: str, mail_servers: Sequence[str] = ()) -> list[Place]:
    """Usual names to try, those for one service in the order of preference. Only with TLS."""
    names = [f"mail.{domain}", domain, *(host for host in mail_servers[:1] if host)]
    imap = [f"imap.{domain}", *names]
    smtp = [f"smtp.{domain}", *names]
    return [
        *(Place("imap", host, 993, "tls") for host in dict.fromkeys(imap)),
        *(Place("smtp", host, 465, "tls") for host in dict.fromkeys(smtp)),
        *(Place("smtp", host, 587, "starttls") for host in dict.fromkeys(smtp)),
        *(Place("pop3", host, 995, "tls") for host in (f"pop.{domain}", f"mail.{domain}")),
    ]


def from_guesses(answered: Sequence[Place]) -> Found:
    """What the tried names come to; `answered` are those of guesses() whose server is one, in its order."""
    found = _best(answered, Source.GUESS)
    return found if found.receiving or found.sending else NOTHING


def together(first: Found, then: Found) -> Found:
    """What is known, filled up with what was found later."""
    return Found(
        receiving=first.receiving or then.receiving,
        sending=first.sending or then.sending,
        source=first.source if first.receiving or first.sending else then.source or first.source,
        provider=first.provider or then.provider,
        pop3=first.pop3 if first.receiving else then.pop3,
        user_name=first.user_name if first.receiving else then.user_name,
        send_user_name=first.send_user_name if first.sending else then.send_user_name,
    )
