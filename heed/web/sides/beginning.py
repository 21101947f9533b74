"""A side conversation is begun: a mail to somebody outside, or words to another team here."""

from collections.abc import Sequence

from django.http import HttpResponse

from heed.conversations import queries
from heed.conversations.actions import answering, sides
from heed.conversations.actions.beforehand import TakenBack
from heed.conversations.actions.taking_part import SuppressedRecipients
from heed.conversations.models import Attachment, Message
from heed.kernel.errors import Refused, Unusable, require, require_visible
from heed.kernel.words import Direction, Status, TeamId
from heed.ui.contexts import Person
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.conversation.senders import sender_options
from heed.web.doors import Visit, agents_only
from heed.web.forwarding.contexts import OwnFile
from heed.web.nav import Room, nav_context
from heed.web.respond import way_back
from heed.web.sides.beside import shown_beside, wants_all_beside
from heed.web.sides.contexts import BeginContext, BeginPage, BesideFragment, FormFragment, Quotable
from heed.web.sides.form import Posted, doubts_about, from_draft, lead_to, read_post, refused
from heed.web.sides.show import begin_form
from heed.web.typed import numbers

PAGE, FORM = "sides/begin.html", "sides/_form.html"
WORDS_CHARACTERS = 400  # of a message that may be quoted


@agents_only("GET", "POST")
def begin(visit: Visit, number: int) -> HttpResponse:
    """The form; posted, the side conversation that it began. ?quote= chooses a message."""
    here = queries.opened(visit.actor, number)
    require(here.may_change)
    if visit.request.method == "GET":
        require_visible(here.row.status != Status.CLOSED)
        return _show(visit, here, _begun(visit, here), 200)
    kind = "team" if visit.request.POST.get("kind") == "team" else "mail"
    posted = read_post(visit, kind=kind)
    if kind == "team" and posted.team is None and "remove" not in visit.request.POST:
        posted.wrong("team", "required")
    if posted.errors or "remove" in visit.request.POST:
        return _show(visit, here, posted, 422 if posted.errors else 200)
    posted.doubts = doubts_about(visit, here.row, posted)
    if posted.doubts:
        return _show(visit, here, posted, 409)
    return _send(visit, here, posted)


def _send(visit: Visit, here: queries.Opened, posted: Posted) -> HttpResponse:
    asked = sides.Asked(
        team=TeamId(posted.team) if posted.kind == "team" and posted.team is not None else None,
        quoting=posted.quoting,
        keeping=posted.keep,
        may_read=posted.may_read,
    )
    try:
        written = sides.begin_side(here.row, answer=posted.answer(visit), asked=asked, by=visit.actor)
    except TakenBack:
        return _show(visit, here, _begun(visit, here), 409)
    except answering.ConversationIsClosed:  # by a colleague or by its days, while this was written
        posted.wrong("text", "conversation_closed")
        return _show(visit, here, posted, 409)
    except (Unusable, SuppressedRecipients, sides.TakesPart) as error:
        posted.errors.append(refused(error, posted))
        return _show(visit, here, posted, 422)
    except Refused:
        if posted.kind != "team":
            raise
        posted.wrong("team", "unknown_choice")  # moved or restricted meanwhile
        return _show(visit, here, posted, 422)
    return lead_to(visit, f"/sides/{written.side_id}/")


def _begun(visit: Visit, here: queries.Opened) -> Posted:
    """What was taken back; else a form with the conversation's subject."""
    draft = queries.drafts(visit.actor, here.row).get(Direction.ASIDE_OUT)
    if draft is not None and draft.about_id is None:
        return from_draft(draft)
    return Posted(subject=here.row.subject, quoting=numbers(visit.request.GET.getlist("quote")))


def _show(visit: Visit, here: queries.Opened, posted: Posted, status: int) -> HttpResponse:
    found = queries.quotable(here)
    senders = list(sender_options(here.row, chosen=posted.sender))
    form = begin_form(
        visit, here, posted, quotable=[_quotable(one, files, posted) for one, files in found], senders=senders
    )
    back = way_back(visit, here.row.pk)
    if wants_all_beside(visit.request) and visit.request.method == "GET":
        return shown_beside(visit.request, BesideFragment(close_href=back, alone_href=form.action, form=form))
    if wants_fragment(visit.request):
        return page_or_fragment(visit.request, PAGE, FORM, FormFragment(form=form), status=status)
    context = BeginContext(
        number=here.row.pk,
        back_href=back,
        conversation_subject=here.row.subject,
        form=form,
    )
    nav = nav_context(visit, Room.of(visit), here=form.action)
    page = BeginPage(nav=nav, begin=context, form=form)
    return page_or_fragment(visit.request, PAGE, FORM, page, status=status)


def _quotable(message: Message, files: Sequence[Attachment], posted: Posted) -> Quotable:
    name = message.agent.name if message.agent else message.from_name or message.from_address
    return Quotable(
        id=message.pk,
        author=Person(name=name or f"#{message.conversation_id}"),
        at=message.at,
        words=message.text[:WORDS_CHARACTERS],
        is_chosen=message.pk in posted.quoting,
        files=[
            OwnFile(id=one.pk, name=one.filename, size=one.size, is_chosen=one.pk in posted.keep)
            for one in files
            if not one.is_inline
        ],
    )
