"""The mail catcher: what a desk without a mail server would have sent, as its recipient would read it."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from heed.channels.email.mail import ParsedMail
from heed.channels.email.mailboxes import Address
from heed.channels.email.parse import parse
from heed.delivery.queries import Caught, caught_mail, caught_mails
from heed.kernel.html import Images, clean_mail, frame
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.catcher.contexts import CatcherContext, CatcherPage, CaughtFragment, CaughtMail, CaughtRow
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.respond import download, framed

HERE = "/catcher/"
PAGE, ROWS = "catcher/page.html", "catcher/_caught.html"


@agents_only("GET")
def catcher(visit: Visit) -> HttpResponse:
    """What was caught, newest first. With ?after= the next rows."""
    after = visit.request.GET.get("after", "")
    found = _list(visit, after)
    if after and wants_fragment(visit.request):
        return page_or_fragment(visit.request, PAGE, ROWS, CaughtFragment(catcher=found))
    return _page(visit, found)


@agents_only("GET")
def mail(visit: Visit, number: int) -> HttpResponse:
    """One mail beside the list."""
    caught, raw = caught_mail(visit.actor, number)
    return _page(visit, _list(visit, "", _mail(caught, raw)))


def _page(visit: Visit, found: CatcherContext) -> HttpResponse:
    page = CatcherPage(nav=nav_context(visit, Room.of(visit), here=HERE), catcher=found)
    return page_or_fragment(visit.request, PAGE, PAGE, page)


def _list(visit: Visit, after: str, chosen: CaughtMail | None = None) -> CatcherContext:
    page = caught_mails(visit.actor, after=after)
    rows = [
        CaughtRow(
            id=row.id,
            href=f"{HERE}{row.id}/",
            to=", ".join(row.recipients),
            subject=row.subject,
            at=row.at,
            sender=row.from_name,
            is_current=chosen is not None and chosen.id == row.id,
        )
        for row in page.rows
    ]
    return CatcherContext(
        href=HERE, rows=rows, next_href=f"{HERE}?after={page.after}" if page.after else "", mail=chosen
    )


def _mail(caught: Caught, raw: bytes) -> CaughtMail:
    read = parse(raw)
    return CaughtMail(
        id=caught.id,
        list_href=HERE,
        sender=_names((read.sender,) if read.sender else ()) or caught.sender,
        to=[str(address) for address in read.to] or list(caught.recipients),
        cc=[str(address) for address in read.cc],
        reply_to=_names(read.reply_to),
        subject=read.subject,
        at=caught.at,
        text=read.text,
        raw_href=f"{HERE}{caught.id}/raw/",
        frame_href=f"{HERE}{caught.id}/html/" if read.html else "",
        headers=_headers(raw),
        attachments=_names_of_files(read),
    )


def _names(addresses: tuple[Address, ...]) -> str:
    return ", ".join(map(str, addresses))


def _names_of_files(read: ParsedMail) -> list[str]:
    return [part.filename for part in read.attachments]


def _headers(raw: bytes) -> str:
    """The headers as they were sent, above the first empty line."""
    head = raw.partition(b"\r\n\r\n")[0]
    return head.decode("utf-8", "replace").replace("\r\n", "\n")


@agents_only("GET")
def html(visit: Visit, number: int) -> HttpResponse:
    """The HTML part as a document of its own."""
    _, raw = caught_mail(visit.actor, number)
    cleaned = clean_mail(parse(raw).html)
    return framed(frame(cleaned, images=Images.BLOCKED, cid_urls={}, proxy_url=lambda url: url))


@agents_only("GET")
def raw(visit: Visit, number: int) -> HttpResponseBase:
    """Byte for byte what a server would have got."""
    _, content = caught_mail(visit.actor, number)
    return download(content, filename=f"caught-{number}.eml", content_type="message/rfc822")
