"""Who is of the desk: the list with the invitation, one person's page, switching off and on, and the first link."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from heed.conversations.queries.event_names import named_agents
from heed.conversations.queries.loads import open_work
from heed.eventlog.kinds import AgentChanged
from heed.kernel.config import config
from heed.kernel.errors import HeedError, Unusable, require_visible
from heed.kernel.words import Role, TeamId
from heed.people.accounts import factors_of
from heed.people.actions.agents import change_agent, invite_agent, note_invitation, switch_off, switch_on
from heed.people.actions.factors import reset_second_factor
from heed.people.checked import ADDRESS_CHARACTERS, NAME_CHARACTERS
from heed.people.models import Agent, CustomRole, Team, name_of_role
from heed.people.policy import may_decide_about, may_manage_people
from heed.people.queries import (
    agent_history,
    badge_of,
    colleague,
    colleagues,
    teams_joined,
    teams_to_set_up,
)
from heed.people.role_queries import roles_to_give
from heed.ui.contexts import FieldError, Option
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.people.contexts import (
    AgentLine,
    InviteForm,
    PeoplePage,
    PersonContext,
    PersonPage,
    PersonRow,
    TeamChoice,
)

HERE = "/settings/people/"
PEOPLE, PERSON = "people/list.html", "people/one.html"
DAY = 86_400  # seconds
NOTICES = ("saved", "invited", "off", "on", "reset")


def state_of(agent: Agent) -> str:
    """Whether somebody is here, was invited and has no password yet, or was switched off."""
    return "off" if not agent.is_active else "here" if agent.has_usable_password() else "invited"


def field_error(error: HeedError, *, otherwise: str) -> FieldError:
    """An error of a verb about people as a field's; what names no field is said of `otherwise`."""
    if not isinstance(error, Unusable):
        code = "team_taken" if error.code == "already_there" and otherwise == "team" else error.code
        return FieldError(field=otherwise, code=code)
    limit = {"name": NAME_CHARACTERS, "address": ADDRESS_CHARACTERS}.get(error.field, "")
    code = {"missing": "required", "malformed": "no_login_address"}.get(error.reason, error.reason)
    return FieldError(field=error.field, code=code, value=str(limit))


@agents_only("GET", "POST")
def listed(visit: Visit) -> HttpResponse:
    """Everybody, and the form for one more. Posted: made, and led to their page, where the link is."""
    require_visible(may_manage_people(visit.actor))
    teams = teams_to_set_up(visit.actor)
    if visit.request.method == "GET":
        return _people(
            visit,
            InviteForm(
                roles=_roles(roles_to_give(visit.actor), Role.AGENT), teams=_choices(teams, frozenset())
            ),
        )
    post = visit.request.POST
    chosen = _chosen(visit, teams)
    form = InviteForm(
        name=post.get("name", "")[:300],
        address=post.get("address", "")[:300],
        roles=_roles(roles_to_give(visit.actor), post.get("role", "")),
        teams=_choices(teams, frozenset(TeamId(team.pk) for team in chosen)),
    )
    try:
        agent = invite_agent(form.name, email=form.address, role=_role(visit), teams=chosen, by=visit.actor)
    except HeedError as error:
        if error.status not in (409, 422):
            raise
        return _people(visit, replace(form, errors=[field_error(error, otherwise="address")]))
    return HttpResponseRedirect(f"{HERE}{agent.pk}/?done=invited", status=303)


def _people(visit: Visit, invite: InviteForm) -> HttpResponse:
    found = colleagues(visit.actor, after=visit.request.GET.get("after", ""))
    page = PeoplePage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        people=[_row(visit, agent) for agent in found.rows],
        invite=invite,
        next_href=f"{HERE}?{urlencode({'after': found.after})}" if found.after else "",
    )
    return page_or_fragment(visit.request, PEOPLE, PEOPLE, page, status=422 if invite.errors else 200)


def _row(visit: Visit, agent: Agent) -> PersonRow:
    return PersonRow(
        name=agent.name,
        href=f"{HERE}{agent.pk}/",
        address=agent.email,
        role=name_of_role(agent),
        state=state_of(agent),
        teams=sorted(member.team.name for member in agent.teammember_set.all()),
        is_me=agent.pk == visit.agent.pk,
    )


@agents_only("GET", "POST")
def one(visit: Visit, number: int) -> HttpResponse:
    """One person. Posted: name, role and teams are as the form says, all or nothing."""
    agent = colleague(visit.actor, number)
    if visit.request.method == "GET":
        return _show(visit, agent)
    chosen = _chosen(visit, teams_to_set_up(visit.actor))
    name = visit.request.POST.get("name", "")
    try:
        change_agent(agent, name=name, role=_role(visit, has=agent), teams=chosen, by=visit.actor)
    except HeedError as error:
        if error.status not in (403, 409, 422):
            raise
        return _show(visit, agent, errors=[_why_not(visit, agent, error, otherwise="role")])
    return HttpResponseRedirect(f"{HERE}{number}/?done=saved", status=303)


def _why_not(visit: Visit, agent: Agent, error: HeedError, *, otherwise: str) -> FieldError:
    """An error as a field's; a refusal says whether it is about one's own rights or about what one lacks."""
    said = field_error(error, otherwise=otherwise)
    keeps_role = otherwise == "role" and visit.request.POST.get("role") == role_key(_role_of(agent))
    is_own = agent.pk == visit.agent.pk and not keeps_role
    return said if is_own or error.status != 403 else replace(said, code="beyond_own")


