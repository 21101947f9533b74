"""What a sending domain has to say in DNS so that its mail is believed: SPF, DKIM, DMARC, judged and ready to copy.

Pure but for the questions, which go to whatever was given. Judges whether *our* server is named, and no mails.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address, ip_network
from typing import Final, Protocol

from heed.channels.email.authentication.alignment import registered

LOOKUPS_AT_MOST: Final = 10
"""RFC 7208: a receiver gives up on an SPF record that needs more."""
SENDERS: Final[tuple[tuple[str, str], ...]] = (
    ("gmail.com", "include:_spf.google.com"),
    ("google.com", "include:_spf.google.com"),
    ("office365.com", "include:spf.protection.outlook.com"),
    ("outlook.com", "include:spf.protection.outlook.com"),
    ("zoho.com", "include:zoho.com"),
    ("zoho.eu", "include:zoho.eu"),
    ("fastmail.com", "include:spf.messagingengine.com"),
    ("ionos.com", "include:_spf-eu.ionos.com"),
    ("ionos.de", "include:_spf.kundenserver.de"),
    ("ovh.net", "include:mx.ovh.com"),
    ("infomaniak.com", "include:spf.infomaniak.ch"),
    ("gandi.net", "include:_mailcust.gandi.net"),
    ("emailsrvr.com", "include:emailsrvr.com"),
    ("mailbox.org", "include:mailbox.org"),
    ("postmarkapp.com", "include:spf.mtasv.net"),
    ("mailgun.org", "include:mailgun.org"),
    ("sendgrid.net", "include:sendgrid.net"),
    ("amazonaws.com", "include:amazonses.com"),
    ("brevo.com", "include:spf.brevo.com"),
    ("mailersend.net", "include:_spf.mailersend.net"),
)
"""What providers ask to be put into SPF, by the ending of the server that mail is handed to."""
PROVIDERS: Final[Mapping[str, str]] = {
    "brevo": "include:spf.brevo.com",
    "mailersend": "include:_spf.mailersend.net",
    "mailgun": "include:mailgun.org",
    "mailjet": "include:spf.mailjet.com",
    "mandrill": "include:spf.mandrillapp.com",
    "postmark": "include:spf.mtasv.net",
    "scaleway": "include:_spf.scw-tem.cloud",
    "sendgrid": "include:sendgrid.net",
    "ses": "include:amazonses.com",
    "sparkpost": "include:_spf.sparkpostmail.com",
}
"""The same by the code of a provider that mail leaves through by its API. Of others only they know: Resend has a domain
of its own for each account, and Postal runs on a machine of one's own."""

_MECHANISMS: Final = frozenset({"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"})
_ASKING: Final = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
_POLICIES: Final = frozenset({"none", "quarantine", "reject"})


class Questions(Protocol):
    """What is asked of DNS: heed.kernel.outbound.dns.Dns answers."""

    def txt(self, name: str) -> list[str]:
        """Texts at a name."""

    def addresses(self, name: str) -> list[str]:
        """Addresses of a host."""

    def mail_hosts(self, name: str) -> list[str]:
        """Mail servers of a domain."""


class RecordState(StrEnum):
    """What stands in DNS."""

    FOUND = "found"
    MISSING = "missing"
    WRONG = "wrong"
    UNANSWERED = "unanswered"  # nobody told us: asked again later


class RecordTrouble(StrEnum):
    """What is wrong with a record."""

    NONE = ""
    TWICE = "twice"  # two records of a kind are as good as none
    MALFORMED = "malformed"
    LACKS_SERVER = "lacks_server"  # ours is not among those that may send
    ALLOWS_ALL = "allows_all"  # everybody may send in this name
    TOO_MANY_LOOKUPS = "too_many_lookups"
    NO_POLICY = "no_policy"
    OTHER_KEY = "other_key"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """One record: where it belongs, what stands there, what should. detail: the part that the trouble is about."""

    kind: str  # spf, dkim, dmarc
    name: str
    state: RecordState
    wanted: str  # ready to copy; for a found one what stands there
    value: str = ""
    trouble: RecordTrouble = RecordTrouble.NONE
    detail: str = ""


