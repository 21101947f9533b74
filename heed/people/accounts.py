"""Reads about how agents log in: their second factors and sessions, and of whom a second factor is demanded."""

from collections.abc import Sequence
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from heed.kernel import clock
from heed.kernel.errors import require_visible
from heed.people.demands import agents_without, real_factors, rule
from heed.people.models import Agent, AgentSession, CustomRole, FactorRule
from heed.people.policy import Actor, agent_of, may_manage_people

MOST_SESSIONS = 50  # that a page shows
MOST_WITHOUT = 50


def factors(actor: Actor) -> Sequence[Authenticator]:
    """The acting agent's own second factors and recovery codes, oldest first. Raises Refused for others; one query."""
    return list(Authenticator.objects.filter(user_id=agent_of(actor)).order_by("pk"))


def sessions(actor: Actor) -> Sequence[AgentSession]:
    """Where the acting agent is logged in, last seen first. Raises Refused for one who is no agent; one query."""
    alive = Session.objects.filter(pk=OuterRef("key"), expire_date__gt=clock.now())
    rows = AgentSession.objects.filter(Exists(alive), agent_id=agent_of(actor))
    return list(rows.order_by("-seen_at", "-pk")[:MOST_SESSIONS])


def factors_of(actor: Actor, agent: Agent) -> int:
    """How many second factors somebody has, for one who may set up; none for others. One query."""
    return real_factors().filter(user_id=agent.pk).count() if may_manage_people(actor) else 0


@dataclass(frozen=True, slots=True)
class Demand:
    """Of whom a second factor is demanded, and who has none yet. more: there are others without."""

    said: FactorRule
    agents: int
    without: Sequence[Agent]
    more: bool
    custom: Sequence[CustomRole]  # roles of the desk's own making, by name


def demand(actor: Actor) -> Demand:
    """What the desk demands, for one who may set up. Raises NotFound for others; four queries."""
    require_visible(may_manage_people(actor))
    custom = list(CustomRole.objects.order_by("name"))
    without = list(agents_without()[: MOST_WITHOUT + 1])
    agents = Agent.objects.filter(is_active=True).count()
    return Demand(rule(), agents, without[:MOST_WITHOUT], len(without) > MOST_WITHOUT, custom)
