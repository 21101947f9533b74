"""What writing needs beside its form, fetched when somebody writes."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language

from heed.kernel.errors import require
from heed.people.policy import may_begin
from heed.web.doors import Visit, agents_only
from heed.web.files import as_data, keep_given
from heed.web.respond import inert
from heed.web.writing.emoji import named

KEPT_SECONDS = 86_400  # by the reader's browser


@agents_only("GET")
def bar(visit: Visit) -> HttpResponse:
    """The bar of the editor with its words, as the script puts it below what is written."""
    return _kept(render(visit.request, "writing/_bar.html"))


@agents_only("GET")
def emoji(visit: Visit) -> HttpResponse:
    """Every emoji with its names, as [[symbol, [name, …]], …]."""
    language = (get_language() or "en").partition("-")[0]
    return _kept(JsonResponse(named(language), safe=False, json_dumps_params={"separators": (",", ":")}))


@agents_only("POST")
def files(visit: Visit) -> HttpResponse:
    """Keep files, or images that are to stand in the text, of a mail that belongs to no composer. Answers their ids."""
    require(may_begin(visit.actor))
    return inert(JsonResponse(as_data(keep_given(visit.request.FILES, by=visit.actor))))


def _kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
