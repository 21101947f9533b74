"""The inbox: a view's list, and its next pages."""

from collections.abc import Callable, Iterable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from heed.brands.queries import first_inbox
from heed.conversations import queries
from heed.conversations.models import Conversation
from heed.kernel.errors import NotFound
from heed.kernel.words import TeamId
from heed.people.policy import CHANGERS, may_run_desk
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.inbox.contexts import EmptyList, InboxPage, ListContext, ListFragment
from heed.web.inbox.rows import row_contexts
from heed.web.nav import Place, Room, menu_href, nav_context

Lister = Callable[[Visit, str, Iterable[TeamId] | None], queries.Page[Conversation]]

LISTERS: dict[str, Lister] = {
    "my_turn": lambda visit, after, within: queries.my_turn(visit.actor, after=after),
    "unassigned": lambda visit, after, within: queries.unassigned(visit.actor, after=after, within=within),
    "waiting": lambda visit, after, within: queries.waiting(visit.actor, after=after, within=within),
    "solved": lambda visit, after, within: queries.solved(visit.actor, after=after, within=within),
    "all_open": lambda visit, after, within: queries.all_open(visit.actor, after=after, within=within),
}


@agents_only("GET")
def inbox(visit: Visit, place: Place) -> HttpResponse:
    """A view's list. With ?after= the next rows alone."""
    room = Room.of(visit)
    after = visit.request.GET.get("after", "")
    found = list_context(visit, room, place, after=after)
    if after:
        return page_or_fragment(
            visit.request, "inbox/page.html", "inbox/_rows.html", _page(visit, room, place, found)
        )
    if visit.request.headers.get("HX-Request"):
        return page_or_fragment(
            visit.request, "inbox/page.html", "inbox/_list.html", ListFragment(list=found)
        )
    return page_or_fragment(
        visit.request, "inbox/page.html", "inbox/_list.html", _page(visit, room, place, found)
    )


@agents_only("GET")
def menu(visit: Visit, place: Place) -> HttpResponse:
    """The same page with its menu open, where the menu is a drawer."""
    room = Room.of(visit)
    nav = nav_context(visit, room, here=place.href, place=place, is_open=True)
    page = InboxPage(nav=nav, list=list_context(visit, room, place))
    return page_or_fragment(visit.request, "inbox/page.html", "inbox/page.html", page)


def _page(visit: Visit, room: Room, place: Place, found: ListContext) -> InboxPage:
    return InboxPage(nav=nav_context(visit, room, here=place.href, place=place), list=found)


def list_context(
    visit: Visit, room: Room, place: Place, *, after: str = "", current: int | None = None
) -> ListContext:
    """The list of a place. Raises NotFound for a team or brand that the agent has no lists of."""
    within = room.within(place)
    if within is not None and not within:
        raise NotFound
    page = LISTERS[place.view](visit, after, within)
    rows = row_contexts(visit, page.rows, place=place, current=current)
    return ListContext(
        view=place.view,
        href=place.href,
        rows=rows,
        scope=room.name(place),
        count=None if place.view == "solved" or within is not None else getattr(room.counts, place.view),
        overdue=sum(row.why.tone == "over" for row in rows),
        not_sent=sum(row.why.tone == "failed" for row in rows),
        next_href=f"{place.href}?{urlencode({'after': page.after})}" if page.after else "",
        new_href="/new/" if visit.actor.role in CHANGERS else "",
        menu_href=menu_href(place.href),
        empty=None if rows else _empty(visit, room, place),
    )


def _empty(visit: Visit, room: Room, place: Place) -> EmptyList:
    is_first_day = place.view == "my_turn" and not (room.counts.all_open or room.counts.solved)
    inbox = first_inbox() if is_first_day else None
    return EmptyList(
        code="first_day" if inbox else place.view,
        unassigned=room.counts.unassigned,
        unassigned_href=Place("unassigned").href,
        inbox_address=inbox.address if inbox else "",
        settings_href="/settings/" if may_run_desk(visit.actor) else "",
    )


def home(request: HttpRequest) -> HttpResponse:
    """The desk's front door leads to what is one's own turn."""
    return redirect(Place("my_turn").href)
