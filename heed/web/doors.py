"""What every page of the workspace shares: who is visiting, and how errors answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from itertools import chain
from typing import Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from heed.kernel.errors import HeedError
from heed.people.demands import is_overdue
from heed.people.models import Agent
from heed.people.policy import Actor
from heed.people.queries import ListTeam, badge_of
from heed.ui.respond import wants_fragment
from heed.web.sittings import come_by
from heed.web.speaking import speaking

P = ParamSpec("P")
SECURITY = "/settings/you/security/"
PAGES = {status: f"{status}.html" for status in (403, 404, 409, 422, 429)}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of an agent who is logged in."""

    request: HttpRequest
    agent: Agent
    actor: Actor
    teams: Sequence[ListTeam]  # whose lists they have, by name


def agents_only(
    *methods: str,
) -> Callable[
    [Callable[Concatenate[Visit, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Make a view of a function that takes a Visit: others are sent to log in, errors answer as their class says.

    What may not be seen answers 404 with the same body as what does not exist. Times are in the agent's zone, words
    in their language. Of whom
    a second factor is overdue finds nothing but the pages where they get one.
    """

    def decorate(
        view: Callable[Concatenate[Visit, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @require_http_methods(list(methods))
        @login_required
        @wraps(view)
        def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            agent = request.user
            assert isinstance(agent, Agent)
            with timezone.override(ZoneInfo(agent.time_zone)), speaking(request, agent.language):
                try:
                    _check_text(request)
                    if is_overdue(agent) and not request.path.startswith(SECURITY):
                        return _to_security(request)
                    badge = badge_of(agent)
                    come_by(request, badge.actor)
                    return view(Visit(request, agent, badge.actor, badge.teams), *args, **kwargs)
                except HeedError as error:
                    return answer(request, error)

        return door

    return decorate


def _to_security(request: HttpRequest) -> HttpResponse:
    if wants_fragment(request):
        return HttpResponse(headers={"HX-Redirect": SECURITY})
    return HttpResponseRedirect(SECURITY)


class Malformed(HeedError):
    """The request holds what no browser sends and not every database takes."""

    code, status = "malformed", 400


def _check_text(request: HttpRequest) -> None:
    given = (request.GET, request.POST) if request.method == "POST" else (request.GET,)
    texts = chain([request.path], *(values for data in given for _, values in data.lists()))
    if any("\0" in text for text in texts):
        raise Malformed


def answer(request: HttpRequest, error: HeedError) -> HttpResponse:
    """The page for an error. The class says the status; the page holds the words."""
    template = PAGES.get(error.status, "400.html")
    return HttpResponse(render_to_string(template, {"code": error.code}, request), status=error.status)
