"""Settings: what waits for a person, with one button each and one for all."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from heed import flow
from heed.conversations.actions import sending
from heed.conversations.queries import Page, message, visible
from heed.conversations.queries.event_names import named_agents
from heed.delivery import queries as delivery
from heed.eventlog.queries import Parking, parking, parkings
from heed.eventlog.reader import replay
from heed.intake import queries as intake
from heed.intake import receipts
from heed.intake.models import Receipt
from heed.kernel.errors import NotFound, Unusable, require_visible
from heed.people.policy import Actor, may_change_what_is_seen, may_run_desk, sees_whole_desk
from heed.people.queries import brands_to_look_at
from heed.ui.contexts import SectionLink
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import SETTINGS, Room, nav_context
from heed.web.respond import download
from heed.web.settings.contexts import (
    FoundFragment,
    ParkedContext,
    ParkedFragment,
    ParkedPage,
    SettingsPage,
    Taken,
)
from heed.web.settings.finding import Hit, find
from heed.web.settings.rows import HERE, parked_context
from heed.web.settings.sections import sections_of

T = TypeVar("T")
HOME, FOUND = "settings/home.html", "settings/_found.html"
LONGEST_QUERY = 100
PAGE, FRAGMENT = "settings/parked.html", "settings/_parked.html"
AT_ONCE = 200  # how many "Try all again" takes up; the button stays for the rest
LOOKED_THROUGH = 500


@agents_only("GET")
def home(visit: Visit) -> HttpResponse:
    """Every section that the agent may open; on a phone the screen that the others lead back to."""
    query = visit.request.GET.get("q", "")[:LONGEST_QUERY].strip()
    if query and wants_fragment(visit.request):
        listed = sections_of(visit.actor, here=SETTINGS)
        found = FoundFragment(query=query, hits=_hits(visit, query, listed))
        return page_or_fragment(visit.request, HOME, FOUND, found)
    nav = nav_context(visit, Room.of(visit), here=SETTINGS)
    require_visible(bool(nav.sections))
    page = SettingsPage(nav=nav, query=query, hits=_hits(visit, query, nav.sections))
    return page_or_fragment(visit.request, HOME, FOUND if "q" in visit.request.GET else HOME, page)


def _hits(visit: Visit, query: str, listed: Sequence[SectionLink]) -> Sequence[Hit]:
    brands = brands_to_look_at(visit.actor) if query else []
    return find(
        query,
        sections=[(link.code, link.href) for link in listed],
        brands=[(brand.pk, brand.name) for brand in brands],
    )


@agents_only("GET")
def parked(visit: Visit) -> HttpResponse:
    """Mails, messages and events that wait. ?mails=, ?deliveries= or ?events= shows older ones of that kind alone."""
    given = visit.request.GET.get("retried", "")
    retried = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else None
    return _show(visit, retried)


def _show(visit: Visit, retried: int | None) -> HttpResponse:
    found = _context(visit, retried)
    if wants_fragment(visit.request):
        return page_or_fragment(visit.request, PAGE, FRAGMENT, ParkedFragment(parked=found))
    page = ParkedPage(nav=nav_context(visit, Room.of(visit), here=HERE), parked=found)
    return page_or_fragment(visit.request, PAGE, FRAGMENT, page)


def _context(visit: Visit, retried: int | None) -> ParkedContext:
    actor = visit.actor
    require_visible(may_run_desk(actor))
    mails = intake.Parked(Page(()))
    if _is_shown(visit, "mails"):
        mails = intake.all_parked(actor, after=visit.request.GET.get("mails", ""))
    return parked_context(
        mails=mails.page,
        deliveries=_part(visit, "deliveries", lambda after: delivery.parked(actor, after=after)),
        events=_part(visit, "events", lambda after: _events(actor, after)),
        mails_count=mails.count,
        oldest=mails.oldest,
        taken=_taken(actor, mails.page.rows),
        retried=retried,
        may_send=may_change_what_is_seen(actor),
    )


def _taken(actor: Actor, rows: Sequence[Receipt]) -> Mapping[int, Taken]:
    events = intake.downloads(actor, rows)
    names = named_agents(event.actor_id for event in events.values()) if events else {}
    return {key: Taken(who=names.get(event.actor_id or 0, ""), at=event.at) for key, event in events.items()}


def _part(visit: Visit, kind: str, read: Callable[[str], Page[T]]) -> Page[T]:
    return read(visit.request.GET.get(kind, "")) if _is_shown(visit, kind) else Page(())


def _is_shown(visit: Visit, kind: str) -> bool:
    """Nothing of one kind is shown while another is being paged through."""
    asked = {name for name in ("mails", "deliveries", "events") if visit.request.GET.get(name)}
    return not asked or kind in asked


def _events(actor: Actor, after: str) -> Page[Parking]:
    """Parked events that the actor sees: an admin all, a lead those of conversations that they may open."""
    if after and not (after.isascii() and after.isdigit() and len(after) < 19):
        raise Unusable("after", "malformed")
    rows = parkings(before=int(after) if after else None, limit=LOOKED_THROUGH)
    mine = _seen(actor, rows)
    seen = [row for row in rows if row.conversation_id in mine or sees_whole_desk(actor)]
    shown = seen[: intake.PAGE]
    return Page(shown, str(shown[-1].parked.pk) if len(seen) > len(shown) else "")


def _seen(actor: Actor, rows: list[Parking]) -> frozenset[int]:
    if sees_whole_desk(actor):
        return frozenset()
    return frozenset(visible(actor, [row.conversation_id for row in rows if row.conversation_id is not None]))


def _retried(visit: Visit, number: int) -> HttpResponse:
    if wants_fragment(visit.request):
        return _show(visit, number)
    return HttpResponseRedirect(f"{HERE}?retried={number}", status=303)


@agents_only("POST")
def retry_mail(visit: Visit, number: int) -> HttpResponse:
    """Have one mail read again."""
    receipts.try_again(intake.parked_mail(visit.actor, number), by=visit.actor)
    return _retried(visit, 1)


@agents_only("POST")
def retry_mails(visit: Visit) -> HttpResponse:
    """Have all mails read again that the agent sees here."""
    rows = intake.parked(visit.actor, limit=AT_ONCE).rows
    for row in rows:
        receipts.try_again(row, by=visit.actor)
    return _retried(visit, len(rows))


@agents_only("GET")
def raw_mail(visit: Visit, number: int) -> HttpResponseBase:
    """A parked mail, byte for byte; who took it is on record."""
    row = intake.parked_mail(visit.actor, number)
    receipts.note_download(row, by=visit.actor)
    content = intake.open_raw(row.sha256)
    return download(content, filename=f"parked-{row.pk}.eml", content_type="message/rfc822")


@agents_only("POST")
def retry_delivery(visit: Visit, number: int) -> HttpResponse:
    """Send one message again."""
    require_visible(may_run_desk(visit.actor))
    sending.try_again(message(visit.actor, number), by=visit.actor)
    return _retried(visit, 1)


@agents_only("POST")
def retry_deliveries(visit: Visit) -> HttpResponse:
    """Send all messages again that the agent sees here."""
    rows = delivery.parked(visit.actor, limit=AT_ONCE).rows
    for row in rows:
        sending.try_again(message(visit.actor, row.message), by=visit.actor)
    return _retried(visit, len(rows))


@agents_only("POST")
def retry_event(visit: Visit, number: int) -> HttpResponse:
    """Hand one event again to the part that could not follow it."""
    require_visible(may_run_desk(visit.actor))
    found = parking(number)
    if found is None or not _may_see(visit.actor, found):
        raise NotFound
    replay(flow.CONSUMERS, found.parked)
    return _retried(visit, 1)


def _may_see(actor: Actor, row: Parking) -> bool:
    return sees_whole_desk(actor) or row.conversation_id in _seen(actor, [row])


@agents_only("POST")
def retry_events(visit: Visit) -> HttpResponse:
    """Hand all events again that the agent sees here."""
    require_visible(may_run_desk(visit.actor))
    rows = _events(visit.actor, "").rows
    for row in reversed(rows):  # in the order of the log
        replay(flow.CONSUMERS, row.parked)
    return _retried(visit, len(rows))
