"""A new conversation: to a customer, or what a customer told us elsewhere."""

import secrets
from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone

from heed.channels.email.mailboxes import key_of
from heed.conversations import queries
from heed.conversations.actions import answering, taking_down
from heed.conversations.actions.taking_part import SuppressedRecipients
from heed.conversations.doubts import Doubted
from heed.conversations.models import Message
from heed.kernel.config import config
from heed.kernel.errors import Unusable, require_visible
from heed.kernel.words import CustomerId
from heed.people.actions import customer_of
from heed.people.policy import may_begin
from heed.people.queries import (
    Desk,
    agents_by_address,
    inboxes_to_write_from,
)
from heed.ui.contexts import Option, Person
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.conversation.composer import key_of_doubts, unshown
from heed.web.conversation.composer_contexts import KeptFile
from heed.web.conversation.forms import to_edit
from heed.web.conversation.later import wait_of
from heed.web.doors import Visit, agents_only
from heed.web.files import keep_upload
from heed.web.nav import Place, Room, nav_context
from heed.web.new_conversation.contexts import (
    KnownCustomer,
    KnownFragment,
    NewConversationContext,
    NewConversationFragment,
    NewConversationPage,
    OpenConversation,
)
from heed.web.new_conversation.form import Posted, read_post
from heed.web.new_conversation.replies import known_customer

HERE, FILES = "/new/", "/writing/files/"
PAGE, FORM, KNOWN = (
    "new_conversation/page.html",
    "new_conversation/_form.html",
    "new_conversation/_known.html",
)


@agents_only("GET", "POST")
def new(visit: Visit) -> HttpResponse:
    """The form; posted, the conversation that it began."""
    require_visible(may_begin(visit.actor))
    desks = inboxes_to_write_from(visit.actor)
    if visit.request.method == "GET":
        to = visit.request.GET.get("to", "")[:2000]
        return _show(visit, desks, Posted(typed={"to": to, "cc": "", "bcc": ""}), 200)
    posted = read_post(visit.request.POST, desks)
    _keep_files(visit, posted)
    if "remove" in visit.request.POST:
        posted.kept = [pk for pk in posted.kept if f"file:{pk}" != visit.request.POST["remove"]]
        posted.errors = []
        return _show(visit, desks, posted, 200)
    posted.doubts = _doubts(visit, posted)
    if posted.doubts:
        return _show(visit, desks, posted, 409)
    if not posted.errors:
        try:
            return _go_to(visit, _begin(visit, posted))
        except SuppressedRecipients as error:
            posted.wrong("to", "suppressed", ", ".join(error.addresses))
        except Unusable as error:
            posted.wrong(error.field, "required" if error.reason == "missing" else error.reason)
    return _show(visit, desks, posted, 422)


def _keep_files(visit: Visit, posted: Posted) -> None:
    """Files are kept as they come, so that nothing has to be chosen twice when the form comes back."""
    given = [file for file in visit.request.FILES.getlist("files") if file]
    if sum(file.size or 0 for file in given) > config.upload_max_bytes:
        posted.wrong("files", "too_large", f"{config.upload_max_bytes // 1_000_000} MB")
        return
    posted.kept += [keep_upload(file, by=visit.actor).pk for file in given]


def _doubts(visit: Visit, posted: Posted) -> list[Doubted]:
    """Signs of a wrong recipient that the writer has not been shown yet; what is written down goes to nobody."""
    if posted.errors or posted.direction == "in":
        return []
    people = [one for line in posted.lines.values() for one in line]
    found = queries.doubts_about_new(visit.actor, text=posted.text, files=posted.kept, recipients=people)
    return unshown(found, posted.sure)


