"""One side conversation: read, answered, done; and those that ask the reader's teams."""

from urllib.parse import urlencode

from django.http import HttpResponse

from heed.conversations import queries
from heed.conversations.actions import answering, sides
from heed.conversations.actions.beforehand import TakenBack
from heed.conversations.actions.state import is_listed
from heed.conversations.actions.taking_part import SuppressedRecipients
from heed.conversations.models import Message
from heed.delivery.queries import progress_of
from heed.eventlog.unit import Commit, unit
from heed.kernel.errors import Unusable, require
from heed.kernel.steps import together
from heed.kernel.words import CAME_IN, Automatic, Direction, Flag, MessageId
from heed.notifications.actions import mark_read_aside
from heed.notifications.queries import is_unread_aside
from heed.ui.contexts import Option, Person
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.conversation.entries import Teller, entries
from heed.web.conversation.senders import sender_options
from heed.web.conversation.sides import side_line
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, counted_anew, nav_context, room_of
from heed.web.respond import way_back
from heed.web.sides.beside import is_beside, shown_beside, wants_all_beside
from heed.web.sides.contexts import (
    AskedPage,
    BesideFragment,
    FormFragment,
    SideContext,
    SideFragment,
    SidePage,
)
from heed.web.sides.form import Posted, doubts_about, from_draft, lead_to, read_post, refused
from heed.web.sides.show import say_form
from heed.web.typed import numbers, write_line

HERE = "/sides/"
PAGE, SIDE, FORM, LIST = "sides/page.html", "sides/_side.html", "sides/_form.html", "sides/list.html"


@agents_only("GET")
def listed(visit: Visit) -> HttpResponse:
    """What other teams ask those of the reader: open ones, or with ?at=done those that are done."""
    asked = visit.request.GET
    is_done = asked.get("at") == "done"
    found, room = (
        queries.asking_my_teams.later(visit.actor, is_done=is_done, after=asked.get("after", "")),
        room_of.later(visit),
    )
    together(found, room)
    at = "done" if is_done else "open"
    page = AskedPage(
        nav=nav_context(visit, room.value, here=HERE),
        lines=[side_line(one) for one in found.value.lines],
        at=at,
        older_href=f"{HERE}?{urlencode({'at': at, 'after': found.value.after})}" if found.value.after else "",
    )
    return page_or_fragment(visit.request, LIST, LIST, page)


@agents_only("GET")
def side(visit: Visit, number: int) -> HttpResponse:
    """The thread with its form, also beside its conversation; for live changes the thread alone."""
    here = queries.opened_side(visit.actor, number)
    if not is_unread_aside(visit.actor, number):
        return _show(visit, here, None, 200)
    with unit(Commit.LAZY):
        mark_read_aside(here.side, by=visit.actor)
    answer = _show(visit, here, None, 200)
    return counted_anew(answer) if wants_fragment(visit.request) else answer


@agents_only("POST")
def say(visit: Visit, number: int) -> HttpResponse:
    """Answer in it."""
    here = queries.opened_side(visit.actor, number)
    require(here.may_write)
    posted = read_post(visit, kind="mail" if here.side.team_id is None else "team")
    if posted.errors or "remove" in visit.request.POST:
        return _form_again(visit, here, posted, 422 if posted.errors else 200)
    posted.doubts = doubts_about(visit, here.row, posted)
    if posted.doubts:
        return _form_again(visit, here, posted, 409)
    seen = None if posted.seen is None else MessageId(posted.seen)
    try:
        sides.say_aside(here.side, answer=posted.answer(visit), seen=seen, by=visit.actor)
    except answering.AnsweredMeanwhile:
        posted.is_stopped = True
        return _show(visit, queries.opened_side(visit.actor, number), posted, 409)  # with what came
    except TakenBack:
        return lead_to(visit, f"{HERE}{number}/")
    except (Unusable, SuppressedRecipients, sides.TakesPart) as error:
        posted.errors.append(refused(error, posted))
        return _form_again(visit, here, posted, 422)
    return lead_to(visit, f"{HERE}{number}/")


@agents_only("POST")
def state(visit: Visit, number: int) -> HttpResponse:
    """Say that it is done, or that it goes on."""
    here = queries.opened_side(visit.actor, number)
    given = visit.request.POST.get("state", "")
    if given not in ("done", "open"):
        raise Unusable("state", "unknown_choice")
    act = sides.finish_side if given == "done" else sides.reopen_side
    act(here.side, by=visit.actor)
    return lead_to(visit, f"{HERE}{number}/")