@agents_only("POST")
def off(visit: Visit, number: int) -> HttpResponse:
    """Switch somebody off: their sessions end at once, their work goes back to its teams."""
    agent = colleague(visit.actor, number)
    try:
        switch_off(agent, by=visit.actor)
    except HeedError as error:
        if error.status not in (403, 409):
            raise
        return _show(visit, agent, errors=[_why_not(visit, agent, error, otherwise="off")])
    return HttpResponseRedirect(f"{HERE}{number}/?done=off", status=303)


@agents_only("POST")
def on(visit: Visit, number: int) -> HttpResponse:
    """Switch somebody on again; a link lets them set a new password."""
    switch_on(colleague(visit.actor, number), by=visit.actor)
    return HttpResponseRedirect(f"{HERE}{number}/?done=on", status=303)


@agents_only("POST")
def reset(visit: Visit, number: int) -> HttpResponse:
    """Take somebody's second factor, which they lost; asked once more who does it, and kept in the log."""
    agent = colleague(visit.actor, number)
    raise_if_reauthentication_required(visit.request, app="allauth.mfa")
    reset_second_factor(agent, by=visit.actor)
    return HttpResponseRedirect(f"{HERE}{number}/?done=reset", status=303)


@agents_only("POST")
def link(visit: Visit, number: int) -> HttpResponse:
    """Make a link by which somebody without a password sets one, and show it, this once."""
    agent = colleague(visit.actor, number)
    note_invitation(agent, by=visit.actor)
    return _show(visit, agent, made=link_for(agent))


def link_for(agent: Agent) -> str:
    """The address where this agent sets a password: good once, and for the days of PASSWORD_RESET_TIMEOUT."""
    key = {"uidb36": user_pk_to_url_str(agent), "key": default_token_generator.make_token(agent)}
    return f"{config.public_url}{reverse('account_reset_password_from_key', kwargs=key)}"


def _show(visit: Visit, agent: Agent, *, errors: Sequence[FieldError] = (), made: str = "") -> HttpResponse:
    post = visit.request.POST
    room = Room.of(visit)
    teams = teams_to_set_up(visit.actor)
    joined, given = teams_joined(visit.actor, agent), roles_to_give(visit.actor)
    is_typed = bool(errors) and "name" in post
    if is_typed:
        joined = frozenset(TeamId(team.pk) for team in _chosen(visit, teams))
    done = visit.request.GET.get("done", "")
    person = PersonContext(
        href=f"{HERE}{agent.pk}/",
        name=agent.name,
        typed_name=post.get("name", "")[:300] if is_typed else agent.name,
        address=agent.email,
        state=state_of(agent),
        is_me=agent.pk == visit.agent.pk,
        joined_at=agent.joined_at,
        roles=_roles(given, post.get("role", "") if is_typed else role_key(_role_of(agent)), has=agent),
        teams=_choices(teams, joined),
        open=open_work(visit.actor, agent.pk),
        factors=factors_of(visit.actor, agent),
        link=made,
        link_days=settings.PASSWORD_RESET_TIMEOUT // DAY,
        notice=done if done in NOTICES and not made and not errors else "",
        errors=errors,
        changes=list(_changes(visit, agent, given)),
        may_decide=may_decide_about(visit.actor, badge_of(agent, also_off=True).actor),
    )
    page = PersonPage(nav=nav_context(visit, room, here=HERE), person=person)
    return page_or_fragment(visit.request, PERSON, PERSON, page, status=422 if errors else 200)


def role_key(role: Role | CustomRole) -> str:
    """How a role is named in forms."""
    return role if isinstance(role, Role) else f"role-{role.pk}"


def _role_of(agent: Agent) -> Role | CustomRole:
    return agent.custom_role or Role(agent.role)


def _roles(roles: list[Role | CustomRole], chosen: str, *, has: Agent | None = None) -> list[Option]:
    """The roles that one may give; and the one that somebody has already, though one may not."""
    if has is not None and _role_of(has) not in roles:
        roles = [_role_of(has), *roles]
    return [
        Option(
            value=role_key(role),
            label=role if isinstance(role, Role) else role.name,
            is_chosen=role_key(role) == chosen,
        )
        for role in roles
    ]


def _role(visit: Visit, *, has: Agent | None = None) -> Role | CustomRole:
    """The role that was chosen, of those that may be, or the one that somebody has already."""
    given = visit.request.POST.get("role", "")
    known = [*roles_to_give(visit.actor), *([_role_of(has)] if has is not None else [])]
    found = next((role for role in known if role_key(role) == given), None)
    if found is None:
        raise Unusable("role", "unknown_choice")
    return found


def _choices(teams: Iterable[Team], joined: frozenset[TeamId]) -> list[TeamChoice]:
    return [
        TeamChoice(id=team.pk, name=team.name, brand=team.brand.name, is_joined=team.pk in joined)
        for team in teams
    ]


def _chosen(visit: Visit, teams: Iterable[Team]) -> list[Team]:
    wanted = set(visit.request.POST.getlist("team"))
    return [team for team in teams if str(team.pk) in wanted]


def _changes(visit: Visit, agent: Agent, given: Iterable[Role | CustomRole]) -> Iterable[AgentLine]:
    events = agent_history(visit.actor, agent)
    names = named_agents(event.actor_id for event in events)
    made = {role.pk: role.name for role in given if not isinstance(role, Role)}
    for event in events:
        if isinstance(event.data, AgentChanged):
            who = names.get(event.actor_id or 0, "")
            role = made.get(event.data.custom_role or 0, event.data.role or "")
            yield AgentLine(change=event.data.change, at=event.at, role=role, who=who)
