"""Sending domains: the list, and for each what stands in DNS and what should."""

from collections.abc import Iterable

from django.http import HttpResponse

from heed.brands.models import Inbox
from heed.connecting.domains import DomainLooker
from heed.delivery.queries import dkim_records
from heed.delivery.servers import WrongServer, server_of
from heed.kernel.errors import NotFound, require_visible
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
    servers = list(dict.fromkeys(_servers(inboxes)))
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
        has_key=bool(keys),
        href=f"{HERE}{name}/",
        back_href=HERE,
    )
    page = DomainPage(nav=nav_context(visit, Room.of(visit), here=f"{HERE}{name}/"), domain=context)
    return page_or_fragment(visit.request, *ONE, page)


def _servers(inboxes: Iterable[Inbox]) -> Iterable[str]:
    for inbox in inboxes:
        try:
            url = server_of(inbox)
        except WrongServer:
            continue
        if url is not None:
            yield url.host
