"""Names: what exists, what does not, and what nobody told us are three different things."""

from collections.abc import Iterator
from time import monotonic

import pytest

from heed.kernel import outbound
from heed.kernel.outbound.dns import Dns, DnsUnanswered, Mx, Srv
from heed.testing.dns import NameServer, name_server


@pytest.fixture
def names() -> Iterator[NameServer]:
    with name_server() as server:
        yield server


def test_records_come_in_the_order_to_use_them(names: NameServer) -> None:
    names.add("linden.example", "TXT", "v=spf1 -all", "x" * 300)
    names.add("linden.example", "MX", "20 b.mail.example.", "10 A.mail.example.")
    names.add("_imaps._tcp.linden.example", "SRV", "10 1 993 slow.example.", "5 1 993 light.example.")
    names.add("_imaps._tcp.linden.example", "SRV", "5 9 1993 heavy.example.")
    names.add("mail.example", "A", "192.0.2.1")
    names.add("mail.example", "AAAA", "2001:db8::1")
    names.add("1.2.0.192.in-addr.arpa", "PTR", "Mail.Example.")
    dns = names.asker()

    assert sorted(dns.txt("Linden.Example.")) == ["v=spf1 -all", "x" * 300]
    assert dns.mx("linden.example") == [Mx(10, "a.mail.example"), Mx(20, "b.mail.example")]
    assert dns.srv("_imaps._tcp.linden.example") == [
        Srv(5, 9, 1993, "heavy.example"),
        Srv(5, 1, 993, "light.example"),
        Srv(10, 1, 993, "slow.example"),
    ]
    assert dns.addresses("mail.example") == ["192.0.2.1", "2001:db8::1"]
    assert dns.names_of("192.0.2.1") == ["mail.example"]


def test_a_long_answer_is_fetched_whole(names: NameServer) -> None:
    texts = [f"{number}-{'x' * 200}" for number in range(20)]
    names.add("long.example", "TXT", *texts)
    assert sorted(names.asker().txt("long.example")) == sorted(texts)


def test_what_does_not_exist_is_empty(names: NameServer) -> None:
    names.add("linden.example", "TXT", "here")
    dns = names.asker()
    assert dns.txt("linden.example") == ["here"]
    assert dns.mx("linden.example") == []  # the name, but no such record
    assert dns.txt("nowhere.example") == []  # not even the name


@pytest.mark.parametrize(
    "name", ["", ".", "a..b", "x" * 64 + ".example", "y." * 200, "ü" * 80, "\udcff.example"]
)
def test_what_is_no_name_has_no_records_and_is_not_asked(names: NameServer, name: str) -> None:
    assert names.asker().mx(name) == []
    assert all(asked in ("", ".") for asked, _ in names.asked)


def test_a_name_beyond_ascii_is_asked_as_it_stands_in_the_zone(names: NameServer) -> None:
    names.add("xn--bcher-kva.example", "MX", "1 mail.example.")
    assert names.asker().mx("bücher.example") == [Mx(1, "mail.example")]


@pytest.mark.parametrize("kind", ["silent", "troubled"])
def test_no_answer_is_not_an_empty_answer_and_is_not_waited_for_twice(names: NameServer, kind: str) -> None:
    getattr(names, kind).add("deaf.example")
    dns = names.asker(timeout_seconds=0.5)
    with pytest.raises(DnsUnanswered):
        dns.txt("deaf.example")
    began = monotonic()
    with pytest.raises(DnsUnanswered):
        dns.txt("deaf.example")
    assert monotonic() - began < 0.2


def test_an_answer_is_remembered(names: NameServer) -> None:
    names.add("linden.example", "TXT", "once")
    dns = names.asker()
    for _ in range(3):
        assert dns.txt("linden.example") == ["once"]
        assert dns.txt("gone.example") == []
    assert names.asked.count(("linden.example", "TXT")) == 1


def test_nobody_listens(names: NameServer) -> None:
    names.close()
    with pytest.raises(DnsUnanswered):
        Dns(names.address, timeout_seconds=0.5).txt("linden.example")


def test_a_verb_can_not_ask(names: NameServer) -> None:
    with outbound.forbidden(), pytest.raises(outbound.OutboundInsideTransaction):
        names.asker().txt("linden.example")
