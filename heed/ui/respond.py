"""One way to answer: the whole page, or for HTMX the fragment that the page includes."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

VARY = ("HX-Request", "HX-History-Restore-Request")


def wants_fragment(request: HttpRequest) -> bool:
    """Whether HTMX asks for a part of the page. Going back in history asks for the whole page."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def page_or_fragment(
    request: HttpRequest,
    page_template: str,
    fragment_template: str,
    context: "DataclassInstance",
    *,
    status: int = 200,
) -> HttpResponse:
    """Render the fragment for HTMX and the whole page for everybody else, from the same context.

    The context's fields are the template's variables. A form that failed answers with the same fragment and
    status 422 (409 when somebody else was quicker); the page shows both. Caches are told that the
    answer varies.
    """
    chosen = fragment_template if wants_fragment(request) else page_template
    response = HttpResponse(render_to_string(chosen, variables(context), request), status=status)
    patch_vary_headers(response, VARY)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def variables(context: "DataclassInstance") -> dict[str, Any]:
    """A context's fields by name, not copied: what they hold is shown as it is."""
    return {field.name: getattr(context, field.name) for field in fields(context)}
