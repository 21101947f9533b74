"""The trash: what was deleted and the agent could see before, restored or removed for good."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect

from heed.conversations import queries
from heed.conversations.actions.purging import NotTrashed, purge
from heed.conversations.actions.trashing import BeingPurged, StillLeaving, restore, trash
from heed.conversations.models import Conversation
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Unusable, require
from heed.people.policy import Actor, may_purge, may_take_out_of_trash
from heed.ui.contexts import Person
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.doors import Visit, agents_only
from heed.web.inbox.rows import person_of
from heed.web.nav import Place, Room, nav_context
from heed.web.trash.contexts import Deleted, TrashContext, TrashFragment, TrashPage
from heed.web.typed import numbers

HERE = "/trash/"
PAGE, FRAGMENT = "trash/page.html", "trash/_trash.html"
DOINGS = {"restore": "restored", "purge": "purged"}
AT_ONCE = 100  # conversations of one form


@agents_only("GET", "POST")
def listed(visit: Visit) -> HttpResponse:
    """What lies in the trash. Posted: what to do with those that are marked."""
    if visit.request.method == "POST":
        doing, count, left = _do(visit)
        if not wants_fragment(visit.request):
            return HttpResponseRedirect(f"{HERE}?done={doing}&count={count}&left={left}", status=303)
    else:
        given = visit.request.GET
        count = next(iter(numbers([given.get("count", "")])), 0)
        doing, left = given.get("done", ""), given.get("left", "")
    found = _trash(visit, doing=doing if doing in DOINGS.values() else "", count=count, left=left)
    if wants_fragment(visit.request):
        return page_or_fragment(visit.request, PAGE, FRAGMENT, TrashFragment(trash=found))
    page = TrashPage(nav=nav_context(visit, Room.of(visit), here=HERE), trash=found)
    return page_or_fragment(visit.request, PAGE, FRAGMENT, page)


def _do(visit: Visit) -> tuple[str, int, str]:
    """Do it with each that is marked: what, with how many, and why others were left."""
    doing = visit.request.POST.get("do", "")
    if doing not in DOINGS:
        raise Unusable("do", "unknown")
    require(doing != "purge" or may_purge(visit.actor))
    act: Callable[..., object] = purge if doing == "purge" else restore
    marked = _marked(visit.actor, visit.request.POST.getlist("number"))
    done, left = 0, "" if marked else "missing"
    for row in marked:
        try:
            act(row, by=visit.actor)
            done += 1
        except (NotFound, NotTrashed, BeingPurged):
            continue  # somebody else was faster
        except StillLeaving as error:
            left = error.code
    return DOINGS[doing], done, left


def _marked(actor: Actor, given: Sequence[str]) -> list[Conversation]:
    seen = queries.visible(actor, numbers(given[:AT_ONCE]))
    return [queries.conversation(actor, number) for number in sorted(seen)]


def _trash(visit: Visit, *, doing: str, count: int, left: str) -> TrashContext:
    page = queries.trashed(visit.actor, after=visit.request.GET.get("after", ""))
    return TrashContext(
        href=HERE,
        days=config.trash_days,
        rows=_rows(visit, page.rows),
        next_href=f"{HERE}?{urlencode({'after': page.after})}" if page.after else "",
        may_change=may_take_out_of_trash(visit.actor),
        may_purge=may_purge(visit.actor),
        done=doing,
        done_count=count,
        left=left if left in ("still_leaving", "missing") else "",
    )


def _rows(visit: Visit, rows: Sequence[Conversation]) -> list[Deleted]:
    told = queries.trashings(visit.actor, rows)
    writers = queries.writers(visit.actor, rows)
    return [
        Deleted(
            number=row.pk,
            href=f"/conversations/{row.pk}/",
            subject=row.subject,
            subject_lang=row.language,
            customer=person_of(row, writers.get(row.pk)),
            at=row.trashed_at or row.last_message_at,
            brand=row.brand.name,
            by=Person(name=one.by, is_me=one.agent == visit.agent.pk)
            if (one := told.get(row.pk)) and one.by
            else None,
            until=told[row.pk].until if row.pk in told else None,
        )
        for row in rows
    ]


@agents_only("POST")
def delete(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Put one conversation into the trash; its page says so, and offers the way back."""
    trash(queries.opened(visit.actor, number).row, by=visit.actor)
    return HttpResponseRedirect(f"{place.href}{number}/", status=303)


@agents_only("POST")
def take_out(visit: Visit, place: Place, number: int) -> HttpResponse:
    """It was not to be deleted: it stands in its lists again."""
    restore(queries.opened(visit.actor, number).row, by=visit.actor)
    return HttpResponseRedirect(f"{place.href}{number}/", status=303)
