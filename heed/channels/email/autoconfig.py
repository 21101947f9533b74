"""Reads what a domain publishes about its mail servers for mail programs: config-v1.1.xml, Thunderbird's scheme. Pure.

The document comes from whoever runs a domain, so nothing in it is believed: no document type and so no entities, a few
hundred elements, short texts, names of hosts and no addresses, and never a line without TLS.
"""

import re
from dataclasses import dataclass, field
from typing import Any, Final, cast
from xml.parsers import expat

from heed.channels.email.finding import Found, Offer, domain_of, from_offers
from heed.channels.email.providers import Place, Security, Service

DOCUMENT_BYTES: Final = 65_536
ELEMENTS: Final = 500
DEPTH: Final = 10
TEXT_CHARACTERS: Final = 300
USER_CHARACTERS: Final = 254
_SECURITIES: Final[dict[str, Security]] = {"ssl": "tls", "starttls": "starttls"}
_SERVICES: Final = {"incomingserver": ("imap", "pop3"), "outgoingserver": ("smtp",)}
_FIELDS: Final = frozenset({"hostname", "port", "sockettype", "username"})
_NUMERIC: Final = re.compile(r"[0-9.]+")


def addresses_of(address: str) -> tuple[str, ...]:
    """Where the document of an address's domain is looked for, the likelier first; nothing for what is no address."""
    domain = domain_of(address)
    if not domain:
        return ()
    return (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    )


class Refused(ValueError):
    """The document is none that anybody needs: it has a document type, or never ends."""


@dataclass(slots=True)
class _Reader:
    """Collects servers while the document is walked through."""

    offers: list[dict[str, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # of open elements
    elements: int = 0
    server: dict[str, str] | None = None
    text: str = ""

    def refuse(self, *_: object) -> None:
        raise Refused("a document type")

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.names.append(name.rpartition(" ")[2].lower())
        if self.elements > ELEMENTS or len(self.names) > DEPTH:
            raise Refused("too many elements")
        kind = attributes.get("type", "").lower()
        if kind in _SERVICES.get(self.names[-1], ()):
            self.server = {"type": kind}
        self.text = ""

    def say(self, text: str) -> None:
        self.text = (self.text + text)[:TEXT_CHARACTERS]

    def end(self, _: str) -> None:
        name = self.names.pop()
        if self.server is not None and name in _FIELDS:
            self.server.setdefault(name, self.text.strip())
        elif self.server is not None and name in _SERVICES:
            self.offers.append(self.server)
            self.server = None
        self.text = ""


def read_autoconfig(document: bytes, *, address: str) -> Found:
    """The servers that a document names for an address; NOTHING where it names none or can't be read."""
    reader = _Reader()
    parser: Any = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.say
    try:
        parser.Parse(document[:DOCUMENT_BYTES], True)  # noqa: FBT003 - a library's
    except (expat.ExpatError, ValueError, LookupError):
        return from_offers(())
    offers = (_offer(told, address) for told in reader.offers)
    return from_offers([offer for offer in offers if offer is not None])


def _offer(told: dict[str, str], address: str) -> Offer | None:
    security = _SECURITIES.get(told.get("sockettype", "").lower())
    host = domain_of(f"x@{_filled(told.get('hostname', ''), address)}")
    port = told.get("port", "")
    is_port = port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65_536
    if security is None or not host or _NUMERIC.fullmatch(host) or not is_port:
        return None
    user = _filled(told.get("username", ""), address)
    if not user.isprintable() or len(user) > USER_CHARACTERS or "%" in user:
        user = ""
    return Offer(Place(cast(Service, told["type"]), host, int(port), security), user)


def _filled(text: str, address: str) -> str:
    """The text with what it leaves open: the address, or a part of it."""
    local, _, domain = address.rpartition("@")
    parts = {"%EMAILADDRESS%": address, "%EMAILLOCALPART%": local, "%EMAILDOMAIN%": domain}
    for name, value in parts.items():
        text = text.replace(name, value)
    return text
