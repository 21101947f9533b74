"""Spam and storms at the door: whether a letter is held back, and which others like it it joins."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from heed.channels.email.authentication.results import Source
from heed.conversations.actions.state import is_listed
from heed.conversations.models import Conversation
from heed.intake.known import Known
from heed.intake.threading import Decision, Letter
from heed.kernel.words import Automatic, BrandId, Confidence, JoinedBy, Status
from heed.triage.queries import Sieve, is_known
from heed.triage.storms import Joining, Storming
from heed.triage.verdict import Signals, Verdict, judge
from heed.triage.words import words_of

CLEAN = Verdict(is_spam=False)
SIFTED = (Automatic.NO, Automatic.BULK, Automatic.AUTO_REPLY)  # reports have a place of their own
FAILED = (Confidence.FAILED, Confidence.FORGED_OURS)


@dataclass(frozen=True, slots=True)
class Sifted:
    """Where a letter goes after all, and why."""

    decision: Decision
    verdict: Verdict = CLEAN
    likely: float | None = None
    joining: Joining | None = None  # it belongs to a storm


@dataclass(frozen=True, slots=True)
class Written:
    """What a mail says, as it will be kept, and when the desk had it."""

    text: str
    html: str
    received_at: datetime


def sieve_of(letters: Sequence[tuple[Letter, Written]]) -> Sieve:
    """What these mails are sifted by: two queries, and one more where rules for storms match any of them."""
    sieve = Sieve.read(letter.sender for letter, _ in letters)
    if sieve.rules:
        brands = {rule.brand for rule in sieve.rules}
        found = (sieve.joining(brand, storming(*one)) for one in letters for brand in brands)
        sieve.read_groups(joining for joining in found if joining is not None)
    return sieve


def sift(letter: Letter, decision: Decision, *, written: Written, brand: BrandId, known: Known) -> Sifted:
    """Whether the letter is spam, or belongs to a storm; of agents, reports and imported mail nothing is asked.

    A blocked sender joins nothing. What a thread or a rule of an admin takes in is not judged by its words.
    """
    if letter.is_history or letter.automatic not in SIFTED or letter.sender in known.agents:
        return Sifted(decision)
    is_blocked = known.sieve.is_blocked(brand, letter.sender)
    is_new = decision.conversation is None
    joining = known.sieve.joining(brand, storming(letter, written)) if is_new and not is_blocked else None
    likely = _likely(letter, written, brand, known) if is_new and joining is None and not is_blocked else None
    verdict = judge(
        Signals(
            is_blocked=is_blocked,
            is_filtered=letter.mail.signs.is_marked_spam and letter.checks.source is Source.SERVER,
            is_unproven=letter.confidence in FAILED,
            likely=likely,
            is_known=not is_new or joining is not None,
        )
    )
    if verdict.is_spam and not is_blocked and is_known(known.customers.get(letter.sender)):
        verdict = CLEAN
    if verdict.is_spam:
        return Sifted(Decision(None, JoinedBy.NEW, decision.flag), verdict, likely)
    if joining is not None:
        there = _gathered(joining, brand, known)
        return Sifted(replace(decision, conversation=there, joined_by=JoinedBy.STORM_RULE), joining=joining)
    return Sifted(decision)


def storming(letter: Letter, written: Written) -> Storming:
    """What rules look at."""
    return Storming(letter.sender, letter.mail.subject, written.text, written.received_at)


def _gathered(joining: Joining, brand: BrandId, known: Known) -> Conversation | None:
    """The conversation of the storm, unless it is over: then another begins."""
    number = known.sieve.groups.get((joining.rule.rule, joining.key))
    found = known.conversation(number, brand) if number is not None else None
    is_over = found is None or found.status == Status.CLOSED or not is_listed(found)
    return None if is_over else found


def _likely(letter: Letter, written: Written, brand: BrandId, known: Known) -> float | None:
    """What the content model says; None while it is not to be believed, which then costs nothing a mail."""
    model = known.sieve.model(brand)
    if model is None:
        return None
    domain = letter.writer.address.rpartition("@")[2].lower() if letter.writer else ""
    signs = [letter.automatic] if letter.automatic is not Automatic.NO else ()
    return model.weigh(
        words_of(
            subject=letter.mail.subject, text=written.text, html=written.html, domain=domain, signs=signs
        )
    )
