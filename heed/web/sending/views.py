"""How answers leave: an agent's own seconds and signatures; for admins, each inbox's addresses, limits and way out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from heed.brands.models import Brand, Inbox
from heed.brands.queries import addresses_of
from heed.connecting.actions.connections import choose_way_out
from heed.delivery.actions import setup
from heed.delivery.limits import Limits
from heed.delivery.queries import signatures_of, ways_out
from heed.eventlog.unit import unit
from heed.kernel.config import config
from heed.kernel.errors import Unusable, require_visible
from heed.kernel.words import PlusAddresses, SenderName
from heed.people.actions import AlreadyThere, choose_undo_seconds
from heed.people.policy import may_begin
from heed.people.queries import brands_written_for, inbox_numbered
from heed.ui.contexts import FieldError, Option
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.round_trips.rows import round_trip
from heed.web.sending.contexts import (
    AnswersPage,
    InboxForm,
    InboxPage,
    InboxRow,
    SendingPage,
    SignatureForm,
)
from heed.web.sending.ways import kept_access, kept_server, read_provider, read_server, way_form, way_of

ANSWERS, SENDING = "/settings/answers/", "/settings/sending/"
LIST, ONE = "sending/sending.html", "sending/inbox.html"
SECONDS = (0, 5, 10, 20, 30, 60)
MEGABYTE = 1_000_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What can't be used, in the one form or the other."""

    form: list[FieldError] = field(default_factory=list)
    way: list[FieldError] = field(default_factory=list)


@agents_only("GET", "POST")
def answers(visit: Visit) -> HttpResponse:
    """How the agent's own answers leave: the seconds to take one back, the lines below it."""
    require_visible(may_begin(visit.actor))
    brands = brands_written_for(visit.actor)
    errors = _save_answers(visit, brands) if visit.request.method == "POST" else []
    if visit.request.method == "POST" and not errors:
        return HttpResponseRedirect(f"{ANSWERS}?saved=1", status=303)
    visit.agent.refresh_from_db(fields=["undo_seconds"])
    texts = signatures_of(visit.actor)
    page = AnswersPage(
        nav=nav_context(visit, Room.of(visit), here=ANSWERS),
        undo=_undo_options(visit.request.POST.get("undo", "") if errors else visit.agent.undo_seconds),
        desk_undo=config.undo_seconds,
        signatures=[
            SignatureForm(
                brand=brand.pk,
                name=brand.name,
                text=visit.request.POST.get(f"signature-{brand.pk}", texts.get(brand.pk, "")),
            )
            for brand in brands
        ],
        is_saved=visit.request.GET.get("saved") == "1",
        errors=errors,
    )
    return render(
        visit.request, "sending/answers.html", {"page": page, "nav": page.nav}, status=422 if errors else 200
    )


def _undo_options(wished: int | str | None) -> list[Option]:
    text = "" if wished is None else str(wished)
    chosen = int(text) if text.isascii() and text.isdigit() else None
    known = sorted({*SECONDS, *([] if chosen is None else [chosen])})
    return [
        Option(value="", label="", is_chosen=chosen is None),
        *(Option(value=str(n), label=str(n), is_chosen=n == chosen) for n in known),
    ]


def _save_answers(visit: Visit, brands: Sequence[Brand]) -> list[FieldError]:
    post = visit.request.POST
    try:
        with unit():  # all that was typed is kept, or nothing
            choose_undo_seconds(_number("undo", post.get("undo", "")), by=visit.actor)
            for brand in brands:
                if f"signature-{brand.pk}" in post:
                    setup.set_agent_signature(brand, text=post[f"signature-{brand.pk}"], by=visit.actor)
    except Unusable as error:
        return [FieldError(field=error.field, code=error.reason, value=str(setup.SIGNATURE_CHARACTERS))]
    return []


def _number(field: str, text: str) -> int | None:
    tidy = text.strip()
    if not tidy:
        return None
    if not (tidy.isascii() and tidy.isdigit() and len(tidy) < 10):
        raise Unusable(field, "no_number")
    return int(tidy)


@agents_only("GET")
def sending(visit: Visit) -> HttpResponse:
    """Every inbox, and how its mail leaves."""
    found = ways_out(visit.actor, after=visit.request.GET.get("after", ""))
    page = SendingPage(
        nav=nav_context(visit, Room.of(visit), here=SENDING),
        rows=[_row(inbox) for inbox in found.rows],
        next_href=f"{SENDING}?after={quote(found.after)}" if found.after else "",
    )
    return page_or_fragment(visit.request, LIST, LIST, page)


def _row(inbox: Inbox) -> InboxRow:
    way, where = way_of(inbox)
    return InboxRow(
        href=f"{SENDING}{inbox.pk}/", address=inbox.address, brand=inbox.brand.name, way=way, where=where
    )


