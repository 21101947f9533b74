"""Our own checks, against a name server of our own: signatures, senders' servers, policies, forwarders."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from time import monotonic

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from heed.channels.email.authentication.asking import Asking
from heed.channels.email.authentication.own import Arrival, check, needs_network
from heed.channels.email.authentication.results import Authentication, Verdict
from heed.channels.email.authentication.signs import read_signs
from heed.channels.email.authentication.weigh import weigh
from heed.channels.email.limits import DEFAULT_LIMITS
from heed.channels.email.structure import Splitter
from heed.kernel.words import Because, Confidence
from heed.testing.dns import NameServer, name_server

KEY = generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
PUBLIC = "".join(
    line
    for line in KEY.public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
    .splitlines()
    if "---" not in line
)
MAIL = (
    b"From: Dalia <dalia@example.org>\r\nTo: help@linden.example\r\nSubject: The chain\r\n"
    b"Date: Mon, 2 Mar 2026 09:30:00 +0000\r\nMessage-ID: <1@example.org>\r\n\r\nIt slips.\r\n"
)
FROM_DALIA = Arrival("192.0.2.9", "mail.example.org", "dalia@example.org")
SECONDS = 5.0


@pytest.fixture
def names() -> Iterator[NameServer]:
    with name_server() as server:
        server.add("s._domainkey.example.org", "TXT", f"v=DKIM1; k=rsa; p={PUBLIC}")
        server.add("s._domainkey.other.example", "TXT", f"v=DKIM1; k=rsa; p={PUBLIC}")
        yield server


def signed(raw: bytes = MAIL, domain: bytes = b"example.org", **more) -> bytes:
    return bytes(dkim.sign(raw, b"s", domain, PRIVATE, canonicalize=(b"relaxed", b"relaxed"), **more)) + raw


def look(
    names: NameServer,
    raw: bytes,
    *,
    domain: str = "example.org",
    arrival: Arrival | None = None,
    sealers: tuple[str, ...] = (),
    seconds: float = SECONDS,
) -> Authentication:
    signs = read_signs(Splitter(raw, DEFAULT_LIMITS).split())
    asking = Asking(names.asker(timeout_seconds=1), seconds=seconds)
    return check(raw, signs, domain, arrival=arrival, asking=asking, sealers=sealers)


def test_a_signature_of_the_senders_domain_proves_the_sender(names) -> None:
    found = weigh(look(names, signed()))
    assert (found.confidence, found.because) == (Confidence.PROVEN, Because.DKIM)


def test_and_one_changed_word_takes_the_proof_away(names) -> None:
    found = look(names, signed().replace(b"It slips.", b"It sleeps."))
    assert found.dkim is Verdict.FAIL
    assert weigh(found).confidence is Confidence.UNKNOWN


def test_a_signature_of_somebody_else_is_only_a_way(names) -> None:
    found = weigh(look(names, signed(domain=b"other.example")))
    assert (found.confidence, found.because, found.path) == (
        Confidence.UNKNOWN,
        Because.OTHER_DOMAIN,
        "other.example",
    )


def test_a_second_from_header_breaks_the_signature(names) -> None:
    raw = signed()
    assert look(names, raw).signers == ("example.org",)
    assert look(names, b"From: chef@example.org\r\n" + raw).signers == ()


def test_a_signature_that_leaves_the_end_open_does_not_count(names) -> None:
    assert look(names, signed(length=True)).signers == ()


def test_without_its_key_a_signature_is_worth_nothing(names) -> None:
    names.zone.clear()
    assert look(names, signed()).dkim is Verdict.FAIL


def test_a_key_that_nobody_tells_us_is_a_temporary_error(names) -> None:
    names.silent.add("s._domainkey.example.org")
    found = weigh(look(names, signed()))
    assert (found.confidence, found.because) == (Confidence.UNKNOWN, Because.TEMPORARY)


def test_no_question_is_asked_beyond_the_time_of_a_mail(names) -> None:
    found = look(names, signed(), seconds=0)
    assert found.dkim is Verdict.TEMPERROR
    assert names.asked == []


def test_the_senders_own_server_proves_the_sender(names) -> None:
    names.add("example.org", "TXT", "v=spf1 include:hosting.example -all")
    names.add("hosting.example", "TXT", "v=spf1 mx a:out.hosting.example ip6:2001:db8::/32 -all")
    names.add("hosting.example", "MX", "10 in.hosting.example.")
    names.add("in.hosting.example", "A", "192.0.2.8")
    names.add("out.hosting.example", "A", "192.0.2.9")
    found = weigh(look(names, MAIL, arrival=FROM_DALIA))
    assert (found.confidence, found.because) == (Confidence.PROVEN, Because.SPF)
    found = weigh(look(names, MAIL, arrival=Arrival("2001:db8::1", "x", "dalia@example.org")))
    assert found.because is Because.SPF
    found = weigh(look(names, MAIL, arrival=Arrival("203.0.113.5", "x", "dalia@example.org")))
    assert (found.confidence, found.because) == (Confidence.FAILED, Because.SPF_FAILED)


def test_an_empty_envelope_sender_is_judged_by_the_servers_name(names) -> None:
    names.add("mail.example.org", "TXT", "v=spf1 ip4:192.0.2.9 -all")
    checks = look(names, MAIL, arrival=Arrival("192.0.2.9", "mail.example.org", ""))
    assert (checks.spf, checks.spf_domain) == (Verdict.PASS, "mail.example.org")


def test_a_published_policy_makes_a_mail_without_proof_a_failure(names) -> None:
    arrival = Arrival("203.0.113.5", "x.evil.example", "x@evil.example")
    assert weigh(look(names, MAIL, arrival=arrival)).confidence is Confidence.UNKNOWN
    names.add("_dmarc.example.org", "TXT", "v=DMARC1; p=quarantine")
    checks = look(names, MAIL, arrival=arrival)
    assert (checks.dmarc, checks.policy) == (Verdict.FAIL, "quarantine")
    assert weigh(checks).because is Because.DMARC_FAILED


def test_the_policy_of_the_registered_domain_holds_below_it(names) -> None:
    arrival = Arrival("203.0.113.5", "x.evil.example", "x@evil.example")
    names.add("_dmarc.example.org", "TXT", "v=DMARC1; p=none; sp=reject")
    checks = look(names, MAIL, domain="shop.example.org", arrival=arrival)
    assert (checks.dmarc, checks.policy) == (Verdict.FAIL, "reject")


def test_a_strict_policy_wants_the_very_domain(names) -> None:
    raw = signed()
    assert weigh(look(names, raw, domain="shop.example.org")).because is Because.DKIM
    names.add("_dmarc.example.org", "TXT", "v=DMARC1; p=reject; adkim=s")
    arrival = Arrival("203.0.113.5", "x.evil.example", "x@evil.example")
    found = weigh(look(names, raw, domain="shop.example.org", arrival=arrival))
    assert found.because is Because.DMARC_FAILED
    assert weigh(look(names, raw, arrival=arrival)).because is Because.DKIM


def test_where_the_senders_server_is_not_known_nothing_fails(names) -> None:
    names.add("_dmarc.example.org", "TXT", "v=DMARC1; p=reject")
    assert weigh(look(names, MAIL)).confidence is Confidence.UNKNOWN
    changed = signed().replace(b"slips", b"sleeps")
    assert weigh(look(names, changed)).confidence is Confidence.UNKNOWN


def test_an_endless_chain_of_includes_ends(names) -> None:
    for number in range(30):
        names.add(f"i{number}.example", "TXT", f"v=spf1 include:i{number + 1}.example -all")
    names.add("example.org", "TXT", "v=spf1 include:i0.example -all")
    assert look(names, MAIL, arrival=FROM_DALIA).spf is Verdict.PERMERROR
    assert len(names.asked) < 20


def test_most_mail_needs_no_network(names) -> None:
    signs = read_signs(Splitter(MAIL, DEFAULT_LIMITS).split())
    assert not needs_network(signs, arrival=None)
    assert needs_network(signs, arrival=FROM_DALIA)
    look(names, MAIL)
    assert names.asked == []


def seal(text: bytes) -> str:
    return b64encode(KEY.sign(text, PKCS1v15(), SHA256())).decode()


def forwarded(raw: bytes, sealer: str) -> bytes:
    """The mail with one set of ARC headers (RFC 8617), written by hand: the library signs only with a further one."""
    head, _, body = raw.partition(b"\r\n\r\n")
    headers = {
        line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in head.decode().splitlines()
    }
    wanted = ("from", "to", "subject", "date", "message-id")
    results = f"i=1; {sealer}; dmarc=pass header.from=example.org"
    digest = b64encode(sha256(body).digest()).decode()
    message = f"i=1; a=rsa-sha256; c=relaxed/relaxed; d={sealer}; s=s; h={':'.join(wanted)}; bh={digest}; b="
    told = "".join(f"{name}:{headers[name]}\r\n" for name in wanted) + f"arc-message-signature:{message}"
    message += seal(told.encode())
    closing = f"i=1; a=rsa-sha256; cv=none; d={sealer}; s=s; b="
    told = f"arc-authentication-results:{results}\r\narc-message-signature:{message}\r\narc-seal:{closing}"
    closing += seal(told.encode())
    sets = f"ARC-Seal: {closing}\r\nARC-Message-Signature: {message}\r\nARC-Authentication-Results: {results}\r\n"
    return sets.encode() + raw


def test_a_trusted_forwarder_vouches_for_what_it_changed(names) -> None:
    names.add("_dmarc.example.org", "TXT", "v=DMARC1; p=reject")
    raw = forwarded(MAIL, "other.example")
    arrival = Arrival("203.0.113.5", "mx.other.example", "list@other.example")
    assert weigh(look(names, raw, arrival=arrival)).confidence is Confidence.FAILED
    found = weigh(look(names, raw, arrival=arrival, sealers=("other.example",)))
    assert (found.confidence, found.because) == (Confidence.LIKELY, Because.ARC)
    tampered = look(names, raw.replace(b"slips", b"sleeps"), arrival=arrival, sealers=("other.example",))
    assert weigh(tampered).confidence is Confidence.FAILED


HOSTILE = [
    signed() + b" " * 400_000 + b"x",
    signed() + (b"\t " * 200_000) + b"x",
    b"DKIM-Signature: v=1; h=" + b" " * 60_000 + b"\r\n" + MAIL,
    b"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s; h=from"
    + b":a" * 1_900
    + b"; bh=a; b=a\r\n"
    + MAIL,
    b"DKIM-Signature: \xff\xfe;;;===\r\n" + MAIL,
    b"DKIM-Signature: v=1; a=rsa-sha256; d=\xc3\xbc.example; s=s; h=from; bh=YQ==; b=YQ==\r\n" + MAIL,
    b"DKIM-Signature: v=1;" + b"\r\n " * 1_300 + b"a\r\n" + MAIL,
    *(b"ARC-Seal: i=%d; d=other.example; cv=pass\r\n" % n + MAIL for n in (0, 1, 999)),
]


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_mail_proves_nothing_and_is_done_soon(names, raw: bytes) -> None:
    began = monotonic()
    found = look(names, raw, arrival=FROM_DALIA, sealers=("other.example",))
    assert found.signers == ()
    assert monotonic() - began < 1.5
