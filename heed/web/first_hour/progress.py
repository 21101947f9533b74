"""How far a new desk has got: what somebody settled, and what the rows say by themselves."""

from collections.abc import Mapping
from typing import Final

from heed.connecting.queries import standing
from heed.kernel.words import FirstStep, StepOutcome
from heed.people.first_hour import first_hour
from heed.people.models import FirstHour
from heed.people.policy import Actor, may_set_up

HERE: Final = "/settings/first-hour/"


def outcomes(known: FirstHour | None) -> Mapping[FirstStep, StepOutcome]:
    """What became of each step; one query. What is there is done, whoever did it and wherever."""
    there = standing()
    done = {
        FirstStep.MAILBOX: there.has_mail,
        FirstStep.PEOPLE: there.has_colleagues,
        FirstStep.TEST_MAIL: there.has_arrived,
    }
    said = known.steps if known else {}
    return {
        step: StepOutcome.DONE if done.get(step) else StepOutcome(said.get(step, StepOutcome.OPEN))
        for step in FirstStep
    }


def is_greeted(actor: Actor) -> bool:
    """Whether the desk begins with the first steps for this actor: one query, two while they are being taken."""
    if not may_set_up(actor):
        return False
    known = first_hour()
    if known is None or known.ended_at is not None:
        return False
    return StepOutcome.OPEN in outcomes(known).values()
