"""Verbs about second factors: of whom they are demanded, and what proves, beside the password, who somebody is.

allauth reads and writes the same rows when somebody logs in. Secrets are sealed; a passkey's public half is none.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from heed.eventlog.kinds import AgentChanged, SettingChanged
from heed.eventlog.unit import add, change, lock, lock_many, record, remove, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, NotFound, Unusable, require
from heed.kernel.secrets import seal
from heed.kernel.words import BUILT_IN, AgentChange, AgentId, Deed, Role, Setting
from heed.people.actions.sessions import end_all
from heed.people.checked import name_of
from heed.people.demands import CODES, has_factor, is_asked, key_of_role, real_factors, rule, settle_demand
from heed.people.models import Agent, CustomRole, FactorRule
from heed.people.policy import Actor, agent_of, may_decide_about, may_give_role, may_manage_people
from heed.people.queries import badge_of, permissions_in

LONGEST_GRACE_DAYS: Final = 90
MOST_PASSKEYS: Final = 20  # of one agent
SEED_BYTES: Final = 40


class AlreadyHasApp(NotAllowedNow):
    """An agent has one authenticator app: remove it before another is added."""

    code = "already_has_app"


class NoFactor(NotAllowedNow):
    """Recovery codes stand in for a second factor, and there is none."""

    code = "no_factor"


@verb
def demand_second_factor(
    roles: Iterable[Role], *, grace_days: int, by: Actor, custom: Iterable[CustomRole] = ()
) -> FactorRule:
    """Afterwards agents of these roles need a second factor: who has none sees nothing more after so many days.

    Custom roles are those of the desk's own making. Whoever was told of a day keeps it, unless a shorter time was set.
    Records setting.changed when that differs. Raises Refused, also for roles with rights that the acting agent lacks,
    be they named anew or no more, or given another time; and Unusable (grace_days).
    """
    require(may_manage_people(by))
    if not 0 <= grace_days <= LONGEST_GRACE_DAYS:
        raise Unusable("grace_days", "out_of_bounds")
    wanted = sorted({*roles, *(key_of_role(Role.CUSTOM, role.pk) for role in custom)} - {Role.CUSTOM})
    agents = lock_many(Agent, sorted(Agent.objects.filter(is_active=True).values_list("pk", flat=True)))
    held = lock_many(FactorRule, [FactorRule.ONLY]).get(FactorRule.ONLY)
    if held is not None and (held.roles, held.grace_days) == (wanted, grace_days):
        return held
    before = set[str]() if held is None else set(held.roles)
    is_same_time = held is not None and held.grace_days == grace_days
    _require_roles(by, before.symmetric_difference(wanted) if is_same_time else before.union(wanted))
    if held is None:
        held = add(FactorRule(pk=FactorRule.ONLY, roles=wanted, grace_days=grace_days))
    else:
        change(held, roles=wanted, grace_days=grace_days)
    latest = clock.now() + timedelta(days=grace_days)
    for agent in agents.values():
        settle_demand(agent, said=held)
        if agent.second_factor_due_at is not None and agent.second_factor_due_at > latest:
            change(agent, second_factor_due_at=latest)
    record(SettingChanged(setting=Setting.SECOND_FACTOR, deed=Deed.CHANGED, number=None, brand=None))
    return held


def _require_roles(by: Actor, keys: Iterable[str]) -> None:
    """Nobody decides how those log in who may do what they may not. A role that is gone is nobody's."""
    named = set(keys)
    roles: list[Role | CustomRole] = [role for role in BUILT_IN if role in named]
    roles += [row for row in CustomRole.objects.all() if key_of_role(Role.CUSTOM, row.pk) in named]
    for role in roles:
        require(may_give_role(by, permissions_in(role)))


