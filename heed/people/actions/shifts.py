"""Verbs about when somebody works, whether they are there, and what they know.

The log says that it was changed, by whom and when; never what it says.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from heed.eventlog.unit import add, change, lock, remove, verb
from heed.kernel import clock
from heed.kernel.errors import Unusable, require
from heed.kernel.words import Availability, Setting
from heed.people.absence import checked_leave, shift_of
from heed.people.checked import language_of
from heed.people.models import Agent, AgentSkill, Skill
from heed.people.noting import note_setting
from heed.people.policy import Actor, agent_of, may_say_when_one_works
from heed.people.queries import badge_of

MOST_SKILLS = 30
SKILL_CHARACTERS = 60


@verb
def say_availability(to: Availability, *, by: Actor) -> Agent:
    """Afterwards colleagues see that the acting agent is available, away or off, and since when.

    Records setting.changed; nothing when it is so already. Raises Refused for one who is no agent.
    """
    held = lock(Agent(pk=agent_of(by)))
    if held.availability == to:
        return held
    note_setting(Setting.AVAILABILITY, number=held.pk)
    return change(held, availability=to, availability_at=clock.now())


@verb
def change_work(
    agent: Agent,
    *,
    shift: Mapping[str, Sequence[Sequence[int]]],
    leave: Sequence[tuple[date, date]],
    skills: Sequence[str],
    languages: Sequence[str],
    by: Actor,
) -> Agent:
    """Afterwards the agent works in these hours of a week, by the clock of their zone, but for these days.

    They have these skills, by name, and answer in these languages, by code, and in no others. No hours at all: nobody
    knows when. Leave that has passed is forgotten, a skill that nobody had before is known from now on. Nothing else
    changes. Records setting.changed for each of the four that says something else now. Raises Refused for another
    agent's but for one who may decide about them, and Unusable for hours that overlap, days that end before they begin,
    a code that is none, too many or too long names.
    """
    held = lock(Agent(pk=agent.pk))
    require(may_say_when_one_works(by, badge_of(held, also_off=True).actor))
    shift_of(shift, held.time_zone)
    known = {day: [list(window) for window in windows] for day, windows in shift.items() if windows}
    today = clock.now().astimezone(ZoneInfo(held.time_zone)).date()
    codes = sorted({language_of(code) for code in languages if code.strip()})
    away = checked_leave(leave, today=today)
    told = {
        Setting.WORK_HOURS: known != held.shift,
        Setting.LEAVE: away != checked_leave(_days(held.leave), today=today),
        Setting.SKILLS: _let_have(held, skills),
        Setting.LANGUAGES_ANSWERED: codes != held.languages,
    }
    for setting in (setting for setting, is_other in told.items() if is_other):
        note_setting(setting, number=held.pk)
    return change(held, shift=known, leave=away, languages=codes)


def _days(leave: Sequence[Sequence[str]]) -> list[tuple[date, date]]:
    return [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in leave]


def _let_have(held: Agent, skills: Sequence[str]) -> bool:
    """Whether they have others now than before."""
    names: dict[str, str] = {}
    for name in skills:
        if tidy := " ".join(name.split()):
            names.setdefault(tidy.lower(), tidy)
    if len(names) > MOST_SKILLS or any(len(name) > SKILL_CHARACTERS for name in names):
        raise Unusable("skills", "too_long")
    had = {row.skill.name.lower(): row for row in held.skills.select_related("skill")}
    for name in had.keys() - names.keys():
        remove(had[name])
    known = {skill.name.lower(): skill for skill in Skill.objects.all()} if names.keys() - had.keys() else {}
    for name in sorted(names.keys() - had.keys()):
        add(AgentSkill(agent=held, skill=known.get(name) or add(Skill(name=names[name]))))
    return had.keys() != names.keys()
