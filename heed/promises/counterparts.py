"""By what a robot is known again that changes address and subject with each mail: pure."""

import hashlib
import re
from dataclasses import dataclass

from heed.channels.email.address import PUBLIC_PROVIDERS, counterpart
from heed.channels.email.authentication.alignment import registered
from heed.channels.email.subjects import base_subject

LONGEST = 254  # characters that are remembered
TEXT_CHARACTERS = 4_000
FEWEST_WORDS = 20  # fewer say nothing: many people write "where is my order" too
SHORTEST_ECHO = 4  # characters of a subject
_WORD = re.compile(r"[^\W\d_]{3,}")
_CODED = re.compile(r"\S*[\d@/\\]\S*")  # numbers, addresses, links: what a template fills in

# What stands in Message-IDs of very many people's mail: programs on telephones, and those who send for others.
_SHARED = frozenset(
    [
        "amazonses.com",
        "android.com",
        "apple.com",
        "exchangelabs.com",
        "google.com",
        "icloud.com",
        "mailchimpapp.net",
        "mailgun.org",
        "mandrillapp.com",
        "mcsv.net",
        "microsoft.com",
        "office365.com",
        "postmarkapp.com",
        "sendgrid.net",
        "sparkpostmail.com",
    ]
)


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Who would get an automatic mail. Empty: nothing known of that sort."""

    who: str  # the address without +tag and digits
    domain: str  # the registered domain; empty for public providers
    host: str  # that of the Message-ID, where not many share it
    text_key: str
    is_newcomer: bool


def counterpart_of(
    *, address: str, message_id: str, subject: str, text: str, is_newcomer: bool
) -> Counterpart:
    """What a mail says of its writer."""
    return Counterpart(
        who=counterpart(address)[:LONGEST],
        domain=_own(address),
        host=_own(message_id),
        text_key=text_key(text, subject),
        is_newcomer=is_newcomer,
    )


def text_key(text: str, subject: str) -> str:
    """Equal for texts that one template makes, whatever numbers, codes and subject it fills in; '' for short ones."""
    seen, echoed = text[:TEXT_CHARACTERS].casefold(), base_subject(subject).casefold()
    if len(echoed) >= SHORTEST_ECHO:  # the subject of what it answers, taken up in the text
        seen = seen.replace(echoed, " ")
    words = set(_WORD.findall(_CODED.sub(" ", seen)))
    if len(words) < FEWEST_WORDS:
        return ""
    return hashlib.sha256(" ".join(sorted(words)).encode("utf-8", "replace")).hexdigest()[:16]


def _own(address: str) -> str:
    """The registered domain of an address or Message-ID; empty where its users are strangers to each other."""
    domain = address.strip().strip("<>").lower().rpartition("@")[2].rstrip(".")
    if domain in PUBLIC_PROVIDERS or "." not in domain:
        return ""
    name = registered(domain)
    return "" if name in PUBLIC_PROVIDERS or name in _SHARED else name[:LONGEST]
