"""An address is enough: its servers are found by a table, by what its domain says, or by trying."""

from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from heed.channels.email import finding as deciding
from heed.channels.email.finding import NOTHING, Source
from heed.channels.email.providers import Place
from heed.connecting.finding import Finder
from heed.kernel.outbound.probe import Prober
from heed.testing.dns import NameServer, name_server
from heed.testing.greeters import Authority, Greeter


@pytest.fixture
def names() -> Iterator[NameServer]:
    with name_server() as server:
        yield server


def finder(names: NameServer, prober: Prober | None = None) -> Finder:
    nobody = Prober(resolver=lambda *_: [])
    patience = 0.5 if names.silent else 5.0  # a busy machine is slow to answer
    return Finder(dns=names.asker(timeout_seconds=patience), prober=prober or nobody)


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
