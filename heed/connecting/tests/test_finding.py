"""An address is enough: its servers are found by a table, by what its domain says, or by trying."""

from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from heed.channels.email import autoconfig
from heed.channels.email import finding as deciding
from heed.channels.email.finding import NOTHING, Source
from heed.channels.email.providers import Place
from heed.connecting.finding import Finder
from heed.kernel.outbound import DocumentFetcher
from heed.kernel.outbound.probe import Prober
from heed.kernel.tests.test_outbound_image import Site
from heed.testing.dns import NameServer, name_server
from heed.testing.greeters import Authority, Greeter


@pytest.fixture
def names() -> Iterator[NameServer]:
    with name_server() as server:
        yield server


def nobody(*_: object) -> list[str]:
    """No name leads anywhere."""
    raise OSError("no such name")


def finder(
    names: NameServer, prober: Prober | None = None, documents: DocumentFetcher | None = None
) -> Finder:
    patience = 0.5 if names.silent else 5.0  # a busy machine is slow to answer
    return Finder(
        dns=names.asker(timeout_seconds=patience),
        prober=prober or Prober(resolver=lambda *_: []),
        documents=documents or DocumentFetcher(resolver=nobody),
    )


DOCUMENT = b"""<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="linden.example">
<incomingServer type="imap"><hostname>in.%EMAILDOMAIN%</hostname><port>993</port><socketType>SSL</socketType>
<username>%EMAILLOCALPART%</username><authentication>password-cleartext</authentication></incomingServer>
<outgoingServer type="smtp"><hostname>out.linden.example</hostname><port>587</port><socketType>STARTTLS</socketType>
<username>%EMAILADDRESS%</username></outgoingServer></emailProvider></clientConfig>"""
PATHS = {
    "autoconfig.linden.example": "/mail/config-v1.1.xml",
    "linden.example": "/.well-known/autoconfig/mail/config-v1.1.xml",
}


@pytest.fixture(params=sorted(PATHS))
def publisher(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Site, DocumentFetcher]]:
    """A web server at one of the two places, and whoever trusts it; at the other there is nobody."""
    host: str = request.param
    authority = Authority(tmp_path)
    site = Site(tls=authority.serve(host))
    site.with_headers(PATHS[host], {"Content-Type": "text/xml"}, DOCUMENT)
    usual = autoconfig.addresses_of

    def on_its_port(address: str) -> list[str]:
        return [
            f"https://{parts.hostname}:{site.port}{parts.path}" for parts in map(urlsplit, usual(address))
        ]

    monkeypatch.setattr("heed.connecting.finding.addresses_of", on_its_port)
    yield (
        site,
        DocumentFetcher(
            ports=frozenset({site.port}),
            counted_as_public=frozenset({ip_address("127.0.0.1")}),
            resolver=lambda name, _: ["127.0.0.1"] if name == host else nobody(),
            tls=authority.trust(),
        ),
    )
    site.server.shutdown()
    site.server.server_close()


def test_what_the_domain_publishes_for_mail_programs(
    names: NameServer, publisher: tuple[Site, DocumentFetcher]
) -> None:
    found = finder(names, documents=publisher[1]).find("help@linden.example")
    assert found.source is Source.AUTOCONFIG
    assert found.receiving == Place("imap", "in.linden.example", 993, "tls")
    assert found.sending == Place("smtp", "out.linden.example", 587, "starttls")
    assert (found.user_name, found.send_user_name) == ("help", "help@linden.example")


def test_records_of_the_domain_come_before_its_document(
    names: NameServer, publisher: tuple[Site, DocumentFetcher]
) -> None:
    names.add("_imaps._tcp.linden.example", "SRV", "0 1 993 srv.linden.example.")
    found = finder(names, documents=publisher[1]).find("help@linden.example")
    assert found.receiving == Place("imap", "srv.linden.example", 993, "tls")
    assert found.sending == Place("smtp", "out.linden.example", 587, "starttls")
    assert (found.source, found.user_name) == (Source.SRV, "")


@pytest.mark.parametrize("status", [404, 301])
def test_a_document_that_is_not_there_or_led_elsewhere_is_none(
    names: NameServer, publisher: tuple[Site, DocumentFetcher], status: int
) -> None:
    site, documents = publisher
    inside = {"Location": f"http://127.0.0.1:{site.port}/mail/config-v1.1.xml"}
    for path in PATHS.values():
        site.pages[path] = (status, inside, b"")
    assert finder(names, documents=documents).find("help@linden.example") == NOTHING
    assert not any(path not in PATHS.values() for path, _ in site.asked)


def test_a_document_that_is_too_large_or_inside_is_not_read(
    names: NameServer, publisher: tuple[Site, DocumentFetcher]
) -> None:
    site, documents = publisher
    inside = DocumentFetcher(
        ports=frozenset({site.port}), resolver=lambda *_: ["127.0.0.1"], tls=documents._tls
    )
    assert finder(names, documents=inside).find("help@linden.example") == NOTHING
    assert site.asked == []
    for path in PATHS.values():
        site.with_headers(path, {"Content-Type": "text/xml"}, DOCUMENT + b" " * autoconfig.DOCUMENT_BYTES)
    assert finder(names, documents=documents).find("help@linden.example") == NOTHING
    assert site.asked != []


def test_a_known_provider_needs_no_network(names: NameServer) -> None:
    found = finder(names).find("linden.bikes@gmail.com")
    assert found.receiving == Place("imap", "imap.gmail.com", 993, "tls")
    assert names.asked == []


def test_the_domain_says_it_itself(names: NameServer) -> None:
    names.add("_imaps._tcp.linden.example", "SRV", "0 1 993 in.linden.example.")
    names.add("_submissions._tcp.linden.example", "SRV", "0 1 465 out.linden.example.")
    found = finder(names).find("help@linden.example")
    assert found.receiving == Place("imap", "in.linden.example", 993, "tls")
    assert found.sending == Place("smtp", "out.linden.example", 465, "tls")
    assert found.source is Source.SRV


def test_a_company_with_a_provider(names: NameServer) -> None:
    names.add("linden.example", "MX", "0 linden-example.mail.protection.outlook.com.")
    found = finder(names).find("help@linden.example")
    assert found.provider is not None
    assert found.provider.code == "microsoft365"
    assert found.source is Source.MX


def test_usual_names_are_tried(names: NameServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path)
    with (
        Greeter("imap", tls=authority.serve("mail.linden.example"), is_tls_at_once=True) as imap,
        Greeter("smtp", tls=authority.serve("smtp.linden.example")) as smtp,
    ):
        ports = {993: imap.port, 587: smtp.port}
        usual = deciding.guesses

        def on_free_ports(domain: str, servers: list[str]) -> list[Place]:
            return [
                Place(place.service, place.host, ports.get(place.port, 1), place.security)
                for place in usual(domain, servers)
            ]

        monkeypatch.setattr("heed.connecting.finding.guesses", on_free_ports)
        prober = Prober(
            outside_only=True,
            counted_as_public={ip_address("127.0.0.1")},
            resolver=lambda *_: ["127.0.0.1"],
            tls=authority.trust(),
        )
        found = finder(names, prober).find("help@linden.example")
    assert found.source is Source.GUESS
    assert found.receiving == Place("imap", "mail.linden.example", imap.port, "tls")
    assert found.sending == Place("smtp", "smtp.linden.example", smtp.port, "starttls")


def test_nobody_knows(names: NameServer) -> None:
    for name in deciding.SRV_NAMES:
        names.silent.add(f"{name}.linden.example")
    assert finder(names).find("help@linden.example") == NOTHING
    assert finder(names).find("no address") == NOTHING
