"""The palette: what one may go to or do, once when it opens; what is found, while one types. Only what one may see."""

from collections.abc import Iterable, Sequence
from typing import TypeGuard
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone

from heed.conversations import queries
from heed.conversations.actions.state import is_listed
from heed.conversations.filters import read
from heed.conversations.models import Conversation
from heed.conversations.queries.conditions import Reader
from heed.conversations.queries.customers import Called, customers_called, customers_numbered
from heed.conversations.queries.palette import conversations_numbered
from heed.conversations.queries.search import search
from heed.kernel.errors import NotFound
from heed.kernel.permissions import Permission
from heed.people.policy import may_begin
from heed.ui.contexts import NavLink
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Place, Room, nav_context
from heed.web.palette.contexts import ConversationItem, CustomerItem, FoundContext, PaletteContext
from heed.web.palette.deeds import deeds_with
from heed.web.search.views import names_somebody
from heed.web.settings.sections import sections_of
from heed.web.typed import numbers

PALETTE, FOUND = "palette/_palette.html", "palette/_found.html"
RECENT = 8  # conversations and customers that were open lately
CONVERSATIONS, CUSTOMERS = 6, 4
CHARACTERS = 200  # of what is typed
SEARCH = "/search/"


@agents_only("GET")
def palette(visit: Visit) -> HttpResponse:
    """What does not depend on what is typed. ?at= is the page, ?conversation= and ?customer= what was open lately."""
    if not wants_fragment(visit.request):
        return redirect(SEARCH)
    asked = visit.request.GET
    at = asked.get("at", "")
    nav = nav_context(visit, Room.of(visit), here=SEARCH)
    here, place = _here(visit, at)
    recent = _numbers(asked.getlist("conversation"))
    context = PaletteContext(
        number=here.row.pk if here else None,
        may_reply=_is_at_hand(here) and here.may_change,
        may_note=_is_at_hand(here) and here.may(Permission.NOTE),
        deeds=list(deeds_with(visit, here, queries.panel(here), href=f"{place.href}{here.row.pk}/"))
        if _is_at_hand(here) and place
        else (),
        recent=list(_conversations(conversations_numbered(visit.actor, recent))),
        recent_customers=list(
            _customers(customers_numbered(visit.actor, _numbers(asked.getlist("customer"))))
        ),
        views=[*nav.views, *nav.made, *nav.teams, *nav.brands],
        pages=[*nav.desk, *_pages(visit)],
        sections=sections_of(visit.actor, here=SEARCH),
        found_href="/palette/found/",
    )
    return page_or_fragment(visit.request, PALETTE, PALETTE, context)


def _pages(visit: Visit) -> Iterable[NavLink]:
    if may_begin(visit.actor):
        yield NavLink(href="/new/", code="new")


def _numbers(texts: Sequence[str]) -> list[int]:
    return numbers(texts)[:RECENT]


def _here(visit: Visit, at: str) -> tuple[queries.Opened | None, Place | None]:
    """The conversation that is open on this page, if the reader may see it."""
    try:
        found = resolve(urlsplit(at).path).kwargs
    except (Resolver404, ValueError):
        return None, None
    place, number = found.get("place"), found.get("number")
    if not isinstance(place, Place) or not isinstance(number, int):
        return None, None
    try:
        return queries.opened(visit.actor, number), place
    except NotFound:
        return None, None


def _is_at_hand(here: queries.Opened | None) -> TypeGuard[queries.Opened]:
    """Whether something can be done with it at all."""
    return here is not None and is_listed(here.row)


@agents_only("GET")
def found(visit: Visit) -> HttpResponse:
    """Conversations and customers by what is typed, a few of each."""
    text = visit.request.GET.get("q", "")[:CHARACTERS].strip()
    every = f"{SEARCH}?{urlencode({'q': text})}"
    if not wants_fragment(visit.request):
        return redirect(every)
    context = FoundContext(
        conversations=list(_conversations(_searched(visit, text))),
        customers=list(_customers(customers_called(visit.actor, text, limit=CUSTOMERS)))
        if names_somebody(text)
        else (),
        search_href=every if text else "",
    )
    return page_or_fragment(visit.request, FOUND, FOUND, context)


def _searched(visit: Visit, text: str) -> list[Conversation]:
    """By number when digits alone were typed, else by words."""
    reader = Reader(visit.actor, timezone.get_current_timezone())
    digits = text.removeprefix("#")
    asked = f"#{digits}" if digits.isascii() and digits.isdigit() else text
    hits = search(reader, read(asked).filter, limit=CONVERSATIONS).hits
    return [hit.conversation for hit in hits]


def _conversations(rows: Iterable[Conversation]) -> Iterable[ConversationItem]:
    for row in rows:
        yield ConversationItem(
            number=row.pk,
            href=f"/conversations/{row.pk}/",
            subject=row.subject,
            customer=row.customer.name if row.customer else "",
            status=row.status,
        )


def _customers(rows: Iterable[Called]) -> Iterable[CustomerItem]:
    for row in rows:
        name = row.customer.name or row.address or f"#{row.customer.pk}"
        address = row.address if row.customer.name else ""
        yield CustomerItem(
            number=row.customer.pk, href=f"/customers/{row.customer.pk}/", name=name, address=address
        )
