"""How verbs about logging in, the first hour and tags are called, for the walk of test_walk_verbs."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from allauth.mfa.models import Authenticator

from heed.kernel import clock
from heed.kernel.words import FirstStep, Role, StepOutcome
from heed.people.actions import factors, first_hour, sessions
from heed.people.models import Agent, FirstHour
from heed.people.policy import Actor
from tests.contracts.test_walk import AGENTS

if TYPE_CHECKING:
    from tests.contracts.test_walk_verbs import Call, Facts

NOBODY: Final = frozenset({"nobody"})
ADMINS: Final = frozenset({"chen"})
SECRET: Final = "JBSWY3DPEHPK3PXP"


def _without_app(facts: "Facts", by: Actor) -> object:
    Authenticator.objects.filter(user_id=by.agent_id).delete()
    return factors.add_code_app(SECRET, by=by)


def _with_key(by: Actor) -> Authenticator:
    return factors.add_passkey("Key", credential={}, by=by)


def _codes(facts: "Facts", by: Actor) -> object:
    _with_key(by)
    return factors.make_recovery_codes(by=by)


def _begun() -> None:
    FirstHour.objects.get_or_create(pk=FirstHour.ONLY, defaults={"begun_at": clock.now()})


def _step(facts: "Facts", by: Actor) -> object:
    _begun()
    return first_hour.settle_step(FirstStep.HOURS, outcome=StepOutcome.SKIPPED, by=by)


def _ended(facts: "Facts", by: Actor) -> object:
    _begun()
    return first_hour.end_first_hour(by=by)


def _session(by: Actor) -> int:
    return sessions.note_session("walked", before="", device=sessions.Device(), by=by).pk


def _reset(facts: "Facts", by: Actor) -> object:
    Authenticator.objects.create(user=facts.world.bruno.row, type="webauthn", data={})
    return factors.reset_second_factor(facts.world.bruno.row, by=by)


def calls(call: "type[Call]") -> "dict[str, Call]":
    """By name of the verb, who may and how it is called."""

    def own(make: "Callable[[Facts, Actor], object]") -> "Call":
        return call(make, may=AGENTS, looks=NOBODY)

    def set_up(make: "Callable[[Facts, Actor], object]") -> "Call":
        return call(make, may=ADMINS, looks=(AGENTS | NOBODY) - ADMINS)

    return {
        "add_code_app": own(_without_app),
        "add_passkey": own(lambda f, by: _with_key(by)),
        "remove_factor": own(lambda f, by: factors.remove_factor(_with_key(by).pk, by=by)),
        "make_recovery_codes": own(_codes),
        "demand_second_factor": set_up(
            lambda f, by: factors.demand_second_factor([Role.VIEWER], grace_days=3, by=by)
        ),
        "reset_second_factor": set_up(_reset),
        "begin_first_hour": set_up(lambda f, by: first_hour.begin_first_hour(by=by)),
        "settle_step": set_up(_step),
        "end_first_hour": set_up(_ended),
        "note_session": own(lambda f, by: _session(by)),
        "forget_session": own(lambda f, by: sessions.forget_session("walked", by=by)),
        "end_session": own(lambda f, by: sessions.end_session(_session(by), by=by)),
        "end_other_sessions": own(lambda f, by: sessions.end_other_sessions("walked", by=by)),
        "note_password": own(
            lambda f, by: sessions.note_password(Agent(pk=by.agent_id or 1), keep="", by=by)
        ),
    }
