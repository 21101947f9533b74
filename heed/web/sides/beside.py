"""Asked for from a conversation's page: a side conversation is answered as the part that stands there beside it."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from heed.ui.respond import VARY, variables, wants_fragment
from heed.web.sides.contexts import BesideFragment

HEADER, TARGET = "Heed-Beside", "HX-Target"
PART, THREAD = "beside", "side"  # ids of what is replaced: all that stands there, or what was said alone


def is_beside(request: HttpRequest) -> bool:
    """Whether the request comes from what stands beside a conversation (beside.js)."""
    return wants_fragment(request) and HEADER in request.headers


def wants_all_beside(request: HttpRequest) -> bool:
    """Whether all of it is shown anew, and not the thread alone, as what changes live is."""
    return is_beside(request) and request.headers.get(TARGET) != THREAD


def shown_beside(request: HttpRequest, context: BesideFragment) -> HttpResponse:
    """All of it; it takes the place of what stood there, also where a form in it was sent."""
    response = HttpResponse(render_to_string("sides/_beside.html", variables(context), request))
    patch_vary_headers(response, (*VARY, HEADER, TARGET))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["HX-Retarget"] = f"#{PART}"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
