"""SPF, DKIM and DMARC: what stands there, what is wrong with it, and what to copy."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.domain_records import (
    DMARC_WANTED,
    PROVIDERS,
    RecordState,
    RecordTrouble,
    check_dkim,
    check_dmarc,
    check_spf,
    mechanism_for,
)
from heed.kernel.outbound import PROVIDERS as SENDING

SERVER = "mail.linden.example"
KEY = "v=DKIM1; k=rsa; p=MIGfMA0"


@dataclass
class Zone:
    """What DNS says."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    hosts: dict[str, list[str]] = field(default_factory=dict)
    servers: dict[str, list[str]] = field(default_factory=dict)
    asked: int = 0

    def txt(self, name: str) -> list[str]:
        self.asked += 1
        return self.texts.get(name, [])

    def addresses(self, name: str) -> list[str]:
        self.asked += 1
        return self.hosts.get(name, [])

    def mail_hosts(self, name: str) -> list[str]:
        self.asked += 1
        return self.servers.get(name, [])


def zone(*spf: str, **texts: list[str]) -> Zone:
    return Zone({"linden.example": list(spf), **texts}, {SERVER: ["192.0.2.7"]})


@pytest.mark.parametrize(
    ("server", "mechanism"),
    [
        ("smtp.gmail.com", "include:_spf.google.com"),
        ("smtp.office365.com", "include:spf.protection.outlook.com"),
        ("email-smtp.eu-west-1.amazonaws.com", "include:amazonses.com"),
        ("Mail.Linden.example.", "a:mail.linden.example"),
        ("192.0.2.7", "ip4:192.0.2.7"),
        ("[2001:db8::7]", "ip6:2001:db8::7"),
        ("notgmail.com", "a:notgmail.com"),
    ],
)
def test_what_spf_has_to_say_for_a_server(server: str, mechanism: str) -> None:
    assert mechanism_for(server) == mechanism


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 a:mail.linden.example ~all",
        "v=spf1 ip4:192.0.2.0/24 -all",
        "V=SPF1 IP4:192.0.2.7 -ALL",
        "v=spf1 mx -all",
        "v=spf1 include:other.example ~all",
        "v=spf1 redirect=other.example",
        "v=spf1 exp=why.example ip4:192.0.2.7 ra=postmaster ~all",
    ],
)
def test_a_record_that_names_our_server_is_found(record: str) -> None:
    dns = zone(record)
    dns.texts["other.example"] = ["v=spf1 ip4:192.0.2.7 ~all"]
    dns.servers["linden.example"] = [SERVER]
    check = check_spf("linden.example", server=SERVER, questions=dns)
    assert (check.state, check.trouble, check.wanted) == (RecordState.FOUND, RecordTrouble.NONE, record)


def test_no_record_at_all() -> None:
    check = check_spf("linden.example", server=SERVER, questions=zone("some other text"))
    assert check.state is RecordState.MISSING
    assert check.wanted == "v=spf1 a:mail.linden.example ~all"


@pytest.mark.parametrize(
    ("record", "trouble", "detail", "wanted"),
    [
        (
            "v=spf1 include:_spf.other.example -all",
            RecordTrouble.LACKS_SERVER,
            "a:mail.linden.example",
            "v=spf1 include:_spf.other.example a:mail.linden.example ~all",
        ),
        (
            "v=spf1 -ip4:192.0.2.9 redirect=_spf.other.example",
            RecordTrouble.LACKS_SERVER,
            "a:mail.linden.example",
            "v=spf1 -ip4:192.0.2.9 a:mail.linden.example redirect=_spf.other.example",
        ),
        ("v=spf1 +all", RecordTrouble.ALLOWS_ALL, "", "v=spf1 a:mail.linden.example ~all"),
        ("v=spf1 ipv4:192.0.2.7 ~all", RecordTrouble.MALFORMED, "ipv4:192.0.2.7", None),
        ("v=spf1 ip4:300.0.0.1 ~all", RecordTrouble.MALFORMED, "ip4:300.0.0.1", None),
        ("v=spf1 include:gone.example ~all", RecordTrouble.MALFORMED, "include:gone.example", None),
        (
            "v=spf1 " + " ".join(f"a:h{n}.example" for n in range(11)) + " ~all",
            RecordTrouble.TOO_MANY_LOOKUPS,
            "",
            None,
        ),
    ],
)
def test_what_is_wrong_is_named_and_mended(
    record: str, trouble: RecordTrouble, detail: str, wanted: str | None
) -> None:
    dns = zone(record)
    dns.texts["_spf.other.example"] = ["v=spf1 ip4:198.51.100.1 ~all"]
    check = check_spf("linden.example", server=SERVER, questions=dns)
    assert (check.state, check.trouble, check.detail) == (RecordState.WRONG, trouble, detail)
    assert wanted is None or check.wanted == wanted


