"""Merge, split, link, and undo of each. Plain forms; what may not be is said on the page."""

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpResponse, HttpResponseRedirect

from heed.conversations import queries
from heed.conversations.actions import merging, splitting, unmerging
from heed.conversations.models import Conversation, Message
from heed.conversations.queries import Opened
from heed.kernel.errors import HeedError, NotAllowedNow, NotFound, Refused, Unusable, require
from heed.kernel.permissions import Permission
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Place, Room, nav_context
from heed.web.rearranging.contexts import (
    Line,
    LinkPreview,
    Other,
    PreviewContext,
    RearrangingContext,
    RearrangingPage,
)

PAGE, FORMS = "rearranging/page.html", "rearranging/_forms.html"
WORDS_CHARACTERS = 140
LINKED_LINES = 3  # of the other conversation, before it is linked


@agents_only("GET", "POST")
def merge(visit: Visit, place: Place, number: int) -> HttpResponse:
    """The forms; with ?with= a preview; posted, the conversation goes on in the other one."""
    here = _opened(visit, number)
    if visit.request.method == "GET":
        given = visit.request.GET.get("with", "")
        return _show(visit, place, here, given=given)
    given = visit.request.POST.get("with", "")
    return _do(visit, place, here, given, lambda other: merging.merge(here.row, into=other, by=visit.actor))


