"""The page of one customer: who they are, and the forms that say who is who."""

from django.http import HttpResponse, HttpResponseRedirect

from heed.conversations.actions.uniting import merge_customers, split_customer, undo_move
from heed.conversations.models import Conversation
from heed.conversations.queries.customers import (
    Sheet,
    conversations_of,
    customer_by_address,
    customer_move,
    customer_sheet,
    known_customer,
)
from heed.kernel.errors import Unusable
from heed.kernel.words import MoveKind
from heed.people.models import Customer, CustomerMove, Identity
from heed.people.policy import may_change_customers
from heed.people.queries import addresses_of
from heed.ui.contexts import Person
from heed.ui.respond import page_or_fragment
from heed.web.conversation.contexts import EarlierContext
from heed.web.customers.contexts import AddressRow, CustomerContext, CustomerPage, MoveRow, Preview
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context

PAGE = "customers/page.html"


@agents_only("GET")
def customer(visit: Visit, number: int) -> HttpResponse:
    """The page; with ?merge=ADDRESS or ?split=ID also what that would do."""
    return _page(visit, number)


@agents_only("GET")
def menu(visit: Visit, number: int) -> HttpResponse:
    """The same page with its menu open, where the menu is a drawer."""
    return _page(visit, number, is_open=True)


def _page(visit: Visit, number: int, *, is_open: bool = False) -> HttpResponse:
    sheet = customer_sheet(visit.actor, number, after=visit.request.GET.get("after", ""))
    nav = nav_context(visit, Room.of(visit), here=_href(number), is_open=is_open)
    page = CustomerPage(nav=nav, customer=_context(visit, sheet))
    return page_or_fragment(visit.request, PAGE, PAGE, page)


def _href(number: int) -> str:
    return f"/customers/{number}/"


def _context(visit: Visit, sheet: Sheet) -> CustomerContext:
    row = sheet.customer
    href = _href(row.pk)
    changes = may_change_customers(visit.actor)
    can_split = changes and len(sheet.identities) > 1
    after = sheet.conversations.after
    return CustomerContext(
        href=href,
        person=_person(row, [one.value for one in sheet.identities]),
        since=row.created_at,
        addresses=[
            AddressRow(address=one.value, split_href=f"{href}?split={one.pk}" if can_split else "")
            for one in sheet.identities
        ],
        conversations=[_conversation(one) for one in sheet.conversations.rows],
        next_href=f"{href}?after={after}" if after else "",
        moves=[_move(visit, sheet, move) for move in sheet.moves],
        may_change=changes,
        preview=_preview(visit, sheet) if changes else None,
    )


def _person(row: Customer, addresses: list[str]) -> Person:
    first = addresses[0] if addresses else ""
    return Person(name=row.name or first or f"#{row.pk}", address=first, lang=row.language)


def _conversation(row: Conversation) -> EarlierContext:
    return EarlierContext(
        number=row.pk,
        href=f"/conversations/{row.pk}/",
        subject=row.subject,
        status=row.status,
        at=row.last_message_at,
        by=Person(name=row.assignee.name) if row.assignee else None,
    )


def _move(visit: Visit, sheet: Sheet, move: CustomerMove) -> MoveRow:
    is_here = move.target_id == sheet.customer.pk
    other = move.source if is_here else move.target
    by = move.moved_by
    may_undo = may_change_customers(visit.actor) and move.undone_at is None
    return MoveRow(
        kind=move.kind,
        other=Person(name=other.name or f"#{other.pk}"),
        is_from_other=is_here,
        addresses=len(move.identities),
        conversations=len(move.conversations),
        at=move.moved_at,
        by=Person(name=by.name, is_me=by.pk == visit.agent.pk) if by else None,
        undone_at=move.undone_at,
        undo_href=f"/customers/moves/{move.pk}/undo/" if may_undo else "",
    )


def _preview(visit: Visit, sheet: Sheet) -> Preview | None:
    asked = visit.request.GET
    if split := next((one for one in sheet.identities if str(one.pk) == asked.get("split")), None):
        return _preview_split(visit, sheet, split)
    typed = asked.get("merge", "").strip()[:254]
    if not typed:
        return None
    other = customer_by_address(visit.actor, typed)
    if other is None:
        return Preview(code="unknown", typed=typed)
    if other.pk == sheet.customer.pk:
        return Preview(code="same", typed=typed)
    addresses = addresses_of(visit.actor, other)
    return Preview(
        code="merge",
        action=f"{_href(sheet.customer.pk)}merge/",
        field="other",
        value=str(other.pk),
        other=_person(other, addresses),
        addresses=addresses,
        conversations=conversations_of(visit.actor, other),
        typed=typed,
    )


def _preview_split(visit: Visit, sheet: Sheet, identity: Identity) -> Preview | None:
    if len(sheet.identities) < 2:
        return None
    return Preview(
        code="split",
        action=f"{_href(sheet.customer.pk)}split/",
        field="identity",
        value=str(identity.pk),
        addresses=[identity.value],
    )


@agents_only("POST")
def merge(visit: Visit, number: int) -> HttpResponse:
    """Make another customer one with this one."""
    other = known_customer(visit.actor, _number(visit.request.POST.get("other", "")))
    merge_customers(other, into=known_customer(visit.actor, number), by=visit.actor)
    return HttpResponseRedirect(_href(number), status=303)


@agents_only("POST")
def split(visit: Visit, number: int) -> HttpResponse:
    """Give one of this customer's addresses to a customer of its own."""
    sheet = customer_sheet(visit.actor, number)
    asked = visit.request.POST.get("identity", "")
    identity = next((one for one in sheet.identities if str(one.pk) == asked), None)
    if identity is None:
        raise Unusable("identity", "unknown")
    split_customer(sheet.customer, identity=identity, by=visit.actor)
    return HttpResponseRedirect(_href(number), status=303)


@agents_only("POST")
def undo(visit: Visit, number: int) -> HttpResponse:
    """Take a merge or split back."""
    move = undo_move(customer_move(visit.actor, number), by=visit.actor)
    back = move.source_id if move.kind == MoveKind.SPLIT else move.target_id
    return HttpResponseRedirect(_href(back), status=303)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Unusable("customer", "malformed")
    return int(text)
