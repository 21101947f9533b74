"""What a trusted server says is believed; what a sender writes into the headers is not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.authentication.header import read_results
from heed.channels.email.authentication.results import Source, Verdict
from heed.channels.email.authentication.server import from_server
from heed.channels.email.authentication.signs import Signs, read_signs
from heed.channels.email.authentication.weigh import weigh
from heed.channels.email.limits import DEFAULT_LIMITS
from heed.channels.email.parse import parse
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