def mechanism_for(server: str) -> str:
    """What SPF has to say for mail that is handed to this server, or by the API to the provider of this code.

    A server's own address where it is no known provider's.
    """
    host = server.rstrip(".").lower()
    if host in PROVIDERS:
        return PROVIDERS[host]
    for ending, mechanism in SENDERS:
        if host == ending or host.endswith(f".{ending}"):
            return mechanism
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return f"a:{host}"
    return f"ip{address.version}:{address}"


# --- SPF ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Walk:
    """What an SPF record names, with all that it takes in."""

    questions: Questions
    wanted: str
    own: frozenset[str]  # addresses of our server
    lookups: int = 0
    names_us: bool = False
    broken: str = ""  # the part that can't be read
    seen: set[str] = field(default_factory=set)

    def read(self, record: str, domain: str) -> None:
        for term in record.split()[1:]:
            if self.lookups > LOOKUPS_AT_MOST or self.broken:
                return
            self._term(term, domain)

    def _term(self, term: str, domain: str) -> None:
        bare = term.lstrip("+-~?").lower()
        name, _, value = bare.partition("=" if bare.startswith(("redirect=", "exp=")) else ":")
        name, _, _ = name.partition("/")
        if name == "exp" or ("=" in bare and name not in ("redirect", *_MECHANISMS)):
            return  # a modifier that nobody has to know
        if name not in _MECHANISMS and name != "redirect":
            self.broken = term
            return
        if name in _ASKING:
            self.lookups += 1
        if bare == self.wanted and not term.startswith(("-", "~", "?")):
            self.names_us = True
        target = value.partition("/")[0] or domain
        if "%" in target:
            return  # a macro: depends on the mail
        if name in ("include", "redirect"):
            self._include(term, target)
        elif name in ("ip4", "ip6"):
            self._network(term, value)
        elif name in ("a", "mx") and self.own:
            self._hosts(name, target)

    def _include(self, term: str, target: str) -> None:
        if not target or target in self.seen:
            return
        self.seen.add(target)
        records = _spf_of(self.questions.txt(target))
        if len(records) != 1:
            self.broken = term
            return
        self.read(records[0], target)

    def _network(self, term: str, value: str) -> None:
        try:
            network = ip_network(value, strict=False)
        except ValueError:
            self.broken = term
            return
        self.names_us |= any(ip_address(address) in network for address in self.own)

    def _hosts(self, name: str, target: str) -> None:
        hosts = [target] if name == "a" else self.questions.mail_hosts(target)
        found = {address for host in hosts[:LOOKUPS_AT_MOST] for address in self.questions.addresses(host)}
        self.names_us |= not self.own.isdisjoint(found)


