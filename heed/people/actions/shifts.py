"""Verbs about when somebody works, whether they are there, and what they know. None of it stands in the log."""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from heed.eventlog.unit import add, change, lock, remove, verb
from heed.kernel import clock
from heed.kernel.errors import Unusable, require
from heed.kernel.words import Availability
from heed.people.absence import checked_leave, shift_of
from heed.people.checked import language_of
from heed.people.models import Agent, AgentSkill, Skill
from heed.people.policy import Actor, agent_of, may_say_when_one_works

MOST_SKILLS = 30
SKILL_CHARACTERS = 60


@verb
def say_availability(to: Availability, *, by: Actor) -> Agent:
    """Afterwards colleagues see that the acting agent is available, away or off, and since when.

    Nothing changes when it is so already. Raises Refused for one who is no agent.
    """
    held = lock(Agent(pk=agent_of(by)))
    if held.availability == to:
        return held
    return change(held, availability=to, availability_at=clock.now())


@verb
def change_shift(
    agent: Agent,
    *,
    shift: Mapping[str, Sequence[Sequence[int]]],
    leave: Sequence[tuple[date, date]],
    by: Actor,
) -> Agent:
    """Afterwards the agent works in these hours of a week, by the clock of their zone, but for these days.

    No hours at all: nobody knows when. Leave that has passed is forgotten. Raises Refused for another agent's but for
    one who manages people, and Unusable for hours that overlap and days that end before they begin.
    """
    require(may_say_when_one_works(by, agent.pk))
    held = lock(agent)
    shift_of(shift, held.time_zone)
    known = {day: [list(window) for window in windows] for day, windows in shift.items() if windows}
    today = clock.now().astimezone(ZoneInfo(held.time_zone)).date()
    return change(held, shift=known, leave=checked_leave(leave, today=today))


@verb
def change_skills(agent: Agent, *, skills: Sequence[str], languages: Sequence[str], by: Actor) -> Agent:
    """Afterwards the agent has these skills, by name, and answers in these languages, by code, and in no others.

    A skill that nobody had before is known from now on. Raises Refused for another agent's but for one who manages
    people, and Unusable for a code that is none and for too many or too long names.
    """
    require(may_say_when_one_works(by, agent.pk))
    held = lock(agent)
    names = {" ".join(name.split()).lower(): " ".join(name.split()) for name in skills if name.strip()}
    if len(names) > MOST_SKILLS or any(len(name) > SKILL_CHARACTERS for name in names):
        raise Unusable("skills", "too_long")
    codes = sorted({language_of(code) for code in languages if code.strip()})
    known = {skill.name.lower(): skill for skill in Skill.objects.filter(name__in=[*names, *names.values()])}
    had = {row.skill.name.lower(): row for row in held.skills.select_related("skill")}
    for name in had.keys() - names.keys():
        remove(had[name])
    for name in sorted(names.keys() - had.keys()):
        add(AgentSkill(agent=held, skill=known.get(name) or add(Skill(name=names[name]))))
    return held if held.languages == codes else change(held, languages=codes)