@agents_only("GET", "POST")
def inbox(visit: Visit, number: int) -> HttpResponse:
    """How one inbox sends; posted to, its addresses, names and limits are changed."""
    row = inbox_numbered(visit.actor, number)
    if visit.request.method == "GET":
        return _show(visit, row)
    try:
        with unit():  # all that was typed is kept, or nothing
            _change(visit, row)
    except (AlreadyThere, Unusable) as error:
        reason = error.reason if isinstance(error, Unusable) else error.code
        name = error.field if isinstance(error, Unusable) else "address"
        row = inbox_numbered(visit.actor, number)
        return _show(visit, row, wrong=Wrong(form=[FieldError(field=name, code=reason)]))
    return _saved(number)


@agents_only("POST")
def way(visit: Visit, number: int) -> HttpResponse:
    """Choose how the mail of an inbox leaves."""
    row = inbox_numbered(visit.actor, number)
    post = visit.request.POST
    try:
        if post.get("way") == "provider":
            access = read_provider(post, kept=kept_access(row))
            choose_way_out(row, server="", provider=access, by=visit.actor)
        elif post.get("way") == "smtp":
            server = read_server(post, kept=kept_server(row))
            choose_way_out(row, server=server, provider=None, by=visit.actor)
        elif post.get("way") == "desk":
            choose_way_out(row, server="", provider=None, by=visit.actor)
        else:
            raise ValueError("way unknown_choice")
    except ValueError as error:
        name, _, code = str(error).partition(" ")
        why = code or ("unusable" if post.get(name, "").strip() else "required")
        return _show(visit, row, wrong=Wrong(way=[FieldError(field=name, code=why)]))
    return _saved(number)


def _saved(number: int) -> HttpResponse:
    return HttpResponseRedirect(f"{SENDING}{number}/?saved=1", status=303)


def _show(visit: Visit, row: Inbox, *, wrong: Wrong | None = None) -> HttpResponse:
    here = f"{SENDING}{row.pk}/"
    typed = visit.request.POST if wrong and wrong.way else {}
    chosen = typed.get("provider", visit.request.GET.get("provider", ""))
    addresses = (row.address, *(one.address for one in row.addresses.all()))
    domains = dict.fromkeys(address.rpartition("@")[2] for address in addresses)
    page = InboxPage(
        nav=nav_context(visit, Room.of(visit), here=here),
        address=row.address,
        form=_form(
            row,
            href=here,
            errors=wrong.form if wrong else [],
            typed=visit.request.POST if wrong and wrong.form else {},
        ),
        way=way_form(row, href=here, chosen=chosen, typed=typed, errors=wrong.way if wrong else []),
        trip=round_trip(visit.actor, row),
        domains=[(domain, f"/settings/domains/{domain}/") for domain in domains],
        is_saved=visit.request.GET.get("saved") == "1",
    )
    return page_or_fragment(visit.request, ONE, ONE, page, status=422 if wrong else 200)


def _form(inbox: Inbox, *, href: str, errors: list[FieldError], typed: Mapping[str, str]) -> InboxForm:
    def shown(name: str, number: int | None) -> str:
        return typed.get(name, "" if number is None else str(number))

    plus, sender = typed.get("plus", inbox.plus_addresses), typed.get("sender_name", inbox.brand.sender_name)

    return InboxForm(
        href=href,
        brand=inbox.brand.name,
        further=[row.address for row in inbox.addresses.all()],
        address=typed.get("address", ""),
        plus=[Option(value=one, label=one, is_chosen=one == plus) for one in PlusAddresses],
        sender_name=[Option(value=one, label=one, is_chosen=one == sender) for one in SenderName],
        a_minute=shown("a_minute", inbox.sends_a_minute),
        an_hour=shown("an_hour", inbox.sends_an_hour),
        a_day=shown("a_day", inbox.sends_a_day),
        megabytes=shown("megabytes", inbox.most_bytes // MEGABYTE if inbox.most_bytes else None),
        desk_megabytes=config.send_max_bytes // MEGABYTE,
        errors=errors,
    )


def _change(visit: Visit, row: Inbox) -> None:
    post, by = visit.request.POST, visit.actor
    if "remove" in post:
        setup.remove_inbox_address(row, address=post["remove"], by=by)
        return
    if post.get("address", "").strip() and post["address"] not in addresses_of(row):
        setup.add_inbox_address(row, address=post["address"], by=by)
    limits = Limits(*(_number(name, post.get(name, "")) for name in ("a_minute", "an_hour", "a_day")))
    setup.set_send_limits(row, limits=limits, by=by)
    megabytes = _number("megabytes", post.get("megabytes", ""))
    setup.set_most_bytes(row, most_bytes=None if megabytes is None else megabytes * MEGABYTE, by=by)
    setup.choose_plus_addresses(row, to=_choice(PlusAddresses, post.get("plus", "")), by=by)
    setup.choose_sender_name(row.brand, to=_choice(SenderName, post.get("sender_name", "")), by=by)


def _choice(kinds: Callable[[str], T], given: str) -> T:
    try:
        return kinds(given)
    except ValueError:
        raise Unusable("choice", "unknown_choice") from None
