"""Search: conversations by what is typed, newest or best first, page by page."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from heed.conversations import queries
from heed.conversations.filters import CHOICES, Filter, Hint, HintKind, Reading, as_text, read, without
from heed.conversations.filters import Field as FilterField
from heed.conversations.models import Conversation
from heed.conversations.passages import SHORTEST_BEGINNING, Piece
from heed.conversations.queries.conditions import Reader
from heed.conversations.queries.customers import Customers, customers
from heed.conversations.queries.search import Found, Hit, Order, numbered, search
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.customers.lists import customer_rows
from heed.web.doors import Visit, agents_only
from heed.web.inbox.rows import person_of
from heed.web.nav import Room, nav_context
from heed.web.search.contexts import (
    CustomersFragment,
    FoundContext,
    FoundFragment,
    FoundRow,
    HintLine,
    SearchPage,
    WithoutLine,
)

HERE = "/search/"
PAGE, FOUND, ROWS = "search/page.html", "search/_found.html", "search/_rows.html"
CALLED = "search/_customers.html"
CUSTOMERS = 4  # shown beside conversations
NAME_CHARACTERS = 200


@agents_only("GET")
def find(visit: Visit) -> HttpResponse:
    """The page; ?q= is what was typed, ?order=best the best first, ?after= the next rows."""
    fragment = ROWS if "after" in visit.request.GET else FOUND
    if wants_fragment(visit.request):
        return page_or_fragment(visit.request, PAGE, fragment, FoundFragment(found=_asked(visit)))
    return _page(visit)


@agents_only("GET")
def menu(visit: Visit) -> HttpResponse:
    """The same page with its menu open, where the menu is a drawer."""
    return _page(visit, is_open=True)


@agents_only("GET")
def called(visit: Visit) -> HttpResponse:
    """Some customers who are called so; without scripts their own list."""
    text = visit.request.GET.get("q", "")[:NAME_CHARACTERS]
    every = f"/customers/?{urlencode({'q': text})}"
    if not wants_fragment(visit.request):
        return redirect(every)
    found = customers(visit.actor, text=text, limit=CUSTOMERS) if names_somebody(text) else Customers()
    fragment = CustomersFragment(text=text, customers=customer_rows(found, text), more_href=every)
    return page_or_fragment(visit.request, PAGE, CALLED, fragment)


def names_somebody(text: str) -> bool:
    """Whether customers are meant too: what was typed has letters enough, and asks for no field."""
    filter_ = read(text).filter
    return not filter_.conditions and any(len(one.text) >= SHORTEST_BEGINNING for one in filter_.phrases)


def _page(visit: Visit, *, is_open: bool = False) -> HttpResponse:
    room = Room.of(visit)  # before the search: the stream goes on from here
    nav = nav_context(visit, room, here=HERE, is_open=is_open)
    return page_or_fragment(visit.request, PAGE, PAGE, SearchPage(nav=nav, found=_asked(visit)))


def _asked(visit: Visit) -> FoundContext:
    asked = visit.request.GET
    order = Order.BEST if asked.get("order") == Order.BEST else Order.NEWEST
    return _found(visit, asked.get("q", "").replace("\n", " "), order, asked.get("after", ""))


def _found(visit: Visit, text: str, order: Order, after: str) -> FoundContext:
    reading = read(text)
    reader = Reader(visit.actor, timezone.get_current_timezone())
    found = search(reader, reading.filter, order=order, after=after)
    by_number = None if after else numbered(reader, reading.filter)
    rows = list(_rows(visit, found, by_number))
    return FoundContext(
        code=_code(reading.filter, rows, found),
        text=text,
        order=order,
        newest_href=_href(text, Order.NEWEST),
        best_href=_href(text, Order.BEST),
        view_query=urlencode({"q": text}),
        rows=rows,
        hints=[_hint(hint) for hint in reading.hints],
        without=[] if rows or found.after else list(_without(reading, order)),
        next_href=_href(text, order, found.after) if found.after else "",
        back_to=found.back_to,
        ranked_only=found.ranked_only,
        is_like=found.is_like and bool(found.hits),
        has_short_word=any(
            phrase.goes_on and len(phrase.text.split(" ")[-1]) < SHORTEST_BEGINNING
            for phrase in reading.filter.phrases
        ),
    )


def _code(filter_: Filter, rows: list[FoundRow], found: Found) -> str:
    if not filter_.terms:
        return "start"
    if rows:
        return "found"
    return "further" if found.after else "none"


def _href(text: str, order: Order, after: str = "") -> str:
    asked = {"q": text, "order": order if order is Order.BEST else "", "after": after}
    return f"{HERE}?{urlencode({name: value for name, value in asked.items() if value})}"


def _rows(visit: Visit, found: Found, by_number: Conversation | None) -> Iterable[FoundRow]:
    hits = [hit for hit in found.hits if hit.conversation != by_number]
    if by_number is not None:
        hits.insert(0, Hit(by_number, (Piece(by_number.subject),) if by_number.subject else ()))
    writers = queries.writers(visit.actor, [hit.conversation for hit in hits])
    for hit in hits:
        row = hit.conversation
        yield FoundRow(
            number=row.pk,
            href=_where(hit),
            customer=person_of(row, writers.get(row.pk)),
            subject=hit.subject,
            subject_lang=row.language,
            at=hit.at or row.last_message_at,
            status=row.status,
            passage=hit.passage,
            sender=hit.sender,
            file=hit.file,
            is_by_number=row == by_number,
        )


def _where(hit: Hit) -> str:
    """Where it is read: the very message, in its conversation or in the thread in which it was said aside."""
    if hit.side is not None:
        return f"/sides/{hit.side}/"
    here = f"/conversations/{hit.conversation.pk}/"
    return f"{here}?message={hit.message}#m{hit.message}" if hit.message is not None else here


def _hint(hint: Hint) -> HintLine:
    known = CHOICES.get(FilterField(hint.field), ()) if hint.kind is HintKind.UNKNOWN_VALUE else ()
    return HintLine(kind=hint.kind, field=hint.field, value=hint.value, choices=known)


def _without(reading: Reading, order: Order) -> Iterable[WithoutLine]:
    terms = reading.filter.terms
    if len(terms) < 2:
        return
    for term in terms:
        rest = str(without(reading.filter, term))
        yield WithoutLine(term=as_text(term).replace('"', ""), href=_href(rest, order))
