"""The list of customers, newest first, and those called so."""

from urllib.parse import urlencode

from django.http import HttpResponse

from heed.conversations.passages import SHORTEST_PART, Piece, Sought, marked_within
from heed.conversations.queries.customers import Customers, Listed
from heed.conversations.queries.customers import customers as known_customers
from heed.language.tokens import words
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.customers.contexts import CustomerRow, ListContext, ListFragment, ListPage
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context

HERE = "/customers/"
PAGE, LIST, ROWS = "customers/list.html", "customers/_list.html", "customers/_rows.html"
CHARACTERS = 200  # of what is looked for


@agents_only("GET")
def customers(visit: Visit) -> HttpResponse:
    """The page; ?q= is what was typed, ?after= the next rows."""
    if not wants_fragment(visit.request):
        return _page(visit)
    fragment = ROWS if "after" in visit.request.GET else LIST
    return page_or_fragment(visit.request, PAGE, fragment, ListFragment(list=_asked(visit)))


@agents_only("GET")
def menu(visit: Visit) -> HttpResponse:
    """The same page with its menu open, where the menu is a drawer."""
    return _page(visit, is_open=True)


def _page(visit: Visit, *, is_open: bool = False) -> HttpResponse:
    nav = nav_context(visit, Room.of(visit), here=HERE, is_open=is_open)
    return page_or_fragment(visit.request, PAGE, PAGE, ListPage(nav=nav, list=_asked(visit)))


def _asked(visit: Visit) -> ListContext:
    text = visit.request.GET.get("q", "")[:CHARACTERS]
    found = known_customers(visit.actor, text=text, after=visit.request.GET.get("after", ""))
    return ListContext(
        href=HERE,
        text=text,
        rows=customer_rows(found, text),
        next_href=_href(text, found.after) if found.after else "",
        back_to=found.back_to,
    )


def _href(text: str, after: str) -> str:
    asked = {"q": text, "after": after}
    return f"{HERE}?{urlencode({name: value for name, value in asked.items() if value})}"


def customer_rows(found: Customers, text: str) -> list[CustomerRow]:
    """The rows of a list, what was looked for marked in them."""
    wanted = [Sought.of(word, goes_on=True) for word in words(text)]
    return [_row(one, wanted) for one in found.rows]


def _marked(text: str, wanted: list[Sought]) -> list[Piece]:
    return marked_within(text, wanted, shortest=SHORTEST_PART)


def _row(one: Listed, wanted: list[Sought]) -> CustomerRow:
    customer = one.customer
    name = customer.name or one.address or f"#{customer.pk}"
    return CustomerRow(
        number=customer.pk,
        href=f"{HERE}{customer.pk}/",
        name=_marked(name, wanted),
        address=_marked(one.address, wanted) if customer.name else (),
        company=_marked(customer.company.name, wanted) if customer.company else (),
        lang=customer.language,
        at=one.newest.last_message_at,
        subject=one.newest.subject,
        status=one.newest.status,
    )
