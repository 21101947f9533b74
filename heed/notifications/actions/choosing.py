"""Verb of what somebody wants to be told of."""

from heed.brands.hours import MINUTES_A_DAY
from heed.eventlog.unit import add, change, lock, lock_many, verb
from heed.kernel.errors import Unusable
from heed.kernel.words import Setting
from heed.notifications.choices import Wanted, stored
from heed.notifications.models import NotificationChoice
from heed.people.models import Agent
from heed.people.noting import note_setting
from heed.people.policy import Actor, agent_of


@verb
def choose_notifications(wanted: Wanted, *, by: Actor) -> NotificationChoice:
    """Afterwards the acting agent is told of what they want, how they want it; what was told stays as it is.

    Records setting.changed, nothing when they wanted the same before. Raises Refused for one who is no agent, and
    Unusable (quiet: needs_both, no_hours; quiet_days: unknown_choice).
    """
    agent = lock(Agent(pk=agent_of(by)))
    values = _checked(wanted)
    found = lock_many(NotificationChoice, [agent.pk]).get(agent.pk)
    if found is not None and all(getattr(found, name) == value for name, value in values.items()):
        return found
    note_setting(Setting.NOTIFICATIONS, number=agent.pk)
    if found is None:
        return add(NotificationChoice(agent=agent, **values))
    return change(found, **values)


def _checked(wanted: Wanted) -> dict[str, object]:
    hours = (wanted.quiet_from, wanted.quiet_to)
    if (wanted.quiet_from is None) != (wanted.quiet_to is None):
        raise Unusable("quiet", "needs_both")
    if any(one is not None and not 0 <= one < MINUTES_A_DAY for one in hours):
        raise Unusable("quiet", "no_hours")
    days = sorted(set(wanted.quiet_days))
    if not set(days) <= set(range(7)):
        raise Unusable("quiet_days", "unknown_choice")
    return {
        "channels": stored(wanted.channels),
        "quiet_from": wanted.quiet_from,
        "quiet_to": wanted.quiet_to,
        "quiet_days": days,
        "has_push_text": wanted.has_push_text,
    }