def test_two_records_are_as_good_as_none_and_are_joined() -> None:
    dns = zone("v=spf1 ip4:198.51.100.1 ~all", "v=spf1 mx -all")
    check = check_spf("linden.example", server=SERVER, questions=dns)
    assert check.trouble is RecordTrouble.TWICE
    assert check.wanted == "v=spf1 ip4:198.51.100.1 mx a:mail.linden.example ~all"


def test_records_that_take_each_other_in_come_to_an_end() -> None:
    dns = zone("v=spf1 include:a.example ~all")
    dns.texts["a.example"] = ["v=spf1 include:linden.example include:b.example ~all"]
    dns.texts["b.example"] = ["v=spf1 include:a.example ~all"]
    check = check_spf("linden.example", server=SERVER, questions=dns)
    assert check.trouble is RecordTrouble.LACKS_SERVER
    assert dns.asked < 20


@pytest.mark.parametrize(
    ("texts", "state", "trouble"),
    [
        ([KEY], RecordState.FOUND, RecordTrouble.NONE),
        (["p=MIG fMA0"], RecordState.FOUND, RecordTrouble.NONE),
        ([], RecordState.MISSING, RecordTrouble.NONE),
        ([KEY, KEY], RecordState.WRONG, RecordTrouble.TWICE),
        (["v=DKIM1; k=rsa"], RecordState.WRONG, RecordTrouble.MALFORMED),
        (["v=DKIM1; p="], RecordState.WRONG, RecordTrouble.REVOKED),
        (["v=DKIM1; k=rsa; p=AAAA"], RecordState.WRONG, RecordTrouble.OTHER_KEY),
        (["v=DKIM1; k=ed25519; p=MIGfMA0"], RecordState.WRONG, RecordTrouble.OTHER_KEY),
    ],
)
def test_the_public_half_of_our_key(texts: list[str], state: RecordState, trouble: RecordTrouble) -> None:
    dns = Zone({"heed._domainkey.linden.example": texts})
    check = check_dkim("linden.example", selector="heed", wanted=KEY, questions=dns)
    assert (check.name, check.state, check.trouble) == ("heed._domainkey.linden.example", state, trouble)
    assert check.wanted == KEY


@pytest.mark.parametrize(
    ("texts", "state", "trouble"),
    [
        (["v=DMARC1; p=reject; rua=mailto:a@linden.example"], RecordState.FOUND, RecordTrouble.NONE),
        (["v = DMARC1 ; p = none"], RecordState.FOUND, RecordTrouble.NONE),
        ([], RecordState.MISSING, RecordTrouble.NONE),
        (["v=DMARC1; p=none", "v=DMARC1; p=none"], RecordState.WRONG, RecordTrouble.TWICE),
        (["v=DMARC1"], RecordState.WRONG, RecordTrouble.NO_POLICY),
        (["v=DMARC1; p=maybe"], RecordState.WRONG, RecordTrouble.MALFORMED),
    ],
)
def test_what_becomes_of_mail_that_fails(
    texts: list[str], state: RecordState, trouble: RecordTrouble
) -> None:
    check = check_dmarc("linden.example", questions=Zone({"_dmarc.linden.example": texts}))
    assert (check.state, check.trouble) == (state, trouble)
    assert check.wanted == (texts[0] if state is RecordState.FOUND else DMARC_WANTED)


def test_the_registered_domain_speaks_for_those_below() -> None:
    dns = Zone({"_dmarc.linden.co.uk": ["v=DMARC1; p=quarantine"]})
    check = check_dmarc("help.linden.co.uk", questions=dns)
    assert (check.name, check.state) == ("_dmarc.linden.co.uk", RecordState.FOUND)


@given(st.lists(st.text(max_size=60), max_size=3))
def test_no_record_makes_the_judges_raise(texts: list[str]) -> None:
    dns = zone(*texts, *[f"v=spf1 {text}" for text in texts])
    dns.texts |= {"_dmarc.linden.example": [f"v=DMARC1;{text}" for text in texts]}
    dns.texts |= {"heed._domainkey.linden.example": texts}
    assert check_spf("linden.example", server=SERVER, questions=dns).kind == "spf"
    assert check_dmarc("linden.example", questions=dns).kind == "dmarc"
    assert check_dkim("linden.example", selector="heed", wanted=KEY, questions=dns).kind == "dkim"


@pytest.mark.parametrize("code", sorted(PROVIDERS))
def test_each_provider_in_the_table_is_one_that_mail_can_leave_through(code: str) -> None:
    assert code in SENDING
    assert mechanism_for(code) == PROVIDERS[code]
