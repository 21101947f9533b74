"""Our own checks of a mail, where no trusted server made them: DKIM, ARC, DMARC, and SPF for mail handed to us.

The libraries for it were not written for hostile mail: what they could hang on is refused before they see it, and
what they raise is a mail that proves nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from heed.channels.email.authentication.alignment import aligned, registered
from heed.channels.email.authentication.asking import Asking
from heed.channels.email.authentication.results import Authentication, Source, Verdict
from heed.channels.email.authentication.server import chain_of, with_forwarders
from heed.channels.email.authentication.signs import Signs
from heed.kernel.later import later
from heed.kernel.outbound.dns import DnsUnanswered

if TYPE_CHECKING:
    import dkim

    from heed.channels.email.authentication import sender_policy
else:
    dkim = later("dkim")
    sender_policy = later("heed.channels.email.authentication.sender_policy")

SIGNATURES: Final = 5  # of one mail that are checked, the topmost
SEALS: Final = 10  # longer chains of forwarders are not followed
SIGNED_BYTES: Final = 10_000_000  # a larger mail is not checked for signatures
SIGNATURE_BYTES: Final = 4_096  # of one header
BLANKS: Final = 1_000  # so many in a row, and the library's patterns would take quadratic time
WEAK: Final = (b"rsa-sha1",)  # RFC 8301
KEY_BITS: Final = 1_024


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a mail was handed to our own listener by a server of the public network."""

    peer: str
    helo: str
    mail_from: str


def check(
    raw: bytes,
    signs: Signs,
    domain: str,
    *,
    arrival: Arrival | None,
    asking: Asking,
    sealers: Iterable[str] = (),
) -> Authentication:
    """Check a mail that claims this domain. Never raises: what was not answered is a temporary error."""
    checks = Authentication(domain=domain, source=Source.OURS)
    if signs.signatures:
        checks = _with_signatures(checks, raw, signs, asking)
    if arrival is not None:
        checks = _with_spf(checks, arrival, asking)
    checks = _with_policy(checks, asking, is_all_known=arrival is not None)
    if checks.dmarc in (Verdict.FAIL, Verdict.NONE) and _seals_hold(raw, signs, asking, sealers):
        checks = with_forwarders(checks, signs, trusted=sealers)
    return checks


def needs_network(signs: Signs, *, arrival: Arrival | None) -> bool:
    """Whether there is anything to check."""
    return arrival is not None or bool(signs.signatures)


def _is_safe(raw: bytes) -> bool:
    """Whether the library's patterns stay linear on this mail."""
    if len(raw) > SIGNED_BYTES:
        return False
    return b" " * BLANKS not in raw.replace(b"\t", b" ")


def _is_usable(value: bytes) -> bool:
    return len(value) <= SIGNATURE_BYTES and not any(
        b" " * 200 in value.replace(blank, b" ") for blank in (b"\t", b"\r\n")
    )


def _with_signatures(checks: Authentication, raw: bytes, signs: Signs, asking: Asking) -> Authentication:
    if not _is_safe(raw):
        return replace(checks, dkim=Verdict.PERMERROR)
    signers: list[str] = []
    worst = Verdict.FAIL
    for number, value in enumerate(signs.signatures[:SIGNATURES]):
        if not _is_usable(value):
            continue
        try:
            signer = _signer(raw, number, asking)
        except DnsUnanswered:
            worst = Verdict.TEMPERROR
            continue
        if signer and signer not in signers:
            signers.append(signer)
    return replace(checks, dkim=Verdict.PASS if signers else worst, signers=tuple(signers))


def _signer(raw: bytes, number: int, asking: Asking) -> str:
    """The domain whose signature this is, if it holds and covers the whole mail; '' for none. Raises DnsUnanswered."""
    try:
        mail = dkim.DKIM(raw, minkey=KEY_BITS)
        holds = mail.verify(number, dnsfunc=asking.key)
        fields = mail.signature_fields
    except DnsUnanswered:
        raise
    except Exception:  # border: the library raises what it likes on hostile mail, which then proves nothing
        return ""
    if not holds or b"l" in fields or fields.get(b"a", b"").strip().lower() in WEAK:
        return ""
    return _name(mail.domain)


