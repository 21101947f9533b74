"""Verbs about where an agent is logged in: noted as a browser comes by, and ended from anywhere."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.sessions.models import Session

from heed.eventlog.kinds import AgentChanged
from heed.eventlog.unit import add, change, lock, record, remove, verb
from heed.kernel import clock
from heed.kernel.errors import NotFound, require
from heed.kernel.words import ActorKind, AgentChange, AgentId
from heed.people.models import Agent, AgentSession
from heed.people.policy import Actor, agent_of


@dataclass(frozen=True, slots=True)
class Device:
    """What a browser calls itself, in two words; empty: not known."""

    browser: str = ""
    system: str = ""


@verb
def note_session(key: str, *, before: str, device: Device, by: Actor) -> AgentSession:
    """Afterwards the desk knows that the acting agent is logged in there, now. Before: the key it had, or nothing.

    Of sessions that are over nothing is kept. Records nothing. Raises Refused for one who is no agent.
    """
    agent, now = agent_of(by), clock.now()
    lock(Agent(pk=agent))  # two requests of one browser wait for each other
    rows = {row.key: row for row in AgentSession.objects.filter(agent_id=agent)}
    known = rows.pop(key, None) or rows.pop(before, None)
    alive = set(Session.objects.filter(pk__in=rows, expire_date__gt=now).values_list("pk", flat=True))
    for other in rows.values():
        if other.key not in alive:
            remove(other)
    seen = {"key": key, "browser": device.browser, "system": device.system, "seen_at": now}
    if known is None:
        return add(AgentSession(agent_id=agent, begun_at=now, **seen))
    return change(known, **seen)


@verb
def forget_session(key: str, *, by: Actor) -> None:
    """Afterwards the desk knows nothing of this session, which its agent ended by logging out. Records nothing.

    Raises Refused for one who is no agent. Nothing for a key that is not theirs.
    """
    for row in AgentSession.objects.filter(agent_id=agent_of(by), key=key):
        remove(row)


@verb
def end_session(number: int, *, by: Actor) -> None:
    """Afterwards nobody is logged in by this session of the acting agent's, and its pages show nothing more.

    Records agent.changed, by which open streams hear of it. Raises Refused for one who is no agent, and NotFound for a
    session that is not theirs or is over.
    """
    agent = agent_of(by)
    lock(Agent(pk=agent))
    row = AgentSession.objects.filter(pk=number, agent_id=agent).first()
    if row is None:
        raise NotFound
    _end(agent, [row])


@verb
def end_other_sessions(keep: str, *, by: Actor) -> int:
    """Afterwards the acting agent is logged in by the session with this key alone; how many were ended.

    Records agent.changed when there were any. Raises Refused for one who is no agent.
    """
    agent = agent_of(by)
    lock(Agent(pk=agent))
    rows = list(AgentSession.objects.filter(agent_id=agent).exclude(key=keep))
    _end(agent, rows)
    return len(rows)


@verb
def note_password(agent: Agent, *, keep: str, by: Actor) -> None:
    """Afterwards an agent who set a new password is logged in by the session with this key alone; empty: nowhere.

    Records agent.changed. Refused for anybody but the agent and the desk, which knows who has the link.
    """
    require(by.kind is ActorKind.SYSTEM or by.agent_id == agent.pk)
    lock(agent)
    _remove(AgentSession.objects.filter(agent_id=agent.pk).exclude(key=keep))
    record(AgentChanged(agent=AgentId(agent.pk), change=AgentChange.PASSWORD, role=None))


def end_all(agent: Agent) -> None:
    """For verbs about an agent whom they hold: end every session of theirs."""
    _end(AgentId(agent.pk), list(AgentSession.objects.filter(agent_id=agent.pk)))


def _end(agent: AgentId, rows: Iterable[AgentSession]) -> None:
    if _remove(rows):
        record(AgentChanged(agent=agent, change=AgentChange.SESSIONS_ENDED, role=None))


def _remove(rows: Iterable[AgentSession]) -> bool:
    """Take these sessions away, and what lets them in; whether there were any."""
    ended = list(rows)
    for row in ended:
        remove(Session(pk=row.key))
        remove(row)
    return bool(ended)
