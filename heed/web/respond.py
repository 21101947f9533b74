"""Answers that are not pages: bytes to keep, plain words, a way back."""

import re
from io import BytesIO
from typing import IO, Any, TypeVar
from urllib.parse import urlsplit

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

from heed.kernel.html import FRAME_POLICY, Frame
from heed.web.doors import Visit

R = TypeVar("R", bound=HttpResponseBase)
INERT = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""The policy of whatever is no page of ours: nothing in it runs or loads, wherever it is opened."""

SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
"""What a mail's frame may do: be measured by our page, and open links. The frame's element says the same."""


def framed(found: Frame) -> HttpResponse:
    """A mail's HTML as the document of its frame: no script ever, no network but our own images."""
    response = HttpResponse(found.document)
    response.headers["Content-Security-Policy"] = f"{FRAME_POLICY}; sandbox {SANDBOX}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def download(content: bytes | IO[Any], *, filename: str, content_type: str) -> FileResponse:
    """Bytes to be kept as a file, never shown by the browser. A file given open is closed when it was sent."""
    body = BytesIO(content) if isinstance(content, bytes) else content
    response = FileResponse(body, as_attachment=True, filename=filename, content_type=content_type)
    return inert(response)


def plain(text: str) -> HttpResponse:
    """Words alone."""
    return inert(HttpResponse(text, content_type="text/plain; charset=utf-8"))


def inert(response: R) -> R:
    """The same answer, with the headers that keep it from doing anything."""
    response.headers["Content-Security-Policy"] = INERT
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def way_back(visit: Visit, number: int) -> str:
    """The address of a conversation in the list where the agent was reading it, else by its number alone."""
    came_from = visit.request.headers.get("HX-Current-URL") or visit.request.headers.get("Referer", "")
    parts = urlsplit(came_from)
    if parts.netloc in ("", visit.request.get_host()):
        found = re.match(rf"/inbox/[a-z:0-9-]+/{number}/", parts.path)
        if found:
            return found[0]
    return f"/conversations/{number}/"
