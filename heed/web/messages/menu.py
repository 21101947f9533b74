"""The menu: a page of its own without scripts, and the fragment that keeps its counts fresh."""

from dataclasses import replace
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from heed.lists.queries import Rule, counts_of, is_cheap
from heed.ui.contexts import NavContext
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.inbox.contexts import NavFragment
from heed.web.inbox.rows import reader_of
from heed.web.nav import Place, Room, nav_context


@agents_only("GET")
def menu(visit: Visit) -> HttpResponse:
    """The navigation as it stands where the agent is: ?back= names the page, or the one that asks for the fragment."""
    nav = _nav(visit, Room.of(visit))
    return page_or_fragment(visit.request, "heed/menu.html", "heed/_nav_links.html", NavFragment(nav=nav))


@agents_only("GET")
def views(visit: Visit) -> HttpResponse:
    """The views that people made, with how long each is; as a page of its own, the menu."""
    room = Room.of(visit)
    nav = _nav(visit, room)
    rules = [Rule.of(view) for view in room.made]
    cheap = [rule for rule in rules if is_cheap(rule)]
    found = dict(zip(map(id, cheap), counts_of(reader_of(visit), cheap), strict=True))
    made = [replace(link, count=found.get(id(rule))) for link, rule in zip(nav.made, rules, strict=True)]
    fragment = NavFragment(nav=replace(nav, made=made))
    return page_or_fragment(visit.request, "heed/menu.html", "heed/_nav_made.html", fragment)


def _nav(visit: Visit, room: Room) -> NavContext:
    asks = urlsplit(visit.request.headers.get("HX-Current-URL", "")).path
    here = _page_of_ours(visit, visit.request.GET.get("back", "") or asks)
    is_page = not visit.request.headers.get("HX-Request")
    return nav_context(visit, room, here=here, place=_place(here), is_open=is_page)


def _page_of_ours(visit: Visit, path: str) -> str:
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, {visit.request.get_host()})
    return path if is_ours else Place("my_turn").href


def _place(here: str) -> Place | None:
    try:
        place = resolve(urlsplit(here).path).kwargs.get("place")
    except Resolver404:
        return None
    return place if isinstance(place, Place) else None
