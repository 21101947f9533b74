"""Is a mail spam, and why: what others found is weighed, nothing is asked. Pure."""

from dataclasses import dataclass
from typing import Final

from heed.kernel.words import SpamReason

LIKELY: Final = 0.97  # the content says spam; below it says nothing that would cost a customer an answer
SOMEWHAT: Final = 0.85


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a mail that nobody has read yet."""

    is_blocked: bool = False  # an agent blocked its sender
    is_filtered: bool = False  # the filter of a mail server that we trust marked it
    is_unproven: bool = False  # the checks of its sender failed
    likely: float | None = (
        None  # what the content model says; None: it was not asked, or is not yet to be believed
    )
    is_known: bool = False  # we wrote to its sender, or it belongs to a conversation


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a mail goes to the quarantine, and what speaks for that, the weightiest first."""

    is_spam: bool
    reasons: tuple[SpamReason, ...] = ()


def judge(seen: Signals) -> Verdict:
    """The verdict. Whom we know is judged by an agent's decision alone; content and filter never are enough there.

    Of strangers: a filter that we trust, or content that is beyond doubt, suffices; content that is merely likely needs
    a failed check of the sender beside it. A failed check alone is for the agent to look at, not for the quarantine.
    """
    reasons = []
    if seen.is_blocked:
        reasons.append(SpamReason.BLOCKED)
    if seen.is_filtered:
        reasons.append(SpamReason.FILTER)
    likely = seen.likely if seen.likely is not None else 0.0
    if likely >= SOMEWHAT:
        reasons.append(SpamReason.CONTENT)
    if seen.is_unproven:
        reasons.append(SpamReason.SENDER_CHECK)
    doubtful = seen.is_filtered or likely >= LIKELY or (likely >= SOMEWHAT and seen.is_unproven)
    return Verdict(seen.is_blocked or (doubtful and not seen.is_known), tuple(reasons))
