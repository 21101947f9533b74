"""Verbs of a desk's first hour: begun with the desk, settled step by step, ended when somebody has enough of it."""

from heed.eventlog.unit import add, change, lock_many, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, require
from heed.kernel.words import Deed, FirstStep, Setting, StepOutcome
from heed.people.models import FirstHour
from heed.people.noting import note_setting
from heed.people.policy import Actor, may_set_up


class NoFirstHour(NotAllowedNow):
    """This desk began otherwise: there are no first steps to take."""

    code = "no_first_hour"


@verb
def begin_first_hour(*, by: Actor) -> FirstHour:
    """Afterwards the desk greets its admins with the first steps, those anew that were settled before.

    Records setting.changed. Raises Refused.
    """
    require(may_set_up(by))
    held = lock_many(FirstHour, [FirstHour.ONLY]).get(FirstHour.ONLY)
    note_setting(Setting.FIRST_HOUR, Deed.ADDED, number=None)
    if held is None:
        return add(FirstHour(pk=FirstHour.ONLY, begun_at=clock.now(), steps={}))
    return change(held, begun_at=clock.now(), steps={}, ended_at=None)


@verb
def settle_step(step: FirstStep, *, outcome: StepOutcome, by: Actor) -> FirstHour:
    """Afterwards this step is done, skipped, or to be taken again. Records setting.changed when that differs.

    Raises Refused, and NoFirstHour for a desk that began otherwise.
    """
    held = _hold(by)
    before = held.steps.get(step, StepOutcome.OPEN)
    if before == outcome:
        return held
    note_setting(Setting.FIRST_HOUR, number=None)
    return change(held, steps={**held.steps, step: outcome})


@verb
def end_first_hour(*, by: Actor) -> FirstHour:
    """Afterwards nobody is greeted any more; the steps stay where they are. Records setting.changed, once.

    Raises Refused, NoFirstHour.
    """
    held = _hold(by)
    if held.ended_at is not None:
        return held
    note_setting(Setting.FIRST_HOUR, Deed.REMOVED, number=None)
    return change(held, ended_at=clock.now())


def _hold(by: Actor) -> FirstHour:
    require(may_set_up(by))
    held = lock_many(FirstHour, [FirstHour.ONLY]).get(FirstHour.ONLY)
    if held is None:
        raise NoFirstHour
    return held
