"""The inbox: a view's list, and its next pages."""

from collections.abc import Callable, Iterable
from typing import Final, TypedDict
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from heed.brands.queries import first_inbox
from heed.conversations import queries
from heed.conversations.models import Conversation
from heed.conversations.queries.lists import PAGE
from heed.kernel.errors import NotFound
from heed.kernel.steps import Going, Steps, in_steps, together
from heed.kernel.words import Density, TeamId
from heed.lists.codes import RowFact
from heed.lists.queries import COUNTED_TO, Rule, counts_of, deleted_view, may_change, numbers_of, page_of
from heed.people.policy import may_begin, may_change_many, may_run_desk
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.doors import Visit, agents_only
from heed.web.inbox.contexts import EmptyList, InboxPage, ListContext, ListFragment
from heed.web.inbox.rows import reader_of, row_contexts
from heed.web.lists.contexts import DeletedView
from heed.web.nav import NEW_VIEW, UNCOUNTED, Place, Room, menu_href, nav_context
from heed.web.typed import number

ITSELF: Final = "list"
"""The id of the list's element, which HTMX names in HX-Trigger when it looks again because something happened."""

Lister = Callable[[Visit, str, Iterable[TeamId] | None, int], Going[queries.Page[Conversation]]]

LISTERS: dict[str, Lister] = {
    "my_turn": lambda visit, after, within, limit: queries.my_turn.later(
        visit.actor, after=after, limit=limit
    ),
    "mentions": lambda visit, after, within, limit: queries.mentions.later(
        visit.actor, after=after, limit=limit
    ),
    "unassigned": lambda visit, after, within, limit: queries.unassigned.later(
        visit.actor, after=after, within=within, limit=limit
    ),
    "waiting": lambda visit, after, within, limit: queries.waiting.later(
        visit.actor, after=after, within=within, limit=limit
    ),
    "solved": lambda visit, after, within, limit: queries.solved.later(
        visit.actor, after=after, within=within, limit=limit
    ),
    "all_open": lambda visit, after, within, limit: queries.all_open.later(
        visit.actor, after=after, within=within, limit=limit
    ),
}


@agents_only("GET")
def inbox(visit: Visit, place: Place) -> HttpResponse:
    """A view's list. With ?after= the next rows alone; for a list that asks for itself, the counts as well."""
    room = Room.of(visit)
    after = visit.request.GET.get("after", "")
    found = list_context(visit, room, place, after=after)
    if after:
        return page_or_fragment(
            visit.request, "inbox/page.html", "inbox/_rows.html", _page(visit, room, place, found)
        )
    if wants_fragment(visit.request) and visit.request.headers.get("HX-Trigger") != ITSELF:
        return page_or_fragment(
            visit.request, "inbox/page.html", "inbox/_list.html", ListFragment(list=found)
        )
    return page_or_fragment(
        visit.request, "inbox/page.html", "inbox/_list_again.html", _page(visit, room, place, found)
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


@in_steps
def list_context(
    visit: Visit, room: Room, place: Place, *, after: str = "", current: int | None = None
) -> Steps[ListContext]:
    """The list of a place; at most four queries. Raises NotFound for a team or brand that the agent has no lists of."""
    if place.number is not None:
        made = made_context.later(visit, room, place, after=after, current=current)
        yield [made]
        return made.value
    within = room.within(place)
    if within is not None and not within:
        raise NotFound
    found = LISTERS[place.view](visit, after, within, PAGE)
    yield [found]
    page = found.value
    shown = row_contexts.later(visit, page.rows, place=place, current=current)
    yield [shown]
    rows = shown.value
    return ListContext(
        view=place.view,
        href=place.href,
        rows=rows,
        scope=room.name(place),
        count=None if place.view in UNCOUNTED or within is not None else getattr(room.counts, place.view),
        overdue=sum(row.why.tone == "over" for row in rows),
        not_sent=sum(row.why.tone == "failed" for row in rows),
        next_href=f"{place.href}?{urlencode({'after': page.after})}" if page.after else "",
        menu_href=menu_href(place.href),
        **_shared(visit, place),
        deleted=_deleted(visit),
        empty=None if rows else _empty(visit, room, place),
    )


def numbers_in(visit: Visit, room: Room, place: Place, *, limit: int) -> list[int]:
    """The numbers of the first conversations of a list, in its order. Raises NotFound as list_context does."""
    if place.number is not None:
        view = room.view(place)
        if view is None:
            raise NotFound
        return numbers_of(reader_of(visit), Rule.of(view), limit=limit)
    within = room.within(place)
    if within is not None and not within:
        raise NotFound
    found = LISTERS[place.view](visit, "", within, limit)
    together(found)
    return [row.pk for row in found.value.rows]


@in_steps
def made_context(
    visit: Visit, room: Room, place: Place, *, after: str = "", current: int | None = None
) -> Steps[ListContext]:
    """The list of a view that people made. Raises NotFound for one that the agent does not have."""
    view = room.view(place)
    if view is None:
        raise NotFound
    rule, reader = Rule.of(view), reader_of(visit)
    page = page_of(reader, rule, after=after)
    facts = rule.shown or [RowFact.BRAND]
    found = row_contexts.later(visit, page.rows, place=place, current=current, shown=facts)
    yield [found]
    rows = found.value
    is_whole = not after and not page.after
    count = len(rows) if is_whole else counts_of(reader, [rule])[0]
    return ListContext(
        view=place.view,
        href=place.href,
        rows=rows,
        name=view.name,
        team=view.team.name if view.team else "",
        order=rule.order,
        count=min(count, COUNTED_TO),
        count_is_more=count > COUNTED_TO,
        next_href=f"{place.href}?{urlencode({'after': page.after})}" if page.after else "",
        edit_href=f"/views/{view.pk}/edit/" if may_change(visit.actor, view) else "",
        menu_href=menu_href(place.href),
        **_shared(visit, place),
        empty=None if rows else EmptyList(code=place.view),
    )


class _Shared(TypedDict):
    """What lists of both sorts show alike."""

    new_href: str
    new_view_href: str
    bulk_href: str
    is_compact: bool


def _shared(visit: Visit, place: Place) -> _Shared:
    return {
        "new_href": "/new/" if may_begin(visit.actor) else "",
        "new_view_href": NEW_VIEW,
        "bulk_href": f"{place.href}bulk/" if may_change_many(visit.actor) else "",
        "is_compact": visit.agent.density == Density.COMPACT,
    }


def _deleted(visit: Visit) -> DeletedView | None:
    """A view that the agent has just deleted: it can be brought back."""
    given = number(visit.request.GET.get("deleted", ""))
    view = deleted_view(visit.actor, given) if given is not None else None
    return DeletedView(name=view.name, restore_href=f"/views/{view.pk}/restore/") if view else None


def _empty(visit: Visit, room: Room, place: Place) -> EmptyList:
    is_first_day = place.view == "my_turn" and not (room.counts.all_open or room.counts.solved)
    inbox = first_inbox(brand for brand, _ in room.brands) if is_first_day else None
    sleeping = queries.asleep(visit.actor) if place.view == "my_turn" and not inbox else queries.Asleep()
    return EmptyList(
        code="first_day" if inbox else place.view,
        snoozed=sleeping.number,
        back_at=sleeping.back_at,
        unassigned=room.counts.unassigned,
        unassigned_href=Place("unassigned").href,
        inbox_address=inbox.address if inbox else "",
        settings_href="/settings/" if may_run_desk(visit.actor) else "",
    )


def home(request: HttpRequest) -> HttpResponse:
    """The desk's front door leads to what is one's own turn."""
    return redirect(Place("my_turn").href)
