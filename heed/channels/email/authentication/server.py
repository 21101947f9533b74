"""What a server that we trust says of a mail: read only from headers that carry its name, the topmost of each name.

A sender can write any header. Our mail server takes those away that bear its own name (RFC 8601, 5) and puts its own
on top, so of two that bear it, the lower one may be forged: it vouches for nobody, and is believed only where it
speaks against the mail.

What the provider of a mailbox found stands above all that the sender wrote. So its name counts only where the topmost
header of all bears it: where another's, or a sender's, or none stands there, the provider did not check this mail.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from heed.channels.email.authentication.alignment import aligned
from heed.channels.email.authentication.header import Result, Results, read_results
from heed.channels.email.authentication.names import bears
from heed.channels.email.authentication.results import Authentication, Source, Verdict
from heed.channels.email.authentication.signs import Signs
from heed.channels.email.words import unfold

_SPF = re.compile(rb"\s*([a-z]{4,12})\b", re.IGNORECASE)
_RECEIVER = re.compile(rb"\breceiver\s{0,4}=\s{0,4}\"?([^\s;\"]{1,255})", re.IGNORECASE)
_MAILFROM = re.compile(rb"\benvelope-from\s{0,4}=\s{0,4}\"?<?([^\s;\">]{1,320})", re.IGNORECASE)
_SEALER = re.compile(rb"(?:^|;)\s{0,8}d\s{0,4}=\s{0,4}([^\s;]{1,255})", re.IGNORECASE)
_INSTANCE = re.compile(rb"(?:^|;)\s{0,8}i\s{0,4}=\s{0,4}(\d{1,3})\s*(?:;|$)", re.IGNORECASE)


def from_server(
    signs: Signs,
    domain: str,
    *,
    trusted: Iterable[str],
    on_top: Iterable[str] = (),
    sealers: Iterable[str] = (),
) -> Authentication | None:
    """The results of a trusted server for a mail that claims this domain; None when it carries none.

    Names in `on_top` are trusted only where the topmost header bears one of them.
    """
    headers = [read_results(value) for value in signs.results]
    names = _counting(headers, _tidy(trusted), _tidy(on_top))
    if not names:
        return None
    found = _topmost_of_each(headers, names)
    checks = None if found is None else _checks(found, domain)
    if checks is None:
        checks = _by_received_spf(signs, domain, names)
    elif checks.dmarc is Verdict.NONE and _speaks_against(headers, names, domain):
        checks = replace(checks, dmarc=Verdict.FAIL)
    if checks is not None and found is not None and _says_pass(found, "arc"):
        checks = with_forwarders(checks, signs, trusted=sealers)
    return checks


def _tidy(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.strip().rstrip(".").lower() for name in names)


def _counting(
    headers: Sequence[Results | None], trusted: tuple[str, ...], on_top: tuple[str, ...]
) -> tuple[str, ...]:
    first = headers[0] if headers else None
    is_theirs = first is not None and bears(first.server, on_top) is not None
    return (*trusted, *on_top) if is_theirs else trusted


def _topmost_of_each(headers: Sequence[Results | None], names: Sequence[str]) -> Results | None:
    """The topmost header of each of these names, as one; a nameless one only where it is the topmost of all."""
    seen: dict[str, Results] = {}
    for place, header in enumerate(headers):
        name = bears(header.server, names) if header is not None and (header.server or not place) else None
        if header is not None and name is not None:
            seen.setdefault(name, header)
    if not seen:
        return None
    first = next(iter(seen.values()))
    return replace(first, results=tuple(result for header in seen.values() for result in header.results))


def _speaks_against(headers: Sequence[Results | None], names: Sequence[str], domain: str) -> bool:
    """Whether any header of a trusted name says that the mail is not of its domain. Nobody forges that for himself."""
    return any(
        _dmarc(result, domain) is Verdict.FAIL
        for header in headers
        if header is not None and bears(header.server, names) is not None
        for result in header.results
        if result.method == "dmarc"
    )


def with_forwarders(checks: Authentication, signs: Signs, *, trusted: Iterable[str]) -> Authentication:
    """The same with what the first forwarder saw, for a chain of seals that holds; unchanged unless all are trusted."""
    chain = chain_of(signs)
    allowed = {name.strip().lower() for name in trusted}
    if not chain or not all(any(aligned(name, sealer) for name in allowed) for sealer in chain):
        return checks
    first = next((one for one in map(read_results, signs.arc_results) if one and one.instance == 1), None)
    if first is None:
        return checks
    return replace(checks, sealers=chain, forwarded=_checks(first, checks.domain).dmarc)


def chain_of(signs: Signs) -> tuple[str, ...]:
    """Who sealed a mail, first to last; empty when the seals are no unbroken chain."""
    seals: dict[int, str] = {}
    for value in signs.arc_seals:
        line = unfold(value[:8192])
        number, sealer = _INSTANCE.search(line), _SEALER.search(line)
        if number is None or sealer is None or int(number[1]) in seals:
            return ()
        seals[int(number[1])] = sealer[1].decode("ascii", "replace").rstrip(".").lower()
    return tuple(seals[i] for i in sorted(seals)) if set(seals) == set(range(1, len(seals) + 1)) else ()


def _says_pass(found: Results, method: str) -> bool:
    return any(result.method == method and result.verdict is Verdict.PASS for result in found.results)


def _checks(found: Results, domain: str) -> Authentication:
    by_method: dict[str, list[Result]] = {}
    for result in found.results:
        by_method.setdefault(result.method, []).append(result)
    spf = _best(by_method.get("spf", ()))
    dkim = by_method.get("dkim", [])
    passed = [one for one in dkim if one.verdict is Verdict.PASS]
    dmarc = next(iter(by_method.get("dmarc", ())), None)
    auth = next((one for one in by_method.get("auth", ()) if one.verdict is Verdict.PASS), None)
    best = _best(dkim)
    return Authentication(
        domain=domain,
        source=Source.SERVER,
        spf=spf.verdict if spf else Verdict.NONE,
        spf_domain=spf.domain("smtp.mailfrom", "smtp.mail", "smtp.helo") if spf else "",
        dkim=best.verdict if best else Verdict.NONE,
        signers=tuple(dict.fromkeys(name for one in passed if (name := one.domain("header.d", "header.i")))),
        dmarc=_dmarc(dmarc, domain),
        policy=_policy(dmarc),
        is_submitted=auth is not None and auth.domain("smtp.auth") == domain,
    )


def _best(results: Iterable[Result]) -> Result | None:
    """One that passed, or the first."""
    given = list(results)
    return next((one for one in given if one.verdict is Verdict.PASS), given[0] if given else None)


def _dmarc(found: Result | None, domain: str) -> Verdict:
    """The server's word; none where it speaks of another domain than we read in From."""
    if found is None:
        return Verdict.NONE
    about = found.domain("header.from")
    return found.verdict if not about or aligned(domain, about) else Verdict.NONE


def _policy(found: Result | None) -> str:
    if found is None:
        return ""
    said = found.properties.get("policy.published-domain-policy", "") or found.comment
    match = re.search(r"\b(?:p=)?(none|quarantine|reject)\b", said)
    return match[1] if match else ""


def _by_received_spf(signs: Signs, domain: str, names: Sequence[str]) -> Authentication | None:
    """The topmost Received-SPF, if a trusted server says that it was the one who received."""
    line = unfold(signs.received_spf[0][:4096]) if signs.received_spf else b""
    receiver, verdict, sender = _RECEIVER.search(line), _SPF.match(line), _MAILFROM.search(line)
    if receiver is None or verdict is None:
        return None
    if bears(receiver[1].decode("ascii", "replace").lower(), names) is None:
        return None
    word = verdict[1].decode("ascii").lower()
    return Authentication(
        domain=domain,
        source=Source.SERVER,
        spf=Verdict(word) if word in set(Verdict) else Verdict.NONE,
        spf_domain=sender[1].decode("ascii", "replace").rpartition("@")[2].lower() if sender else "",
    )
