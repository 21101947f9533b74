"""Which servers an address has, from what was looked up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.finding import (
    NOTHING,
    Source,
    SrvRecord,
    domain_of,
    from_guesses,
    from_mail_servers,
    from_srv,
    from_table,
    guesses,
    together,
)
from heed.channels.email.providers import PROVIDERS, Login, Place


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("help@Linden.Example", "linden.example"),
        (" help@linden.example. ", "linden.example"),
        ("hilfe@bücher.example", "xn--bcher-kva.example"),
        ("a@b@linden.example", "linden.example"),
        ("linden.example", ""),
        ("@linden.example", ""),
        ("help@", ""),
        ("help@localhost", ""),
        ("help@a..example", ""),
        ("help@-.x y.example", ""),
        ("help@" + "a." * 130 + "example", ""),
        ("help@" + "ü" * 70 + ".example", ""),
        ("help@127.0.0.1", "127.0.0.1"),
    ],
)
def test_the_domain_of_an_address(address: str, domain: str) -> None:
    assert domain_of(address) == domain


@given(st.text(max_size=80))
def test_no_text_makes_the_domain_raise(text: str) -> None:
    domain = domain_of(text)
    assert domain == domain.lower()
    assert domain.isascii()


def test_a_big_provider_is_known_by_its_domain() -> None:
    found = from_table("gmail.com")
    assert found.provider is not None
    assert (found.provider.code, found.provider.login) == ("google", Login.GOOGLE)
    assert found.receiving == Place("imap", "imap.gmail.com", 993, "tls")
    assert found.sending == Place("smtp", "smtp.gmail.com", 465, "tls")
    assert found.pop3 == Place("pop3", "pop.gmail.com", 995, "tls")
    assert found.source is Source.TABLE
    assert from_table("linden.example") is NOTHING


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("aspmx.l.google.com.", "google"),
        ("linden-example.mail.protection.outlook.com", "microsoft365"),
        ("outlook-com.olc.protection.outlook.com", "outlook"),
        ("mx00.ionos.de", "ionos"),
        ("mx.zoho.eu", "zoho_eu"),
        ("in1-smtp.messagingengine.com", "fastmail"),
    ],
)
def test_a_company_with_a_provider_is_known_by_its_mail_servers(host: str, code: str) -> None:
    found = from_mail_servers(["mx.linden.example", host])
    assert found.provider is not None
    assert found.provider.code == code
    assert found.source is Source.MX


def test_a_mail_server_whose_name_merely_ends_alike_is_nobodys() -> None:
    assert (
        from_mail_servers(["mx.notgoogle.com", "evilmail.protection.outlook.com.attacker.example"]) is NOTHING
    )


def test_the_domains_own_word_is_ordered_by_protection_priority_and_weight() -> None:
    found = from_srv(
        [
            SrvRecord("_imap._tcp", "plainer.example", 143, priority=0),
            SrvRecord("_imaps._tcp", "second.example", 993, priority=10),
            SrvRecord("_imaps._tcp", "light.example", 993, priority=0, weight=1),
            SrvRecord("_imaps._tcp", "Heavy.example.", 1993, priority=0, weight=9),
            SrvRecord("_pop3s._tcp", "pop.example", 995),
            SrvRecord("_submission._tcp", "out.example", 587),
        ]
    )
    assert found.receiving == Place("imap", "heavy.example", 1993, "tls")
    assert found.pop3 == Place("pop3", "pop.example", 995, "tls")
    assert found.sending == Place("smtp", "out.example", 587, "starttls")


def test_a_domain_may_say_that_it_has_no_such_service() -> None:
    nothing = [SrvRecord(name, "", 0) for name in ("_imaps._tcp", "_submission._tcp")]
    assert from_srv([*nothing, SrvRecord("_other._tcp", "x.example", 1)]) is NOTHING
    pop = from_srv([*nothing, SrvRecord("_pop3s._tcp", "pop.example", 995)])
    assert pop.receiving == Place("pop3", "pop.example", 995, "tls")
    assert pop.pop3 is None


def test_guessed_names_are_taken_in_their_order_and_only_when_they_answered() -> None:
    tried = guesses("linden.example", ["mx.linden.example"])
    assert {place.security for place in tried} == {"tls", "starttls"}
    assert tried[0] == Place("imap", "imap.linden.example", 993, "tls")
    answered = [place for place in tried if place.host == "mail.linden.example"]
    found = from_guesses(answered)
    assert found.receiving == Place("imap", "mail.linden.example", 993, "tls")
    assert found.sending == Place("smtp", "mail.linden.example", 465, "tls")
    assert from_guesses([]) is NOTHING


def test_what_is_missing_is_filled_up() -> None:
    half = from_srv([SrvRecord("_imaps._tcp", "in.example", 993)])
    whole = together(half, from_mail_servers(["mx00.ionos.de"]))
    assert whole.receiving == Place("imap", "in.example", 993, "tls")
    assert whole.sending == Place("smtp", "smtp.ionos.com", 465, "tls")
    assert whole.source is Source.SRV
    assert not half.is_whole
    assert whole.is_whole


def test_the_table_is_sound() -> None:
    codes = [provider.code for provider in PROVIDERS]
    domains = [domain for provider in PROVIDERS for domain in provider.domains]
    assert len(set(codes)) == len(codes)
    assert len(set(domains)) == len(domains)
    for provider in PROVIDERS:
        assert provider.domains or provider.mail_servers
        assert bool(provider.places) is (provider.login is not Login.BRIDGE)
        assert all(place.security != "plain" for place in provider.places)
        assert provider.help_url.startswith("https://") or provider.login in (Login.PASSWORD, Login.MICROSOFT)
