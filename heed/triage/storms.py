"""Mails like each other, joined for a while by a rule: which rule, and into which group. Pure."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from heed.kernel.words import StormKey, StormRuleId
from heed.triage.patterns import whole, within

_NUMBER: Final = re.compile(r"\d+")
_SPACES: Final = re.compile(r"\s+")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rule:
    """What one version of a rule says. Patterns that are empty match everything."""

    rule: StormRuleId
    version: int
    brand: int
    sender: str
    subject: str
    text: str
    group_by: StormKey
    window_seconds: int


@dataclass(frozen=True, slots=True)
class Storming:
    """What of a mail a rule looks at."""

    sender: str  # normalised address
    subject: str
    text: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Joining:
    """The rule that a mail comes under, and the group: equal for mails that belong together."""

    rule: Rule
    key: str


def joining(mail: Storming, rules: Iterable[Rule]) -> Joining | None:
    """The first of these rules, in their order, that the mail comes under; None: none.

    The window is a fixed stretch of time, so that which mails belong together does not depend on which is read first.
    """
    for rule in rules:
        found = _matched(mail, rule)
        if found is not None:
            place = int((mail.received_at - EPOCH).total_seconds()) // rule.window_seconds
            common = {
                StormKey.RULE: "",
                StormKey.SENDER: mail.sender,
                StormKey.SUBJECT: plain(mail.subject),
                StormKey.PATTERN: found,
            }[rule.group_by]
            digest = hashlib.sha256(
                f"{rule.window_seconds}\0{place}\0{rule.group_by}\0{common}".encode("utf-8", "replace")
            )
            return Joining(rule, digest.hexdigest())
    return None


def _matched(mail: Storming, rule: Rule) -> str | None:
    """What the key in the patterns stands for, '' without one; None when the mail does not match."""
    key = ""
    for match, pattern, text in (
        (whole, rule.sender, mail.sender),
        (within, rule.subject, mail.subject),
        (within, rule.text, mail.text),
    ):
        found = match(pattern).match(text) if pattern else ""
        if found is None:
            return None
        key = key or found
    return key


def plain(subject: str) -> str:
    """A subject without what differs from alarm to alarm: numbers, case, spaces."""
    return _SPACES.sub(" ", _NUMBER.sub("0", subject.casefold())).strip()
