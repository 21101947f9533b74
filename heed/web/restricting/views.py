"""To whom alone a conversation is shown: the form, and showing it to the whole team again."""

from collections.abc import Sequence

from django.http import HttpResponse, HttpResponseRedirect

from heed.conversations import queries
from heed.conversations.actions import restricting
from heed.conversations.queries import Opened
from heed.conversations.queries.circles import nameable, named_in
from heed.conversations.scope import scope_of
from heed.kernel.errors import HeedError, Unusable, require
from heed.kernel.words import AgentId, TeamId
from heed.people.policy import may_restrict
from heed.ui.contexts import FieldError
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Place, Room, nav_context
from heed.web.restricting.contexts import NamedChoice, RestrictingContext, RestrictingPage

PAGE = "restricting/page.html"


@agents_only("GET", "POST")
def restrict(visit: Visit, place: Place, number: int) -> HttpResponse:
    """The people and teams to choose. Posted: it is shown to those alone, and to oneself."""
    here = queries.opened(visit.actor, number)
    require(may_restrict(visit.actor, scope_of(here.row)))
    if visit.request.method == "GET":
        return _show(visit, place, here)
    agents = [AgentId(one) for one in _chosen(visit, "agent")]
    teams = [TeamId(one) for one in _chosen(visit, "team")]
    try:
        restricting.restrict(here.row, agents=agents, teams=teams, by=visit.actor)
    except Unusable as error:
        return _show(visit, place, here, errors=[FieldError(field=error.field, code=error.reason)])
    except HeedError as error:
        if error.status != 409:
            raise
        return _show(visit, place, here, errors=[FieldError(field="agents", code=error.code)])
    return HttpResponseRedirect(f"{place.href}{number}/", status=303)


def _chosen(visit: Visit, field: str) -> list[int]:
    given = visit.request.POST.getlist(field)
    if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in given):
        raise Unusable(f"{field}s", "unknown_choice")
    return [int(one) for one in given]


@agents_only("POST")
def open_again(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Everybody who sees its team sees it again."""
    here = queries.opened(visit.actor, number)
    restricting.open_to_team(here.row, by=visit.actor)
    return HttpResponseRedirect(f"{place.href}{number}/", status=303)


def _show(visit: Visit, place: Place, here: Opened, *, errors: Sequence[FieldError] = ()) -> HttpResponse:
    choices, named = nameable(here), named_in(here)
    agents = set(_chosen(visit, "agent")) if errors else named.agents
    teams = set(_chosen(visit, "team")) if errors else named.teams
    row = here.row
    context = RestrictingContext(
        href=f"{place.href}{row.pk}/",
        number=row.pk,
        subject=row.subject,
        people=[
            NamedChoice(id=pk, name=name, is_named=pk in agents, is_me=pk == visit.agent.pk)
            for pk, name in choices.agents
        ],
        teams=[NamedChoice(id=pk, name=name, is_named=pk in teams) for pk, name in choices.teams],
        is_restricted=row.circle_id is not None,
        assignee=row.assignee.name if row.assignee else "",
        errors=errors,
    )
    nav = nav_context(visit, Room.of(visit), here=context.href, place=place)
    page = RestrictingPage(nav=nav, here=context)
    return page_or_fragment(visit.request, PAGE, PAGE, page, status=422 if errors else 200)
