"""Of whom a second factor is demanded, and from when on. The rows of second factors are allauth's."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from heed.eventlog.unit import change
from heed.kernel import clock
from heed.people.models import Agent, FactorRule

CODES = Authenticator.Type.RECOVERY_CODES


def rule() -> FactorRule:
    """Who has to have a second factor as the desk says now; nobody, where it never said anything. One query."""
    return FactorRule.objects.filter(pk=FactorRule.ONLY).first() or FactorRule(pk=FactorRule.ONLY, roles=[])


def has_factor(agent: Agent) -> bool:
    """Whether an agent has a second factor; recovery codes alone are none. One query."""
    return real_factors().filter(user_id=agent.pk).exists()


def real_factors() -> "QuerySet[Authenticator]":
    """Every second factor of anybody that is more than recovery codes."""
    found: QuerySet[Authenticator] = Authenticator.objects.exclude(type=CODES)
    return found


def key_of_role(role: str, custom: int | None) -> str:
    """How the rule names a role: by its code, or one that the desk made by its number."""
    return role if custom is None else f"role-{custom}"


def is_asked(agent: Agent, said: FactorRule) -> bool:
    """Whether the rule is about this agent's role; no query."""
    return key_of_role(agent.role, agent.custom_role_id) in said.roles


def settle_demand(agent: Agent, *, said: FactorRule | None = None) -> None:
    """For verbs that hold the agent: let their row say from when on they see nothing without a second factor.

    Who has been told of a day keeps it.
    """
    known = said or rule()
    if not is_asked(agent, known) or has_factor(agent):
        due_at = None
    else:
        due_at = agent.second_factor_due_at or clock.now() + timedelta(days=known.grace_days)
    if due_at != agent.second_factor_due_at:
        change(agent, second_factor_due_at=due_at)


def agents_without() -> "QuerySet[Agent, Agent]":
    """Those of the desk who have no second factor, by name."""
    theirs = real_factors().filter(user_id=OuterRef("pk"))
    return Agent.objects.filter(~Exists(theirs), is_active=True).order_by("name", "pk")


def is_overdue(agent: Agent) -> bool:
    """Whether an agent sees nothing until they have a second factor; no query."""
    return agent.second_factor_due_at is not None and agent.second_factor_due_at <= clock.now()
