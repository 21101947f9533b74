"""How answers leave: an agent's own seconds and signatures; for admins, each inbox's addresses, limits and keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from heed.brands.models import Brand, Inbox
from heed.brands.queries import addresses_of, sending_domains
from heed.delivery.actions import dkim, setup
from heed.delivery.dkim import new_pair
from heed.delivery.limits import Limits
from heed.delivery.queries import DkimRecord, dkim_key, dkim_records, sending_inboxes, signatures_of
from heed.kernel.config import config
from heed.kernel.errors import HeedError, NotFound, Unusable, require_visible
from heed.kernel.words import DkimSigning, PlusAddresses, SenderName
from heed.people.actions import choose_undo_seconds
from heed.people.policy import may_begin, may_set_up
from heed.people.queries import brands_written_for
from heed.ui.contexts import FieldError, Option
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.sending.contexts import (
    AnswersPage,
    DomainLine,
    InboxForm,
    KeyLine,
    SendingPage,
    SignatureForm,
)

ANSWERS, SENDING = "/settings/answers/", "/settings/sending/"
SECONDS = (0, 5, 10, 20, 30, 60)
MEGABYTE = 1_000_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form that came back: of which inbox, and why."""

    inbox: int
    error: FieldError


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
        undo=_undo_options(visit.agent.undo_seconds),
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


def _undo_options(chosen: int | None) -> list[Option]:
    known = sorted({*SECONDS, *([] if chosen is None else [chosen])})
    return [
        Option(value="", label="", is_chosen=chosen is None),
        *(Option(value=str(n), label=str(n), is_chosen=n == chosen) for n in known),
    ]


def _save_answers(visit: Visit, brands: Sequence[Brand]) -> list[FieldError]:
    post = visit.request.POST
    try:
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
    """Every inbox with its addresses and limits, every domain with its keys."""
    require_visible(may_set_up(visit.actor))
    return _show(visit)


def _show(visit: Visit, *, wrong: Wrong | None = None) -> HttpResponse:
    records: dict[str, list[DkimRecord]] = {}
    for record in dkim_records(visit.actor):
        records.setdefault(record.key.domain, []).append(record)
    given = visit.request.GET.get("saved", "")
    page = SendingPage(
        nav=nav_context(visit, Room.of(visit), here=SENDING),
        inboxes=[_form(inbox) for inbox in sending_inboxes(visit.actor)],
        domains=[
            DomainLine(domain=domain, keys=[_key(record) for record in records.get(domain, ())])
            for domain in sorted(sending_domains())
        ],
        saved=int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None,
        wrong=wrong.inbox if wrong else None,
        errors=[wrong.error] if wrong else (),
    )
    return render(
        visit.request, "sending/sending.html", {"page": page, "nav": page.nav}, status=422 if wrong else 200
    )


def _form(inbox: Inbox) -> InboxForm:
    def shown(number: int | None) -> str:
        return "" if number is None else str(number)

    return InboxForm(
        id=inbox.pk,
        address=inbox.address,
        brand=inbox.brand.name,
        further=[row.address for row in inbox.addresses.all()],
        plus=[Option(value=one, label=one, is_chosen=one == inbox.plus_addresses) for one in PlusAddresses],
        sender_name=[
            Option(value=one, label=one, is_chosen=one == inbox.brand.sender_name) for one in SenderName
        ],
        a_minute=shown(inbox.sends_a_minute),
        an_hour=shown(inbox.sends_an_hour),
        a_day=shown(inbox.sends_a_day),
        megabytes=shown(inbox.most_bytes // MEGABYTE if inbox.most_bytes else None),
        desk_megabytes=config.send_max_bytes // MEGABYTE,
        server="provider" if inbox.provider else "smtp" if inbox.smtp_url else "desk",
    )


def _key(record: DkimRecord) -> KeyLine:
    return KeyLine(
        id=record.key.pk,
        name=record.name,
        value=record.value,
        signs=record.signs,
        is_found=record.key.found_at is not None,
        signing=[Option(value=one, label=one, is_chosen=one == record.key.signing) for one in DkimSigning],
    )


@agents_only("POST")
def inbox(visit: Visit, number: int) -> HttpResponse:
    """Change how one inbox sends."""
    require_visible(may_set_up(visit.actor))
    row = next((one for one in sending_inboxes(visit.actor) if one.pk == number), None)
    if row is None:
        raise NotFound
    try:
        _change(visit, row)
    except HeedError as error:
        reason = error.reason if isinstance(error, Unusable) else error.code
        field = error.field if isinstance(error, Unusable) else "address"
        return _show(visit, wrong=Wrong(number, FieldError(field=field, code=reason)))
    return HttpResponseRedirect(f"{SENDING}?saved={number}#inbox-{number}", status=303)


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


@agents_only("POST")
def new_key(visit: Visit) -> HttpResponse:
    """Make a DKIM key for a domain; it signs once its record stands in DNS."""
    require_visible(may_set_up(visit.actor))
    domain = visit.request.POST.get("domain", "")
    if domain not in sending_domains():
        raise Unusable("domain", "unknown_choice")
    dkim.add_dkim_key(domain, pair=new_pair(), by=visit.actor)
    return HttpResponseRedirect(f"{SENDING}#{domain}", status=303)


@agents_only("POST")
def key(visit: Visit, number: int) -> HttpResponse:
    """Say when a key signs, or retire it."""
    row = dkim_key(visit.actor, number)
    if "retire" in visit.request.POST:
        dkim.retire_dkim_key(row, by=visit.actor)
    else:
        signing = _choice(DkimSigning, visit.request.POST.get("signing", ""))
        dkim.choose_dkim_signing(row, to=signing, by=visit.actor)
    return HttpResponseRedirect(f"{SENDING}#{row.domain}", status=303)