def _begin(visit: Visit, posted: Posted) -> Message:
    """Send it, or write it down. Raises Unusable."""
    assert posted.desk is not None
    answer = answering.Answer(
        text=posted.text,
        html=posted.html,
        subject=posted.subject,
        to=posted.lines["to"],
        cc=posted.lines["cc"],
        bcc=posted.lines["bcc"],
        files=posted.kept,
        then=posted.then,
        sent_once=posted.key,
        wait=wait_of(visit.agent, "", "") if posted.direction == "out" else None,
        sender=posted.sender,
        sheet=posted.sheet,
    )
    desk = posted.desk
    who = _customer(visit, posted)
    if posted.direction == "out":
        return answering.start(desk.inbox, answer=answer, team=desk.team, customer=who, by=visit.actor)
    if who is None:
        raise Unusable("to", "colleague")
    return taking_down.take_down(desk.inbox, told=answer, team=desk.team, customer=who, by=visit.actor)


def _customer(visit: Visit, posted: Posted) -> CustomerId | None:
    """Whom it is with: the first in To. A colleague is nobody's customer."""
    line = posted.lines["to"]
    if not line or line[0][1] in agents_by_address([line[0][1]]):
        return None
    name, address = line[0]
    return customer_of(address, name=name, by=visit.actor)


def _go_to(visit: Visit, message: Message) -> HttpResponse:
    href = f"/conversations/{message.conversation_id}/"
    if wants_fragment(visit.request):
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = href
        return response
    return HttpResponseRedirect(href, status=303)


def _show(visit: Visit, desks: list[Desk], posted: Posted, status: int) -> HttpResponse:
    context = _context(visit, desks, posted)
    if wants_fragment(visit.request):
        fragment = NewConversationFragment(new=context)
        return page_or_fragment(visit.request, PAGE, FORM, fragment, status=status)
    page = NewConversationPage(nav=nav_context(visit, Room.of(visit), here=HERE), new=context)
    return page_or_fragment(visit.request, PAGE, FORM, page, status=status)


def _context(visit: Visit, desks: list[Desk], posted: Posted) -> NewConversationContext:
    files = queries.unsent_files(visit.actor, posted.kept) if posted.kept else []
    return NewConversationContext(
        action=HERE,
        known_href=f"{HERE}known/",
        files_href=FILES,
        replies_href=f"{HERE}saved-replies/",
        key=posted.key or secrets.token_urlsafe(18),
        inboxes=[
            Option(
                value=value,
                label=f"{desk.inbox.brand.name}, {address}",
                is_chosen=value == posted.inbox,
            )
            for desk in desks
            for value, address in _senders(desk)
        ],
        cancel_href=Place("my_turn").href,
        direction=posted.direction,
        to=posted.typed["to"],
        cc=posted.typed["cc"],
        bcc=posted.typed["bcc"],
        subject=posted.subject,
        text=posted.text,
        html=to_edit(posted.html),
        then=posted.then,
        files=[KeptFile(id=file.pk, name=file.filename, size=file.size) for file in files],
        known=_known(visit, posted.typed["to"]),
        doubts=posted.doubts,
        sure=key_of_doubts(posted.doubts) if posted.doubts else posted.sure,
        errors=posted.errors,
    )


def _senders(desk: Desk) -> Iterator[tuple[str, str]]:
    """What stands in the form for each address of an inbox, and the address."""
    yield str(desk.inbox.pk), desk.inbox.address
    for address in desk.further:
        yield f"{desk.inbox.pk}:{address}", address


@agents_only("GET")
def known(visit: Visit) -> HttpResponse:
    """Who the first address of ?to= belongs to, and what they have open already as far as the agent sees."""
    require_visible(may_begin(visit.actor))
    found = KnownFragment(known=_known(visit, visit.request.GET.get("to", "")[:2000]))
    return page_or_fragment(visit.request, KNOWN, KNOWN, found)


def _known(visit: Visit, typed: str) -> KnownCustomer | None:
    first = typed.replace(";", ",").partition(",")[0].strip()
    address = first.rpartition("<")[2].rstrip("> ")
    row = known_customer(visit, address)
    if row is None:
        return None
    opened = queries.open_of_customer(visit.actor, row.pk)
    return KnownCustomer(
        person=Person(name=row.name or key_of(address), address=key_of(address)),
        since_year=timezone.localtime(row.created_at).year,
        open=[
            OpenConversation(number=one.pk, href=f"/conversations/{one.pk}/", subject=one.subject)
            for one in opened
        ],
    )
