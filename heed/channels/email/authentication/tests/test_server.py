"""What a trusted server says is believed; what a sender writes into the headers is not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.authentication.header import read_results
from heed.channels.email.authentication.names import NAMELESS, is_name, read_names
from heed.channels.email.authentication.proposing import Proposal, propose
from heed.channels.email.authentication.results import Source, Verdict
from heed.channels.email.authentication.server import from_server
from heed.channels.email.authentication.signs import Signs, read_signs
from heed.channels.email.authentication.weigh import weigh
from heed.channels.email.limits import DEFAULT_LIMITS
from heed.channels.email.parse import parse
from heed.channels.email.providers import PROVIDERS, Provider, provider_of_place
from heed.channels.email.structure import Splitter
from heed.kernel.words import Because, Confidence

OURS = ("mx.linden.example",)
GOOD = (
    b"mx.linden.example;\r\n dkim=pass header.i=@example.org header.s=s1 header.b=dQw4w9;\r\n"
    b" spf=pass (mx: domain of dalia@example.org designates 192.0.2.1) smtp.mailfrom=dalia@example.org;\r\n"
    b" dmarc=pass (p=REJECT sp=NONE dis=NONE) header.from=example.org"
)
BAD = (
    b"mx.linden.example; dmarc=fail (p=NONE) header.from=example.org; spf=softfail smtp.mailfrom=evil.example"
)


def standing(*results: bytes, domain: str = "example.org", trusted: tuple[str, ...] = OURS, **signs):
    checks = from_server(Signs(results=results, **signs), domain, trusted=trusted, sealers=["relay.example"])
    return None if checks is None else weigh(checks)


def test_a_trusted_servers_word_proves_a_sender() -> None:
    found = standing(GOOD)
    assert found is not None
    assert (found.confidence, found.because) == (Confidence.PROVEN, Because.DMARC)


def test_and_its_no_fails_one() -> None:
    found = standing(BAD)
    assert found is not None
    assert (found.confidence, found.because) == (Confidence.FAILED, Because.DMARC_FAILED)


@pytest.mark.parametrize("trusted", [(), ("mx.other.example",), ("linden.example",)])
def test_a_server_that_nobody_named_is_not_heard(trusted) -> None:
    assert standing(GOOD) is not None
    assert standing(GOOD, trusted=trusted) is None


def test_of_two_headers_with_our_servers_name_the_lower_one_is_forged() -> None:
    assert standing(BAD, GOOD) == standing(BAD)
    assert standing(GOOD, BAD) == standing(GOOD)
    assert standing(b"mx.evil.example; dmarc=pass header.from=example.org", BAD) == standing(BAD)


def test_a_server_is_recognised_however_it_writes_its_name() -> None:
    assert standing(GOOD.replace(b"mx.linden.example;", b'"MX.Linden.Example" 1;')) == standing(GOOD)


def on_top(*results: bytes, names: tuple[str, ...] = OURS, **signs):
    """The standing by names that count only where the topmost header bears one of them."""
    checks = from_server(Signs(results=results, **signs), "example.org", trusted=(), on_top=names)
    return None if checks is None else weigh(checks)


def test_the_server_of_a_mailbox_is_heard_only_on_top_of_all_headers() -> None:
    found = on_top(BAD, GOOD)
    assert found is not None
    assert found.because is Because.DMARC_FAILED
    assert on_top(GOOD) == standing(GOOD)
    others = b"mx.evil.example; dmarc=pass header.from=example.org"
    assert on_top(others, GOOD) is None  # its server put nothing on top of it: what bears its name is forged
    assert on_top(b"", GOOD) is None
    assert on_top(others, GOOD, names=(*OURS, "mx.evil.example")) is not None


def test_a_mail_that_the_server_of_a_mailbox_wrote_nothing_on_is_proven_by_nothing() -> None:
    forged = b"pass (fine) client-ip=192.0.2.1; envelope-from=dalia@example.org; receiver=mx.linden.example"
    signs = Signs(received_spf=(forged,))
    assert from_server(signs, "example.org", trusted=(), on_top=OURS) is None
    assert from_server(signs, "example.org", trusted=OURS) is not None


def test_a_server_that_notes_what_it_found_in_several_headers_is_read_whole() -> None:
    apple = (
        b"bimi.icloud.com; bimi=none",
        b"dmarc.icloud.com; dmarc=fail header.from=example.org",
        b"dkim-verifier.icloud.com; dkim=none",
    )
    provider = provider_of_place("imap.mail.me.com")
    assert provider is not None
    forged = b"dmarc.icloud.com; dmarc=pass header.from=example.org"
    found = on_top(*apple, forged, names=provider.checked_by)
    assert found is not None
    assert found.because is Because.DMARC_FAILED
    assert on_top(*(one.replace(b"fail", b"pass") for one in apple), names=provider.checked_by) == standing(
        GOOD
    )


def test_a_lower_header_of_the_same_server_may_speak_against_a_mail_and_never_for_it() -> None:
    signed = b"mx.linden.example; dkim=none"
    found = on_top(signed, BAD)
    assert found is not None
    assert found.because is Because.DMARC_FAILED
    vouched = on_top(signed, GOOD)
    assert vouched is not None
    assert vouched.confidence is Confidence.UNKNOWN


MICROSOFT = (
    b"spf=fail (sender IP is 192.0.2.9)\r\n smtp.mailfrom=example.org; dkim=none (message not signed)\r\n"
    b" header.d=none;dmarc=fail action=oreject\r\n header.from=example.org;compauth=fail reason=000"
)


def test_microsofts_header_without_a_name_is_heard_on_top_alone() -> None:
    names = (NAMELESS,)
    found = on_top(MICROSOFT, names=names)
    assert found is not None
    assert found.because is Because.DMARC_FAILED
    passed = MICROSOFT.replace(b"fail", b"pass")
    assert on_top(passed, names=names) == standing(GOOD)
    assert on_top(GOOD, passed, names=names) is None
    assert standing(GOOD.replace(b"linden", b"evil"), passed, trusted=names) is None
    assert on_top(passed) is None  # nobody named Microsoft's


def test_a_domain_stands_for_all_its_servers() -> None:
    names = ("*.yahoo.example",)
    header = b"atlas206.free.yahoo.example; dmarc=fail header.from=example.org"
    found = on_top(header, names=names)
    assert found is not None
    assert found.because is Because.DMARC_FAILED
    assert on_top(header.replace(b"yahoo", b"notyahoo"), names=names) is None
    assert on_top(header.replace(b"atlas206.free.yahoo.example", b"yahoo.example"), names=names) is None


@pytest.mark.parametrize("text", ["mx.example.com", "*.example.com", "mail", "mx_1.example.com", "gmx.net"])
def test_names_that_a_server_may_have(text: str) -> None:
    assert read_names(f" {text.upper()}., {text}") == (text,)
    assert is_name(text)


@pytest.mark.parametrize(
    "text", ["*", "*example.com", "mx..example", "-", "a b", "mx;dmarc", "a" * 300, "", "*."]
)
def test_names_that_none_has(text: str) -> None:
    assert not is_name(text)


def head(server: str) -> bytes:
    name = "Authentication-Results"
    return f"{name}: {server};\r\n dkim=none\r\n{name}: mx.evil.example; none\r\n".encode()


def test_who_checks_senders_is_proposed_from_the_newest_mails() -> None:
    assert propose([head("mx.a.example")] * 11 + [b""] * 9) == Proposal("mx.a.example", 11, 20)
    assert propose([head("mx.a.example")] * 10 + [b""] * 10) == Proposal(of=20)
    assert propose([]) == Proposal()
    several = [head(f"mx{number}.a.example") for number in range(3)]
    assert propose(several) == Proposal("*.a.example", 3, 3)
    assert propose([b"Authentication-Results: " + MICROSOFT]) == Proposal(NAMELESS, 1, 1)


@given(st.lists(st.binary(max_size=200).map(lambda rest: b"Authentication-Results:" + rest), max_size=4))
def test_no_mail_breaks_the_proposal_and_what_is_proposed_can_be_named(heads: list[bytes]) -> None:
    found = propose(heads)
    assert not found.name or is_name(found.name)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.code)
def test_the_names_of_the_table_can_be_named(provider: Provider) -> None:
    assert all(map(is_name, provider.checked_by))


def test_a_pass_for_another_domain_than_the_senders_proves_nothing() -> None:
    found = standing(GOOD, domain="bank.example")
    assert found is not None
    assert (found.confidence, found.because) == (Confidence.UNKNOWN, Because.OTHER_DOMAIN)
    assert found.path == "example.org"


@pytest.mark.parametrize(
    ("result", "because"),
    [
        (b"dkim=pass header.d=mail.example.org", Because.DKIM),
        (b"dkim=fail header.d=example.org; dkim=pass header.i=@example.org", Because.DKIM),
        (b"spf=pass smtp.mailfrom=bounces@news.example.org", Because.SPF),
        (b"auth=pass (cram-md5) smtp.auth=dalia@example.org", Because.SUBMITTED),
    ],
)
def test_without_dmarc_an_aligned_pass_is_enough(result: bytes, because: Because) -> None:
    found = standing(b"mx.linden.example; " + result)
    assert found is not None
    assert (found.confidence, found.because) == (Confidence.PROVEN, because)


@pytest.mark.parametrize(
    ("result", "confidence", "because"),
    [
        (b"spf=fail smtp.mailfrom=dalia@example.org", Confidence.FAILED, Because.SPF_FAILED),
        (b"spf=hardfail smtp.mailfrom=dalia@example.org", Confidence.FAILED, Because.SPF_FAILED),
        (b"spf=fail smtp.mailfrom=bulk.example", Confidence.UNKNOWN, Because.NO_PROOF),
        (b"dkim=fail header.d=example.org", Confidence.UNKNOWN, Because.NO_PROOF),
        (b"spf=temperror smtp.mailfrom=example.org", Confidence.UNKNOWN, Because.TEMPORARY),
        (b"dmarc=temperror header.from=example.org", Confidence.UNKNOWN, Because.TEMPORARY),
        (b"dmarc=bestguesspass header.from=example.org", Confidence.UNKNOWN, Because.NO_PROOF),
        (b"spf=pass smtp.mailfrom=org", Confidence.UNKNOWN, Because.OTHER_DOMAIN),
        (b"none", Confidence.UNKNOWN, Because.NO_PROOF),
    ],
)
def test_what_is_not_proven_says_why(result: bytes, confidence: Confidence, because: Because) -> None:
    found = standing(b"mx.linden.example; " + result)
    assert found is not None
    assert (found.confidence, found.because) == (confidence, because)


def test_comments_and_quotes_hide_nothing_and_show_nothing() -> None:
    tricky = (
        b'mx.linden.example (a; dmarc=pass header.from=example.org); spf=none smtp.mailfrom="a;dmarc=pass"'
    )
    found = standing(tricky)
    assert found is not None
    assert found.because is Because.NO_PROOF
    unclosed = standing(b"mx.linden.example; spf=none (dmarc=pass; dmarc=pass header.from=example.org")
    assert unclosed is not None
    assert unclosed.confidence is Confidence.UNKNOWN


def test_received_spf_is_heard_only_with_a_trusted_receiver() -> None:
    line = b"Pass (sender permitted) receiver=mx.linden.example; client-ip=192.0.2.1; envelope-from=<dalia@example.org>"
    found = standing(received_spf=(line,))
    assert found is not None
    assert (found.confidence, found.because) == (Confidence.PROVEN, Because.SPF)
    assert standing(received_spf=(line.replace(b"linden", b"evil"),)) is None
    assert standing(received_spf=(b"Pass", line)) is None  # only the topmost counts


CHAIN: dict[str, Any] = {
    "arc_seals": (
        b"i=2; a=rsa-sha256; cv=pass; d=relay.example; s=a; b=abc",
        b"i=1; a=rsa-sha256; cv=none; d=lists.relay.example; s=a; b=abc",
    ),
    "arc_results": (
        b"i=2; relay.example; dmarc=fail header.from=example.org",
        b"i=1; lists.relay.example; dmarc=pass header.from=example.org",
    ),
}


def test_a_chain_of_trusted_forwarders_says_what_the_first_one_saw() -> None:
    failed = BAD + b"; arc=pass (i=2)"
    found = standing(failed, **CHAIN)
    assert found is not None
    assert (found.confidence, found.because) == (Confidence.LIKELY, Because.ARC)
    assert standing(BAD, **CHAIN) == standing(BAD)  # our server did not find the seals good


@pytest.mark.parametrize(
    "seals",
    [
        (b"i=1; d=evil.example; cv=none",),
        (b"i=2; d=evil.example; cv=pass", b"i=1; d=relay.example; cv=none"),
        (b"i=2; d=relay.example; cv=pass",),  # a link is missing
        (b"i=1; d=relay.example", b"i=1; d=relay.example"),
        (),
    ],
)
def test_one_forwarder_that_is_not_trusted_spoils_the_chain(seals) -> None:
    found = standing(BAD + b"; arc=pass", arc_results=CHAIN["arc_results"], arc_seals=seals)
    assert found is not None
    assert found.confidence is Confidence.FAILED


def test_signs_are_taken_from_a_mail_topmost_first() -> None:
    raw = (
        b"Authentication-Results: " + BAD + b"\r\nAuthentication-Results: " + GOOD + b"\r\n"
        b"From: Dalia <dalia@example.org>\r\nX-Original-From: Ines <ines@example.net>\r\nList-Id: <l.example>\r\n\r\nHi"
    )
    signs = read_signs(Splitter(raw, DEFAULT_LIMITS).split())
    assert len(signs.results) == 2
    assert signs.is_list
    assert signs.has_one_sender
    assert parse(raw).signs == signs
    checks = from_server(signs, "example.org", trusted=OURS)
    assert checks is not None
    assert (checks.source, checks.dmarc, checks.policy) == (Source.SERVER, Verdict.FAIL, "none")


@given(st.binary(max_size=400))
def test_no_header_value_breaks_the_reader(value: bytes) -> None:
    read_results(value)
    from_server(
        Signs(results=(b"mx.linden.example;" + value,), received_spf=(value,), arc_seals=(value,)),
        "example.org",
        trusted=OURS,
        sealers=["a.example"],
    )


@pytest.mark.parametrize(
    "piece", [b"(", b'"', b";", b" ", b"\\", b"a=b ", b"dkim=pass header.d=", b"(a)", b"a.", b"\r\n "]
)
def test_long_header_values_are_read_in_linear_time(piece: bytes) -> None:
    read_results(b"mx.linden.example; dkim=pass " + piece * 20_000)
