"""Second factors and sessions by their verbs: one's own alone, sealed, demanded by the desk, and on record."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.sessions.models import Session

from heed.eventlog.kinds import AgentChanged, SettingChanged
from heed.eventlog.models import EventRow
from heed.kernel import clock
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.permissions import Permission
from heed.kernel.words import Role
from heed.people import accounts
from heed.people.actions.agents import change_role, invite_agent
from heed.people.actions.factors import (
    LONGEST_GRACE_DAYS,
    MOST_PASSKEYS,
    AlreadyHasApp,
    NoFactor,
    add_code_app,
    add_passkey,
    demand_second_factor,
    make_recovery_codes,
    remove_factor,
    reset_second_factor,
)
from heed.people.actions.roles import add_role, remove_role
from heed.people.actions.sessions import (
    Device,
    end_other_sessions,
    end_session,
    forget_session,
    note_password,
    note_session,
)
from heed.people.demands import is_overdue
from heed.people.models import Agent, AgentSession, CustomRole
from heed.people.policy import NOBODY, SYSTEM
from heed.testing.world import Colleague, World

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def told(who: Agent) -> list[str]:
    rows = EventRow.objects.filter(kind=AgentChanged.name, data__agent=who.pk).order_by("pk")
    return [row.data["change"] for row in rows]


def due(colleague: Colleague) -> Agent:
    return Agent.objects.get(pk=colleague.row.pk)


def kinds(colleague: Colleague) -> list[str]:
    return [row.type for row in accounts.factors(colleague.actor)]


def session(colleague: Colleague, key: str, before: str = "") -> AgentSession:
    ends_at = clock.now() + timedelta(days=1)
    Session.objects.get_or_create(pk=key, defaults={"session_data": "x", "expire_date": ends_at})
    return note_session(key, before=before, device=Device("Firefox", "Linux"), by=colleague.actor)


def note(colleague: Colleague, key: str) -> AgentSession:
    return note_session(key, before="", device=Device(), by=colleague.actor)


def test_nobody_has_sessions_to_note_forget_or_end(world: World) -> None:
    for by in (NOBODY, SYSTEM):
        with pytest.raises(Refused):
            note_session("k", before="", device=Device(), by=by)
        with pytest.raises(Refused):
            forget_session("k", by=by)
        with pytest.raises(Refused):
            end_session(1, by=by)
        with pytest.raises(Refused):
            end_other_sessions("k", by=by)
    with pytest.raises(Refused):
        note_password(world.amara.row, keep="k", by=NOBODY)
    assert not AgentSession.objects.exists()


def test_what_is_over_is_neither_ended_nor_forgotten_twice(world: World) -> None:
    amara = world.amara.actor
    row = note(world.amara, "gone")
    note_password(world.amara.row, keep="", by=SYSTEM)
    with pytest.raises(NotFound):
        end_session(row.pk, by=amara)
    forget_session("gone", by=amara)
    assert end_other_sessions("gone", by=amara) == 0
    assert told(world.amara.row) == ["password"]


def test_two_agents_on_one_computer_are_told_apart(world: World) -> None:
    first = note_session("one", before="", device=Device("Edge", "Windows"), by=world.amara.actor)
    second = note_session("two", before="one", device=Device("Edge", "Windows"), by=world.bruno.actor)
    assert first.pk != second.pk
    forget_session("one", by=world.bruno.actor)
    end_other_sessions("two", by=world.bruno.actor)
    note_password(world.bruno.row, keep="two", by=world.bruno.actor)
    assert set(AgentSession.objects.values_list("key", flat=True)) == {"one", "two"}


def test_a_session_that_is_noted_again_keeps_its_beginning(world: World) -> None:
    begun = note_session("one", before="", device=Device(), by=world.amara.actor)
    again = note_session("one", before="one", device=Device("Firefox", ""), by=world.amara.actor)
    assert (again.pk, again.begun_at, again.browser) == (begun.pk, begun.begun_at, "Firefox")
    end_session(again.pk, by=world.amara.actor)
    assert not AgentSession.objects.exists()


def test_a_reset_of_one_who_has_none_says_nothing(world: World) -> None:
    reset_second_factor(world.amara.row, by=world.chen.actor)
    reset_second_factor(world.amara.row, by=SYSTEM)
    assert world.log_size() == 0


@pytest.mark.parametrize(
    "step",
    [
        lambda by: add_code_app(SECRET, by=by),
        lambda by: add_passkey("Key", credential={}, by=by),
        lambda by: remove_factor(1, by=by),
        lambda by: make_recovery_codes(by=by),
        lambda by: note_session("k", before="", device=Device(), by=by),
        lambda by: forget_session("k", by=by),
        lambda by: end_session(1, by=by),
        lambda by: end_other_sessions("k", by=by),
    ],
)
def test_only_agents_have_second_factors_and_sessions(world: World, step: Callable[[object], object]) -> None:
    for by in (NOBODY, SYSTEM):
        with pytest.raises(Refused):
            step(by)
    assert world.log_size() == 0


def test_an_app_is_kept_sealed_and_there_is_one(world: World) -> None:
    row = add_code_app(SECRET, by=world.amara.actor)
    kept = Authenticator.objects.get(pk=row.pk)
    assert SECRET not in str(kept.data)
    with pytest.raises(AlreadyHasApp):
        add_code_app(SECRET, by=world.amara.actor)
    assert kinds(world.amara) == ["totp"]
    assert kinds(world.bruno) == []
    assert told(world.amara.row) == ["factor_added"]


def test_recovery_codes_stand_in_for_a_factor_and_go_with_the_last_one(world: World) -> None:
    amara = world.amara.actor
    with pytest.raises(NoFactor):
        make_recovery_codes(by=amara)
    app = add_code_app(SECRET, by=amara)
    key = add_passkey(" My  key ", credential={"id": "x"}, by=amara)
    first, second = make_recovery_codes(by=amara), make_recovery_codes(by=amara)
    assert len(set(second)) == 10
    assert set(first).isdisjoint(second)
    kept = next(row for row in accounts.factors(amara) if row.type == "recovery_codes")
    assert second[0] not in str(kept.data)
    assert RecoveryCodes(kept).validate_code(second[0])
    assert not RecoveryCodes(kept).validate_code(second[0]), "each is good once"
    remove_factor(app.pk, by=amara)
    assert kinds(world.amara) == ["webauthn", "recovery_codes"]
    remove_factor(key.pk, by=amara)
    assert kinds(world.amara) == []
    with pytest.raises(NotFound):
        remove_factor(key.pk, by=amara)
    assert told(world.amara.row) == [
        "factor_added", "factor_added", "codes_made", "codes_made", "factor_removed", "factor_removed",
    ]  # fmt: skip


def test_nobody_removes_what_is_somebody_elses(world: World) -> None:
    key = add_passkey("Key", credential={}, by=world.amara.actor)
    with pytest.raises(NotFound):
        remove_factor(key.pk, by=world.chen.actor)
    assert kinds(world.amara) == ["webauthn"]


def test_a_passkey_has_a_name_and_there_are_not_too_many(world: World) -> None:
    with pytest.raises(Unusable):
        add_passkey(" ", credential={}, by=world.amara.actor)
    for number in range(MOST_PASSKEYS):
        add_passkey(f"Key {number}", credential={}, by=world.amara.actor)
    with pytest.raises(Unusable):
        add_passkey("One more", credential={}, by=world.amara.actor)
    assert len(kinds(world.amara)) == MOST_PASSKEYS


def test_a_demand_is_due_after_its_days_and_met_by_a_factor(world: World) -> None:
    demand_second_factor([Role.AGENT, Role.ADMIN], grace_days=7, by=world.chen.actor)
    for _ in range(2):
        demand_second_factor([Role.ADMIN, Role.AGENT], grace_days=7, by=world.chen.actor)
    day = due(world.amara).second_factor_due_at
    assert day is not None
    assert timedelta(days=6) < day - clock.now() <= timedelta(days=7)
    assert due(world.edda).second_factor_due_at is None
    assert EventRow.objects.filter(kind=SettingChanged.name).count() == 1
    key = add_passkey("Key", credential={}, by=world.amara.actor)
    assert due(world.amara).second_factor_due_at is None
    remove_factor(key.pk, by=world.amara.actor)
    assert is_overdue(due(world.amara)), "there was time before"
    demand_second_factor([], grace_days=7, by=world.chen.actor)
    assert not Agent.objects.filter(second_factor_due_at__isnull=False).exists()


def test_whoever_comes_or_gets_another_role_is_asked_too(world: World) -> None:
    chen = world.chen.actor
    demand_second_factor([Role.LEAD], grace_days=0, by=chen)
    assert is_overdue(due(world.edda))
    ivo = invite_agent("Ivo", email="ivo@desk.example", role=Role.LEAD, teams=[], by=chen)
    assert is_overdue(Agent.objects.get(pk=ivo.pk))
    change_role(world.amara.row, to=Role.LEAD, by=chen)
    change_role(world.edda.row, to=Role.AGENT, by=chen)
    assert (is_overdue(due(world.amara)), is_overdue(due(world.edda))) == (True, False)


@pytest.mark.parametrize("who", ["amara", "edda", "farid", "nobody"])
def test_only_admins_demand_or_reset(world: World, who: str) -> None:
    add_passkey("Key", credential={}, by=world.gita.actor)
    for step in (
        lambda by: demand_second_factor([Role.AGENT], grace_days=7, by=by),
        lambda by: reset_second_factor(world.gita.row, by=by),
    ):
        with pytest.raises(Refused):
            step(world.colleague(who).actor)
    assert kinds(world.gita) == ["webauthn"]


def test_nobody_decides_how_those_log_in_who_may_do_more(world: World) -> None:
    demand_second_factor([Role.ADMIN, Role.AGENT], grace_days=7, by=world.chen.actor)
    weak = frozenset({Permission.SEE_OWN_TEAMS, Permission.EXPORT, Permission.MANAGE_PEOPLE})
    change_role(world.amara.row, to=add_role("Hands", permissions=weak, by=SYSTEM), by=SYSTEM)
    amara, before = world.amara.actor, world.log_size()
    for roles, days in (
        ([Role.AGENT], 7),  # no more of admins
        ([Role.ADMIN, Role.AGENT, Role.LEAD], 7),  # of leads too
        ([Role.ADMIN, Role.AGENT], 0),  # at once
    ):
        with pytest.raises(Refused):
            demand_second_factor(roles, grace_days=days, by=amara)
    add_code_app(SECRET, by=world.chen.actor)
    with pytest.raises(Refused):
        reset_second_factor(world.chen.row, by=amara)
    assert (kinds(world.chen), world.log_size()) == (["totp"], before + 1)
    assert world.amara.post("/settings/access/", {"role": ["agent"], "grace_days": "7"}).status_code == 403
    said = demand_second_factor([Role.ADMIN, Role.AGENT, Role.VIEWER], grace_days=7, by=amara)
    assert said.roles == ["admin", "agent", "viewer"], "of those who may do no more than she does"


def test_a_demand_of_a_role_that_is_gone_is_in_nobodys_way(world: World) -> None:
    night = CustomRole.objects.create(name="Night watch", permissions="")
    strong = add_role("Strong", permissions=frozenset({Permission.SEE_ALL}), by=SYSTEM)
    demand_second_factor([], grace_days=7, custom=[night, strong], by=world.chen.actor)
    weak = frozenset({Permission.MANAGE_PEOPLE})
    change_role(world.amara.row, to=add_role("Hands", permissions=weak, by=SYSTEM), by=SYSTEM)
    with pytest.raises(Refused):
        demand_second_factor([], grace_days=7, custom=[night], by=world.amara.actor)
    remove_role(strong, by=SYSTEM)
    said = demand_second_factor([], grace_days=7, custom=[night], by=world.amara.actor)
    assert said.roles == [f"role-{night.pk}"]


@pytest.mark.parametrize("days", [-1, LONGEST_GRACE_DAYS + 1])
def test_a_demand_gives_a_time_that_can_be_kept(world: World, days: int) -> None:
    with pytest.raises(Unusable):
        demand_second_factor([Role.AGENT], grace_days=days, by=world.chen.actor)


def test_a_reset_takes_every_factor_and_logs_out(world: World) -> None:
    chen = world.chen.actor
    demand_second_factor([Role.AGENT], grace_days=30, by=chen)
    add_code_app(SECRET, by=world.amara.actor)
    make_recovery_codes(by=world.amara.actor)
    session(world.amara, "telephone")
    for _ in range(2):
        reset_second_factor(world.amara.row, by=chen)
    assert kinds(world.amara) == []
    assert accounts.sessions(world.amara.actor) == []
    assert not Session.objects.filter(pk="telephone").exists()
    assert is_overdue(due(world.amara))
    assert told(world.amara.row)[-2:] == ["factors_reset", "sessions_ended"]
    with pytest.raises(Refused):
        reset_second_factor(world.chen.row, by=chen)


def test_a_session_is_known_once_and_by_its_newest_key(world: World) -> None:
    first = session(world.amara, "one")
    again = session(world.amara, "two", before="one")
    other = session(world.amara, "three")
    assert first.pk == again.pk != other.pk
    assert {row.key for row in accounts.sessions(world.amara.actor)} == {"two", "three"}
    Session.objects.filter(pk="three").delete()
    assert [row.key for row in accounts.sessions(world.amara.actor)] == ["two"]
    session(world.amara, "two", before="two")
    assert not AgentSession.objects.filter(key="three").exists(), "of what is over nothing is kept"
    assert world.log_size() == 0


def test_one_ends_a_session_of_ones_own_alone(world: World) -> None:
    mine, theirs = session(world.amara, "mine"), session(world.bruno, "theirs")
    with pytest.raises(NotFound):
        end_session(theirs.pk, by=world.amara.actor)
    end_session(mine.pk, by=world.amara.actor)
    with pytest.raises(NotFound):
        end_session(mine.pk, by=world.amara.actor)
    assert set(Session.objects.values_list("pk", flat=True)) == {"theirs"}
    assert told(world.amara.row) == ["sessions_ended"]
    assert told(world.bruno.row) == []


def test_one_ends_every_other_session_at_once(world: World) -> None:
    for key in ("a", "b", "c"):
        session(world.amara, key)
    session(world.bruno, "theirs")
    assert end_other_sessions("b", by=world.amara.actor) == 2
    assert end_other_sessions("b", by=world.amara.actor) == 0
    assert set(Session.objects.values_list("pk", flat=True)) == {"b", "theirs"}
    assert told(world.amara.row) == ["sessions_ended"]


def test_logging_out_forgets_the_session_and_nothing_else(world: World) -> None:
    session(world.amara, "a")
    session(world.bruno, "b")
    for _ in range(2):
        forget_session("a", by=world.amara.actor)
    forget_session("b", by=world.amara.actor)
    assert list(AgentSession.objects.values_list("key", flat=True)) == ["b"]
    assert world.log_size() == 0


def test_a_new_password_leaves_the_session_where_it_was_set(world: World) -> None:
    for key in ("a", "b"):
        session(world.amara, key)
    for by in (world.bruno.actor, world.chen.actor, NOBODY):
        with pytest.raises(Refused):
            note_password(world.amara.row, keep="", by=by)
    note_password(world.amara.row, keep="a", by=world.amara.actor)
    assert [row.key for row in accounts.sessions(world.amara.actor)] == ["a"]
    note_password(world.amara.row, keep="", by=SYSTEM)
    assert accounts.sessions(world.amara.actor) == []
    assert told(world.amara.row) == ["password", "password"]


def test_what_the_desk_demands_is_for_admins(world: World) -> None:
    add_passkey("Key", credential={}, by=world.chen.actor)
    found = accounts.demand(world.chen.actor)
    assert (found.agents, len(found.without), found.more) == (7, 6, False)
    assert (
        accounts.factors_of(world.chen.actor, world.chen.row),
        accounts.factors_of(world.edda.actor, world.chen.row),
    ) == (1, 0)
    with pytest.raises(NotFound):
        accounts.demand(world.edda.actor)


def test_a_role_of_the_desks_own_making_may_demand_one(world: World) -> None:
    night = CustomRole.objects.create(name="Night watch", permissions="")
    Agent.objects.filter(pk=world.gita.row.pk).update(role=Role.CUSTOM, custom_role=night)
    demand_second_factor([Role.CUSTOM], grace_days=0, custom=[night], by=world.chen.actor)
    assert [is_overdue(due(one)) for one in (world.gita, world.amara)] == [True, False]
    assert accounts.demand(world.chen.actor).said.roles == [f"role-{night.pk}"]
