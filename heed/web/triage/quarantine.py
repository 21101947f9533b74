"""The quarantine and the blocked senders: what was taken for spam, why, and the way out."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect

from heed.brands.models import Brand
from heed.conversations import queries
from heed.conversations.models import Conversation
from heed.kernel.errors import HeedError, NotFound, Unusable, require_visible
from heed.kernel.permissions import Permission
from heed.kernel.words import BlockScope, BrandId
from heed.people.policy import may_block, may_change_what_is_seen, may_run_desk
from heed.triage.actions.senders import ManyPeoplesDomain, OwnAddress, block, unblock
from heed.triage.actions.spam import NoSender, mark_spam, not_spam
from heed.triage.queries import blocked_sender, blocked_senders, brands_of, learnt, suspicions
from heed.ui.contexts import FieldError, Option, Person
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.triage.contexts import (
    BlockedContext,
    BlockedFragment,
    BlockedListContext,
    BlockedPage,
    HeldBack,
    LearntContext,
    QuarantineContext,
    QuarantineFragment,
    QuarantinePage,
)

HERE, BLOCKED = "/settings/quarantine/", "/settings/blocked/"
DOINGS = {"release": "released", "spam": "confirmed", "block": "blocked"}
AT_ONCE = 100  # conversations of one form


@agents_only("GET", "POST")
def listed(visit: Visit) -> HttpResponse:
    """What was taken for spam in the agent's lists. Posted: what to do with those that are marked."""
    require_visible(may_run_desk(visit.actor))
    doing, count = "", 0
    if visit.request.method == "POST":
        doing, count = _do(visit)
        if not wants_fragment(visit.request):
            return HttpResponseRedirect(f"{HERE}?done={doing}&count={count}", status=303)
    else:
        given = visit.request.GET.get("count", "")
        doing = visit.request.GET.get("done", "")
        count = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
    found = _quarantine(visit, doing if doing in DOINGS.values() else "", count)
    if wants_fragment(visit.request):
        fragment = QuarantineFragment(quarantine=found)
        return page_or_fragment(visit.request, "triage/quarantine.html", "triage/_quarantine.html", fragment)
    page = QuarantinePage(nav=nav_context(visit, Room.of(visit), here=HERE), quarantine=found)
    return page_or_fragment(visit.request, "triage/quarantine.html", "triage/_quarantine.html", page)


def _do(visit: Visit) -> tuple[str, int]:
    """Do it with each that is marked; what, and with how many. What names nobody to block is passed over."""
    doing = visit.request.POST.get("do", "")
    if doing not in DOINGS:
        raise Unusable("do", "unknown")
    done = 0
    for row in _marked(visit):
        try:
            if doing == "release":
                not_spam(row, by=visit.actor)
            else:
                mark_spam(row, blocking=BlockScope.ADDRESS if doing == "block" else None, by=visit.actor)
            done += 1
        except (NotFound, NoSender, OwnAddress):
            continue
    return DOINGS[doing], done


def _marked(visit: Visit) -> list[Conversation]:
    given = visit.request.POST.getlist("number")[:AT_ONCE]
    numbers = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 19]
    seen = queries.visible(visit.actor, numbers)
    rows = (queries.conversation(visit.actor, number) for number in sorted(seen))
    return [row for row in rows if row.quarantined_at is not None]


def _quarantine(visit: Visit, done: str, count: int) -> QuarantineContext:
    page = queries.quarantined(visit.actor, after=visit.request.GET.get("after", ""))
    return QuarantineContext(
        href=HERE,
        rows=_rows(visit, page.rows),
        learnt=[
            LearntContext(brand=one.brand.name, spams=one.spams, goods=one.goods, needed=one.needed)
            for one in learnt(visit.actor)
        ],
        next_href=f"{HERE}?{urlencode({'after': page.after})}" if page.after else "",
        done=done,
        done_count=count,
        may_judge=may_change_what_is_seen(visit.actor, Permission.SPAM),
    )