def _form_again(visit: Visit, here: queries.OpenedSide, posted: Posted, status: int) -> HttpResponse:
    """The form alone for HTMX, else the page."""
    if not wants_fragment(visit.request):
        return _show(visit, here, posted, status)
    form = say_form(visit, here, posted, senders=_senders(here, posted))
    return page_or_fragment(visit.request, PAGE, FORM, FormFragment(form=form), status=status)


def _senders(here: queries.OpenedSide, posted: Posted) -> list[Option]:
    return [] if here.side.team_id is not None else list(sender_options(here.row, chosen=posted.sender))


def _show(visit: Visit, here: queries.OpenedSide, posted: Posted | None, status: int) -> HttpResponse:
    told = queries.side_timeline.later(here, before=visit.request.GET.get("before", ""))
    draft = queries.side_draft.later(here)
    first = queries.first_line.later(here)
    together(told, draft, first)
    context = _side(visit, here, told.value, first.value)
    asks_for_part = wants_fragment(visit.request) and visit.request.method == "GET"
    is_whole = wants_all_beside(visit.request) and visit.request.method == "GET"
    if asks_for_part and not is_whole:
        return page_or_fragment(visit.request, PAGE, SIDE, SideFragment(side=context), status=status)
    form = None
    if here.may_write and is_listed(here.row) and not told.value.is_part:
        begun = posted or (from_draft(draft.value) if draft.value else _fresh(told.value.said))
        if begun.seen is None or begun.is_stopped:
            begun.seen = here.newest
        form = say_form(visit, here, begun, senders=_senders(here, begun))
    if is_whole:
        back = way_back(visit, here.row.pk)
        return shown_beside(
            visit.request,
            BesideFragment(close_href=back, alone_href=context.line.href, side=context, form=form),
        )
    if wants_fragment(visit.request) and form is not None:
        answer = page_or_fragment(visit.request, PAGE, FORM, FormFragment(form=form), status=status)
        answer.headers["HX-Trigger"] = "heed:side"  # what came meanwhile stands in the thread
        return answer
    nav = nav_context(visit, Room.of(visit), here=f"{HERE}{here.side.pk}/")
    page = SidePage(nav=nav, side=context, form=form)
    return page_or_fragment(visit.request, PAGE, SIDE, page, status=status)


def _side(visit: Visit, here: queries.OpenedSide, told: queries.Timeline, whom: str) -> SideContext:
    row, side = here.row, here.side
    href = f"{HERE}{side.pk}/"
    opened = here.opened
    progress = {} if opened is None else progress_of(opened, told.said)
    held = {} if opened is None else queries.held_answers(opened, told.said)
    teller = Teller(
        visit=visit,
        conversation=row,
        href=href,
        customer=None,
        told=told,
        progress=progress,
        sent_at={message.pk: message.at for message in told.said},
        people=(),
        may_change=here.sees_conversation and here.may_write,
        held=held,
        shown_images=frozenset(numbers(visit.request.GET.getlist("images"))),
        plain=frozenset(numbers(visit.request.GET.getlist("plain"))),
    )
    begun = side.begun_by
    return SideContext(
        number=side.pk,
        line=side_line(queries.SideLine(side, whom)),
        conversation=row.pk,
        conversation_href=f"/conversations/{row.pk}/" if here.sees_conversation else "",
        conversation_subject=row.subject if here.sees_conversation else "",
        begun_by=Person(name=begun.name, is_me=begun.pk == visit.agent.pk) if begun else None,
        entries=entries(teller),
        older_href=f"{href}?{urlencode({'before': told.before})}" if told.before else "",
        newest_href=href if told.is_part else "",
        done_href=f"{href}state/" if here.may_write else "",
        is_beside=is_beside(visit.request),
    )


def _fresh(said: list[Message]) -> Posted:
    """An empty form: to whoever wrote last, if we had asked them, with those in copy whom we wrote to."""
    ours = [one for one in said if one.direction == Direction.ASIDE_OUT]
    if not ours:
        return Posted(to=_writer_of(said))
    lines = {"to": list(ours[-1].to), "cc": list(ours[-1].cc)}
    asked = {address for some in lines.values() for _, address in some}
    last = said[-1]
    is_theirs = last.direction in CAME_IN and last.automatic == Automatic.NO and last.flag == Flag.NONE
    if is_theirs and last.from_address.casefold() in asked:
        wrote = [one for some in lines.values() for one in some if one[1] == last.from_address.casefold()][:1]
        rest = [one for some in lines.values() for one in some if one not in wrote]
        lines = {"to": wrote, "cc": rest}
    return Posted(to=write_line(lines["to"]), cc=write_line(lines["cc"]))


def _writer_of(said: list[Message]) -> str:
    came = [one for one in said if one.direction == Direction.ASIDE_IN and one.automatic == Automatic.NO]
    return write_line([[came[-1].from_name, came[-1].from_address]]) if came else ""
