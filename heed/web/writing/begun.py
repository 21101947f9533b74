"""What was begun in a form of its own is kept by the desk, so that another device goes on with it."""

import json

from django.http import HttpResponse, JsonResponse
from django.http.request import QueryDict

from heed.conversations import queries
from heed.conversations.actions.labels import DRAFT_CHARACTERS
from heed.conversations.actions.sheets import save_sheet
from heed.conversations.richtext import files_in
from heed.conversations.sheets import Begun, sheet_at
from heed.kernel.errors import Unusable
from heed.web.conversation.forms import read_form, to_edit
from heed.web.doors import Visit, agents_only
from heed.web.files import as_data
from heed.web.respond import inert
from heed.web.typed import numbers


@agents_only("GET", "POST")
def begun(visit: Visit) -> HttpResponse:
    """GET ?place=: what this agent has begun there, 204 for nothing. POST: keep it; nothing in it removes it.

    Fields: place (a form's data-sheet), key (the form's), text, html, fields (JSON: what else it holds, as lists by
    name), kept (ids of its files).
    """
    if visit.request.method == "GET":
        return inert(_kept(visit, visit.request.GET.get("place", "")))
    post = visit.request.POST
    sheet = sheet_at(post.get("place", ""))
    try:
        save_sheet(sheet, begun=_read(post), sent_once=post.get("key", "")[:64], by=visit.actor)
    except Unusable as error:
        return JsonResponse({"code": error.reason, "limit": DRAFT_CHARACTERS}, status=error.status)
    return HttpResponse(status=204)


def _kept(visit: Visit, place: str) -> HttpResponse:
    draft = queries.sheet_draft(visit.actor, sheet_at(place))
    if draft is None:
        return HttpResponse(status=204)
    shown = set(draft.files).difference(files_in(draft.html))
    return JsonResponse(
        {
            "text": draft.text,
            "html": to_edit(draft.html),
            "fields": draft.fields,
            "at": round(draft.saved_at.timestamp() * 1000),
            **as_data(queries.unsent_files(visit.actor, shown) if shown else ()),
        }
    )


def _read(post: QueryDict) -> Begun:
    text, html = read_form(post.get("text", "").replace("\r\n", "\n"), post.get("html", ""))
    try:
        fields = json.loads(post.get("fields") or "{}")
    except (ValueError, RecursionError) as error:
        raise Unusable("fields", "malformed") from error
    return Begun(text, html, fields, numbers(post.getlist("kept")))
