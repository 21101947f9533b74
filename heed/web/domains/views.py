"""Sending domains: the list, and for each what stands in DNS and what should."""

from collections.abc import Iterable

from django.http import HttpResponse

from heed.brands.models import Inbox
from heed.channels.email.domain_records import PROVIDERS
from heed.connecting.domains import DomainLooker
from heed.delivery.queries import dkim_records
from heed.delivery.servers import Server, WrongServer, host_of, way_out
from heed.kernel.errors import NotFound, require_visible
from heed.kernel.outbound import ProviderAccess
from heed.people.policy import may_set_up
from heed.people.queries import inboxes_to_set_up
from heed.ui.respond import page_or_fragment
from heed.web.domains.contexts import DomainContext, DomainPage, DomainRow, DomainsPage, RecordLine
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context

HERE = "/settings/domains/"
LIST = ("domains/list.html", "domains/_list.html")
ONE = ("domains/one.html", "domains/_one.html")


def _domains(visit: Visit) -> dict[str, list[Inbox]]:
    require_visible(may_set_up(visit.actor))
    found: dict[str, list[Inbox]] = {}
    for inbox in inboxes_to_set_up(visit.actor):
        found.setdefault(inbox.address.rpartition("@")[2], []).append(inbox)
    return found


@agents_only("GET")
def listed(visit: Visit) -> HttpResponse:
    """Every domain that inboxes send from; nothing is looked up yet."""
    rows = [
        DomainRow(href=f"{HERE}{name}/", name=name, addresses=[inbox.address for inbox in inboxes])
        for name, inboxes in sorted(_domains(visit).items())
    ]
    page = DomainsPage(nav=nav_context(visit, Room.of(visit), here=HERE), domains=rows)
    return page_or_fragment(visit.request, *LIST, page)


@agents_only("GET")
def one(visit: Visit, name: str) -> HttpResponse:
    """What a domain says in DNS now, and what it should."""
    inboxes = _domains(visit).get(name)
    if inboxes is None:
        raise NotFound
    ways = list(dict.fromkeys(_ways_out(inboxes)))
    unknown = [way for way in ways if isinstance(way, ProviderAccess) and way.code not in PROVIDERS]
    servers = list(dict.fromkeys(host_of(way) for way in ways if way not in unknown))
    keys = [(one.key.selector, one.value) for one in dkim_records(visit.actor) if one.key.domain == name]
    checks = DomainLooker().checks(name, servers=servers, keys=keys)
    context = DomainContext(
        name=name,
        records=[
            RecordLine(
                kind=check.kind,
                name=check.name,
                state=check.state,
                wanted=check.wanted,
                value=check.value,
                trouble=check.trouble,
                detail=check.detail,
            )
            for check in checks
        ],
        servers=servers,
        unknown=list(dict.fromkeys(way.provider.name for way in unknown)),
        has_key=bool(keys),
        href=f"{HERE}{name}/",
        back_href=HERE,
    )
    page = DomainPage(nav=nav_context(visit, Room.of(visit), here=f"{HERE}{name}/"), domain=context)
    return page_or_fragment(visit.request, *ONE, page)


def _ways_out(inboxes: Iterable[Inbox]) -> Iterable[Server]:
    for inbox in inboxes:
        try:
            way = way_out(inbox)
        except WrongServer:
            continue
        if way is not None:
            yield way
