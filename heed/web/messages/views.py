"""What stands behind a message: its HTML, images from elsewhere, its words, another attempt; and drafts."""

import contextlib
from collections.abc import Callable

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse

from heed.conversations import queries
from heed.conversations.actions import admitting, holding, labels, sending
from heed.conversations.models import Message
from heed.conversations.richtext import HTML_CHARACTERS
from heed.conversations.scope import require_change, right_to_write
from heed.kernel.errors import NotFound, Unusable
from heed.kernel.html import Images
from heed.kernel.outbound import NotFetched
from heed.kernel.words import Direction
from heed.web.conversation.forms import read_form
from heed.web.conversation.later import instant
from heed.web.doors import Visit, agents_only
from heed.web.files import as_data, keep_given
from heed.web.messages.frames import frame_of, remote_images
from heed.web.messages.proxy import images as proxy
from heed.web.respond import framed, inert, plain, way_back
from heed.web.typed import numbers

KINDS = {"reply": Direction.OUT, "note": Direction.NOTE}
KEPT_SECONDS = 86_400  # by the reader's browser


@agents_only("GET")
def html(visit: Visit, number: int) -> HttpResponse:
    """The mail as HTML, a document for its frame. ?images=1 shows images from elsewhere, fetched by us."""
    message = queries.message(visit.actor, number)
    if not message.html:
        raise NotFound
    images = Images.PROXIED if visit.request.GET.get("images") == "1" else Images.BLOCKED
    known = queries.known_sites(visit.actor, message)
    return framed(frame_of(message, queries.files_of(visit.actor, message), images, known_sites=known))


@agents_only("GET")
def image(visit: Visit, number: int, place: int) -> HttpResponse:
    """An image that this mail shows from elsewhere, by its place in the mail."""
    remote = remote_images(queries.message(visit.actor, number))
    if place >= len(remote):
        raise NotFound
    try:
        found = proxy.get(remote[place], agent_id=visit.agent.pk)
    except NotFetched:  # nothing of ours is wrong, and nobody reads a page in the place of an image
        return inert(HttpResponse(status=424))
    response = HttpResponse(found.content, content_type=found.content_type)
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    return inert(response)


@agents_only("GET")
def text(visit: Visit, number: int) -> HttpResponse:
    """The words of a message, with what it quoted."""
    message = queries.message(visit.actor, number)
    return plain(
        "\n\n".join(
            part for part in (message.subject, message.text, message.signature, message.quoted) if part
        )
        + "\n"
    )


@agents_only("POST")
def retry(visit: Visit, number: int) -> HttpResponse:
    """Send a message that failed once more."""
    message = sending.try_again(queries.message(visit.actor, number), by=visit.actor)
    return HttpResponseRedirect(_where(visit, message), status=303)


def _held(visit: Visit, number: int, deed: Callable[[Message], object]) -> HttpResponse:
    """Do this to a message that waits; one that has left or was taken back meanwhile is shown as it stands now."""
    message = queries.message(visit.actor, number)
    with contextlib.suppress(holding.AlreadyLeft):
        deed(message)
    return HttpResponseRedirect(_where(visit, message), status=303)


@agents_only("POST")
def undo(visit: Visit, number: int) -> HttpResponse:
    """Take a message back that waits: it is in its form again, above what the form says was begun since."""
    begun = visit.request.POST.get("begun")
    message = queries.message(visit.actor, number)
    require_change(visit.actor, message.conversation)
    words, form = read_form((begun or "").replace("\r\n", "\n"), visit.request.POST.get("begun_html", ""))
    try:
        holding.take_back(message, begun=None if begun is None else words, begun_html=form, by=visit.actor)
    except holding.AlreadyLeft:
        return HttpResponseRedirect(_where(visit, message), status=303)
    return HttpResponseRedirect(_where_again(visit, message), status=303)


def _where_again(visit: Visit, message: Message) -> str:
    """The form in which a message stands again that was taken back."""
    if message.side_id is None:
        return way_back(visit, message.conversation_id)
    if message.answers_id is not None:
        return f"/sides/{message.side_id}/"
    if message.forwards_id is not None:
        return f"/messages/{message.forwards_id}/forward/"
    return f"/conversations/{message.conversation_id}/sides/new/"


def _where(visit: Visit, message: Message) -> str:
    """Where a message is read."""
    return (
        way_back(visit, message.conversation_id) if message.side_id is None else f"/sides/{message.side_id}/"
    )


@agents_only("POST")
def now(visit: Visit, number: int) -> HttpResponse:
    """Send a message that waits at once."""
    return _held(visit, number, lambda message: holding.send_now(message, by=visit.actor))


@agents_only("POST")
def later(visit: Visit, number: int) -> HttpResponse:
    """Give a message that waits another time."""
    until = instant(visit.request.POST.get("until", "")[:40])
    return _held(visit, number, lambda message: holding.put_off(message, until=until, by=visit.actor))


@agents_only("POST")
def admit(visit: Visit, number: int) -> HttpResponse:
    """Let in a message that is held, and those who came by it."""
    message = admitting.admit(queries.message(visit.actor, number), by=visit.actor)
    return HttpResponseRedirect(_where(visit, message), status=303)


@agents_only("POST")
def reject(visit: Visit, number: int) -> HttpResponse:
    """Keep out a message that is held."""
    message = admitting.reject(queries.message(visit.actor, number), by=visit.actor)
    return HttpResponseRedirect(_where(visit, message), status=303)


@agents_only("POST")
def draft(visit: Visit) -> HttpResponse:
    """Keep what an agent has begun to write, and files for it: those are answered by their ids, words by nothing.

    Fields: text, html (with its form), kept (ids of its files, where knows_files says that they are all), files,
    images (to stand in the text).
    """
    post = visit.request.POST
    given = post.get("conversation", "")
    if not (given.isascii() and given.isdigit() and len(given) < 19) or post.get("kind") not in KINDS:
        raise Unusable("conversation", "malformed")
    row = queries.conversation(visit.actor, int(given))
    require_change(visit.actor, row, right_to_write(KINDS[post["kind"]]))
    if visit.request.FILES:
        return JsonResponse(as_data(keep_given(visit.request.FILES, by=visit.actor)))
    try:
        words, form = read_form(post.get("text", "").replace("\r\n", "\n"), post.get("html", ""))
    except Unusable as error:
        return _too_long(error, HTML_CHARACTERS)
    try:
        labels.save_draft(
            row,
            kind=KINDS[post["kind"]],
            text=words,
            beside=labels.Beside(form, numbers(post.getlist("kept")) if "knows_files" in post else None),
            sent_once=post.get("key", "")[:64],
            by=visit.actor,
        )
    except Unusable as error:
        return _too_long(error, labels.DRAFT_CHARACTERS)
    return HttpResponse(status=204)


def _too_long(error: Unusable, limit: int) -> HttpResponse:
    """Why a draft can't be kept, and how long it may be: the page says so where it was written."""
    return JsonResponse({"code": error.reason, "limit": limit}, status=error.status)