def _name(domain: bytes) -> str:
    return bytes(domain).decode("ascii", "replace").strip().rstrip(".").lower()


def _with_spf(checks: Authentication, arrival: Arrival, asking: Asking) -> Authentication:
    sender = arrival.mail_from.rpartition("@")[2] or arrival.helo
    try:
        word = sender_policy.word_of(arrival.peer, arrival.mail_from, arrival.helo, asking)
    except Exception:  # border: as above, on hostile records
        word = Verdict.PERMERROR
    verdict = Verdict(word) if word in set(Verdict) else Verdict.NONE
    return replace(checks, spf=verdict, spf_domain=sender.strip("[]").rstrip(".").lower())


@dataclass(frozen=True, slots=True)
class _Policy:
    """What a domain publishes at _dmarc (RFC 7489)."""

    wish: str
    is_strict_dkim: bool
    is_strict_spf: bool


def _with_policy(checks: Authentication, asking: Asking, *, is_all_known: bool) -> Authentication:
    """DMARC, asked for only where it can change anything: nothing is aligned, or aligned but not the same domain.

    Without SPF nothing can fail: the mail may have passed it where it arrived.
    """
    proofs = [*checks.signers, *([checks.spf_domain] if checks.spf is Verdict.PASS else [])]
    if any(aligned(checks.domain, proof, strictly=True) for proof in proofs):
        return checks
    near = any(aligned(checks.domain, proof) for proof in proofs)
    if not near and not is_all_known:
        return checks
    if not near and Verdict.TEMPERROR in (checks.dkim, checks.spf):
        return replace(checks, dmarc=Verdict.TEMPERROR)
    try:
        policy = _policy(checks.domain, asking)
    except DnsUnanswered:
        return checks if near else replace(checks, dmarc=Verdict.TEMPERROR)
    if policy is None:
        return checks
    by_dkim = any(aligned(checks.domain, signer, strictly=policy.is_strict_dkim) for signer in checks.signers)
    by_spf = checks.spf is Verdict.PASS and aligned(
        checks.domain, checks.spf_domain, strictly=policy.is_strict_spf
    )
    if not (by_dkim or by_spf) and not is_all_known:
        return replace(checks, policy=policy.wish)
    return replace(checks, policy=policy.wish, dmarc=Verdict.PASS if by_dkim or by_spf else Verdict.FAIL)


def _policy(domain: str, asking: Asking) -> _Policy | None:
    """The policy of a domain or of the registered one above it. Raises DnsUnanswered."""
    above = registered(domain)
    for name in dict.fromkeys((domain, above)):
        found = [text for text in asking.txt(f"_dmarc.{name}") if text.strip().lower().startswith("v=dmarc1")]
        if len(found) != 1:
            continue
        tags = {key.strip().lower(): value.strip().lower() for key, _, value in _tags(found[0])}
        wish = tags.get("sp", tags.get("p", "")) if name != domain else tags.get("p", "")
        return _Policy(wish, tags.get("adkim") == "s", tags.get("aspf") == "s")
    return None


def _tags(record: str) -> list[tuple[str, str, str]]:
    return [tag.partition("=") for tag in record[:2_000].split(";")]


def _seals_hold(raw: bytes, signs: Signs, asking: Asking, sealers: Iterable[str]) -> bool:
    """Whether the chain is one of trusted forwarders only and each seal is good; asks nobody otherwise."""
    chain, allowed = chain_of(signs), [name.strip().lower() for name in sealers]
    if not chain or len(chain) > SEALS or not _is_safe(raw):
        return False
    if not all(any(aligned(name, sealer) for name in allowed) for sealer in chain):
        return False
    try:
        verdict, _, _ = dkim.ARC(raw, minkey=KEY_BITS).verify(dnsfunc=asking.key)
    except Exception:  # border: as above
        return False
    return bool(verdict == dkim.CV_Pass)
