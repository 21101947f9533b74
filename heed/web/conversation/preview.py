"""The mail as it would leave: what the form holds, with its signature and what it quotes, before anything is sent."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.template.loader import render_to_string

from heed.conversations import queries
from heed.conversations.models import Attachment, Message
from heed.conversations.richtext import stored
from heed.conversations.scope import require_change
from heed.conversations.senders import last_written, usual_sender
from heed.delivery.mail import seen_before_sending
from heed.kernel import clock
from heed.kernel.html import Images, frame, sanitize
from heed.kernel.words import Automatic, Direction
from heed.web.conversation.composer import Posted, read_post
from heed.web.conversation.contexts import MailPreview
from heed.web.conversation.forms import image_address
from heed.web.doors import Visit, agents_only
from heed.web.nav import Place
from heed.web.respond import framed


@agents_only("POST")
def preview(visit: Visit, place: Place, number: int) -> HttpResponse:
    """A document for a frame or a page of its own: the head of the mail, the mail, and the same as plain text.

    Nothing is kept. Files that the form has not handed over yet are not named.
    """
    here = queries.opened(visit.actor, number)
    require_change(visit.actor, here.row)
    posted = read_post(visit.request)
    message = _message(visit, here, posted)
    files = queries.unsent_files(visit.actor, posted.kept)
    seen = seen_before_sending(message)
    head = MailPreview(
        sender=seen.sender,
        to=[address for _, address in message.to],
        cc=[address for _, address in message.cc],
        bcc=[address for _, address in message.bcc],
        subject=seen.subject,
        files=[file.filename for file in files],
        text=seen.text,
    )
    above, below = (
        render_to_string(f"conversation/_preview_{part}.html", {"mail": head}, visit.request)
        for part in ("head", "words")
    )
    body = f"{above}{sanitize(seen.html)}{below}"
    images = {file.content_id: image_address(file.pk) for file in _images(visit, posted)}
    return framed(frame(body, images=Images.BLOCKED, cid_urls=images, proxy_url=lambda _: ""))


def _images(visit: Visit, posted: Posted) -> Sequence[Attachment]:
    numbers = posted.images
    return queries.unsent_files(visit.actor, numbers) if numbers else ()


def _message(visit: Visit, here: queries.Opened, posted: Posted) -> Message:
    row, answered = here.row, last_written(here.row)
    names = queries.names_of(visit.actor, row)
    lines = {
        line: [[names.get(address, ""), address] for address in addresses]
        for line, addresses in posted.lines.items()
    }
    return Message(
        conversation=row,
        brand_id=row.brand_id,
        direction=Direction.OUT,
        automatic=Automatic.NO,
        at=clock.now(),
        agent=visit.agent,
        from_address=posted.sender or usual_sender(row.inbox, answered),
        subject=answered.subject if answered and answered.subject else row.subject,
        text=posted.text,
        html=stored(posted.html),
        answers=answered,
        **lines,
    )
