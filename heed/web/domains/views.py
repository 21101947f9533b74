"""Sending domains: the list, and for each what stands in DNS and what should, with the keys that sign its mail."""

from collections.abc import Iterable

from django.http import HttpResponse, HttpResponseRedirect

from heed.brands.models import Inbox
from heed.brands.queries import inboxes_and_their_addresses
from heed.channels.email.domain_records import PROVIDERS, RecordCheck
from heed.connecting.domains import DomainLooker, look_at_domain
from heed.delivery.actions.dkim import add_dkim_key, choose_dkim_signing, retire_dkim_key
from heed.delivery.dkim import new_pair
from heed.delivery.queries import DkimRecord, dkim_key, dkim_records
from heed.delivery.servers import WrongServer, host_of, way_out
from heed.kernel.errors import NotFound, Unusable, require_visible
from heed.kernel.mail_words import DkimSigning
from heed.kernel.outbound import ProviderAccess
from heed.people.policy import may_set_up_mail
from heed.ui.contexts import Option
from heed.ui.respond import page_or_fragment
from heed.web.domains.contexts import (
    DomainContext,
    DomainPage,
    DomainRow,
    DomainsPage,
    KeyLine,
    RecordLine,
)
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context

HERE = "/settings/domains/"
LIST = ("domains/list.html", "domains/_list.html")
ONE = ("domains/one.html", "domains/_one.html")
PAGE = 50


def _domains(visit: Visit) -> dict[str, dict[str, Inbox]]:
    """The domains that inboxes write from, by name, with their addresses. Raises NotFound."""
    require_visible(may_set_up_mail(visit.actor))
    found: dict[str, dict[str, Inbox]] = {}
    for address, inbox in sorted(inboxes_and_their_addresses().items()):
        found.setdefault(address.rpartition("@")[2], {})[address] = inbox
    return found


def _domain(visit: Visit, name: str) -> dict[str, Inbox]:
    found = _domains(visit).get(name)
    if found is None:
        raise NotFound
    return found


@agents_only("GET")
def listed(visit: Visit) -> HttpResponse:
    """Every domain that inboxes send from, paged; nothing is looked up yet."""
    after = visit.request.GET.get("after", "")
    found = [(name, inboxes) for name, inboxes in sorted(_domains(visit).items()) if name > after]
    rows = [
        DomainRow(href=f"{HERE}{name}/", name=name, addresses=list(inboxes)) for name, inboxes in found[:PAGE]
    ]
    next_href = f"{HERE}?after={rows[-1].name}" if len(found) > PAGE else ""
    nav = nav_context(visit, Room.of(visit), here=HERE)
    return page_or_fragment(visit.request, *LIST, DomainsPage(nav=nav, domains=rows, next_href=next_href))


@agents_only("GET")
def one(visit: Visit, name: str) -> HttpResponse:
    """What a domain says in DNS now, and what it should; keys whose record is found begin to sign."""
    inboxes = _domain(visit, name)
    servers, unknown = _ways(inboxes.values())
    checks = look_at_domain(name, servers=servers, looker=DomainLooker())
    keys = {record.name: record for record in dkim_records(visit.actor) if record.key.domain == name}
    here = f"{HERE}{name}/"
    context = DomainContext(
        name=name,
        records=[_record(check, keys.get(check.name), here) for check in checks],
        servers=servers,
        unknown=unknown,
        has_key=bool(keys),
        href=here,
        keys_href=f"{here}keys/",
        back_href=HERE,
    )
    page = DomainPage(nav=nav_context(visit, Room.of(visit), here=here), domain=context)
    return page_or_fragment(visit.request, *ONE, page)


def _record(check: RecordCheck, record: DkimRecord | None, here: str) -> RecordLine:
    return RecordLine(
        kind=check.kind,
        name=check.name,
        state=check.state,
        wanted=check.wanted,
        value=check.value,
        trouble=check.trouble,
        detail=check.detail,
        key=_key(record, here) if record is not None else None,
    )


def _key(record: DkimRecord, here: str) -> KeyLine:
    return KeyLine(
        id=record.key.pk,
        href=f"{here}keys/{record.key.pk}/",
        signs=record.signs,
        signing=[Option(value=one, label=one, is_chosen=one == record.key.signing) for one in DkimSigning],
    )


def _ways(inboxes: Iterable[Inbox]) -> tuple[list[str], list[str]]:
    """What mail of these inboxes is handed to and has its SPF known, and the providers that alone know what it says."""
    known: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for inbox in inboxes:
        try:
            way = way_out(inbox)
        except WrongServer:
            continue
        if isinstance(way, ProviderAccess) and way.code not in PROVIDERS:
            unknown[way.provider.name] = None
        elif way is not None:
            known[host_of(way)] = None
    return list(known), list(unknown)


@agents_only("POST")
def new_key(visit: Visit, name: str) -> HttpResponse:
    """Make a DKIM key for a domain; it signs once its record stands in DNS."""
    _domain(visit, name)
    add_dkim_key(name, pair=new_pair(), by=visit.actor)
    return HttpResponseRedirect(f"{HERE}{name}/", status=303)


@agents_only("POST")
def key(visit: Visit, name: str, number: int) -> HttpResponse:
    """Say when a key signs, or retire it."""
    row = dkim_key(visit.actor, number)
    if row.domain != name:
        raise NotFound
    if "retire" in visit.request.POST:
        retire_dkim_key(row, by=visit.actor)
    else:
        choose_dkim_signing(row, to=_signing(visit.request.POST.get("signing", "")), by=visit.actor)
    return HttpResponseRedirect(f"{HERE}{name}/", status=303)


def _signing(given: str) -> DkimSigning:
    try:
        return DkimSigning(given)
    except ValueError:
        raise Unusable("signing", "unknown_choice") from None
