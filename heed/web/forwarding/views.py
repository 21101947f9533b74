"""Passing a message on to somebody outside, which begins a side conversation."""

import secrets
from collections.abc import Sequence

from django.http import HttpResponse

from heed.conversations import queries
from heed.conversations.actions import answering, sides
from heed.conversations.actions.beforehand import TakenBack
from heed.conversations.actions.taking_part import SuppressedRecipients
from heed.conversations.models import Attachment, Message
from heed.conversations.sides import forward_subject, may_be_forwarded
from heed.kernel.errors import Unusable, require, require_visible
from heed.kernel.words import Direction
from heed.ui.contexts import FieldError, Person
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.conversation.composer import key_of_doubts
from heed.web.conversation.composer_contexts import KeptFile
from heed.web.conversation.forms import to_edit
from heed.web.conversation.senders import sender_options
from heed.web.doors import Visit, agents_only
from heed.web.forwarding.contexts import ForwardingContext, ForwardingFragment, ForwardingPage, OwnFile
from heed.web.nav import Room, nav_context
from heed.web.respond import way_back
from heed.web.sides.form import Posted, doubts_about, from_draft, lead_to, read_post, refused

PAGE, FORM = "forwarding/page.html", "forwarding/_form.html"
WORDS_CHARACTERS = 5_000  # of the message, as a reminder


@agents_only("GET", "POST")
def forward(visit: Visit, number: int) -> HttpResponse:
    """The form; posted, the message passed on."""
    message = queries.message(visit.actor, number)
    require(queries.opened(visit.actor, message.conversation_id).may_change)
    require_visible(may_be_forwarded(message))
    if visit.request.method == "GET":
        return _show(visit, message, _begun(visit, message), 200)
    posted = read_post(visit, kind="mail")
    if "remove" in visit.request.POST:
        return _show(visit, message, posted, 200)
    if posted.errors:
        return _show(visit, message, posted, 422)
    along = [file.filename for file in queries.files_of(visit.actor, message) if file.pk in posted.keep]
    posted.doubts = doubts_about(visit, message.conversation, posted, beside=along)
    if posted.doubts:
        return _show(visit, message, posted, 409)
    try:
        written = sides.forward(message, answer=posted.answer(visit), keeping=posted.keep, by=visit.actor)
    except TakenBack:
        return _show(visit, message, _begun(visit, message), 409)
    except answering.ConversationIsClosed:  # by a colleague or by its days, while this was written
        posted.errors.append(FieldError(field="text", code="conversation_closed"))
        return _show(visit, message, posted, 409)
    except (Unusable, SuppressedRecipients, sides.TakesPart) as error:
        posted.errors.append(refused(error, posted))
        return _show(visit, message, posted, 422)
    return lead_to(visit, f"/sides/{written.side_id}/")


def _begun(visit: Visit, message: Message) -> Posted:
    """What was taken back of this very message; else an empty form."""
    draft = queries.drafts(visit.actor, message.conversation).get(Direction.ASIDE_OUT)
    if draft is not None and draft.about_id == message.pk:
        return from_draft(draft)
    files = queries.files_of(visit.actor, message)
    return Posted(subject=forward_subject(message), keep=[file.pk for file in files if not file.is_inline])


def _show(visit: Visit, message: Message, posted: Posted, status: int) -> HttpResponse:
    context = _context(visit, message, posted)
    if wants_fragment(visit.request):
        fragment = ForwardingFragment(forwarding=context)
        return page_or_fragment(visit.request, PAGE, FORM, fragment, status=status)
    nav = nav_context(visit, Room.of(visit), here=context.action)
    return page_or_fragment(
        visit.request, PAGE, FORM, ForwardingPage(nav=nav, forwarding=context), status=status
    )


def _context(visit: Visit, message: Message, posted: Posted) -> ForwardingContext:
    uploads = queries.unsent_files(visit.actor, posted.kept) if posted.kept else []
    writer = message.agent.name if message.agent else message.from_name or message.from_address
    return ForwardingContext(
        action=f"/messages/{message.pk}/forward/",
        message=message.pk,
        number=message.conversation_id,
        files_href="/writing/files/",
        replies_href=f"/conversations/{message.conversation_id}/saved-replies/",
        back_href=way_back(visit, message.conversation_id),
        conversation_subject=message.conversation.subject,
        author=Person(name=writer or f"#{message.conversation_id}", address=message.from_address),
        at=message.at,
        words=message.text[:WORDS_CHARACTERS],
        key=posted.key or secrets.token_urlsafe(18),
        to=posted.to,
        cc=posted.cc,
        subject=posted.subject,
        text=posted.text,
        html=to_edit(posted.html),
        own_files=_own_files(queries.files_of(visit.actor, message), posted, uploads),
        files=[KeptFile(id=file.pk, name=file.filename, size=file.size) for file in uploads],
        senders=sender_options(message.conversation, chosen=posted.sender, answered=message),
        doubts=posted.doubts,
        sure=key_of_doubts(posted.doubts) if posted.doubts else posted.sure,
        errors=posted.errors,
    )


def _own_files(
    files: Sequence[Attachment], posted: Posted, uploads: Sequence[Attachment]
) -> Sequence[OwnFile]:
    """The message's files; without those that came back with a mail that was taken back, and stand there already."""
    there = {file.blob_id for file in uploads}
    return [
        OwnFile(id=file.pk, name=file.filename, size=file.size, is_chosen=file.pk in posted.keep)
        for file in files
        if file.blob_id not in there
    ]
