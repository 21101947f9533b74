"""A conversation for paper, as JSON, and as the exact mails in an archive. Notes are in it only when asked for."""

import json
import tempfile
from collections.abc import Iterator
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from heed.conversations import queries
from heed.conversations.actions.downloading import note_download
from heed.conversations.models import Message
from heed.conversations.queries.whole import EVERYTHING, WITH_CUSTOMER, Whole, for_paper, whole
from heed.eventlog.unit import unit
from heed.intake.exporting import SENT
from heed.intake.queries import open_raw
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Unusable, require_visible
from heed.kernel.words import Automatic, Direction
from heed.people.policy import may_download_what_is_seen, may_take_away
from heed.ui.contexts import Person
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Place
from heed.web.respond import download
from heed.web.taking_away.contexts import PaperFile, PaperMessage, PaperPage

PAGE = "taking_away/paper.html"
CHUNK = 1 << 16
MISSING = "missing.txt"


def directions_of(visit: Visit) -> frozenset[Direction]:
    return EVERYTHING if visit.request.GET.get("notes") == "1" else WITH_CUSTOMER


@agents_only("GET")
def paper(visit: Visit, place: Place, number: int) -> HttpResponse:
    """The conversation in words, without the desk around it. ?notes=1 with what the customer never saw."""
    require_visible(may_take_away(visit.actor))
    here, directions = queries.opened(visit.actor, number), directions_of(visit)
    limit, characters = config.print_messages, config.paper_characters
    found, is_more = for_paper(here, directions, limit=limit, characters=characters)
    row, has_notes = here.row, directions == EVERYTHING
    href = f"{place.href}{row.pk}/"
    query = "?notes=1" if has_notes else ""
    context = PaperPage(
        number=row.pk,
        back_href=href,
        subject=row.subject,
        customer=row.customer.name if row.customer else "",
        brand=row.brand.name,
        status=row.status,
        printed_at=clock.now(),
        messages=[_on_paper(one) for one in reversed(found)],
        lang=row.language,
        has_notes=has_notes,
        with_href=f"{href}print/" if has_notes else f"{href}print/?notes=1",
        pdf_href=f"{href}pdf/{query}",
        data_href=f"{href}json/{query}",
        mails_href=f"{href}mails/{query}" if may_download_what_is_seen(visit.actor) else "",
        left_out=is_more,
    )
    return page_or_fragment(visit.request, PAGE, PAGE, context)


def _on_paper(one: Whole) -> PaperMessage:
    message = one.message
    return PaperMessage(
        direction=message.direction,
        author=Person(name=author_of(message), address=message.from_address),
        at=message.at,
        text=message.text,
        signature=message.signature,
        to=[name or address for name, address in message.to],
        cc=[name or address for name, address in message.cc],
        files=[PaperFile(name=file.filename, size=file.size) for file in one.files if not file.is_inline],
        is_automatic=message.automatic != Automatic.NO,
        aside=(message.side.subject or f"#{message.side_id}") if message.side else "",
    )


def author_of(message: Message) -> str:
    """Who wrote it, as paper calls them."""
    agent = message.agent.name if message.agent else ""
    return agent or message.from_name or message.from_address or f"#{message.conversation_id}"


@agents_only("GET")
def data(visit: Visit, place: Place, number: int) -> HttpResponseBase:
    """The conversation as JSON, newest message first, whatever its length. ?notes=1 as for paper, and blind copies."""
    require_visible(may_take_away(visit.actor))
    here, directions = queries.opened(visit.actor, number), directions_of(visit)
    body = _file()
    for part in _json(here, directions):
        body.write(part.encode())
        _require_room(body)
    body.seek(0)
    name = f"conversation-{here.row.pk}.json"
    return download(body, filename=name, content_type="application/json")


def _json(here: queries.Opened, directions: frozenset[Direction]) -> Iterator[str]:
    row = here.row
    head = {
        "conversation": row.pk,
        "brand": row.brand.name,
        "inbox": row.inbox.address,
        "status": row.status,
        "priority": row.priority,
        "subject": row.subject,
        "customer": row.customer.name if row.customer else None,
        "opened_at": row.opened_at.isoformat(),
        "exported_at": clock.now().isoformat(),
        "with_notes": directions == EVERYTHING,
    }
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "messages": ['
    for place, one in enumerate(whole(here, directions)):
        yield (",\n  " if place else "\n  ") + json.dumps(_as_data(one, directions), ensure_ascii=False)
    yield "\n ]\n}\n"


def _as_data(one: Whole, directions: frozenset[Direction]) -> dict[str, Any]:
    message = one.message
    found: dict[str, Any] = {
        "id": message.pk,
        "message_id": message.message_id,
        "direction": message.direction,
        "side_conversation": {"id": message.side_id, "subject": message.side.subject}
        if message.side
        else None,
        "automatic": message.automatic,
        "from": {"name": author_of(message), "address": message.from_address},
        "to": message.to,
        "cc": message.cc,
        "subject": message.subject,
        "at": message.at.isoformat(),
        "state": message.state,
        "text": message.text,
        "signature": message.signature,
        "quoted": message.quoted,
        "files": [
            {"name": f.filename, "type": f.content_type, "size": f.size, "sha256": f.blob_id}
            for f in one.files
        ],
        "raw_sha256": one.raws,
    }
    return found | {"bcc": message.bcc} if directions == EVERYTHING else found


@agents_only("GET")
def mails(visit: Visit, place: Place, number: int) -> HttpResponseBase:
    """The exact mails of the conversation, in an archive; leads and admins, and that each was taken is on record."""
    require_visible(may_take_away(visit.actor) and may_download_what_is_seen(visit.actor))
    here = queries.opened(visit.actor, number)
    body = _file()
    taken: list[int] = []
    missing: list[str] = []
    with ZipFile(body, "w", ZIP_DEFLATED) as archive:
        for one in whole(here, directions_of(visit)):
            taken += [one.message.pk] if one.raws else []
            for place_of, sha256 in enumerate(one.raws, 1):
                name = _name(one.message, place_of)
                if not _pack(archive, name, sha256):
                    missing.append(name)
                _require_room(body)
        if missing:
            archive.writestr(MISSING, "\n".join([*missing, ""]))
    with unit():  # before anything leaves, and after the long work
        for pk in taken:
            note_download(Message(pk=pk, conversation=here.row), by=visit.actor)
    body.seek(0)
    return download(body, filename=f"conversation-{here.row.pk}.zip", content_type="application/zip")


def _name(message: Message, place: int) -> str:
    ending = SENT if message.direction in (Direction.OUT, Direction.ASIDE_OUT) else ".eml"
    apart = f"side-{message.side_id}/" if message.side_id is not None else ""
    return f"{apart}{message.pk:09}{f'-{place}' if place > 1 else ''}{ending}"


def _pack(archive: ZipFile, name: str, sha256: str) -> bool:
    """Copy a mail, a piece at a time; False: it is not kept any more."""
    try:
        content = open_raw(sha256)
    except NotFound:
        return False
    with content, archive.open(name, "w", force_zip64=True) as into:
        while piece := content.read(CHUNK):
            into.write(piece)
    return True


def _file() -> IO[bytes]:
    """Where an export is written before it leaves: not in memory, and gone when it is closed."""
    return tempfile.TemporaryFile()


def _require_room(body: IO[bytes]) -> None:
    if body.tell() > config.export_max_bytes:
        raise Unusable("export", "too_large")
