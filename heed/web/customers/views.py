"""The page of one customer: who they are, what is known of them, and the forms that say who is who."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.http import HttpResponse, HttpResponseRedirect

from heed.conversations.actions.profiles import Profile
from heed.conversations.actions.uniting import merge_customers, split_customer, undo_move
from heed.conversations.models import Conversation
from heed.conversations.queries import visible
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
from heed.ui.contexts import FieldError, Person
from heed.ui.respond import page_or_fragment
from heed.web.conversation.contexts import EarlierContext
from heed.web.conversation.remembered import tried_rows
from heed.web.customers.contexts import AddressRow, CustomerContext, CustomerPage, MoveRow, NoteForm, Preview
from heed.web.customers.profile import note_form, note_rows, profile_form, profile_of
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context

PAGE = "customers/page.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A form of this page that could not be used, as it was typed."""

    profile: Profile | None = None
    note: str = ""
    brand: str = ""
    editing: int | None = None  # the note whose new words these are
    errors: tuple[FieldError, ...] = ()


@agents_only("GET")
def customer(visit: Visit, number: int) -> HttpResponse:
    """The page; with ?merge=ADDRESS or ?split=ID also what that would do."""
    return show(visit, number)


@agents_only("GET")
def menu(visit: Visit, number: int) -> HttpResponse:
    """The same page with its menu open, where the menu is a drawer."""
    sheet = customer_sheet(visit.actor, number)
    return _page(visit, sheet, typed=Typed(), is_open=True)


def show(visit: Visit, number: int, *, typed: Typed = Typed()) -> HttpResponse:
    """The page of this customer; a form that could not be used comes back on it."""
    sheet = customer_sheet(visit.actor, number, after=visit.request.GET.get("after", ""))
    return _page(visit, sheet, typed=typed)


def _page(visit: Visit, sheet: Sheet, *, typed: Typed, is_open: bool = False) -> HttpResponse:
    nav = nav_context(visit, Room.of(visit), here=href_of(sheet.customer.pk), is_open=is_open)
    page = CustomerPage(nav=nav, customer=_context(visit, sheet, typed))
    return page_or_fragment(visit.request, PAGE, PAGE, page, status=422 if typed.errors else 200)


def href_of(number: int) -> str:
    """The page of a customer."""
    return f"/customers/{number}/"


def _context(visit: Visit, sheet: Sheet, typed: Typed) -> CustomerContext:
    row = sheet.customer
    href = href_of(row.pk)
    changes = may_change_customers(visit.actor) and row.merged_into_id is None
    can_split = changes and len(sheet.identities) > 1
    after = sheet.conversations.after
    return CustomerContext(
        href=href,
        person=_person(row, [one.value for one in sheet.identities]),
        since=row.created_at,
        addresses=[
            AddressRow(
                address=one.value,
                confidence=one.confidence or "",  # type: ignore[attr-defined]  # annotated
                split_href=f"{href}?split={one.pk}" if can_split else "",
            )
            for one in sheet.identities
        ],
        profile=profile_form(
            typed.profile or profile_of(row),
            href=href if changes else "",
            is_saved=visit.request.GET.get("saved") == "1" and not typed.errors,
            errors=list(typed.errors) if typed.profile else [],
        ),
        notes=list(note_rows(visit, sheet)),
        note_form=_note_form(sheet, typed) if changes else None,
        tried=tried_rows(visit, sheet.tried),
        conversations=[_conversation(one) for one in sheet.conversations.rows],
        next_href=f"{href}?after={after}" if after else "",
        moves=list(_moves(visit, sheet)),
        may_change=changes,
        preview=_preview(visit, sheet) if changes else None,
    )


def _note_form(sheet: Sheet, typed: Typed) -> NoteForm:
    form = note_form(sheet, href=href_of(sheet.customer.pk), brand=typed.brand)
    if typed.profile:
        return form
    return replace(form, text=typed.note, editing=typed.editing, errors=typed.errors)


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


def _moves(visit: Visit, sheet: Sheet) -> Iterator[MoveRow]:
    """With how many of the conversations that moved the reader sees; one query."""
    moved = [number for move in sheet.moves for number in move.conversations]
    seen = visible(visit.actor, moved) if moved else frozenset[int]()
    for move in sheet.moves:
        yield _move(visit, sheet, move, conversations=len(seen.intersection(move.conversations)))


def _move(visit: Visit, sheet: Sheet, move: CustomerMove, *, conversations: int) -> MoveRow:
    is_here = move.target_id == sheet.customer.pk
    other = move.source if is_here else move.target
    by = move.moved_by
    may_undo = may_change_customers(visit.actor) and move.undone_at is None
    return MoveRow(
        kind=move.kind,
        other=Person(name=other.name or f"#{other.pk}"),
        is_from_other=is_here,
        addresses=len(move.identities),
        conversations=conversations,
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
        action=f"{href_of(sheet.customer.pk)}merge/",
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
        action=f"{href_of(sheet.customer.pk)}split/",
        field="identity",
        value=str(identity.pk),
        addresses=[identity.value],
    )


@agents_only("POST")
def merge(visit: Visit, number: int) -> HttpResponse:
    """Make another customer one with this one."""
    other = known_customer(visit.actor, _number(visit.request.POST.get("other", "")))
    merge_customers(other, into=known_customer(visit.actor, number), by=visit.actor)
    return HttpResponseRedirect(href_of(number), status=303)


@agents_only("POST")
def split(visit: Visit, number: int) -> HttpResponse:
    """Give one of this customer's addresses to a customer of its own."""
    sheet = customer_sheet(visit.actor, number)
    asked = visit.request.POST.get("identity", "")
    identity = next((one for one in sheet.identities if str(one.pk) == asked), None)
    if identity is None:
        raise Unusable("identity", "unknown")
    split_customer(sheet.customer, identity=identity, by=visit.actor)
    return HttpResponseRedirect(href_of(number), status=303)


@agents_only("POST")
def undo(visit: Visit, number: int) -> HttpResponse:
    """Take a merge or split back."""
    move = undo_move(customer_move(visit.actor, number), by=visit.actor)
    back = move.source_id if move.kind == MoveKind.SPLIT else move.target_id
    return HttpResponseRedirect(href_of(back), status=303)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Unusable("customer", "malformed")
    return int(text)
