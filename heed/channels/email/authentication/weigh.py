"""From the checks to how sure we are: one decision, in the order in which it is taken."""

from heed.channels.email.authentication.alignment import aligned
from heed.channels.email.authentication.results import Authentication, Source, Standing, Verdict
from heed.kernel.words import Because, Confidence


def weigh(checks: Authentication) -> Standing:
    """What the checks say of the domain in From.

    A failed DMARC counts whatever the domain asks others to do about it: what it costs here is a second look. A
    signature that does not hold is worth as much as none (RFC 6376, 6.1).
    """
    if not checks.domain:
        return Standing(Confidence.UNKNOWN, Because.UNCLEAR_SENDER)
    if checks.is_submitted:
        return Standing(Confidence.PROVEN, Because.SUBMITTED)
    if checks.dmarc is Verdict.PASS:
        return Standing(Confidence.PROVEN, Because.DMARC)
    if checks.dmarc is Verdict.FAIL:
        return _forwarded(checks) or Standing(Confidence.FAILED, Because.DMARC_FAILED)
    if any(aligned(checks.domain, signer) for signer in checks.signers):
        return Standing(Confidence.PROVEN, Because.DKIM)
    is_own_server = aligned(checks.domain, checks.spf_domain)
    if is_own_server and checks.spf is Verdict.PASS:
        return Standing(Confidence.PROVEN, Because.SPF)
    return _forwarded(checks) or _not_proven(checks, is_own_server=is_own_server)


def _forwarded(checks: Authentication) -> Standing | None:
    if checks.forwarded is Verdict.PASS and checks.sealers:
        return Standing(Confidence.LIKELY, Because.ARC, checks.sealers[-1])
    return None


def _not_proven(checks: Authentication, *, is_own_server: bool) -> Standing:
    if is_own_server and checks.spf is Verdict.FAIL:
        return Standing(Confidence.FAILED, Because.SPF_FAILED)
    if Verdict.TEMPERROR in (checks.spf, checks.dkim, checks.dmarc):
        return Standing(Confidence.UNKNOWN, Because.TEMPORARY)
    path = checks.signers[0] if checks.signers else ""
    if not path and checks.spf is Verdict.PASS:
        path = checks.spf_domain
    if path:
        return Standing(Confidence.UNKNOWN, Because.OTHER_DOMAIN, path)
    if checks.source is Source.NOBODY:
        return Standing(Confidence.UNKNOWN, Because.NOT_CHECKED)
    return Standing(Confidence.UNKNOWN, Because.NO_PROOF)
