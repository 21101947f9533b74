"""What checks of a sender came to: plain frozen data, whoever made them."""

from dataclasses import dataclass
from enum import StrEnum

from heed.kernel.words import Because, Confidence


class Verdict(StrEnum):
    """The result of one check, in the words of RFC 8601."""

    NONE = "none"  # not checked, or nothing published
    PASS = "pass"  # noqa: S105 - the RFC's word
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    POLICY = "policy"  # passed, but not as we demand it
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class Source(StrEnum):
    """Whose word the results are."""

    NOBODY = ""  # nothing was checked
    SERVER = "server"  # Authentication-Results of a server that we trust
    OURS = "ours"  # this desk looked itself


@dataclass(frozen=True, slots=True)
class Authentication:
    """The checks of one mail. Domains are lower case; `signers` are those whose signatures are valid.

    `domain` is the one that the mail claims in From. `is_submitted`: the sender had logged in as that address.
    `sealers`: who forwarded it, when all of them are trusted and their seals hold; `forwarded` is what the first of
    them saw of DMARC.
    """

    domain: str = ""
    source: Source = Source.NOBODY
    spf: Verdict = Verdict.NONE
    spf_domain: str = ""
    dkim: Verdict = Verdict.NONE
    signers: tuple[str, ...] = ()
    dmarc: Verdict = Verdict.NONE
    policy: str = ""  # none, quarantine or reject
    is_submitted: bool = False
    forwarded: Verdict = Verdict.NONE
    sealers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How sure we are of a sender by the checks alone, and why. `path`: another domain that vouches for the way."""

    confidence: Confidence
    because: Because
    path: str = ""


NOT_CHECKED = Authentication()
