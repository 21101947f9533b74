"""The reader's own page: what the desk knows of them, their language, their zone, the way to their password."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from heed.eventlog.unit import unit
from heed.kernel import clock
from heed.kernel.errors import Unusable
from heed.kernel.words import Availability
from heed.people.actions import choose_language, choose_time_zone
from heed.people.actions.shifts import say_availability
from heed.people.models import name_of_role
from heed.ui.contexts import FieldError, Option
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.you.contexts import YouPage

HERE, PAGE = "/settings/you/", "you/page.html"


@agents_only("GET", "POST")
def you(visit: Visit) -> HttpResponse:
    """Show it. Posted: times are read in that zone from now on, and pages in that language."""
    agent, errors, given = visit.agent, [], visit.request.POST
    chosen, language = given.get("time_zone", agent.time_zone), given.get("language", agent.language)
    if visit.request.method == "POST":
        try:
            with unit():
                choose_time_zone(chosen, by=visit.actor)
                choose_language(language, by=visit.actor)
            return HttpResponseRedirect(f"{HERE}?saved=1", status=303)
        except Unusable as error:
            errors = [FieldError(field=error.field, code="unknown_choice")]
    page = YouPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        name=agent.name,
        address=agent.email,
        role=name_of_role(agent),
        teams=[team.name for team in visit.teams if team.is_own],
        time_zones=[Option(value=zone, label=zone, is_chosen=zone == chosen) for zone in clock.zones()],
        languages=[
            Option(value=code, label=str(name), is_chosen=code == language)
            for code, name in sorted(settings.LANGUAGES, key=lambda one: str(one[1]).casefold())
        ],
        is_saved=visit.request.method == "GET" and visit.request.GET.get("saved") == "1",
        errors=errors,
    )
    return page_or_fragment(visit.request, PAGE, PAGE, page, status=422 if errors else 200)


@agents_only("POST")
def availability(visit: Visit) -> HttpResponse:
    """Say whether one is there, from any page, and come back to it."""
    given = visit.request.POST.get("to", "")
    if given not in set(Availability):
        raise Unusable("to", "unknown_choice")
    say_availability(Availability(given), by=visit.actor)
    back = visit.request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={visit.request.get_host()})
    return HttpResponseRedirect(back if is_ours else HERE, status=303)