def _rows(visit: Visit, rows: Sequence[Conversation]) -> list[HeldBack]:
    why = suspicions(visit.actor, rows)
    writers = queries.writers(visit.actor, rows)
    return [
        HeldBack(
            number=row.pk,
            href=f"/conversations/{row.pk}/",
            subject=row.subject,
            writer=Person(name=who.name or who.address, address=who.address)
            if (who := writers.get(row.pk)) and (who.name or who.address)
            else Person(name=f"#{row.pk}"),
            at=row.quarantined_at or row.last_message_at,
            brand=row.brand.name,
            reasons=why[row.pk].reasons if row.pk in why else ["by_agent"],
            percent=why[row.pk].percent if row.pk in why else None,
        )
        for row in rows
    ]


@agents_only("GET", "POST")
def blocked(visit: Visit) -> HttpResponse:
    """Who is blocked, with who said so and when. Posted: one more."""
    require_visible(may_run_desk(visit.actor))
    room = Room.of(visit)
    errors: list[FieldError] = []
    sender = ""
    if visit.request.method == "POST":
        sender = visit.request.POST.get("sender", "").strip()[:300]
        brand = next(
            (one for one in brands_of(visit.actor) if str(one.pk) == visit.request.POST.get("brand")), None
        )
        try:
            if brand is None:
                raise NotFound
            block(brand, sender=sender, by=visit.actor)
            if not wants_fragment(visit.request):
                return HttpResponseRedirect(BLOCKED, status=303)
            sender = ""
        except (Unusable, ManyPeoplesDomain, OwnAddress) as error:
            errors.append(_sender_error(error, sender))
    found = _blocked(visit, room, sender, errors)
    status = 422 if errors else 200
    if wants_fragment(visit.request):
        fragment = BlockedFragment(blocked=found)
        return page_or_fragment(
            visit.request, "triage/blocked.html", "triage/_blocked.html", fragment, status=status
        )
    page = BlockedPage(nav=nav_context(visit, room, here=BLOCKED), blocked=found)
    return page_or_fragment(visit.request, "triage/blocked.html", "triage/_blocked.html", page, status=status)


def _sender_error(error: HeedError, sender: str) -> FieldError:
    code = error.code if isinstance(error, ManyPeoplesDomain | OwnAddress) else "not_an_address"
    return FieldError(field="sender", code=code, value=sender)


def _to_block_in(visit: Visit) -> list[Brand]:
    return [one for one in brands_of(visit.actor) if may_block(visit.actor, BrandId(one.pk))]


def _blocked(visit: Visit, room: Room, sender: str, errors: Sequence[FieldError]) -> BlockedListContext:
    page = blocked_senders(visit.actor, after=visit.request.GET.get("after", ""))
    return BlockedListContext(
        href=BLOCKED,
        rows=[
            BlockedContext(
                value=row.value,
                at=row.at,
                by=row.agent.name if row.agent else "",
                brand=row.brand.name,
                href=f"{BLOCKED}{row.pk}/unblock/" if may_block(visit.actor, BrandId(row.brand_id)) else "",
            )
            for row in page.rows
        ],
        brands=[Option(value=str(brand.pk), label=brand.name) for brand in _to_block_in(visit)],
        next_href=f"{BLOCKED}?after={page.after}" if page.after else "",
        sender=sender,
        errors=errors,
    )


@agents_only("POST")
def let_in(visit: Visit, number: int) -> HttpResponse:
    """Judge a sender's mail like any other's again."""
    unblock(blocked_sender(visit.actor, number), by=visit.actor)
    if wants_fragment(visit.request):
        fragment = BlockedFragment(blocked=_blocked(visit, Room.of(visit), "", ()))
        return page_or_fragment(visit.request, "triage/blocked.html", "triage/_blocked.html", fragment)
    return HttpResponseRedirect(BLOCKED, status=303)
