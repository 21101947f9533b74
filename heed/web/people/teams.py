"""Teams: the list with the form for one more; one team's name and members."""

from django.http import HttpResponse, HttpResponseRedirect

from heed.kernel.errors import HeedError, NotFound, Unusable, require_visible
from heed.people.actions import add_team
from heed.people.actions.agents import change_teams, rename_team
from heed.people.models import Team, name_of_role
from heed.people.policy import may_manage_people
from heed.people.queries import (
    brands_to_set_up,
    colleague,
    inboxes_of,
    members,
    not_members,
    sizes_of_teams,
    team_to_set_up,
    teams_joined,
    teams_to_set_up,
)
from heed.ui.contexts import FieldError, Option
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.people.contexts import Member, TeamContext, TeamPage, TeamRow, TeamsPage
from heed.web.people.views import HERE as PEOPLE
from heed.web.people.views import field_error, state_of

HERE = "/settings/teams/"
LIST, TEAM = "people/teams.html", "people/team.html"


@agents_only("GET", "POST")
def listed(visit: Visit) -> HttpResponse:
    """Every team. Posted: one more."""
    require_visible(may_manage_people(visit.actor))
    post, errors = visit.request.POST, []
    brands = brands_to_set_up(visit.actor)
    brand = next((one for one in brands if str(one.pk) == post.get("brand")), None)
    if visit.request.method == "POST":
        try:
            if brand is None:
                raise Unusable("brand", "unknown_choice")
            team = add_team(brand, name=post.get("name", ""), by=visit.actor)
            return HttpResponseRedirect(f"{HERE}{team.pk}/", status=303)
        except HeedError as error:
            if error.status not in (409, 422):
                raise
            errors = [field_error(error, otherwise="team")]
    sizes = sizes_of_teams(visit.actor)
    page = TeamsPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        teams=[
            TeamRow(
                name=team.name,
                href=f"{HERE}{team.pk}/",
                brand=team.brand.name,
                members=sizes.get(team.pk, 0),
            )
            for team in teams_to_set_up(visit.actor)
        ],
        brands=[Option(value=str(one.pk), label=one.name, is_chosen=one == brand) for one in brands],
        typed_name=post.get("name", "")[:300],
        errors=errors,
    )
    return page_or_fragment(visit.request, LIST, LIST, page, status=422 if errors else 200)


@agents_only("GET", "POST")
def one(visit: Visit, number: int) -> HttpResponse:
    """One team. Posted: called otherwise, or with somebody more (add) or less (remove)."""
    team, typed = team_to_set_up(visit.actor, number), visit.request.POST
    if visit.request.method == "GET":
        return _show(visit, team)
    try:
        if "add" in typed or "remove" in typed:
            _change_members(visit, team)
        else:
            rename_team(team, name=typed.get("name", ""), by=visit.actor)
    except HeedError as error:
        if error.status not in (409, 422):
            raise
        return _show(visit, team, error=field_error(error, otherwise="team"))
    return HttpResponseRedirect(f"{HERE}{number}/?saved=1", status=303)


def _change_members(visit: Visit, team: Team) -> None:
    given = visit.request.POST.get("add") or visit.request.POST.get("remove", "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Unusable("member", "unknown_choice")
    try:
        agent = colleague(visit.actor, int(given))
    except NotFound:
        raise Unusable("member", "unknown_choice") from None
    wanted = teams_joined(visit.actor, agent) - {team.pk}
    stays = [row for row in teams_to_set_up(visit.actor) if row.pk in wanted]
    change_teams(agent, to=[*stays, team] if "add" in visit.request.POST else stays, by=visit.actor)


def _show(visit: Visit, team: Team, *, error: FieldError | None = None) -> HttpResponse:
    context = TeamContext(
        href=f"{HERE}{team.pk}/",
        name=team.name,
        typed_name=visit.request.POST.get("name", team.name)[:300],
        brand=team.brand.name,
        members=[
            Member(
                id=one.pk,
                name=one.name,
                href=f"{PEOPLE}{one.pk}/",
                role=name_of_role(one),
                state=state_of(one),
            )
            for one in members(visit.actor, team)
        ],
        others=[Option(value=str(one.pk), label=one.name) for one in not_members(visit.actor, team)],
        inboxes=inboxes_of(visit.actor, team),
        is_saved=visit.request.GET.get("saved") == "1" and error is None,
        errors=[error] if error else (),
    )
    page = TeamPage(nav=nav_context(visit, Room.of(visit), here=HERE), team=context)
    return page_or_fragment(visit.request, TEAM, TEAM, page, status=422 if error else 200)
