"""Verbs on what was tried to help a customer, so that nobody suggests it again."""

from typing import Final

from heed.conversations.actions.state import hold_conversation
from heed.conversations.models import Conversation, TriedStep
from heed.eventlog.kinds import ConversationStepRemoved, ConversationStepTried
from heed.eventlog.unit import add, change, lock, record, remove, verb
from heed.kernel import clock
from heed.kernel.customer_words import Outcome
from heed.kernel.errors import NotFound, Unusable
from heed.kernel.words import TriedStepId
from heed.people.policy import Actor, agent_of

WHAT_CHARACTERS: Final = 200
STEPS: Final = 100  # of one conversation


@verb
def note_tried(conversation: Conversation, *, what: str, outcome: Outcome, by: Actor) -> TriedStep:
    """Afterwards everybody who may open the conversation reads what was tried, and how it went.

    The customer's other conversations show it too, to them. The same words again only change how it went. Records
    conversation.step_tried. Raises NotFound, Refused, Merged, Quarantined, Unusable.
    """
    held = hold_conversation(conversation, by)
    tidy = " ".join(what.split())
    if not tidy or len(tidy) > WHAT_CHARACTERS:
        raise Unusable("what", "too_long" if tidy else "missing")
    steps = {step.what.casefold(): step for step in TriedStep.objects.filter(conversation_id=held.pk)[:STEPS]}
    found = steps.get(tidy.casefold())
    if found is not None:
        return _settle(lock(found), outcome)
    if len(steps) == STEPS:
        raise Unusable("what", "too_many")
    step = add(
        TriedStep(conversation=held, agent_id=agent_of(by), what=tidy, outcome=outcome, at=clock.now())
    )
    record(ConversationStepTried(TriedStepId(step.pk), outcome), on=held.pk)
    return step


@verb
def settle_tried(step: TriedStep, *, outcome: Outcome, by: Actor) -> TriedStep:
    """Afterwards this is how it went. Records conversation.step_tried; nothing when it was said so before.

    Raises NotFound, also for what was taken back, Refused, Merged, Quarantined.
    """
    return _settle(_held(step, by), outcome)


@verb
def withdraw_tried(step: TriedStep, *, by: Actor) -> None:
    """Afterwards it was not tried, and its words are gone. Records conversation.step_removed.

    Raises NotFound, also for what was taken back before, Refused, Merged, Quarantined.
    """
    held = _held(step, by)
    remove(held)
    record(ConversationStepRemoved(TriedStepId(held.pk)), on=held.conversation_id)


def _held(step: TriedStep, by: Actor) -> TriedStep:
    hold_conversation(Conversation(pk=step.conversation_id), by)
    try:
        return lock(step)
    except TriedStep.DoesNotExist:
        raise NotFound from None


def _settle(step: TriedStep, outcome: Outcome) -> TriedStep:
    if step.outcome != outcome:
        change(step, outcome=outcome, at=clock.now())
        record(ConversationStepTried(TriedStepId(step.pk), outcome), on=step.conversation_id)
    return step
