"""The desk as an app: its manifest, its service worker, and the only page that a browser keeps.

No page of the workspace is ever kept: it says what its reader may see at that moment, and nobody could take it back.
"""

import hashlib
import json
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from heed.ui.respond import page_or_fragment, variables
from heed.web.doors import Visit, agents_only
from heed.web.installing.contexts import OfflinePage

PAGE: Final = "installing/offline.html"
FILES: Final = ("heed/tokens.css", "heed/login.css", "heed/offline.js", "heed/mark.svg")
"""What the kept page loads, kept with it."""

PAPER: Final = "#fbfaf7"  # as --paper in tokens.css; for the dark the pages say theirs
ICONS: Final = (
    ("heed/icon-192.png", "192x192", "any"),
    ("heed/icon-512.png", "512x512", "any"),
    ("heed/icon-maskable.png", "512x512", "maskable"),
    ("heed/icon-one-colour.png", "96x96", "monochrome"),
)
MANIFEST_SECONDS: Final = 3600  # browsers ask with every page that they load


@agents_only("GET")
def manifest(visit: Visit) -> HttpResponse:
    """What the app is called and looks like. One with a single brand's teams has its name, so that two desks differ."""
    brands = sorted({team.brand_name for team in visit.teams})
    said = {
        "id": "/",
        "name": f"{brands[0]} · Heed" if len(brands) == 1 else "Heed",
        "short_name": "Heed",
        "description": _("Customer support where every reply is a promise."),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": "/inbox/my-turn/",
        "scope": "/",
        "display": "standalone",
        "theme_color": PAPER,
        "background_color": PAPER,
        "icons": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
        "shortcuts": [
            {"name": _("My turn"), "url": "/inbox/my-turn/"},
            {"name": _("New conversation"), "url": "/new/"},
        ],
    }
    answer = HttpResponse(json.dumps(said), content_type="application/manifest+json")
    answer.headers["Cache-Control"] = f"private, max-age={MANIFEST_SECONDS}"
    return answer


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """The page that stands where none can be fetched. Open to everybody, since it says nothing of anybody."""
    return page_or_fragment(request, PAGE, PAGE, OfflinePage())


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: names of what is kept, and the script that keeps it.

    Its text changes with the page that is kept, so a new version or another language of its reader replaces it.
    """
    kept = [static(name) for name in FILES]
    page = render_to_string(PAGE, variables(OfflinePage()), request)
    version = hashlib.sha256(page.encode()).hexdigest()[:16]
    text = (
        f"const KEPT = {json.dumps({'version': version, 'page': '/offline/', 'files': kept})};\n"
        f"importScripts({json.dumps(static('heed/worker.js'))});\n"
    )
    answer = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
