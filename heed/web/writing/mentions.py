"""Whom a note may call: the list behind @."""

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from heed.conversations import queries
from heed.kernel.errors import require
from heed.kernel.permissions import Permission
from heed.web.doors import Visit, agents_only
from heed.web.respond import inert

TYPED_CHARACTERS = 60


@agents_only("GET")
def mentions(visit: Visit, number: int) -> HttpResponse:
    """Agents and teams that may see this conversation, for the letters typed (q)."""
    here = queries.opened(visit.actor, number)
    require(here.may(Permission.NOTE))
    typed = visit.request.GET.get("q", "")[:TYPED_CHARACTERS]
    found = queries.offered(visit.actor, here.row, typed=typed)
    told = [{"name": one.name, "detail": _("team") if one.kind == "team" else ""} for one in found]
    return inert(JsonResponse({"people": told}))