@verb
def add_code_app(secret: str, *, by: Actor) -> Authenticator:
    """Afterwards the acting agent proves who they are by codes of an app that knows this secret, kept sealed.

    Doors checked a code of it. Records agent.changed. Raises Refused for one who is no agent, and AlreadyHasApp.
    """
    held = lock(Agent(pk=agent_of(by)))
    if Authenticator.objects.filter(user_id=held.pk, type=Authenticator.Type.TOTP).exists():
        raise AlreadyHasApp
    return _add(held, Authenticator.Type.TOTP, {"secret": seal(secret)}, AgentChange.FACTOR_ADDED)


@verb
def add_passkey(name: str, *, credential: Mapping[str, Any], by: Actor) -> Authenticator:
    """Afterwards the acting agent proves who they are by this passkey, under a name of their own.

    Doors checked what the browser answered. Records agent.changed. Raises Refused for one who is no agent, and Unusable
    for a name that can't be used, or one passkey too many.
    """
    held = lock(Agent(pk=agent_of(by)))
    known = Authenticator.objects.filter(user_id=held.pk, type=Authenticator.Type.WEBAUTHN)
    if known.count() >= MOST_PASSKEYS:
        raise Unusable("name", "too_many_passkeys")
    data = {"name": name_of(name), "credential": dict(credential)}
    return _add(held, Authenticator.Type.WEBAUTHN, data, AgentChange.FACTOR_ADDED)


def _add(agent: Agent, kind: str, data: dict[str, Any], what: AgentChange) -> Authenticator:
    row = add(Authenticator(user=agent, type=kind, data=data, created_at=clock.now()))
    _note(agent, what)
    settle_demand(agent)
    return row


@verb
def remove_factor(number: int, *, by: Actor) -> None:
    """Afterwards the acting agent does without this second factor; with the last one their recovery codes go too.

    Of whom one is demanded needs another at once. Records agent.changed. Raises Refused for one who is no agent, and
    NotFound for a factor that is not theirs.
    """
    held = lock(Agent(pk=agent_of(by)))
    row = real_factors().filter(pk=number, user_id=held.pk).first()
    if row is None:
        raise NotFound
    remove(row)
    _note(held, AgentChange.FACTOR_REMOVED)
    if not has_factor(held):
        _be_without(held)


@verb
def make_recovery_codes(*, by: Actor) -> Sequence[str]:
    """Afterwards these codes, each good once, stand in for the acting agent's second factor, and no earlier ones.

    They are given back this once. Records agent.changed. Raises Refused for one who is no agent, and NoFactor.
    """
    held = lock(Agent(pk=agent_of(by)))
    if not has_factor(held):
        raise NoFactor
    for row in Authenticator.objects.filter(user_id=held.pk, type=CODES):
        remove(row)
    data = {"seed": seal(secrets.token_hex(SEED_BYTES)), "used_mask": 0}
    row = _add(held, CODES, data, AgentChange.CODES_MADE)
    codes: list[str] = RecoveryCodes(row).generate_codes()
    return codes


@verb
def reset_second_factor(agent: Agent, *, by: Actor) -> None:
    """Afterwards somebody who lost their second factor logs in without, and is logged in nowhere until then.

    Of whom one is demanded sets up another before they see anything. Records agent.changed; nothing when they had none.
    Raises Refused, also for one with more rights, other teams or circles; and for oneself: one's own page removes them.
    """
    held = lock(agent)
    require(by.agent_id != agent.pk and may_decide_about(by, badge_of(held, also_off=True).actor))
    rows = list(Authenticator.objects.filter(user_id=held.pk))
    if not rows:
        return
    for row in rows:
        remove(row)
    _note(held, AgentChange.FACTORS_RESET)
    _be_without(held)
    end_all(held)


def _be_without(agent: Agent) -> None:
    """Take what only stands in for a second factor, and let a demand be due at once: there was time before."""
    for row in Authenticator.objects.filter(user_id=agent.pk):
        remove(row)
    if is_asked(agent, rule()):
        change(agent, second_factor_due_at=clock.now())


def _note(agent: Agent, what: AgentChange) -> None:
    record(AgentChanged(agent=AgentId(agent.pk), change=what, role=None))