@agents_only("POST")
def unmerge(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Undo a merge: of this conversation, or of another that was merged into it."""
    here = _opened(visit, number)
    given = visit.request.POST.get("with", str(number))
    return _do(visit, place, here, given, lambda other: unmerging.unmerge(other, by=visit.actor))


@agents_only("POST")
def split(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Chosen messages become a conversation of their own."""
    here = _opened(visit, number)
    chosen = [int(one) for one in visit.request.POST.getlist("message") if _is_number(one)]
    subject = visit.request.POST.get("subject", "")
    return _do(
        visit,
        place,
        here,
        str(number),
        lambda row: splitting.split(row, messages=chosen, subject=subject, by=visit.actor),
    )


@agents_only("POST")
def unsplit(visit: Visit, place: Place, number: int) -> HttpResponse:
    """The messages go back where they came from."""
    here = _opened(visit, number)
    return _do(visit, place, here, str(number), lambda row: splitting.unsplit(row, by=visit.actor))


@agents_only("GET", "POST")
def link(visit: Visit, place: Place, number: int) -> HttpResponse:
    """With ?with= a preview; posted, the two conversations show each other."""
    here = _opened(visit, number)
    if visit.request.method == "GET":
        given = visit.request.GET.get("with", "")
        return _show_link(visit, place, here, given) if given else _show(visit, place, here)

    def run(other: Conversation) -> Conversation:
        splitting.link_by_hand(here.row, other=other, by=visit.actor)
        return here.row

    return _do(visit, place, here, visit.request.POST.get("with", ""), run)


@agents_only("POST")
def unlink(visit: Visit, place: Place, number: int) -> HttpResponse:
    """End that."""
    here = _opened(visit, number)

    def run(other: Conversation) -> Conversation:
        splitting.unlink(here.row, other=other, by=visit.actor)
        return here.row

    return _do(visit, place, here, visit.request.POST.get("with", ""), run)


def _opened(visit: Visit, number: int) -> Opened:
    here = queries.opened(visit.actor, number)
    require(here.may(Permission.MERGE))
    return here


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdigit() and len(given) < 19


def _other(visit: Visit, given: str) -> Opened:
    """The conversation of a number as people write it. Raises NotFound, alike for unknown and unseen."""
    given = given.strip().removeprefix("#")
    if not _is_number(given):
        raise NotFound
    return queries.opened(visit.actor, int(given))


def _do(
    visit: Visit, place: Place, here: Opened, given: str, verb: Callable[[Conversation], Conversation]
) -> HttpResponse:
    """Let the verb act on the other conversation and go where it leads; or the forms with what is wrong."""
    try:
        result = verb(_other(visit, given).row)
    except (NotFound, NotAllowedNow, Refused, Unusable) as error:
        code = error.reason if isinstance(error, Unusable) else error.code
        return _show(visit, place, here, given=given, error=code, status=_status(error))
    return HttpResponseRedirect(f"{place.href}{result.pk}/", status=303)


def _status(error: HeedError) -> int:
    return 409 if isinstance(error, NotAllowedNow) else 422


def _show(
    visit: Visit, place: Place, here: Opened, *, given: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    preview = None
    if given and not error:
        try:
            preview = _preview(place, here, _other(visit, given))
        except NotFound:
            error, status = "not_found", 422
    forms = _forms(visit, place, here, preview=preview, given=given, error=error)
    page = RearrangingPage(nav=nav_context(visit, Room.of(visit), here=forms.href, place=place), forms=forms)
    return page_or_fragment(visit.request, PAGE, FORMS, page, status=status)


def _show_link(visit: Visit, place: Place, here: Opened, given: str) -> HttpResponse:
    """The forms with both conversations side by side, before they are linked."""
    forms, status = _forms(visit, place, here, preview=None, given="", error=""), 200
    try:
        other = _other(visit, given)
        if other.row.pk == here.row.pk:
            forms, status = replace(forms, error="same_conversation"), 422
        else:
            forms = replace(forms, linking=_link_preview(place, here, other, forms))
    except NotFound:
        forms, status = replace(forms, error="not_found"), 422
    forms = replace(forms, given_link=given)
    page = RearrangingPage(nav=nav_context(visit, Room.of(visit), here=forms.href, place=place), forms=forms)
    return page_or_fragment(visit.request, PAGE, FORMS, page, status=status)


def _link_preview(place: Place, here: Opened, other: Opened, forms: RearrangingContext) -> LinkPreview:
    one, two = here.row, other.row
    return LinkPreview(
        other=_as_other(place, two),
        customer=two.customer.name if two.customer else "",
        brand=two.brand.name,
        lines=[_line(message) for message in queries.messages_to_split(other)[-LINKED_LINES:]],
        is_linked=any(linked.number == two.pk for linked in forms.linked),
        is_elsewhere=(one.brand_id, one.customer_id) != (two.brand_id, two.customer_id),
    )


def _forms(
    visit: Visit, place: Place, here: Opened, *, preview: PreviewContext | None, given: str, error: str
) -> RearrangingContext:
    row, done = here.row, queries.undoable(here)
    into = None
    if row.merged_into_id is not None:
        into = _as_other(place, queries.opened(visit.actor, row.merged_into_id).row)
    return RearrangingContext(
        number=row.pk,
        href=f"{place.href}{row.pk}/",
        subject=row.subject,
        customer=row.customer.name if row.customer else "",
        others=[_as_other(place, one) for one in queries.mergeable(here)],
        messages=[_line(message) for message in queries.messages_to_split(here)],
        merged_here=[_as_other(place, one) for one in done.merged_here],
        split_off=_as_other(place, done.split_off) if done.split_off else None,
        linked=[_as_other(place, one) for one in done.linked],
        preview=preview,
        given=given,
        error=error,
        merged_into=into,
    )


def _preview(place: Place, here: Opened, other: Opened) -> PreviewContext:
    found = queries.preview(here, other)
    return PreviewContext(
        into=_as_other(place, other.row),
        lines=[_line(message) for message in found.messages],
        people=[person.name or person.address for person in found.people],
        newcomers=[person.name or person.address for person in found.newcomers],
    )


def _as_other(place: Place, row: Conversation) -> Other:
    return Other(number=row.pk, subject=row.subject, status=row.status, href=f"{place.href}{row.pk}/")


def _line(message: Message) -> Line:
    author = message.agent.name if message.agent else message.from_name or message.from_address
    return Line(
        id=message.pk,
        direction=message.direction,
        author=author,
        at=message.at,
        words=" ".join(message.text.split())[:WORDS_CHARACTERS],
    )