def _spf_of(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


def check_spf(domain: str, *, server: str, questions: Questions) -> RecordCheck:
    """Whether a domain lets this server send for it: what the desk hands its mail to, or a provider by its code."""
    wanted = mechanism_for(server)
    records = _spf_of(questions.txt(domain))

    def judged(state: RecordState, copy: str, trouble: RecordTrouble, detail: str = "") -> RecordCheck:
        return RecordCheck("spf", domain, state, copy, " | ".join(records), trouble, detail)

    if not records:
        return judged(RecordState.MISSING, f"v=spf1 {wanted} ~all", RecordTrouble.NONE)
    if len(records) > 1:
        merged = " ".join(dict.fromkeys(term for record in records for term in _terms(record)))
        copy = f"v=spf1 {_with(merged, wanted)}"
        return judged(RecordState.WRONG, copy, RecordTrouble.TWICE)
    record = records[0]
    own = () if server in PROVIDERS else questions.addresses(server)
    walk = _Walk(questions, wanted, frozenset(own))
    walk.read(record, domain)
    better = f"v=spf1 {_with(' '.join(_terms(record)), wanted)}"
    if walk.broken:
        return judged(RecordState.WRONG, better, RecordTrouble.MALFORMED, walk.broken)
    if walk.lookups > LOOKUPS_AT_MOST:
        return judged(RecordState.WRONG, better, RecordTrouble.TOO_MANY_LOOKUPS)
    if any(term.lower() in ("all", "+all") for term in record.split()[1:]):
        return judged(RecordState.WRONG, better, RecordTrouble.ALLOWS_ALL)
    if not walk.names_us:
        return judged(RecordState.WRONG, better, RecordTrouble.LACKS_SERVER, wanted)
    return judged(RecordState.FOUND, record, RecordTrouble.NONE)


def _terms(record: str) -> list[str]:
    """What stands in a record but for how it ends."""
    return [term for term in record.split()[1:] if term.lstrip("+-~?").lower() != "all"]


def _with(terms: str, wanted: str) -> str:
    named = terms.split()
    if wanted not in [term.lstrip("+").lower() for term in named]:
        redirect = next((at for at, term in enumerate(named) if term.lower().startswith("redirect=")), None)
        named.insert(len(named) if redirect is None else redirect, wanted)
    ends = [] if any(term.lower().startswith("redirect=") for term in named) else ["~all"]
    return " ".join([*named, *ends])


# --- DKIM --------------------------------------------------------------------------------------------


def tags_of(record: str) -> dict[str, str]:
    """The tags of a record such as v=DKIM1; k=rsa; p=…: names in lower case, values without white space."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, equals, value in pairs if equals}


def check_dkim(domain: str, *, selector: str, wanted: str, questions: Questions) -> RecordCheck:
    """Whether the public half of our key stands where receivers look for it. `wanted` is the whole record."""
    name = f"{selector}._domainkey.{domain}"
    texts = questions.txt(name)
    value = " | ".join(texts)

    def judged(state: RecordState, trouble: RecordTrouble = RecordTrouble.NONE) -> RecordCheck:
        return RecordCheck("dkim", name, state, wanted, value, trouble)

    if not texts:
        return judged(RecordState.MISSING)
    if len(texts) > 1:
        return judged(RecordState.WRONG, RecordTrouble.TWICE)
    found, ours = tags_of(texts[0]), tags_of(wanted)
    if "p" not in found or found.get("v", "DKIM1").upper() != "DKIM1":
        return judged(RecordState.WRONG, RecordTrouble.MALFORMED)
    if not found["p"]:
        return judged(RecordState.WRONG, RecordTrouble.REVOKED)
    if found["p"] != ours.get("p") or found.get("k", "rsa") != ours.get("k", "rsa"):
        return judged(RecordState.WRONG, RecordTrouble.OTHER_KEY)
    return judged(RecordState.FOUND)


# --- DMARC -------------------------------------------------------------------------------------------

DMARC_WANTED: Final = "v=DMARC1; p=none"


def check_dmarc(domain: str, *, questions: Questions) -> RecordCheck:
    """Whether a domain says what becomes of mail that fails; the registered domain speaks for all below it."""
    name = f"_dmarc.{domain}"
    records = _dmarc_of(questions.txt(name))
    above = registered(domain)
    if not records and above != domain:
        found = _dmarc_of(questions.txt(f"_dmarc.{above}"))
        if found:
            name, records = f"_dmarc.{above}", found
    value = " | ".join(records)

    def judged(state: RecordState, trouble: RecordTrouble = RecordTrouble.NONE) -> RecordCheck:
        copy = value if state is RecordState.FOUND else DMARC_WANTED
        return RecordCheck("dmarc", name, state, copy, value, trouble)

    if not records:
        return judged(RecordState.MISSING)
    if len(records) > 1:
        return judged(RecordState.WRONG, RecordTrouble.TWICE)
    policy = tags_of(records[0]).get("p", "").lower()
    if not policy:
        return judged(RecordState.WRONG, RecordTrouble.NO_POLICY)
    if policy not in _POLICIES:
        return judged(RecordState.WRONG, RecordTrouble.MALFORMED)
    return judged(RecordState.FOUND)


def _dmarc_of(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if text.replace(" ", "").lower().startswith("v=dmarc1")]
