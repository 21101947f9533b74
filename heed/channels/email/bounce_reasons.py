"""Why a mail came back, in one word, from what the refusing server said.

The words are the ones that operators of mail servers use. What a provider's own code says goes first, then the
server's sentence, then its status code (RFC 3463), then at which command it refused.
"""

import re

from heed.channels.email.bounce_codes import ASKED_TO_WAIT, BANNED_HOST, BY_PROVIDER, BY_STATUS
from heed.channels.email.bounce_words import SENTENCES

# Trying again tomorrow does not help for these.
HARD = frozenset({"userunknown", "hostunknown", "hasmoved", "notaccept"})

_COMPILED = tuple((word, re.compile(pattern, re.IGNORECASE)) for word, pattern in SENTENCES)
_PROVIDERS = tuple((word, re.compile(pattern, re.IGNORECASE)) for pattern, word in BY_PROVIDER)
_AFTER_DATA = re.compile(
    r"end of data|command data|after data|text command|failed after i sent the message|failed on data command|"
    r">>> data\s{1,4}<<< (?!503|354)[45]\d\d",
    re.IGNORECASE,
)
_AT_RECIPIENT = re.compile(r">>> rcpt to:[^\n]{1,200}\n\s{0,4}<<< [45]\d\d", re.IGNORECASE)
_AT_GREETING = re.compile(
    r"refused to talk to me|my name was rejected|(?:after|reply to) (?:initial connection|[eh][eh]lo)\b|"
    r"(?:initial|server) (?:greeting|banner).{0,20}(?:fail|refus|reject)|"
    r">>> [eh][eh]lo [^\n]{1,200}\n\s{0,4}<<< [45]\d\d",
    re.IGNORECASE,
)
_AT_SENDER = re.compile(
    r"(?:after|reply to) mail from\b|sender was rejected|>>> mail from:[^\n]{1,200}\n\s{0,4}<<< [45]\d\d",
    re.IGNORECASE,
)
# These say of a mailbox that it was never there, at whatever command.
_NEVER_THERE = re.compile(
    r"invalid recipient|doesn.t have an? [^ ]{1,80} account|destinataire invalide|no such (?:user|mailbox) here",
    re.IGNORECASE,
)
# What servers add when they stop trying, whatever the trouble was.
_GAVE_UP = re.compile(
    r"i.m not going to try again; this message has been in the queue too long|"
    r"message will be deleted from queue|"
    r"message could not be delivered for [a-z0-9 ]{1,20}|message expired, ",
    re.IGNORECASE,
)
# A bare word of trouble tells no reason.
_NOTHING_SAID = re.compile(
    r"[45]\d\d[ -](?:[45]\.0\.0 )?(?:temporary failure|rejected|failed|error)\.?\Z", re.IGNORECASE
)
# Too general to stand against a telling status code.
_WEAK = frozenset({"policyviolation", "systemerror", "mailererror", "filtered", "onhold", "undefined"})
_UNSAID = ("onhold", "undefined")
_SEEN = 1200  # characters of a server's answer that are looked at: the patterns hold bounded gaps


def reason_of(sentence: str, status: str, transcript: str = "") -> str:
    """Return the reason for a server's sentence and status; ``onhold`` or ``undefined`` when neither says.

    ``transcript`` is what the report says around it: which command was refused.
    """
    seen = " ".join(sentence[:_SEEN].split())
    around = transcript[:_SEEN]
    for word, pattern in _PROVIDERS:
        if pattern.search(seen):
            return word
    told = "undefined" if _NOTHING_SAID.match(seen) else _by_sentence(_GAVE_UP.sub("", seen))
    reason = _weighed(told, status, seen, around)
    is_at_greeting = bool(_AT_GREETING.search(seen) or _AT_GREETING.search(around))
    if is_at_greeting and reason in ("userunknown", "systemerror", *_UNSAID):
        return "blocked"  # no recipient had been named yet
    if reason in _UNSAID and (_AT_SENDER.search(seen) or _AT_SENDER.search(around)):
        return "rejected"
    return reason


def _weighed(reason: str, status: str, seen: str, around: str) -> str:
    """What sentence and status come to together."""
    by_status = _by_status(status)
    if by_status and len(status) >= len("5.1.100"):
        return by_status  # a provider's own number is its exact word
    if reason == "userunknown":
        return _of_unknown(status, by_status, seen, around)
    if reason == "mesgtoobig" and status.endswith(".2.3"):
        return "exceedlimit"
    if reason == "contenterror" and status[2:].startswith("7."):
        return "policyviolation"  # the server says itself that a rule of its own refused the content
    if reason == "policyviolation" and by_status == "securityerror":
        return reason  # of one subject (7), and the sentence is the closer
    if reason in _WEAK and by_status not in ("", "onhold", *_WEAK):
        return by_status
    if reason != "undefined":
        return reason
    if _GAVE_UP.search(seen):
        return "expired"
    if by_status:
        return by_status
    if status[2:].startswith(("6.", "7.")):
        return "contenterror" if status[2] == "6" else "securityerror"
    return "onhold" if status else "undefined"


def _of_unknown(status: str, by_status: str, seen: str, around: str) -> str:
    """An unknown user: or one who is known, but whose own rules refused this mail after its data."""
    if by_status == "hasmoved":
        return by_status
    if status.endswith(".1.1") or _NEVER_THERE.search(seen):
        return "userunknown"
    return "filtered" if _is_after_data(seen, around) else "userunknown"


def _by_status(status: str) -> str:
    found = BY_STATUS.get(status[2:], "")
    subject, _, detail = status[2:].partition(".")
    if found or subject != "7" or not detail.isdigit():
        return found
    if status[0] == "5" and int(detail) in BANNED_HOST:
        return "blocked"
    return "blocked" if status[0] == "4" and int(detail) in ASKED_TO_WAIT else ""


def _is_after_data(sentence: str, transcript: str) -> bool:
    if _AFTER_DATA.search(sentence):
        return True
    return bool(_AFTER_DATA.search(transcript)) and not _AT_RECIPIENT.search(transcript)


def _by_sentence(sentence: str) -> str:
    for word, pattern in _COMPILED:
        if pattern.search(sentence):
            return word
    return "undefined"
