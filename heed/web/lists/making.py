"""Views that people make: a form in the inbox, with a look at what it would show; deleting and bringing back."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from heed.conversations import queries as conversations
from heed.conversations.filters import read
from heed.kernel.errors import Refused, Unusable, require
from heed.kernel.words import Density
from heed.lists import queries
from heed.lists.actions.views import Wanted, add_view, change_view, delete_view, restore_view
from heed.lists.models import View
from heed.lists.queries import Rule
from heed.people.actions import choose_density
from heed.people.models import Team
from heed.ui.contexts import FieldError
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.doors import Visit, agents_only
from heed.web.inbox.contexts import InboxPage, ListContext, ListFragment
from heed.web.inbox.rows import person_of, reader_of
from heed.web.lists.contexts import PreviewContext, PreviewFragment, PreviewRow
from heed.web.lists.editor import editor_context
from heed.web.lists.form import Draft, from_typed, of_filter, of_post, of_view, with_part
from heed.web.nav import MADE, NEW_VIEW, Place, Room, menu_href, nav_context

PAGE, LIST = "inbox/page.html", "inbox/_list.html"
SHOWN = 8  # conversations of a preview
CODES = {"missing": "required"}  # of verbs, worded by the form in its own way
HOME = Place("my_turn").href


@agents_only("GET", "POST")
def new(visit: Visit) -> HttpResponse:
    """The empty form, or with ?q= that of a search; posted, the view is made."""
    if visit.request.method == "GET":
        typed = visit.request.GET.get("q", "").replace("\n", " ")
        return _show(visit, of_filter(read(f"{typed} ").filter), None)
    return _posted(visit, None)


@agents_only("GET", "POST")
def edit(visit: Visit, number: int) -> HttpResponse:
    """The form of a view; posted, the view is changed."""
    view = queries.view_of(visit.actor, number)
    require(queries.may_change(visit.actor, view))
    if visit.request.method == "GET":
        return _show(visit, of_view(view), view)
    return _posted(visit, view)


def _posted(visit: Visit, view: View | None) -> HttpResponse:
    post = visit.request.POST
    draft = of_post(post)
    if post.get("do") == "read":
        return _show(visit, from_typed(draft), view)
    if post.get("do") == "add":
        return _show(visit, with_part(draft, post.get("add", "")), view)
    if post.get("do") != "save":
        return _show(visit, draft, view)
    if draft.errors_of_words or any(draft.error_of(part) for part in draft.parts):
        return _show(visit, draft, view, is_checked=True)
    try:
        saved = _save(visit, draft, view)
    except Unusable as error:
        wrong = FieldError(field=error.field, code=CODES.get(error.reason, error.reason))
        return _show(visit, draft, view, errors=[wrong], is_checked=True)
    return HttpResponseRedirect(Place(MADE, number=saved.pk).href, status=303)


def _save(visit: Visit, draft: Draft, view: View | None) -> View:
    if draft.team is not None and draft.team not in {team.id for team in visit.teams}:
        raise Refused
    wanted = Wanted(
        name=draft.name,
        filter=str(draft.reading.filter),
        order=draft.order,
        shown=draft.shown,
        team=None if draft.team is None else Team(pk=draft.team),
    )
    if view is None:
        return add_view(wanted, by=visit.actor)
    return change_view(view, wanted=wanted, by=visit.actor)


def _show(
    visit: Visit,
    draft: Draft,
    view: View | None,
    *,
    errors: list[FieldError] | None = None,
    is_checked: bool = False,
) -> HttpResponse:
    """The inbox with the form in place of the rows."""
    here = NEW_VIEW if view is None else f"/views/{view.pk}/edit/"
    back = HOME if view is None else Place(MADE, number=view.pk).href
    editor = editor_context(
        visit,
        draft,
        action=here,
        cancel_href=back,
        delete_href="" if view is None else f"/views/{view.pk}/delete/",
        errors=errors or (),
        is_checked=is_checked,
    )
    shown = ListContext(
        view=MADE,
        href=here,
        rows=(),
        name="" if view is None else view.name,
        editor=editor,
        menu_href=menu_href(back),
    )
    status = 422 if is_checked else 200
    if wants_fragment(visit.request):
        return page_or_fragment(visit.request, PAGE, LIST, ListFragment(list=shown), status=status)
    nav = nav_context(
        visit, Room.of(visit), here=back, place=None if view is None else Place(MADE, number=view.pk)
    )
    return page_or_fragment(visit.request, PAGE, LIST, InboxPage(nav=nav, list=shown), status=status)


@agents_only("POST")
def preview(visit: Visit) -> HttpResponse:
    """What a view that is being thought of would show; nothing is kept."""
    draft = of_post(visit.request.POST)
    reader = reader_of(visit)
    rule = Rule(draft.reading.filter, draft.order)
    page = queries.page_of(reader, rule, limit=SHOWN)
    count = queries.counts_of(reader, [rule])[0]
    writers = conversations.writers(visit.actor, page.rows)
    shown = PreviewContext(
        count=min(count, queries.COUNTED_TO),
        is_more=count > queries.COUNTED_TO,
        rows=[
            PreviewRow(
                number=row.pk,
                name=person_of(row, writers.get(row.pk)).name,
                subject=row.subject,
                at=row.last_message_at,
            )
            for row in page.rows
        ],
        next_hint=bool(page.after),
    )
    fragment = PreviewFragment(preview=shown)
    return page_or_fragment(visit.request, "lists/_preview.html", "lists/_preview.html", fragment)


@agents_only("POST")
def delete(visit: Visit, number: int) -> HttpResponse:
    """The view leaves every menu; the inbox offers to bring it back."""
    view = delete_view(queries.view_of(visit.actor, number), by=visit.actor)
    return HttpResponseRedirect(f"{HOME}?{urlencode({'deleted': view.pk})}", status=303)


@agents_only("POST")
def restore(visit: Visit, number: int) -> HttpResponse:
    """A deleted view is back."""
    view = restore_view(queries.view_of(visit.actor, number), by=visit.actor)
    return HttpResponseRedirect(Place(MADE, number=view.pk).href, status=303)


@agents_only("POST")
def density(visit: Visit) -> HttpResponse:
    """Rows take more or less room from now on, in every list of this agent."""
    wanted = visit.request.POST.get("density", "")
    if wanted not in set(Density):
        raise Unusable("density", "unknown")
    choose_density(Density(wanted), by=visit.actor)
    back = visit.request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, {visit.request.get_host()})
    return HttpResponseRedirect(back if back.startswith("/") and is_ours else HOME, status=303)
